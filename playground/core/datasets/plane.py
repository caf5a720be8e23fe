"""Points of the plane, drawn by the program: small problems whose answer can be seen."""

from playground.core.spec import Argument, DatasetSpec
from playground.core.text import _

_MADE_HERE = _("made by the program")
_SAMPLES = Argument(
    name="samples", kind="int", default=1000, low=10, high=100_000, help=_("is how many points are drawn, all classes together")
)  # fmt: skip


def _noise(default: float) -> Argument:
    return Argument(
        name="noise", kind="float", default=default, low=0, high=2,
        help=_("is the standard deviation of the normal noise added to both coordinates"),
    )  # fmt: skip


CIRCLES = DatasetSpec(
    name="circles",
    title=_("Circles"),
    summary=_("A ring of points inside another one: no straight line parts them."),
    task="classification",
    kind="plane",
    group="generated",
    sample_shape=(2,),
    classes=(_("outer"), _("inner")),
    train=1000,
    licence=_MADE_HERE,
    features=("x", "y"),
    arguments=(
        _SAMPLES,
        _noise(0.1),
        Argument(
            name="factor", kind="float", default=0.5, low=0, high=0.99,
            help=_("is the radius of the inner ring; the outer one has 1"),
        ),
    ),
)  # fmt: skip

MOONS = DatasetSpec(
    name="moons",
    title=_("Moons"),
    summary=_("Two half circles that reach into each other."),
    task="classification",
    kind="plane",
    group="generated",
    sample_shape=(2,),
    classes=(_("upper"), _("lower")),
    train=1000,
    licence=_MADE_HERE,
    features=("x", "y"),
    arguments=(_SAMPLES, _noise(0.1)),
)

SPIRALS = DatasetSpec(
    name="spirals",
    title=_("Spirals"),
    summary=_("Arms that wind around each other: a small network has to work for it."),
    task="classification",
    kind="plane",
    group="generated",
    sample_shape=(2,),
    classes=(_("arm {n}").format(n=1), _("arm {n}").format(n=2)),
    train=1000,
    licence=_MADE_HERE,
    features=("x", "y"),
    arguments=(
        _SAMPLES,
        _noise(0.03),
        Argument(name="arms", kind="int", default=2, low=2, high=6, help=_("is the number of arms, one class each")),
        Argument(
            name="turns", kind="float", default=1.5, low=0.1, high=5,
            help=_("is how often an arm winds around the middle"),
        ),
    ),
)  # fmt: skip

XOR = DatasetSpec(
    name="xor",
    title=_("XOR"),
    summary=_("Four squares in two colours, like a chessboard: the classic that one layer cannot learn."),
    task="classification",
    kind="plane",
    group="generated",
    sample_shape=(2,),
    classes=(_("equal signs"), _("different signs")),
    train=1000,
    licence=_MADE_HERE,
    features=("x", "y"),
    arguments=(_SAMPLES, _noise(0.05)),
)

BLOBS = DatasetSpec(
    name="blobs",
    title=_("Blobs"),
    summary=_("Round clouds of points, one for each class."),
    task="classification",
    kind="plane",
    group="generated",
    sample_shape=(2,),
    classes=tuple(_("blob {n}").format(n=number) for number in (1, 2, 3)),
    train=1000,
    licence=_MADE_HERE,
    features=("x", "y"),
    arguments=(
        _SAMPLES,
        Argument(
            name="spread", kind="float", default=1.0, low=0, high=10, help=_("is the standard deviation of a cloud")
        ),
        Argument(
            name="blobs", kind="int", default=3, low=2, high=10, help=_("is the number of clouds, one class each")
        ),
    ),
    preparation=({"standardize": True},),
)
