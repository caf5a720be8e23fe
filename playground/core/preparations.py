"""Steps between the stored sample and the network. A PreparationSpec listed here is a step.

`engine/preparation.py` has the class that does it, under the same name.
"""

from playground.core.spec import Argument, PreparationSpec
from playground.core.text import _

RANGES = ("0..1", "-1..1")
_NUMBERS = ("picture", "table", "plane", "series")

PREPARATIONS = {
    spec.name: spec
    for spec in (
        PreparationSpec(
            name="resize",
            title=_("Resize"),
            summary=_("Makes every picture a square of this side, bilinear."),
            kinds=("picture",),
            argument=Argument(
                name="resize", kind="int", default=32, low=1, high=1024, unit="px", help=_("is the side of the picture")
            ),
        ),
        PreparationSpec(
            name="crop",
            title=_("Crop"),
            summary=_("Keeps the square of this side in the middle of every picture."),
            argument=Argument(
                name="crop", kind="int", default=24, low=1, high=1024, unit="px", help=_("is the side of the square")
            ),
            kinds=("picture",),
        ),
        PreparationSpec(
            name="grayscale",
            title=_("Grayscale"),
            summary=_("Makes one channel of brightness out of red, green and blue."),
            argument=Argument(name="grayscale", kind="bool", default=True, help=_("switches it on")),
            kinds=("picture",),
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
            kinds=_NUMBERS,
        ),
        PreparationSpec(
            name="flip",
            title=_("Flip"),
            summary=_("Exchanges left and right of a training picture with this probability, anew in every epoch."),
            argument=Argument(
                name="flip", kind="float", default=0.5, low=0, high=1, help=_("is the share that is flipped")
            ),
            random=True,
            late=True,
            kinds=("picture",),
        ),
        PreparationSpec(
            name="shift",
            title=_("Shift"),
            summary=_("Moves each training picture by up to this many pixels, anew in every epoch."),
            argument=Argument(
                name="shift", kind="int", default=2, low=0, high=512, unit="px", help=_("is the largest shift")
            ),
            random=True,
            late=True,
            kinds=("picture",),
        ),
        PreparationSpec(
            name="rotate",
            title=_("Rotate"),
            summary=_("Turns each training picture by up to this angle, either way, anew in every epoch."),
            argument=Argument(
                name="rotate", kind="float", default=10.0, low=0, high=180, unit="°", help=_("is the largest angle")
            ),
            random=True,
            late=True,
            kinds=("picture",),
        ),
        PreparationSpec(
            name="noise",
            title=_("Noise"),
            summary=_(
                "Adds normally distributed numbers of this deviation to each training sample, anew in every epoch."
            ),
            argument=Argument(
                name="noise", kind="float", default=0.1, low=0, high=1000, help=_("is the deviation of the noise")
            ),
            random=True,
            late=True,
            kinds=_NUMBERS,
        ),
        PreparationSpec(
            name="one_hot",
            title=_("One-hot"),
            summary=_("Makes of each token of a text a row of zeros with one 1, which a layer can multiply."),
            argument=Argument(name="one_hot", kind="bool", default=True, help=_("switches it on")),
            late=True,
            kinds=("text",),
        ),
    )
}
