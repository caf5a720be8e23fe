"""Against sklearn.metrics, on random scores."""

import numpy as np
import pytest
import torch
from sklearn import metrics

from playground.engine import evaluation


def scores(samples=500, classes=6, seed=0):
    drawn = torch.Generator().manual_seed(seed)
    labels = torch.randint(0, classes, (samples,), generator=drawn)
    outputs = torch.randn(samples, classes, generator=drawn)
    outputs[torch.arange(samples), labels] += 1.0
    return outputs, labels


@pytest.mark.parametrize(("samples", "classes"), [(500, 6), (40, 10), (7, 2), (300, 3)])
def test_confusion_recall_and_precision(samples, classes):
    outputs, labels = scores(samples, classes)
    found, known = outputs.argmax(1).numpy(), range(classes)
    matrix = evaluation.confusion(outputs, labels, classes)
    assert matrix.tolist() == metrics.confusion_matrix(labels, found, labels=known).tolist()
    expected = metrics.recall_score(labels, found, labels=known, average=None, zero_division=np.nan)
    given = evaluation.recall(matrix, labels)
    assert [np.nan if one is None else one for one in given] == pytest.approx(expected, nan_ok=True)
    expected = metrics.precision_score(labels, found, labels=known, average=None, zero_division=np.nan)
    given = evaluation.precision(matrix)
    assert [np.nan if one is None else one for one in given] == pytest.approx(expected, nan_ok=True)


@pytest.mark.parametrize("k", [1, 2, 5])
def test_the_share_whose_class_is_among_the_k_largest(k):
    outputs, labels = scores(seed=2)
    expected = metrics.top_k_accuracy_score(labels, outputs, k=k)
    assert evaluation.top_k(outputs, labels, k) == pytest.approx(expected)
    assert evaluation.top_k(outputs, labels, 99) == 1.0


@pytest.mark.parametrize("digits", [0, 1, 6])
def test_the_curve_of_two_classes_and_the_area_below(digits):
    outputs, labels = scores(classes=2, seed=3)
    surely = torch.round(outputs[:, 1] - outputs[:, 0], decimals=digits)  # few digits: many are equal
    false, true, _thresholds = metrics.roc_curve(labels, surely, drop_intermediate=False)
    curve = evaluation.roc(surely, labels == 1)
    assert curve[0].numpy() == pytest.approx(false)
    assert curve[1].numpy() == pytest.approx(true)
    assert evaluation.area(curve) == pytest.approx(metrics.roc_auc_score(labels, surely))


def test_a_class_that_does_not_occur_has_no_figure():
    outputs, labels = torch.eye(3)[[0, 1, 1]], torch.tensor([0, 0, 1])
    matrix = evaluation.confusion(outputs, labels, 3)
    assert matrix.tolist() == [[1, 1, 0], [0, 1, 0], [0, 0, 0]]
    assert evaluation.recall(matrix, labels) == [0.5, 1.0, None]
    assert evaluation.precision(matrix) == [1.0, 0.5, None]


def test_an_output_that_is_no_class_stands_in_no_column_and_counts_as_missed():
    outputs, labels = torch.eye(4)[[3, 1]], torch.tensor([0, 1])
    matrix = evaluation.confusion(outputs, labels, 3)
    assert matrix.sum() == 1
    assert evaluation.recall(matrix, labels)[0] == 0.0


def test_mistakes_come_surest_first():
    outputs, labels = scores(seed=4)
    probabilities = outputs.softmax(1)
    numbers = evaluation.mistakes(outputs, probabilities, labels)
    wrong = np.flatnonzero(outputs.argmax(1).numpy() != labels.numpy())
    assert sorted(numbers.tolist()) == wrong.tolist()
    assert np.all(np.diff(probabilities.max(1).values[numbers].numpy()) <= 0)


def test_a_probability_that_rounds_to_1_hides_no_mistake():
    outputs, labels = torch.tensor([[20.0, 30.0], [30.0, 20.0]]), torch.tensor([0, 0])
    probabilities = outputs.sigmoid()  # 1 for both classes in float32
    assert evaluation.mistakes(outputs, probabilities, labels).tolist() == [0]


def test_errors_of_numbers():
    drawn = torch.Generator().manual_seed(5)
    true = torch.randn(200, generator=drawn, dtype=torch.float64)
    predicted = true + 0.3 * torch.randn(200, generator=drawn, dtype=torch.float64)
    found = evaluation.errors(predicted, true)
    assert found["r2"] == pytest.approx(metrics.r2_score(true, predicted))
    assert found["rmse"] == pytest.approx(metrics.root_mean_squared_error(true, predicted))
    assert found["mae"] == pytest.approx(metrics.mean_absolute_error(true, predicted))
    same = torch.ones(3, dtype=torch.float64)
    assert evaluation.errors(same, same)["r2"] == metrics.r2_score(same, same)
    assert evaluation.errors(2 * same, same)["r2"] == metrics.r2_score(same, 2 * same)
