"""The MNIST family: grey pictures of 28×28 pixels in IDX files."""

from playground.core.spec import DatasetSpec
from playground.core.text import _

MNIST = DatasetSpec(
    name="mnist",
    title=_("MNIST"),
    summary=_("70,000 handwritten digits of 28×28 pixels."),
    task="classification",
    sample_shape=(1, 28, 28),
    classes=tuple("0123456789"),
    train=60_000,
    test=10_000,
    bytes=11_594_722,
    licence="CC BY-SA 3.0",
    source="http://yann.lecun.com/exdb/mnist/",
    preparation=({"normalize": "-1..1"},),
    written=True,
)

FASHION_MNIST = DatasetSpec(
    name="fashion-mnist",
    title=_("Fashion-MNIST"),
    summary=_("70,000 pictures of clothes, 28×28 pixels, ten kinds."),
    task="classification",
    sample_shape=(1, 28, 28),
    classes=(_("T-shirt/top"), _("Trouser"), _("Pullover"), _("Dress"), _("Coat"),
             _("Sandal"), _("Shirt"), _("Sneaker"), _("Bag"), _("Ankle boot")),
    train=60_000,
    test=10_000,
    bytes=30_878_645,
    licence="MIT",
    source="https://github.com/zalandoresearch/fashion-mnist",
    preparation=({"normalize": "-1..1"},),
)  # fmt: skip

KMNIST = DatasetSpec(
    name="kmnist",
    title=_("KMNIST"),
    summary=_("70,000 hiragana out of old Japanese books, 28×28 pixels, ten signs in many hands."),
    task="classification",
    sample_shape=(1, 28, 28),
    classes=("o", "ki", "su", "tsu", "na", "ha", "ma", "ya", "re", "wo"),
    train=60_000,
    test=10_000,
    bytes=21_240_888,
    licence="CC BY-SA 4.0",
    source="http://codh.rois.ac.jp/kmnist/",
    preparation=({"normalize": "-1..1"},),
    written=True,
)

EMNIST_LETTERS = DatasetSpec(
    name="emnist-letters",
    title=_("EMNIST letters"),
    summary=_("145,600 handwritten letters of 28×28 pixels, capitals and small ones together."),
    task="classification",
    sample_shape=(1, 28, 28),
    classes=tuple("abcdefghijklmnopqrstuvwxyz"),
    train=124_800,
    test=20_800,
    bytes=561_753_746,
    licence=_("none stated (NIST; Cohen, Afshar, Tapson, van Schaik 2017)"),
    source="https://www.nist.gov/itl/products-and-services/emnist-dataset",
    preparation=({"normalize": "-1..1"},),
    written=True,
)
