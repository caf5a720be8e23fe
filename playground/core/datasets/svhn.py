"""House numbers in street views."""

from playground.core.spec import DatasetSpec
from playground.core.text import _

SVHN = DatasetSpec(
    name="svhn",
    title="SVHN",
    summary=_("99,289 digits out of photographed house numbers, in colour, 32×32 pixels."),
    task="classification",
    sample_shape=(3, 32, 32),
    classes=tuple("0123456789"),
    train=73_257,
    test=26_032,
    bytes=246_316_178,
    licence=_("for non-commercial use (Netzer et al. 2011)"),
    source="http://ufldl.stanford.edu/housenumbers/",
    preparation=({"normalize": "-1..1"},),
)
