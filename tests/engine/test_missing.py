import numpy as np
import torch
from sklearn.impute import SimpleImputer

from playground.engine.missing import fill


def test_every_part_gets_the_means_of_the_training_part():
    draw = np.random.default_rng(0)
    values = draw.normal(size=(60, 4)).astype(np.float32)
    values[draw.random(values.shape) < 0.3] = np.nan
    train = torch.arange(0, 60, 2)
    expected = SimpleImputer().fit(values[::2]).transform(values)
    inputs = torch.from_numpy(values.copy())
    fill(inputs, train)
    np.testing.assert_allclose(inputs.numpy(), expected, rtol=1e-6)


def test_a_column_unknown_in_the_whole_training_part_becomes_zero():
    inputs = torch.tensor([[float("nan")], [float("nan")], [5.0]])
    fill(inputs, torch.tensor([0, 1]))
    assert inputs.tolist() == [[0.0], [0.0], [5.0]]
