"""Wines, breast tumours and diabetes, from scikit-learn's package."""

import numpy as np
import torch

from playground.core.spec import DatasetSpec
from playground.engine.datasets import Raw
from playground.engine.datasets._packaged import table, table_and_targets
from playground.engine.datasets._script import Reading, packaged

_LABELLED = {"wine": ("wine_data.csv", "load_wine"), "breast-cancer": ("breast_cancer.csv", "load_breast_cancer")}


def load(spec: DatasetSpec) -> Raw:
    """(N, features) float32, in the units of measurement; (N,) int64 labels or float32 targets. raises Problem"""
    if spec.name in _LABELLED:
        columns, labels = table(*_LABELLED[spec.name], spec.title)
        return Raw(torch.from_numpy(columns.astype(np.float32)), torch.from_numpy(labels))
    # The package has the ten columns as measured; scikit-learn scales them by the figures of all 442 rows unless told not to.
    columns, progression = table_and_targets(
        "diabetes_data_raw.csv.gz", "diabetes_target.csv.gz", "load_diabetes", spec.title, scaled=False
    )
    return Raw(torch.from_numpy(columns.astype(np.float32)), torch.from_numpy(progression.astype(np.float32)))


def script(spec: DatasetSpec) -> Reading:
    """How a script reads them."""
    if spec.name in _LABELLED:
        return packaged(f"{_LABELLED[spec.name][1]}()", "data", is_label=True)
    return packaged("load_diabetes(scaled=False)", "data", is_label=False)
