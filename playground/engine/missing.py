"""Missing values of a table, filled in once the parts are known."""

import numpy as np
import torch


def fill(inputs: torch.Tensor, train: torch.Tensor | None) -> None:
    """Put in the place of each NaN the mean of its column over the training part: what is known of the other parts
    must not reach the training. A column without any known value there gets 0.

    inputs: (N, columns) float32, changed in place;  train: (n,) numbers of the training samples, None for all
    source: scikit-learn's SimpleImputer, fitted on the training part
    """
    values = inputs.numpy()
    known = values if train is None else values[train.numpy()]
    present = ~np.isnan(known)
    count = present.sum(axis=0)
    total = np.where(present, known, 0).sum(axis=0, dtype=np.float64)
    means = np.divide(total, count, out=np.zeros(len(total)), where=count > 0).astype(np.float32)
    rows, columns = np.isnan(values).nonzero()
    values[rows, columns] = means[columns]
