"""Drawings of simple shapes, made by the program."""

from playground.core.spec import Argument, DatasetSpec
from playground.core.text import _

SHAPES = DatasetSpec(
    name="shapes",
    title=_("Shapes"),
    summary=_("Drawings of circles, squares and triangles, 28×28 pixels; how they vary is yours to choose."),
    task="classification",
    kind="picture",
    group="generated",
    sample_shape=(1, 28, 28),
    classes=(_("circle"), _("square"), _("triangle")),
    train=2000,
    licence=_("made by the program"),
    arguments=(
        Argument(
            name="samples", kind="int", default=2000, low=10, high=60_000,
            help=_("is how many drawings are made, all classes together"),
        ),
        Argument(
            name="kinds", kind="int", default=3, low=2, high=5,
            help=_("is the number of classes: circle, square, triangle, cross, ring"),
        ),
        Argument(
            name="position", kind="float", default=4.0, low=0, high=8, unit="px",
            help=_("is how far a shape may lie from the middle, across and down"),
        ),
        Argument(
            name="size", kind="float", default=0.3, low=0, high=0.6,
            help=_("is how much smaller than the largest one a shape may be: 0.3 is up to 30 % smaller"),
        ),
        Argument(
            name="rotation", kind="float", default=15.0, low=0, high=180, unit="°",
            help=_("is how far a shape may be turned, either way"),
        ),
        Argument(
            name="noise", kind="float", default=0.1, low=0, high=1,
            help=_("is the standard deviation of the normal noise on every pixel; black is 0, white is 1"),
        ),
    ),
    preparation=({"normalize": "-1..1"},),
)  # fmt: skip
