"""Steps between the stored sample and the network. A PreparationSpec listed here is a step.

`engine/preparation.py` has the function of the same name.
"""

from playground.core.spec import Argument, PreparationSpec
from playground.core.text import _

RANGES = ("0..1", "-1..1")

PREPARATIONS = {
    spec.name: spec
    for spec in (
        PreparationSpec(
            name="resize",
            title=_("Resize"),
            summary=_("Makes every picture a square of this side, bilinear."),
            argument=Argument(
                name="resize", kind="int", default=32, low=1, high=1024, unit="px", help=_("is the side of the picture")
            ),
        ),
        PreparationSpec(
            name="normalize",
            title=_("Normalise"),
            summary=_("Brings the stored values, 0 to their largest possible, into this range."),
            argument=Argument(
                name="normalize", kind="choice", default="-1..1", choices=RANGES, help=_("is the range of the values")
            ),
        ),
        PreparationSpec(
            name="standardize",
            title=_("Standardise"),
            summary=_(
                "Brings each feature (each channel of a picture) to mean 0 and deviation 1, measured on the training part only."
            ),
            argument=Argument(name="standardize", kind="bool", default=True, help=_("switches it on")),
        ),
    )
}
