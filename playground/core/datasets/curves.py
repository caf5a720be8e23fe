"""One number in, one number out: data for a first regression, drawn by the program."""

from playground.core.spec import Argument, DatasetSpec
from playground.core.text import _

_SAMPLES = Argument(
    name="samples", kind="int", default=200, low=10, high=100_000, help=_("is how many points are drawn")
)


def _noise(default: float) -> Argument:
    return Argument(
        name="noise", kind="float", default=default, low=0, high=10,
        help=_("is the standard deviation of the normal noise added to y"),
    )  # fmt: skip


LINE = DatasetSpec(
    name="line",
    title=_("Line"),
    summary=_("Points around a straight line: linear regression, whose answer is known."),
    task="regression",
    kind="table",
    group="generated",
    sample_shape=(1,),
    train=200,
    licence=_("made by the program"),
    features=("x",),
    target="y",
    arguments=(
        _SAMPLES,
        _noise(0.8),
        Argument(name="slope", kind="float", default=2.0, low=-100, high=100, help=_("is the slope of the line")),
        Argument(
            name="intercept", kind="float", default=1.0, low=-100, high=100, help=_("is the height of the line at x = 0")
        ),
    ),
)  # fmt: skip

SINE = DatasetSpec(
    name="sine",
    title=_("Sine"),
    summary=_("Points around a wave: a network with one hidden layer can follow it, a straight line cannot."),
    task="regression",
    kind="table",
    group="generated",
    sample_shape=(1,),
    train=200,
    licence=_("made by the program"),
    features=("x",),
    target="y",
    arguments=(
        _SAMPLES,
        _noise(0.2),
        Argument(
            name="waves", kind="float", default=1.0, low=0.1, high=20, help=_("is how many waves there are from −π to π")
        ),
    ),
)  # fmt: skip
