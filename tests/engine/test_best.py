"""The weights that come back, and the figures that go with them, also behind a resume."""

import copy

import msgspec
import pytest
import torch

from playground.core.layer import Layer
from playground.disk import runs
from playground.engine import checkpoints
from playground.engine.loop import Training
from tests.engine.test_carrying import LINEAR, LONGER, carried, written
from tests.engine.trainings import pictures, to_the_end, training

WAITING = {"network": LINEAR, "epochs": 40, "patience": 4}  # noise is soon learnt by heart


def at_its_end(one: Training) -> Training:
    """At its end, with what its network reaches."""
    to_the_end(one)
    while one.testing:
        one.advance()
    return one


def by_hand(one: Training) -> tuple[torch.Tensor, float]:
    """Outputs of the network as it is on the test part, and the share that is right; with plain torch."""
    data = pictures()
    model = copy.deepcopy(one.model).eval()
    with torch.no_grad():
        outputs = model(data.test_inputs)
    return outputs, (outputs.argmax(1) == data.test_targets).double().mean().item()


def without_seconds(one: Training):
    return [msgspec.structs.replace(report, seconds=0.0) for report in one.epochs]


def restored(stood: Training, **changes) -> Training:
    state, losses, epochs = copy.deepcopy(stood.state()), stood.losses[:], list(stood.epochs)
    torch.manual_seed(12345)  # another process has another random state
    again = training(**changes)
    again.restore(state, losses, epochs)
    return again


@pytest.mark.parametrize("changes", [{}, {"epochs": 9, "patience": 30}], ids=["stopped by itself", "all epochs done"])
def test_the_figures_are_those_of_the_weights_that_came_back(changes):
    one = to_the_end(training(**(WAITING | changes)))
    best = one.epochs[one.best_epoch - 1]
    assert one.best_epoch < one.epoch
    assert one.stopped_early == (not changes)
    assert not one.testing  # they were looked at when the epoch ended
    assert (one.weights_epoch, one.held) == (one.best_epoch, best)
    result = one.results["test"]
    outputs, share = by_hand(one)
    assert torch.allclose(result.outputs, outputs, rtol=1e-4, atol=1e-5)
    assert (result.epoch, result.step, result.loss) == (best.epoch, best.step, best.test_loss)
    assert share == best.test_accuracy != one.epochs[-1].test_accuracy


def test_a_test_that_is_asked_for_afterwards_is_of_the_best_epoch():
    one = to_the_end(training(**WAITING))
    before = one.results["test"]
    one.test()
    at_its_end(one)
    assert one.results["test"] is not before
    assert one.results["test"][:3] == before[:3]
    assert torch.equal(one.results["test"].outputs, before.outputs)


def test_while_it_trains_and_without_patience_the_figures_are_the_newest():
    one = training(**WAITING)
    while one.epoch < 3:
        one.advance()
    assert (one.weights_epoch, one.held) == (0, one.epochs[2])
    other = to_the_end(training(**(WAITING | {"patience": 0, "epochs": 9})))
    assert other.best_epoch < 9
    assert (other.weights_epoch, other.held) == (0, other.epochs[8])
    assert (other.results["test"].epoch, other.results["test"].step) == (9, 36)


@pytest.mark.parametrize("behind", [1, 3], ids="{} epochs behind the best".format)
def test_behind_a_resume_the_evaluation_is_that_of_a_run_that_was_not_interrupted(behind):
    """The best epoch lies before the checkpoint: what it reaches is looked at again."""
    whole = to_the_end(training(**WAITING))
    parts = training(**WAITING)
    while parts.epoch < whole.best_epoch + behind:
        parts.advance()
    again = restored(parts, **WAITING)
    to_the_end(again)
    assert again.testing
    assert again.results == {}  # and nothing is told of other weights meanwhile
    at_its_end(again)
    assert again.losses.tobytes() == whole.losses.tobytes()
    assert without_seconds(again) == without_seconds(whole)
    assert (again.weights_epoch, again.held.step) == (whole.weights_epoch, whole.held.step)
    assert torch.equal(again.results["test"].outputs, whole.results["test"].outputs)
    assert again.results["test"][:3] == whole.results["test"][:3]


@pytest.mark.parametrize(
    "changes", [WAITING, {}, {"patience": 30}], ids=["stopped by itself", "no patience", "patient"]
)
def test_a_run_that_is_resumed_at_its_end_is_tested_once(changes):
    whole = to_the_end(training(**changes))
    again = restored(whole, **changes)
    assert again.finished
    assert again.results == {}
    at_its_end(again)
    assert again.losses.tobytes() == whole.losses.tobytes()
    assert again.results["test"][:3] == whole.results["test"][:3]
    assert torch.equal(again.results["test"].outputs, whole.results["test"].outputs)
    assert again.weights_epoch == whole.weights_epoch
    for name, value in whole.model.state_dict().items():
        assert torch.equal(again.model.state_dict()[name], value), name


def test_more_epochs_go_on_from_the_last_step_and_not_from_the_weights_that_came_back():
    longer = {"epochs": 12, "patience": 11}
    straight = to_the_end(training(**(WAITING | longer)))
    short = to_the_end(training(**(WAITING | longer | {"epochs": 6})))
    assert short.best_epoch < short.epoch == 6
    again = restored(short, **(WAITING | longer))
    assert again.weights_epoch == 0
    at_its_end(again)
    assert again.losses.tobytes() == straight.losses.tobytes()
    assert without_seconds(again) == without_seconds(straight)


def test_what_a_changed_network_takes_over_from_a_run_at_its_end_is_what_was_seen():
    one = to_the_end(training(**WAITING))
    seen = one.model.state_dict()
    after = carried(written(one), **(WAITING | {"network": LONGER, "epochs": 60}))
    kept = [
        value for value in after.model.state_dict().values() if any(torch.equal(value, old) for old in seen.values())
    ]
    assert len(kept) == len(seen)


def test_a_state_without_the_weights_of_the_best_epoch_ends_with_the_last_ones():
    one = training(**(WAITING | {"patience": 0}))
    while one.epoch < 7:
        one.advance()
    again = restored(one, **(WAITING | {"epochs": 7}))
    at_its_end(again)
    assert again.best_epoch < 7
    assert again.weights_epoch == 0
    assert again.held == one.epochs[6]
    assert again.results["test"].epoch == 7


def test_weights_that_a_fork_without_patience_finds_in_a_checkpoint_never_come_back():
    one = training(**WAITING)
    while one.epoch < one.best_epoch + 2:
        one.advance()
    again = at_its_end(restored(one, **(WAITING | {"patience": 0, "epochs": one.epoch + 2})))
    assert again.weights_epoch == 0
    assert torch.allclose(again.results["test"].outputs, by_hand(again)[0], rtol=1e-4, atol=1e-5)


def test_the_record_of_a_run_names_the_epoch_whose_weights_came_back():
    one = training(**WAITING)
    folder = runs.new_run(one.project, "waiting")
    keeper = checkpoints.Keeper(folder, one)
    one.advance()
    keeper.note("paused")
    assert runs.read_run(folder).weights_epoch == 0
    to_the_end(one)
    keeper.save()
    keeper.close("finished")
    assert runs.read_run(folder).weights_epoch == one.best_epoch < one.epoch


def test_dropout_and_running_figures_come_back_as_well():
    network = (
        Layer("Flatten"),
        Layer("BatchNorm1d"),
        Layer("Dropout", {"p": 0.5}),
        Layer("Linear", {"out_features": 3}),
    )
    one = to_the_end(training(network=network, epochs=40, patience=3, optimizer={"SGD": {"lr": 0.3}}))
    assert one.best_epoch < one.epoch
    best, (outputs, share) = one.held, by_hand(one)
    assert share == best.test_accuracy
    expected = torch.nn.functional.cross_entropy(outputs, pictures().test_targets).item()
    assert best.test_loss == pytest.approx(expected, rel=1e-5)
