"""Handwritten digits, from scikit-learn's package."""

import numpy as np
import torch

from playground.core.spec import DatasetSpec
from playground.engine.datasets import Raw
from playground.engine.datasets._packaged import table
from playground.engine.datasets._script import Reading, packaged


def load(spec: DatasetSpec) -> Raw:
    """(1797, 1, 8, 8) uint8, each pixel 0 to 16. raises Problem"""
    pixels, labels = table("digits.csv.gz", "load_digits", spec.title)
    images = torch.from_numpy(pixels.astype(np.uint8)).reshape(-1, *spec.sample_shape)
    return Raw(images, torch.from_numpy(labels), largest=16)


def script(spec: DatasetSpec) -> Reading:
    """How a script reads them."""
    return packaged("load_digits()", "images", is_label=True, largest=16)
