"""Against the formulas, written out with numpy."""

import numpy as np
import pytest
import torch

from playground.core.losses import LOSSES
from playground.core.problem import Problem
from playground.engine import losses

OUTPUTS = torch.tensor([[1.0, -2.0, 0.5], [0.1, 0.2, -0.3]])
LABELS = torch.tensor([2, 0])
HOT = np.array([[0, 0, 1], [1, 0, 0]])


def log_softmax(values):
    return values - np.log(np.exp(values).sum(1, keepdims=True))


def expected(name):
    values = OUTPUTS.double().numpy()
    sigmoid = 1 / (1 + np.exp(-values))
    return {
        "CrossEntropy": -(log_softmax(values) * HOT).sum(1).mean(),
        "NLL": -(values * HOT).sum(1).mean(),
        "BCEWithLogits": -(HOT * np.log(sigmoid) + (1 - HOT) * np.log(1 - sigmoid)).mean(),
        "MSE": ((values - HOT) ** 2).mean(),
    }[name]


@pytest.mark.parametrize("name", LOSSES)
def test_each_loss_of_classes_is_its_formula(name):
    loss = losses.make(name, "classification", 3)
    assert loss(OUTPUTS, loss.targets(LABELS)).item() == pytest.approx(expected(name), rel=1e-6)


def test_numbers_to_predict_get_the_shape_of_the_outputs():
    loss = losses.make("MSE", "regression", 0)
    assert loss.targets(torch.tensor([1.0, 2.0])).shape == (2, 1)
    assert loss(torch.tensor([[0.0], [0.0]]), loss.targets(torch.tensor([1.0, 2.0]))).item() == 2.5


def test_probabilities_follow_the_sense_of_the_loss():
    row = OUTPUTS[0]
    assert torch.allclose(losses.make("CrossEntropy", "classification", 3).probabilities(row), row.softmax(0))
    assert torch.allclose(losses.make("BCEWithLogits", "classification", 3).probabilities(row), row.sigmoid())
    assert torch.allclose(losses.make("NLL", "classification", 3).probabilities(row.log_softmax(0)), row.softmax(0))


@pytest.mark.parametrize(
    ("name", "task", "said"), [("CrossEntropi", "classification", "did you mean"), ("NLL", "regression", "MSE")]
)
def test_a_loss_that_does_not_fit_is_refused(name, task, said):
    with pytest.raises(Problem, match=said):
        losses.make(name, task, 0)
