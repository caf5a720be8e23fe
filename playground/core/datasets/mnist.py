"""The MNIST family: 70,000 grey pictures of 28×28 pixels in IDX files."""

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
)  # fmt: skip
