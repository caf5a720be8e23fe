import math

import pytest
import torch

from playground.core.problem import Problem
from playground.disk import runs
from playground.engine import checkpoints
from tests.engine.trainings import project, to_the_end, training

RECIPES = [
    {"optimizer": {"SGD": {"lr": 0.05, "momentum": 0.9}}},
    {"optimizer": {"Adam": {}}, "schedule": {"Plateau": {"patience": 0, "threshold": 0.5}}},
    {"optimizer": {"RMSprop": {"momentum": 0.5}}, "schedule": {"OneCycle": {}}, "patience": 1},
]


@pytest.fixture
def folder():
    return runs.new_run(project(), "test")


@pytest.mark.parametrize("recipe", RECIPES, ids=str)
@pytest.mark.parametrize("advances", [1, 4, 5, 7, 10], ids="after {} advances".format)
def test_a_run_that_is_stopped_anywhere_goes_on_with_equal_bits(folder, advances, recipe):
    """Four steps and one evaluation an epoch: the middle of an epoch, its last step, its end."""
    straight = to_the_end(training(**recipe))
    begun = training(**recipe)
    keeper = checkpoints.Keeper(folder, begun)
    for _ in range(advances):
        begun.advance()
    keeper.save()
    keeper.close("stopped")
    torch.manual_seed(12345)  # another process has another random state
    torch.rand(100)
    resumed = training(**recipe)
    resumed.restore(checkpoints.load(folder), runs.read_losses(folder), runs.read_epochs(folder))
    assert resumed.step == begun.step
    to_the_end(resumed)
    assert resumed.losses.tobytes() == straight.losses.tobytes()
    assert [one.test_loss for one in resumed.epochs] == [one.test_loss for one in straight.epochs]
    for name, value in straight.model.state_dict().items():
        assert torch.equal(resumed.model.state_dict()[name], value)


def resumed(folder, **recipe):
    one = training(**recipe)
    kept = runs.read_losses(folder), runs.read_epochs(folder), runs.read_run(folder).steered
    one.restore(checkpoints.load(folder), *kept)
    return one


@pytest.mark.parametrize("recipe", RECIPES, ids=str)
@pytest.mark.parametrize("advances", [3, 6, 8], ids="checkpoint after {} advances".format)
def test_settings_that_were_changed_before_at_and_behind_the_checkpoint_hold_when_the_run_goes_on(
    folder, advances, recipe
):
    def steered_at(one, number):
        if number == 6:
            one.steer(lr=0.004, weight_decay=0.02)

    straight = training(**recipe)
    for number in range(20):
        steered_at(straight, number)
        if not straight.finished:
            straight.advance()
    begun = training(**recipe)
    keeper = checkpoints.Keeper(folder, begun)
    for number in range(advances):
        steered_at(begun, number)
        begun.advance()
    keeper.save()
    for number in range(advances, 9):  # it goes on, and dies without another checkpoint
        steered_at(begun, number)
        begun.advance()
    keeper.close("running")
    assert [(one.name, one.after) for one in runs.read_run(folder).steered] == [("lr", 0.004), ("weight_decay", 0.02)]
    again = resumed(folder, **recipe)
    assert again.step < begun.step or advances > 6
    to_the_end(again)
    assert again.losses.tobytes() == straight.losses.tobytes()
    assert again.steered == straight.steered


def test_a_setting_that_is_changed_during_a_pause_is_in_the_checkpoint_and_in_the_record(folder):
    one = training()
    keeper = checkpoints.Keeper(folder, one)
    one.advance()
    keeper.save()
    one.steer(lr=0.004)
    assert checkpoints.load(folder)["base_lr"] == 0.05
    keeper.note("paused")
    assert resumed(folder).lr == 0.004  # died in the pause
    keeper.save()
    keeper.close("stopped")
    assert checkpoints.load(folder)["base_lr"] == 0.004
    assert [one.after for one in runs.read_run(folder).steered] == [0.004]


def test_what_is_changed_after_a_resume_counts_instead_of_what_the_run_did_later(folder):
    one = training()
    keeper = checkpoints.Keeper(folder, one)
    one.advance()
    keeper.save()
    one.advance()
    one.steer(lr=0.004)
    keeper.close("running")
    again = resumed(folder)
    again.steer(lr=0.3)
    to_the_end(again)
    assert [(one.step, one.after) for one in again.steered] == [(1, 0.3)]
    assert again.lr == 0.3


def test_a_damaged_checkpoint_is_passed_over_unless_it_is_asked_for(folder):
    one = training()
    for step in range(3):
        one.advance()
        checkpoints.save(folder, one.state(), step + 1)
    newest, *_older = runs.checkpoints(folder)
    assert [runs.checkpoint_step(path) for path in runs.checkpoints(folder)] == [3, 2, 1]
    newest.write_bytes(newest.read_bytes()[:200])
    assert checkpoints.load(folder)["step"] == 2
    assert checkpoints.load(folder, 1)["step"] == 1
    with pytest.raises(Problem, match="step 3, or it is damaged"):
        checkpoints.load(folder, 3)


@pytest.mark.parametrize("epochs", [12, 13, 40, 100, 1000])
def test_checkpoints_are_thinned_evenly_and_the_newest_two_stay(epochs):
    left: list[int] = []
    for step in range(169, 169 * (epochs + 1), 169):
        left.append(step)
        for gone in checkpoints.superfluous(left, [1] * len(left)):
            left.remove(gone)
        assert left[-2:] == [one for one in (step - 169, step) if one]
    assert len(left) == checkpoints.MOST
    gaps = [after - before for before, after in zip([0, *left], left, strict=False)]
    assert max(gaps) <= 4 * 169 * epochs / checkpoints.MOST  # none far wider than shared out evenly


def test_large_checkpoints_are_thinned_to_the_room_they_may_take_but_two_stay():
    third = checkpoints.MOST_BYTES // 3
    assert checkpoints.superfluous([1, 2, 3, 9, 10], [third] * 5) == [1, 2]
    assert checkpoints.superfluous([5, 6], [checkpoints.MOST_BYTES] * 2) == []
    assert checkpoints.superfluous([5, 6, 7], [checkpoints.MOST_BYTES] * 3) == [5]


def test_the_folder_of_a_run_holds_no_more_than_that(folder):
    one = training(epochs=5)
    while one.step < 16:
        one.advance()
        checkpoints.save(folder, one.state(), one.step)
    kept = [runs.checkpoint_step(path) for path in runs.checkpoints(folder)]
    assert len(kept) == checkpoints.MOST
    assert kept[:2] == [16, 15]


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
    record = runs.read_run(folder)
    assert record.state == "finished"
    assert record.seconds == pytest.approx(sum(one.seconds for one in runs.read_epochs(folder)))


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
    keeper.look(keeper._saved + 0.2)
    assert keeper.checkpoint == 1  # too soon
    keeper.look(keeper._saved + 1000)
    assert keeper.checkpoint == one.step
    keeper.close("stopped")
