"""Handwritten digits, small, with scikit-learn."""

from playground.core.spec import DatasetSpec
from playground.core.text import _

DIGITS = DatasetSpec(
    name="digits",
    title=_("Digits"),
    summary=_("1,797 real handwritten digits of 8×8 pixels; comes with the program."),
    task="classification",
    sample_shape=(1, 8, 8),
    classes=tuple("0123456789"),
    train=1797,
    licence="CC BY 4.0",
    source="https://archive.ics.uci.edu/dataset/80/optical+recognition+of+handwritten+digits",
    preparation=({"normalize": "-1..1"},),
    written=True,
)
