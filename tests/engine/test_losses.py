"""Against the formulas, written out with numpy."""

import numpy as np
import pytest
import torch
from sklearn.utils.class_weight import compute_class_weight
from torch import nn

from playground.core.losses import LOSSES
from playground.core.problem import Problem
from playground.core.recipe import Recipe
from playground.engine import losses
from playground.engine.metrics import Evaluation

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
        "L1": abs(values - HOT).mean(),
        "Huber": np.where(abs(values - HOT) < 1, (values - HOT) ** 2 / 2, abs(values - HOT) - 0.5).mean(),
    }[name]


@pytest.mark.parametrize("name", LOSSES)
def test_each_loss_of_classes_is_its_formula(name):
    loss = losses.make(Recipe(name), "classification", 3)
    assert loss(OUTPUTS, loss.targets(LABELS)).item() == pytest.approx(expected(name), rel=1e-6)


def test_numbers_to_predict_get_the_shape_of_the_outputs():
    loss = losses.make(Recipe("MSE"), "regression", 0)
    assert loss.targets(torch.tensor([1.0, 2.0])).shape == (2, 1)
    assert loss(torch.tensor([[0.0], [0.0]]), loss.targets(torch.tensor([1.0, 2.0]))).item() == 2.5


def test_probabilities_follow_the_sense_of_the_loss():
    row = OUTPUTS[0]
    assert torch.allclose(losses.make(Recipe("CrossEntropy"), "classification", 3).probabilities(row), row.softmax(0))
    assert torch.allclose(losses.make(Recipe("BCEWithLogits"), "classification", 3).probabilities(row), row.sigmoid())
    assert torch.allclose(
        losses.make(Recipe("NLL"), "classification", 3).probabilities(row.log_softmax(0)), row.softmax(0)
    )


@pytest.mark.parametrize(
    ("name", "task", "said"), [("CrossEntropi", "classification", "did you mean"), ("NLL", "regression", "MSE")]
)
def test_a_loss_that_does_not_fit_is_refused(name, task, said):
    with pytest.raises(Problem, match=said):
        losses.make(Recipe(name), task, 0)


@pytest.mark.parametrize("smoothing", [0.0, 0.1, 1.0])
@pytest.mark.parametrize("balance", [False, True])
def test_smoothed_labels_and_balanced_classes_are_those_of_torch_and_sklearn(smoothing, balance):
    drawn = torch.Generator().manual_seed(3)
    labels = torch.tensor([0] * 30 + [1] * 9 + [2] * 3)
    outputs = torch.randn(len(labels), 3, generator=drawn)
    recipe = Recipe("CrossEntropy", loss_options={"label_smoothing": smoothing, "balance": balance})
    loss = losses.make(recipe, "classification", 3, labels)
    weights = compute_class_weight("balanced", classes=np.arange(3), y=labels.numpy()) if balance else np.ones(3)
    expected = nn.functional.cross_entropy(
        outputs.double(), labels, weight=torch.tensor(weights), label_smoothing=smoothing
    )
    assert loss(outputs, labels).item() == pytest.approx(expected.item(), rel=1e-6)
    evaluation = Evaluation(nn.Sequential(nn.Identity(), Scaled()), loss, outputs, labels, labels)
    evaluation._batch = 7  # batches of unequal weight
    while not evaluation.done:
        evaluation.advance()
    assert evaluation.mean_loss == pytest.approx(expected.item(), rel=1e-6)


class Scaled(nn.Module):
    """A network needs a parameter to lie on a device."""

    def __init__(self):
        super().__init__()
        self.one = nn.Parameter(torch.ones(()))

    def forward(self, x):
        return x * self.one


def test_a_class_without_a_sample_weighs_nothing():
    assert losses.balanced(torch.tensor([0, 0, 0, 2]), 3).tolist() == pytest.approx([4 / 6, 0, 2])


@pytest.mark.parametrize("delta", [0.5, 1.0, 3.0])
def test_huber_bends_where_it_is_told(delta):
    loss = losses.make(Recipe("Huber", loss_options={"delta": delta}), "regression", 0)
    outputs, targets = torch.linspace(-4, 4, 33)[:, None], torch.zeros(33, 1)
    assert loss(outputs, targets).item() == pytest.approx(
        nn.functional.huber_loss(outputs.double(), targets.double(), delta=delta).item(), rel=1e-6
    )


@pytest.mark.parametrize(
    ("name", "options", "said"),
    [("Huber", {"delta": 0}, "delta is 0"), ("MSE", {"delta": 1}, "no argument delta")],
)
def test_a_wrong_option_is_refused_with_a_sentence(name, options, said):
    with pytest.raises(Problem, match=said):
        losses.make(Recipe(name, loss_options=options), "regression", 0)
