"""The CIFAR family: 60,000 coloured pictures of 32×32 pixels."""

from playground.core.spec import DatasetSpec
from playground.core.text import _

CIFAR10 = DatasetSpec(
    name="cifar10",
    title="CIFAR10",
    summary=_("60,000 coloured pictures of 32×32 pixels: animals and vehicles of ten kinds."),
    task="classification",
    sample_shape=(3, 32, 32),
    classes=(_("airplane"), _("automobile"), _("bird"), _("cat"), _("deer"),
             _("dog"), _("frog"), _("horse"), _("ship"), _("truck")),
    train=50_000,
    test=10_000,
    bytes=170_498_071,
    licence=_("none stated; free for research (Krizhevsky 2009)"),
    source="https://www.cs.toronto.edu/~kriz/cifar.html",
    preparation=({"normalize": "-1..1"},),
)  # fmt: skip

CIFAR100 = DatasetSpec(
    name="cifar100",
    title="CIFAR100",
    summary=_("60,000 coloured pictures of 32×32 pixels: a hundred kinds of things, 600 of each."),
    task="classification",
    sample_shape=(3, 32, 32),
    classes=(
        "apple", "aquarium_fish", "baby", "bear", "beaver", "bed", "bee", "beetle", "bicycle", "bottle",
        "bowl", "boy", "bridge", "bus", "butterfly", "camel", "can", "castle", "caterpillar", "cattle",
        "chair", "chimpanzee", "clock", "cloud", "cockroach", "couch", "crab", "crocodile", "cup", "dinosaur",
        "dolphin", "elephant", "flatfish", "forest", "fox", "girl", "hamster", "house", "kangaroo", "keyboard",
        "lamp", "lawn_mower", "leopard", "lion", "lizard", "lobster", "man", "maple_tree", "motorcycle", "mountain",
        "mouse", "mushroom", "oak_tree", "orange", "orchid", "otter", "palm_tree", "pear", "pickup_truck", "pine_tree",
        "plain", "plate", "poppy", "porcupine", "possum", "rabbit", "raccoon", "ray", "road", "rocket",
        "rose", "sea", "seal", "shark", "shrew", "skunk", "skyscraper", "snail", "snake", "spider",
        "squirrel", "streetcar", "sunflower", "sweet_pepper", "table", "tank", "telephone", "television", "tiger",
        "tractor", "train", "trout", "tulip", "turtle", "wardrobe", "whale", "willow_tree", "wolf", "woman", "worm",
    ),
    train=50_000,
    test=10_000,
    bytes=169_001_437,
    licence=_("none stated; free for research (Krizhevsky 2009)"),
    source="https://www.cs.toronto.edu/~kriz/cifar.html",
    preparation=({"normalize": "-1..1"},),
)  # fmt: skip
