"""The evaluation of a training, as the panels get it, against plain torch and sklearn."""

import numpy as np
import pytest
import torch
from sklearn import metrics

from playground.core.data import Data
from playground.core.layer import Layer
from playground.core.messages import Watch
from playground.core.project import Project
from playground.core.recipe import Recipe
from playground.engine import evaluation, probes
from playground.engine.loader import prepare
from playground.engine.loop import Training
from playground.engine.probes import evaluation as reading
from tests.engine.trainings import CPU, to_the_end


def trained(dataset: str, outputs: int, loss: str = "CrossEntropy") -> Training:
    network = (Layer("Flatten"), Layer("Linear", {"out_features": outputs}))
    data = Data(dataset, preparation=({"standardize": True},), batch_size=32)
    recipe = Recipe(loss, optimizer={"SGD": {"lr": 0.02}}, epochs=1)
    return to_the_end(Training(Project(data, network, recipe), prepare(data, recipe.seed), CPU))


def values(one) -> np.ndarray:
    return np.frombuffer(one.data, one.dtype).reshape(one.shape)


def plain_outputs(training: Training) -> torch.Tensor:
    training.model.eval()
    with torch.no_grad():
        outputs = training.model(training.data.test_inputs)
    training.model.train()
    return outputs


def test_classes_of_iris():
    training = trained("iris", 3)
    picture = probes.read(Watch("evaluation"), training.context())
    outputs, labels = plain_outputs(training), training.data.test_targets
    assert not picture.fault
    assert picture.facts["accuracy"] == pytest.approx(metrics.accuracy_score(labels, outputs.argmax(1)))
    assert picture.facts["loss"] == pytest.approx(torch.nn.functional.cross_entropy(outputs, labels).item(), rel=1e-5)
    assert picture.facts["classes"] == list(training.data.classes)
    assert (picture.facts["epoch"], picture.facts["step"]) == (1, training.step)
    expected = metrics.confusion_matrix(labels, outputs.argmax(1), labels=range(3))
    assert values(picture.arrays["confusion"]).tolist() == expected.tolist()
    numbers = values(picture.arrays["numbers"])
    assert np.all(outputs.argmax(1).numpy()[numbers] != labels.numpy()[numbers])
    assert values(picture.arrays["probabilities"]) == pytest.approx(outputs.softmax(1).numpy()[numbers], rel=1e-5)
    assert picture.facts["total"] == int((outputs.argmax(1) != labels).sum())
    assert "roc" not in picture.arrays


def test_a_loss_on_rows_of_0_and_1_shows_its_outputs_as_shares():
    """Not their softmax, by which the surest mistakes would come in another order."""
    training = trained("digits", 10, "MSE")
    picture = probes.read(Watch("evaluation"), training.context())
    outputs, labels = plain_outputs(training).double().numpy(), training.data.test_targets.numpy()
    wrong = np.flatnonzero(outputs.argmax(1) != labels)
    shares = np.stack([least_squares_shares(row) for row in outputs[wrong]])
    order = np.argsort(-shares.max(1), kind="stable")[:24]
    given = values(picture.arrays["probabilities"])
    np.testing.assert_allclose(given, shares[order], atol=1e-5)
    assert picture.facts["total"] == len(wrong) > 24
    sample = probes.read(Watch("prediction", {"sample": 3}), training.context())
    np.testing.assert_allclose(values(sample.arrays["probabilities"]), least_squares_shares(outputs[3]), atol=1e-5)
    assert sample.facts["prediction"] == outputs[3].argmax()


def least_squares_shares(row: np.ndarray) -> np.ndarray:
    """Every set of classes that may be above 0 is tried: the nearest of the rows that add up to 1."""
    tried = [
        (row[list(kept)].sum() - 1) / size for size in range(1, len(row) + 1) for kept in [np.argsort(-row)[:size]]
    ]
    rows = [np.clip(row - taken, 0, None) for taken in tried]
    whole = [one for one in rows if abs(one.sum() - 1) < 1e-9]
    return min(whole, key=lambda one: float(((one - row) ** 2).sum()))


def test_a_cell_of_the_matrix_gives_its_samples_page_by_page():
    training = trained("digits", 10)
    context, labels = training.context(), training.data.test_targets
    found = plain_outputs(training).argmax(1)
    most = int(torch.bincount(labels[labels == found]).argmax())  # a cell of more than one page
    watch = {"which": "cell", "cell": [most, most]}
    first = probes.read(Watch("evaluation", watch), context)
    second = probes.read(Watch("evaluation", {**watch, "first": 24}), context)
    expected = ((labels == most) & (found == most)).nonzero()[:, 0].tolist()
    seen = [*values(first.arrays["numbers"]), *values(second.arrays["numbers"])]
    assert seen == expected[:48]
    assert first.facts["total"] == len(expected) > 24
    stored = training.data.stored("test", torch.tensor(expected[:24])).numpy()
    assert np.array_equal(values(first.arrays["inputs"]), stored)
    assert first.facts["top_k"]["accuracy"] == pytest.approx(
        metrics.top_k_accuracy_score(labels, plain_outputs(training), k=5)
    )


def test_two_classes_have_a_curve():
    training = trained("breast-cancer", 2)
    picture = probes.read(Watch("evaluation", {"which": "all"}), training.context())
    outputs, labels = plain_outputs(training), training.data.test_targets
    expected = metrics.roc_auc_score(labels, outputs[:, 1] - outputs[:, 0])
    assert picture.facts["auc"] == pytest.approx(expected)
    curve = values(picture.arrays["roc"])
    assert np.trapezoid(curve[1], curve[0]) == pytest.approx(expected, abs=1e-3)
    assert values(picture.arrays["numbers"]).tolist() == list(range(24))


def test_numbers_have_residuals():
    training = trained("diabetes", 1, "MSE")
    picture = probes.read(Watch("evaluation"), training.context())
    predicted, true = plain_outputs(training)[:, 0], training.data.test_targets
    assert picture.facts["r2"] == pytest.approx(metrics.r2_score(true, predicted), rel=1e-5)
    assert picture.facts["rmse"] == pytest.approx(metrics.root_mean_squared_error(true, predicted), rel=1e-5)
    assert values(picture.arrays["predicted"]) == pytest.approx(predicted.numpy())
    assert values(picture.arrays["true"]) == pytest.approx(true.numpy())
    counts, _edges = np.histogram((true - predicted).double(), bins=40)
    assert values(picture.arrays["counts"]).tolist() == counts.tolist()
    worst = int((true - predicted).abs().argmax())
    assert values(picture.arrays["numbers"])[0] == worst


@pytest.mark.parametrize(("samples", "kept"), [(4_128, 4_128), (25_001, 10_000)])
def test_every_pair_is_there_for_a_table_up_to_a_limit(samples, kept):
    places = reading._evenly(samples, reading.MOST_PAIRS).tolist()
    assert len(places) == len(set(places)) == kept
    assert (places[0], places[-1]) == (0, samples - 1)


@pytest.mark.parametrize(("dataset", "outputs"), [("digits", 10), ("iris", 3)])
def test_a_run_that_keeps_no_stored_samples_shows_them_as_the_network_gets_them(dataset, outputs):
    network = (Layer("Flatten"), Layer("Linear", {"out_features": outputs}))
    data = Data(dataset, preparation=({"standardize": True},), batch_size=32)
    prepared = prepare(data, 0, keep_stored=False)  # as the runner does
    training = to_the_end(Training(Project(data, network, Recipe(epochs=1)), prepared, CPU))
    picture = probes.read(Watch("evaluation", {"which": "all"}), training.context())
    assert not picture.fault
    assert picture.facts["stored"] is False
    assert np.array_equal(values(picture.arrays["inputs"]), prepared.test_inputs[:24].numpy())
    none = {"which": "cell", "cell": [0, 1], "first": 10_000}
    assert values(probes.read(Watch("evaluation", none), training.context()).arrays["inputs"]).shape[0] == 0


def test_between_two_evaluations_it_is_worked_out_once(monkeypatch):
    training = trained("iris", 3)
    worked_out: list[int] = []
    confusion = evaluation.confusion
    monkeypatch.setattr(evaluation, "confusion", lambda *found: worked_out.append(1) or confusion(*found))
    pages = [{"which": "all", "first": first} for first in (0, 0, 24, 24)]
    first, again, other, _again = (probes.read(Watch("evaluation", one), training.context()) for one in pages)
    assert (first.facts, first.arrays) == (again.facts, again.arrays)
    assert values(other.arrays["numbers"]).tolist() == list(range(24, 30))
    assert len(worked_out) == 2
    training.test()
    while training.testing:
        training.advance()
    probes.read(Watch("evaluation", pages[-1]), training.context())
    assert len(worked_out) == 3


def test_before_the_first_epoch_it_says_when_there_will_be_one():
    network = (Layer("Flatten"), Layer("Linear", {"out_features": 3}))
    data = Data("iris", batch_size=32)
    training = Training(Project(data, network, Recipe()), prepare(data, 0), CPU)
    assert "end of each epoch" in probes.read(Watch("evaluation"), training.context()).fault


def test_an_evaluation_on_demand_changes_nothing_of_the_run():
    def run(asked):
        network = (Layer("Flatten"), Layer("Linear", {"out_features": 3}), Layer("Dropout"))
        data = Data("iris", batch_size=32)
        training = Training(Project(data, network, Recipe(epochs=3)), prepare(data, 0), CPU)
        number = 0
        while not training.finished:
            if asked and not training.evaluating and number % 3 == 1:
                training.test()
                assert training.testing
                while training.testing:
                    training.advance()
                assert training.results["test"].step == training.step
            training.advance()
            number += 1
        return training

    plain, asked = run(False), run(True)
    assert plain.losses.tobytes() == asked.losses.tobytes()
    assert [one.test_loss for one in plain.epochs] == [one.test_loss for one in asked.epochs]
    assert asked.tested > plain.tested == 3
