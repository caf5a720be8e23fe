"""Forks: what they take over to the bit, what a change begins anew, and what is refused."""

from collections.abc import Callable
from pathlib import Path

import pytest
import torch

from playground.core.layer import Layer
from playground.core.messages import Steered
from playground.core.problem import Problem
from playground.core.project import Project
from playground.core.report import Report
from playground.core.steered import as_steered
from playground.disk import kept_runs, runs
from playground.engine import checkpoints, forking, launch, loader
from playground.engine.loop import Training
from tests.engine.trainings import CPU, NETWORK, pictures, project, to_the_end, training

MOMENTUM = {"SGD": {"lr": 0.05, "momentum": 0.9}}
OPTIMIZERS = [MOMENTUM, {"Adam": {}}, {"RMSprop": {"momentum": 0.5}}]


def kept(advances: int, at: Callable[[Training], None] = lambda _one: None, **changes) -> Path:
    """The folder of a run that was stopped after so many advances: four steps and one or more evaluations an epoch."""
    asked = project(**changes)
    folder = runs.new_run(asked, "parent")
    one = Training(asked, pictures(), CPU)
    keeper = checkpoints.Keeper(folder, one)
    for number in range(advances):
        if number == 2:
            at(one)
        one.advance()
    keeper.save()
    keeper.close("stopped")
    torch.manual_seed(12345)  # another process has another random state
    return folder


def forked(folder: Path, asked: Project, step: int | None = None) -> Training:
    one = Training(asked, pictures(), CPU)
    forking.begin(one, forking.read(asked, folder, step))
    return one


def same_weights(one: Training, other: Training) -> bool:
    states = one.model.state_dict(), other.model.state_dict()
    return all(torch.equal(states[0][name], states[1][name]) for name in states[1])


@pytest.mark.parametrize("optimizer", OPTIMIZERS, ids=str)
@pytest.mark.parametrize("advances", [1, 4, 5, 7, 10], ids="after {} advances".format)
def test_a_fork_with_nothing_changed_takes_the_very_steps_of_its_parent(advances, optimizer):
    straight = to_the_end(training(optimizer=optimizer))
    fork = forked(kept(advances, optimizer=optimizer), project(optimizer=optimizer))
    assert fork.losses == straight.losses[: fork.step]
    to_the_end(fork)
    assert fork.losses.tobytes() == straight.losses.tobytes()
    assert [one.test_loss for one in fork.epochs] == [one.test_loss for one in straight.epochs]
    assert same_weights(fork, straight)


def test_a_schedule_and_a_rate_that_was_set_by_hand_go_on():
    def set_rate(one: Training) -> None:
        one.steer(lr=0.01)

    straight = training()
    for number in range(15):
        if number == 2:
            set_rate(straight)
        straight.advance()
    folder = kept(5, set_rate)
    fork = to_the_end(forked(folder, kept_runs.project_at(folder)))
    assert fork.losses.tobytes() == straight.losses.tobytes()
    assert fork.steered == straight.steered  # it is seen on its curve, too
    cosine = {"schedule": {"Cosine": {}}}
    fork = to_the_end(forked(kept(7, **cosine), project(**cosine)))
    assert fork.losses.tobytes() == to_the_end(training(**cosine)).losses.tobytes()


def test_the_rate_of_the_beginning_can_be_asked_for_again_and_what_a_fork_changes_is_noted():
    folder = kept(5, lambda one: one.steer(lr=0.01, weight_decay=0.1))
    asked = project(optimizer={"SGD": {"lr": 0.05, "momentum": 0.9}})
    fork = forked(folder, asked)
    assert fork.lr == 0.05
    assert fork.state()["optimizer"]["weight_decay"] == 0
    assert fork.steered == [
        Steered(2, "lr", 0.05, 0.01), Steered(2, "weight_decay", 0, 0.1),
        Steered(4, "lr", 0.01, 0.05), Steered(4, "weight_decay", 0.1, 0),
    ]  # fmt: skip
    assert as_steered(asked, fork.steered) is asked


def test_another_learning_rate_counts_from_the_fork_on_and_the_momentum_is_kept():
    folder = kept(5)
    fork = to_the_end(forked(folder, project(optimizer={"SGD": {"lr": 0.2, "momentum": 0.9}})))
    by_hand = training()
    by_hand.restore(checkpoints.load(folder), runs.read_losses(folder), runs.read_epochs(folder))
    by_hand.steer(lr=0.2)
    assert to_the_end(by_hand).losses.tobytes() == fork.losses.tobytes()
    parent = to_the_end(training())
    assert fork.losses[:5] == parent.losses[:5]  # the first step behind the fork has the parent's weights
    assert fork.losses[5] != parent.losses[5]


def test_without_the_schedule_the_rate_is_the_recipes_again():
    fork = forked(kept(12, schedule={"Cosine": {}}), project())
    assert fork.lr == 0.05


def test_another_kind_of_optimizer_begins_without_a_memory():
    fork = forked(kept(5), project(optimizer={"Adam": {"lr": 0.003}}))
    assert fork.lr == 0.003
    assert not any(one.any() for one in fork.state()["optimizer"]["lists"]["mean"])
    assert len(to_the_end(fork).losses) == 12


def test_a_momentum_that_is_new_begins_at_nothing_and_what_was_gathered_stays():
    fork = forked(kept(5, optimizer={"RMSprop": {}}), project(optimizer={"RMSprop": {"momentum": 0.5}}))
    lists = fork.state()["optimizer"]["lists"]
    assert not any(one.any() for one in lists["momentum"])
    assert all(one.any() for one in lists["square"])
    to_the_end(fork)


def test_other_batches_begin_at_the_end_of_an_epoch_and_repeat_one_that_is_under_way():
    at_end = forked(kept(5), project(batch_size=10))
    assert (at_end.step, at_end.epoch, at_end.facts().whole) == (4, 1, 4 + 2 * 5)
    to_the_end(at_end)
    assert [one.step for one in at_end.epochs] == [4, 9, 14]
    assert at_end.epochs[1].train_loss == pytest.approx(sum(at_end.losses[4:9]) / 5)
    within = to_the_end(forked(kept(7), project(batch_size=10)))  # two steps into the second epoch
    assert [one.step for one in within.epochs] == [4, 6 + 5, 6 + 10]


def test_a_schedule_counts_the_epochs_of_a_fork_whatever_their_length():
    halving = {"schedule": {"Step": {"step_size": 1, "gamma": 0.5}}}
    fork = forked(kept(5, **halving), project(batch_size=10, **halving))
    fork.advance()
    assert fork.lr == 0.05 / 2
    to_the_end(fork)
    assert fork.lr == 0.05 / 4


def test_another_seed_has_other_batches_and_another_dropout():
    fork = to_the_end(forked(kept(5), project(seed=8)))
    parent = to_the_end(training())
    assert fork.losses[:4] == parent.losses[:4]
    assert fork.losses[4:] != parent.losses[4:]
    assert fork.losses == to_the_end(forked(kept(5), project(seed=8))).losses


def test_patience_that_is_new_knows_the_best_epoch_of_the_parent():
    folder = runs.new_run(project(epochs=40), "parent")
    one = Training(project(epochs=40), pictures(), CPU)
    keeper = checkpoints.Keeper(folder, one)
    while one.epoch < 12:
        one.advance()
        if one.at_epoch_end:
            keeper.save()
    keeper.close("stopped")
    best = one.best_epoch
    assert best < 12  # noise is soon learnt by heart
    fork = forked(folder, project(epochs=40, patience=12 - best + 1))
    assert same_as(fork.state()["best"], checkpoints.load(folder, 4 * best)["model"])
    to_the_end(fork)
    assert fork.stopped_early
    with pytest.raises(Problem, match=f"epoch {best} was the best, so patience is at its end"):
        forked(folder, project(epochs=40, patience=1))
    runs.checkpoint_path(folder, 4 * best).unlink()
    with pytest.raises(Problem, match=f"best epoch so far, {best}, were not kept"):
        forked(folder, project(epochs=40, patience=30))


def same_as(one: dict[str, torch.Tensor], other: dict[str, torch.Tensor]) -> bool:
    return one.keys() == other.keys() and all(torch.equal(one[name], other[name]) for name in one)


def changed(place: int, layer: Layer) -> tuple[Layer, ...]:
    return (*NETWORK[:place], layer, *NETWORK[place + 1 :])


@pytest.mark.parametrize(
    ("network", "said"),
    [
        (changed(2, Layer("Tanh")), "Layer 3, Tanh: it is ReLU in the run"),
        (NETWORK[:5] + NETWORK[6:], "Layer 6, Linear: it is Dropout in the run"),
        ((*NETWORK, Layer("Tanh")), "Layer 8, Tanh: the run has no such layer"),
        (NETWORK[:6], "Layer 7, Linear: it is missing"),
        (changed(2, Layer("ReLU", disabled=True)), "Layer 3, ReLU: it is switched on in the run"),
        (changed(0, Layer("Conv2d", {"out_channels": 5})), "Layer 1, Conv2d: weight is 5×2×3×3 here, and 4×2×3×3"),
        (changed(0, Layer("Conv2d", {"out_channels": 4, "bias": False})), "Layer 1, Conv2d: bias is not there here"),
    ],
)
def test_a_network_of_other_layers_is_refused_and_the_layer_is_named(network, said):
    with pytest.raises(Problem) as caught:
        forked(kept(5), project(network=network))
    assert said in str(caught.value)


def test_arguments_that_no_weight_depends_on_may_change():
    fork = to_the_end(forked(kept(5), project(network=changed(5, Layer("Dropout", {"p": 0.0})))))
    assert len(fork.losses) == 12


def test_where_nothing_is_left_to_train_more_epochs_are_asked_for():
    folder = kept(15)
    with pytest.raises(Problem, match="end of epoch 3, so nothing is left"):
        forked(folder, project())
    assert to_the_end(forked(folder, project(epochs=4))).step == 16


def test_a_checkpoint_that_is_not_there_is_refused():
    with pytest.raises(Problem, match="no checkpoint of step 3"):
        forked(kept(5), project(), step=3)


def test_a_fork_is_a_run_of_its_own_whose_curve_begins_with_its_parents(monkeypatch):
    monkeypatch.setattr(loader, "prepare", lambda *_, **_more: pictures())
    monkeypatch.setattr(Report, "fault", None)
    parent, asked = kept(7), project(optimizer={"SGD": {"lr": 0.2}})
    folder = runs.new_run(asked, "child")
    wish = launch.Wish(asked, "cpu", 1, "contiguous", folder=folder, fork_of=parent)
    one = launch.finish(launch.stages(wish))
    keeper = launch.keep(one, folder, parent)
    assert [runs.checkpoint_step(path) for path in runs.checkpoints(folder)] == [6]
    to_the_end(one)
    keeper.save()
    keeper.close("finished")
    record = runs.read_run(folder)
    assert (record.parent, record.parent_step, record.state) == (parent.name, 6, "finished")
    assert record.seconds > 0
    assert runs.read_losses(folder) == one.losses
    assert runs.read_losses(folder)[:6] == runs.read_losses(parent)
    assert runs.read_epochs(folder)[0] == runs.read_epochs(parent)[0]
    assert len(runs.read_epochs(folder)) == 3
    resumed = Training(asked, pictures(), CPU)  # as after a crash
    resumed.restore(checkpoints.load(folder), runs.read_losses(folder), runs.read_epochs(folder))
    assert resumed.losses == one.losses
    assert runs.read_run(parent).state == "stopped"


@pytest.mark.parametrize("patience", [0, 4])
def test_more_epochs_behind_the_end_are_those_of_a_longer_run(patience):
    """With patience the end has the weights of the best epoch, and a longer run would not have gone back to them yet."""
    long = to_the_end(training(epochs=5, patience=patience))
    fork = to_the_end(forked(kept_to_the_end(patience=patience), project(epochs=5, patience=patience)))
    assert fork.losses.tobytes() == long.losses.tobytes()
    assert same_weights(fork, long)


def kept_to_the_end(**changes) -> Path:
    asked = project(**changes)
    folder = runs.new_run(asked, "parent")
    one = Training(asked, pictures(), CPU)
    keeper = checkpoints.Keeper(folder, one)
    to_the_end(one)
    if asked.recipe.patience:
        assert one.best_epoch < 3  # else there is no difference to be seen
    keeper.save()
    keeper.close("finished")
    torch.manual_seed(12345)
    return folder
