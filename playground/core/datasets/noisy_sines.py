"""Waves to forecast."""

from playground.core.spec import Argument, DatasetSpec
from playground.core.text import _

NOISY_SINES = DatasetSpec(
    name="noisy-sines",
    title=_("Noisy sines"),
    summary=_("A stretch of a wave under noise, each with its own length and height: how does it go on?"),
    task="regression",
    kind="series",
    group="sequences",
    sample_shape=(32,),
    train=2000,
    licence=_("made by the program"),
    target=_("next value"),
    arguments=(
        Argument(
            name="samples", kind="int", default=2000, low=10, high=200_000, help=_("is how many stretches are drawn")
        ),
        Argument(
            name="window", kind="int", default=32, low=2, high=512, unit=_("steps"),
            help=_("is how many steps the network sees"),
        ),
        Argument(
            name="ahead", kind="int", default=1, low=1, high=64, unit=_("steps"),
            help=_("is how far behind the last step seen the value to forecast lies"),
        ),
        Argument(
            name="noise", kind="float", default=0.1, low=0, high=2,
            help=_("is the standard deviation of the normal noise on every value; the waves are 0.5 to 1 high"),
        ),
    ),
)  # fmt: skip
