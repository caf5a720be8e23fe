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


VALUE_LOSSES = [name for name, spec in LOSSES.items() if spec.targets == "value"]
ESTIMATES = [
    [1.0, 0.0, 0.0, 0.0],  # perfect
    [0.1, 0.2, 0.3, 0.4],  # shares already
    [1.5, 1.2, -0.3, 0.0],  # two above 1
    [-0.1, -0.2, -0.4, -0.9],  # none above 0
    [0.1, 0.0, 0.0, 0.0],  # hardly anything
    [1e8, 0.0, -1e8, 1.0],
    [0.5, 0.5, 0.5, 0.5],
]


def shares_of(estimates):
    """By bisection: what to take from each estimate so that the rest, cut at 0, adds up to 1."""
    values = np.asarray(estimates, np.float64)
    low, high = values.min() - 1, values.max()
    for _ in range(200):
        middle = (low + high) / 2
        low, high = (middle, high) if np.clip(values - middle, 0, None).sum() > 1 else (low, middle)
    return np.clip(values - high, 0, None)


@pytest.mark.parametrize("name", VALUE_LOSSES)
def test_what_is_trained_on_rows_of_0_and_1_estimates_the_probabilities_itself(name):
    loss = losses.make(Recipe(name), "classification", 4)
    given = loss.probabilities(torch.tensor(ESTIMATES))
    expected = np.stack([shares_of(row) for row in ESTIMATES])
    np.testing.assert_allclose(given, expected, atol=1e-6)
    np.testing.assert_allclose(given.sum(1), 1, atol=1e-6)
    assert given[0].tolist() == [1, 0, 0, 0]
    assert loss.probabilities(torch.eye(10)).tolist() == torch.eye(10).tolist()
    assert torch.equal(loss.probabilities(torch.tensor(ESTIMATES[2])), given[2])  # one row alone


@pytest.mark.parametrize("name", LOSSES)
def test_the_largest_output_has_the_largest_probability(name):
    outputs = torch.randn(400, 6, generator=torch.Generator().manual_seed(1))
    outputs = outputs.log_softmax(1) if name == "NLL" else outputs
    given = losses.make(Recipe(name), "classification", 6).probabilities(outputs)
    assert given.min() >= 0
    assert given.max() <= 1
    assert torch.equal(given.argmax(1), outputs.argmax(1))
    ordered = given.gather(1, outputs.argsort(1, descending=True))
    assert torch.all(ordered.diff(dim=1) <= 0)


def test_shares_lie_nearer_to_the_right_row_than_the_outputs():
    """The Brier score never grows by it, whichever class is right."""
    outputs = torch.randn(200, 5, generator=torch.Generator().manual_seed(2))
    shares = losses.nearest_shares(outputs)
    for row in torch.eye(5):
        assert torch.all(((shares - row) ** 2).sum(1) <= ((outputs - row) ** 2).sum(1) + 1e-6)


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


@pytest.mark.parametrize("smoothing", [0.0, 0.1, 1.0])
def test_weights_of_ones_own_are_those_of_torch_in_value_slope_and_mean_over_batches(smoothing):
    drawn, labels = torch.Generator().manual_seed(4), torch.tensor([0] * 20 + [1] * 11 + [2] * 4)
    outputs = torch.randn(len(labels), 3, generator=drawn, requires_grad=True)
    weights = [0.25, 0, 7]
    loss = losses.make(
        Recipe(loss_options={"label_smoothing": smoothing, "weight": weights}), "classification", 3, labels
    )
    module = nn.CrossEntropyLoss(torch.tensor(weights), label_smoothing=smoothing)
    ours, theirs = loss(outputs, labels), module(outputs, labels)
    assert ours.item() == theirs.item()
    slopes = [torch.autograd.grad(one, outputs)[0] for one in (ours, theirs)]
    assert torch.equal(*slopes)
    evaluation = Evaluation(nn.Sequential(nn.Identity(), Scaled()), loss, outputs.detach(), labels, labels)
    evaluation._batch = 6  # the second class alone weighs nothing
    while not evaluation.done:
        evaluation.advance()
    assert evaluation.mean_loss == pytest.approx(theirs.item(), rel=1e-5)


def test_the_other_losses_that_torch_weighs_by_class():
    outputs, labels, weights = OUTPUTS.log_softmax(1), torch.tensor([2, 0]), [1, 2, 3.5]
    loss = losses.make(Recipe("NLL", loss_options={"weight": weights}), "classification", 3)
    assert loss(outputs, labels).item() == nn.NLLLoss(torch.tensor(weights))(outputs, labels).item()
    loss = losses.make(Recipe("BCEWithLogits", loss_options={"pos_weight": weights}), "classification", 3)
    expected = nn.BCEWithLogitsLoss(pos_weight=torch.tensor(weights))(OUTPUTS, torch.eye(3)[labels])
    assert loss(OUTPUTS, loss.targets(labels)).item() == expected.item()
    assert loss.share(loss.targets(labels)) == 2  # a mean over samples, whatever a yes weighs
    assert loss.each(OUTPUTS, loss.targets(labels)).mean().item() == pytest.approx(expected.item(), rel=1e-6)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"weight": [1, 2]}, "weight has 2 numbers, but the data set has 3 classes"),
        ({"weight": [0, 0, 0]}, "weight is 0 for every class"),
        ({"weight": [1, 2, 3], "balance": True}, "both say"),
    ],
)
def test_weights_that_do_not_go_with_the_classes_are_refused(options, said):
    with pytest.raises(Problem, match=said):
        losses.make(Recipe(loss_options=options), "classification", 3)


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
