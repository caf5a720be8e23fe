import numpy as np
import pytest
import torch
from sklearn.datasets import load_digits

from playground.core.datasets import DATASETS
from playground.core.problem import Problem
from playground.engine.datasets import _packaged, digits


def test_the_samples_are_scikit_learns():
    raw, theirs = digits.load(DATASETS["digits"]), load_digits()
    assert raw.train_inputs.dtype == torch.uint8
    assert raw.train_inputs.shape == (1797, 1, 8, 8)
    assert np.array_equal(raw.train_inputs.squeeze(1).numpy(), theirs.images)
    assert np.array_equal(raw.train_targets.numpy(), theirs.target)
    assert raw.largest == theirs.images.max()
    assert raw.test_inputs is None


def test_scikit_learn_is_asked_where_its_file_has_moved(monkeypatch, tmp_path):
    monkeypatch.setattr(_packaged, "_folder", lambda: tmp_path)
    raw = digits.load(DATASETS["digits"])
    assert np.array_equal(raw.train_inputs.squeeze(1).numpy(), load_digits().images)


def test_a_scikit_learn_that_does_not_load_is_one_sentence(monkeypatch, tmp_path):
    monkeypatch.setattr(_packaged, "_folder", lambda: tmp_path)
    monkeypatch.setattr("sklearn.datasets.load_digits", lambda: 1 / 0)
    with pytest.raises(Problem, match=r"^Digits: scikit-learn, .* \(division by zero\)\. Install"):
        digits.load(DATASETS["digits"])
