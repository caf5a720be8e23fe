"""A line that gradient descent moves through a plane takes the steps of plain PyTorch."""

import numpy as np
import pytest
import torch

from playground.core.datasets import DATASETS
from playground.core.lab.topics import Boundary, Neuron
from playground.engine.datasets.plane import load
from playground.engine.lab.boundaries import boundary, plane_samples
from playground.session.history import numbers

LOSSES = {
    "cross-entropy": torch.nn.BCEWithLogitsLoss(),
    "MSE": lambda z, labels: torch.nn.MSELoss()(torch.nn.Sigmoid()(z), labels),
}


@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize("data", ["blobs", "moons", "circles", "xor"])
def test_every_step_is_that_of_sgd_on_a_linear_layer(data, loss):
    asked = Boundary((-0.5, 0.25), 1.0, data, 60, 2.0, loss, 0.7, 15, 3)
    told = boundary(Neuron(section="line", boundary=asked))
    points, labels = (torch.tensor(numbers(one)) for one in (told.points, told.labels))
    layer = torch.nn.Linear(2, 1).double()
    layer.load_state_dict({"weight": torch.tensor([[-0.5, 0.25]]).double(), "bias": torch.tensor([1.0]).double()})
    optimizer = torch.optim.SGD(layer.parameters(), lr=0.7)
    assert told.losses.shape == (16,)
    for step in range(16):
        z = layer(points)[:, 0]
        found = LOSSES[loss](z, labels)
        optimizer.zero_grad()
        found.backward()
        slopes = torch.cat([layer.weight.grad[0], layer.bias.grad])
        np.testing.assert_allclose(numbers(told.weights)[step], layer.weight.detach()[0], rtol=1e-9)
        assert numbers(told.biases)[step] == pytest.approx(layer.bias.item(), rel=1e-9)
        assert numbers(told.losses)[step] == pytest.approx(found.item(), rel=1e-9)
        np.testing.assert_allclose(numbers(told.slopes)[step], slopes, rtol=1e-8, atol=1e-12)
        assert numbers(told.right)[step].tolist() == ((z > 0) == (labels == 1)).int().tolist()
        optimizer.step()


def test_the_points_are_those_of_the_program_with_features_of_mean_0_and_deviation_1():
    samples = plane_samples("blobs", 50, 1.5, 4)
    raw = load(DATASETS["blobs"], options={"samples": 50, "spread": 1.5, "blobs": 2}, seed=4)
    np.testing.assert_allclose(samples.points.mean(0), 0, atol=1e-12)
    np.testing.assert_allclose(samples.points.std(0, correction=0), 1, rtol=1e-12)
    assert np.corrcoef(samples.points[:, 0], raw.train_inputs[:, 0])[0, 1] == pytest.approx(1)
    assert samples.labels.tolist() == raw.train_targets.tolist()
    assert set(samples.labels.tolist()) == {0, 1}
    assert samples.classes == ("blob 1", "blob 2")


def test_other_seeds_give_other_points():
    first, second = (plane_samples("moons", 20, 1.0, seed).points for seed in (0, 1))
    assert not torch.equal(first, second)


def test_blobs_without_spread_and_huge_weights_are_told():
    told = boundary(Neuron(boundary=Boundary(weights=(1e12, -1e12), samples=10, spread=0.0, lr=1e12, steps=30)))
    assert np.isfinite(numbers(told.weights)).all()
    assert len(numbers(told.weights)) == len(numbers(told.losses)) == len(numbers(told.right)) >= 1


def test_training_parts_blobs():
    told = boundary(Neuron(boundary=Boundary(spread=1.0, steps=200)))
    assert numbers(told.right)[-1].mean() >= 0.97
    assert numbers(told.losses)[-1] < numbers(told.losses)[0] / 2
