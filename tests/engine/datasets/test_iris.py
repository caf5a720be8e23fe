import numpy as np
import torch
from sklearn.datasets import load_iris

from playground.core.datasets import DATASETS
from playground.engine.datasets import iris


def test_the_samples_and_names_are_scikit_learns():
    spec, raw, theirs = DATASETS["iris"], iris.load(DATASETS["iris"]), load_iris()
    assert raw.train_inputs.dtype == torch.float32
    assert np.array_equal(raw.train_inputs.numpy(), theirs.data.astype(np.float32))
    assert np.array_equal(raw.train_targets.numpy(), theirs.target)
    assert list(spec.classes) == list(theirs.target_names)
    assert list(spec.features) == list(theirs.feature_names)
