"""The gallery: what each data set is. A DatasetSpec in a module of this folder is a data set.

How it is read stands in the module of the same name in `engine/datasets`.
"""

import sys

from playground.core.registry import declarations
from playground.core.spec import DatasetSpec
from playground.core.text import _

DATASETS: dict[str, DatasetSpec] = declarations(sys.modules[__name__], DatasetSpec)

GROUPS: dict[str, str] = {
    "pictures": _("Pictures"),
    "tables": _("Tables"),
    "generated": _("Made by the program"),
    "sequences": _("Sequences"),
    "own": _("Your own"),
}


def by_group() -> dict[str, list[DatasetSpec]]:
    """The gallery as it is shown: each group with its sets, the smallest download first."""
    groups = {
        group: sorted((spec for spec in DATASETS.values() if spec.group == group), key=lambda spec: spec.bytes)
        for group in GROUPS
    }
    return {group: specs for group, specs in groups.items() if specs}
