import math

import pytest
import torch

from playground.core.problem import Problem
from playground.disk import runs
from playground.engine import checkpoints
from tests.engine.trainings import project, to_the_end, training

OPTIMIZERS = [{"SGD": {"lr": 0.05, "momentum": 0.9}}, {"Adam": {}}, {"RMSprop": {"momentum": 0.5}}]


@pytest.fixture
def folder():
    return runs.new_run(project(), "test")


@pytest.mark.parametrize("optimizer", OPTIMIZERS, ids=str)
@pytest.mark.parametrize("advances", [1, 4, 5, 7, 10], ids="after {} advances".format)
def test_a_run_that_is_stopped_anywhere_goes_on_with_equal_bits(folder, advances, optimizer):
    """Four steps and one evaluation an epoch: the middle of an epoch, its last step, its end."""
    straight = to_the_end(training(optimizer=optimizer))
    begun = training(optimizer=optimizer)
    keeper = checkpoints.Keeper(folder, begun)
    for _ in range(advances):
        begun.advance()
    keeper.save()
    keeper.close("stopped")
    torch.manual_seed(12345)  # another process has another random state
    torch.rand(100)
    resumed = training(optimizer=optimizer)
    resumed.restore(checkpoints.load(folder), runs.read_losses(folder), runs.read_epochs(folder))
    assert resumed.step == begun.step
    to_the_end(resumed)
    assert resumed.losses.tobytes() == straight.losses.tobytes()
    assert [one.test_loss for one in resumed.epochs] == [one.test_loss for one in straight.epochs]
    for name, value in straight.model.state_dict().items():
        assert torch.equal(resumed.model.state_dict()[name], value)


def test_the_last_two_are_kept_and_a_damaged_one_is_passed_over(folder):
    one = training()
    for step in range(3):
        one.advance()
        checkpoints.save(folder, one.state(), step + 1)
    newest, older = runs.checkpoints(folder)
    assert (newest.stem, older.stem) == ("step-000000000003", "step-000000000002")
    newest.write_bytes(newest.read_bytes()[:200])
    assert checkpoints.load(folder)["step"] == 2


def test_without_a_checkpoint_there_is_nothing_to_go_on_from(folder):
    with pytest.raises(Problem, match="no checkpoint"):
        checkpoints.load(folder)


def test_a_checkpoint_of_another_network_is_refused(folder):
    checkpoints.save(folder, training().state(), 0)
    other = training(network=project().network[3:])
    with pytest.raises(Problem, match="another network"):
        other.restore(checkpoints.load(folder), runs.read_losses(folder), [])


def test_a_checkpoint_holds_no_code(folder):
    path = checkpoints.save(folder, training().state(), 0)
    assert torch.load(path, weights_only=True)["step"] == 0


def test_rows_of_steps_that_are_done_again_are_cut_away(folder):
    one = training()
    keeper = checkpoints.Keeper(folder, one)
    one.advance()
    keeper.save()
    one.advance()
    keeper.close("stopped")  # a step more in the column than in the checkpoint
    assert len(runs.read_losses(folder)) == 2
    resumed = training()
    resumed.restore(checkpoints.load(folder), runs.read_losses(folder), runs.read_epochs(folder))
    again = checkpoints.Keeper(folder, resumed)
    to_the_end(resumed)
    again.close("finished")
    kept = runs.read_losses(folder)
    assert kept == to_the_end(training()).losses
    assert [one.epoch for one in runs.read_epochs(folder)] == [1, 2, 3]
    assert runs.read_run(folder).state == "finished"


def test_losses_missing_beside_a_checkpoint_become_gaps(folder):
    one = to_the_end(training())
    resumed = training()
    resumed.restore(one.state(), one.losses[:3], one.epochs)
    assert len(resumed.losses) == one.step
    assert math.isnan(resumed.losses[5])


def test_checkpoints_are_saved_at_epoch_ends_but_not_too_often_and_each_minute(folder):
    one = training(epochs=100)
    keeper = checkpoints.Keeper(folder, one)
    now = keeper._saved
    one.advance()
    keeper.look(now + 30)
    assert keeper.checkpoint is None  # in the middle of an epoch there is time
    keeper.look(now + 61)
    assert keeper.checkpoint == 1
    while not one.at_epoch_end:
        one.advance()
    keeper.look(keeper._saved + 0.5)
    assert keeper.checkpoint == 1  # too soon
    keeper.look(keeper._saved + 1000)
    assert keeper.checkpoint == one.step
    keeper.close("stopped")
