"""Fisher's irises, from scikit-learn's package."""

import numpy as np
import torch

from playground.core.spec import DatasetSpec
from playground.engine.datasets import Raw
from playground.engine.datasets._packaged import table
from playground.engine.datasets._script import Reading, packaged


def load(spec: DatasetSpec) -> Raw:
    """(150, 4) float32, lengths in cm. raises Problem"""
    lengths, species = table("iris.csv", "load_iris", spec.title)
    return Raw(torch.from_numpy(lengths.astype(np.float32)), torch.from_numpy(species))


def script(spec: DatasetSpec) -> Reading:
    """How a script reads them."""
    return packaged("load_iris()", "data", is_label=True)
