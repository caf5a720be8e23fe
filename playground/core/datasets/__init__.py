"""The gallery: what each data set is. A DatasetSpec in a module of this folder is a data set.

How it is read stands in the module of the same name in `engine/datasets`.
"""

import sys

from playground.core.registry import declarations
from playground.core.spec import DatasetSpec

DATASETS: dict[str, DatasetSpec] = declarations(sys.modules[__name__], DatasetSpec)
