"""The catalogue of layers. A LayerSpec in a module of this folder is a layer: nothing else is to be edited."""

import sys

from playground.core.registry import declarations
from playground.core.spec import LayerSpec

# Order of the headings in the palette; a family that is not named here follows, by its name.
FAMILIES = (
    "Convolution",
    "Pooling",
    "Activation",
    "Linear",
    "Sequence",
    "Normalisation",
    "Regularisation",
    "Shape",
    "Blocks",
)

LAYERS: dict[str, LayerSpec] = declarations(sys.modules[__name__], LayerSpec)


def by_family() -> dict[str, list[LayerSpec]]:
    """The catalogue as the palette shows it: family -> its layers."""
    families: dict[str, list[LayerSpec]] = {family: [] for family in FAMILIES}
    for spec in LAYERS.values():
        families.setdefault(spec.family, []).append(spec)
    return {family: specs for family, specs in families.items() if specs}
