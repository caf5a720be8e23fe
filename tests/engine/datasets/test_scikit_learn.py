import numpy as np
import pytest
import torch
from sklearn.datasets import load_breast_cancer, load_diabetes, load_wine

from playground.core.datasets import DATASETS
from playground.engine.datasets import _packaged, scikit_learn


@pytest.mark.parametrize("moved", [False, True], ids=["read in place", "asked for"])
@pytest.mark.parametrize(("name", "loader"), [("wine", load_wine), ("breast-cancer", load_breast_cancer)])
def test_the_samples_and_names_are_scikit_learns(name, loader, moved, monkeypatch, tmp_path):
    if moved:
        monkeypatch.setattr(_packaged, "_folder", lambda: tmp_path)
    spec, raw, theirs = DATASETS[name], scikit_learn.load(DATASETS[name]), loader()
    assert raw.train_inputs.dtype == torch.float32
    assert np.array_equal(raw.train_inputs.numpy(), theirs.data.astype(np.float32))
    assert raw.train_targets.dtype == torch.int64
    assert np.array_equal(raw.train_targets.numpy(), theirs.target)
    assert list(spec.classes) == list(theirs.target_names)
    assert list(spec.features) == list(theirs.feature_names)
    assert spec.train == len(theirs.data)


@pytest.mark.parametrize("moved", [False, True], ids=["read in place", "asked for"])
def test_diabetes_is_scikit_learns_as_measured(moved, monkeypatch, tmp_path):
    if moved:
        monkeypatch.setattr(_packaged, "_folder", lambda: tmp_path)
    spec, raw, theirs = DATASETS["diabetes"], scikit_learn.load(DATASETS["diabetes"]), load_diabetes(scaled=False)
    assert np.array_equal(raw.train_inputs.numpy(), theirs.data.astype(np.float32))
    assert raw.train_targets.dtype == torch.float32
    assert np.array_equal(raw.train_targets.numpy(), theirs.target.astype(np.float32))
    assert (spec.train, spec.sample_shape) == (len(theirs.data), theirs.data.shape[1:])
    assert len(spec.features) == len(theirs.feature_names)
    assert [name for name in theirs.feature_names[4:]] == [name.split()[0] for name in spec.features[4:]]
