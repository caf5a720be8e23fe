"""A run that goes on with a changed network: what is kept to the bit, what begins anew; against plain torch."""

from pathlib import Path

import pytest
import torch
from torch import nn

from playground.core.layer import Layer
from playground.core.problem import Problem
from playground.core.report import Report
from playground.disk import runs
from playground.engine import carrying, checkpoints, forking, launch, loader
from playground.engine.build import build_network
from playground.engine.loader import order
from playground.engine.loop import Training
from tests.engine.test_forking import kept
from tests.engine.trainings import CPU, NETWORK, pictures, project, to_the_end, training

LINEAR = (Layer("Flatten"), Layer("Linear", {"out_features": 8}), Layer("Tanh"), Layer("Linear", {"out_features": 3}))
LONGER = (*LINEAR[:3], Layer("Linear", {"out_features": 8}), Layer("Tanh"), LINEAR[3])
SAME_SIZE = Layer("Conv2d", {"out_channels": 4, "padding": 1})
ADAM = {"Adam": {"lr": 0.01}}


def carried(folder: Path, step=None, **changes) -> Training:
    asked = project(**changes)
    one = Training(asked, pictures(), CPU)
    carrying.begin(one, forking.read(asked, folder, step, carry=True))
    return one


def written(one: Training) -> Path:
    """The folder of a run that stands where a training stands."""
    folder = runs.new_run(one.project, "longer")
    keeper = checkpoints.Keeper(folder, one)
    keeper.save()
    keeper.close("stopped")
    return folder


@pytest.mark.parametrize(
    ("network", "pairs", "counts"),
    [
        ((*NETWORK[:3], SAME_SIZE, *NETWORK[3:]), {"0": "0", "1": "1", "7": "6"}, (3, 4)),
        ((NETWORK[0], *NETWORK[2:]), {"0": "0", "5": "6"}, (2, 2)),
        ((Layer("Sequential", {}, NETWORK[:4]), *NETWORK[4:]), {"0.0": "0", "0.1": "1", "3": "6"}, (3, 3)),
        ((NETWORK[0], Layer("Residual", {}, (*NETWORK[1:3], SAME_SIZE)), *NETWORK[3:]),
         {"0": "0", "1.layers.0": "1", "5": "6"}, (3, 4)),
        ((*NETWORK[:6], Layer("Linear", {"out_features": 9}), NETWORK[6]), {"0": "0", "1": "1"}, (2, 4)),
        ((*NETWORK[:5], Layer("Dropout", {"p": 0.1}), NETWORK[6]), {"0": "0", "1": "1", "6": "6"}, (3, 3)),
    ],
    ids=["put in", "removed", "grouped", "into a residual", "other sizes", "other dropout"],
)  # fmt: skip
def test_unchanged_layers_keep_their_tensors_and_the_others_are_drawn_from_the_seed(network, pairs, counts):
    folder = kept(7)
    saved, one = checkpoints.load(folder)["model"], carried(folder, network=network)
    fresh = build_network(network, (2, 8, 8), seed=7).state_dict()
    assert one.carried == counts
    taken = 0
    for name, value in one.model.state_dict().items():
        layer, _dot, tensor = name.rpartition(".")
        expected = saved[f"{pairs[layer]}.{tensor}"] if layer in pairs else fresh[name]
        assert torch.equal(value, expected), name
        taken += layer in pairs
    assert taken >= 2 * len(pairs)  # weights and biases, and the figures of BatchNorm
    to_the_end(one)
    assert (one.epoch, one.step) == (3, 12)


def test_figures_of_a_normalisation_without_weights_are_kept():
    bare = (NETWORK[0], Layer("BatchNorm2d", {"affine": False}), *NETWORK[2:])
    folder = kept(7, network=bare)
    one = carried(folder, network=(*bare[:3], SAME_SIZE, *bare[3:]))
    saved = checkpoints.load(folder)["model"]
    assert torch.equal(one.model.state_dict()["1.running_mean"], saved["1.running_mean"])
    assert saved["1.running_mean"].any()
    assert one.carried == (2, 3)


def test_with_nothing_changed_it_takes_the_very_steps_of_the_run():
    for optimizer in (ADAM, {"RMSprop": {"momentum": 0.5}}, {"SGD": {"lr": 0.05, "momentum": 0.9}}):
        straight = to_the_end(training(optimizer=optimizer))
        one = to_the_end(carried(kept(7, optimizer=optimizer), optimizer=optimizer))
        assert one.losses.tobytes() == straight.losses.tobytes()
        assert [report.test_loss for report in one.epochs] == [report.test_loss for report in straight.epochs]


PLAIN = {
    "Adam": (ADAM, lambda of: torch.optim.Adam(of, lr=0.01)),
    "AdamW": ({"AdamW": {"lr": 0.01}}, lambda of: torch.optim.AdamW(of, lr=0.01)),
    "Adagrad": (
        {"Adagrad": {"lr": 0.05, "lr_decay": 0.1}}, lambda of: torch.optim.Adagrad(of, lr=0.05, lr_decay=0.1),
    ),
    "RMSprop": (
        {"RMSprop": {"lr": 0.01, "momentum": 0.5}}, lambda of: torch.optim.RMSprop(of, lr=0.01, momentum=0.5),
    ),
    "SGD": (
        {"SGD": {"lr": 0.05, "momentum": 0.9}}, lambda of: torch.optim.SGD(of, lr=0.05, momentum=0.9),
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", PLAIN)
def test_what_the_optimizer_has_gathered_goes_with_the_weights_as_in_plain_torch(name):
    """Trained for six steps, two of the second epoch, then with one layer more: each weight has its own memory."""
    recipe, make = PLAIN[name]
    data = pictures()
    batches = [order(50, 7, epoch).split(16) for epoch in range(3)]

    def step(model, optimizer, chosen):
        loss = nn.functional.cross_entropy(model(data.train_inputs[chosen]), data.train_targets[chosen])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        return loss.item()

    model = build_network(LINEAR, (2, 8, 8), seed=7)
    optimizer = make(model.parameters())
    losses = [step(model, optimizer, chosen) for chosen in (*batches[0], *batches[1][:2])]
    longer = build_network(LONGER, (2, 8, 8), seed=7)
    second = make(longer.parameters())
    for new, old in ((1, 1), (5, 3)):
        longer[new].load_state_dict(model[old].state_dict())
        for kind in ("weight", "bias"):
            second.state[longer[new].get_parameter(kind)] = optimizer.state[model[old].get_parameter(kind)]
    losses += [step(longer, second, chosen) for chosen in (*batches[1][2:], *batches[2])]

    ours = to_the_end(carried(kept(7, network=LINEAR, optimizer=recipe), network=LONGER, optimizer=recipe))
    assert ours.losses.tolist() == pytest.approx(losses, rel=1e-5)
    for tensor, value in longer.state_dict().items():
        assert torch.allclose(ours.model.state_dict()[tensor], value, rtol=1e-4, atol=1e-6), tensor


def test_a_layer_that_joined_keeps_its_own_count_through_a_checkpoint_and_another_change():
    first = carried(kept(7, network=LINEAR, optimizer=ADAM), network=LONGER, optimizer=ADAM)
    first.advance()
    assert first.state()["optimizer"]["missed"] == [0, 0, 6, 6, 0, 0]
    folder = written(first)
    longest = (*LONGER[:5], Layer("Linear", {"out_features": 8}), Layer("ReLU"), LONGER[5])
    second = carried(folder, network=longest, optimizer=ADAM)
    assert second.state()["optimizer"]["missed"] == [0, 0, 6, 6, 7, 7, 0, 0]
    resumed = Training(first.project, pictures(), CPU)
    resumed.restore(checkpoints.load(folder), first.losses, first.epochs)
    assert to_the_end(resumed).losses.tobytes() == to_the_end(first).losses.tobytes()


def test_an_optimizer_of_torch_itself_keeps_its_memory_by_weight():
    model = build_network(LINEAR, (2, 8, 8), seed=7)
    theirs = torch.optim.Adamax(model.parameters(), lr=0.1)
    model(torch.ones(1, 2, 8, 8)).sum().backward()
    theirs.step()
    longer = training(network=LONGER)
    fresh = torch.optim.Adamax(longer.model.parameters(), lr=0.1)
    state = carrying._optimizer(theirs.state_dict(), fresh.state_dict(), [0, 1, None, None, 2, 3], longer)
    fresh.load_state_dict(state)
    memory = [fresh.state.get(weight) for weight in longer.model.parameters()]
    assert [one is not None for one in memory] == [True, True, False, False, True, True]
    assert torch.equal(memory[5]["exp_avg"], theirs.state[model[3].bias]["exp_avg"])


def test_another_optimizer_begins_without_a_memory():
    one = carried(kept(7, network=LINEAR), network=LONGER, optimizer=ADAM)
    state = one.state()["optimizer"]
    assert not any(memory.any() for memory in state["lists"]["mean"])
    assert (state["steps"], state["missed"], one.lr) == (0, [], 0.01)
    to_the_end(one)


def test_steps_epochs_and_the_schedule_are_counted_on():
    halving = {"schedule": {"Step": {"step_size": 1, "gamma": 0.5}}}
    folder = kept(7, **halving)
    one = carried(folder, network=(*NETWORK[:3], SAME_SIZE, *NETWORK[3:]), **halving)
    assert (one.step, one.epoch, one.losses) == (6, 1, runs.read_losses(folder)[:6])
    one.advance()
    assert one.lr == 0.05 / 2
    to_the_end(one)
    assert one.lr == 0.05 / 4
    assert [report.step for report in one.epochs] == [4, 8, 12]


def test_the_best_epoch_is_one_of_the_changed_network_also_behind_a_crash():
    """The epochs of the run before were better, and do not count: their weights are of another network."""
    folder = kept(22, network=LINEAR, epochs=30)  # in the fifth epoch
    asked = {"network": LONGER, "epochs": 30, "patience": 3}
    one, other = carried(folder, **asked), carried(folder, **asked)
    assert (one.epoch, one.best_epoch) == (4, 4)
    assert not one.stopped_early
    while one.epoch < 6:
        one.advance()
        other.advance()
    assert one.best_epoch in (5, 6)
    resumed = Training(project(**asked), pictures(), CPU)
    resumed.restore(other.state(), other.losses, other.epochs)
    assert to_the_end(resumed).best_epoch == to_the_end(one).best_epoch > 4
    assert resumed.losses.tobytes() == one.losses.tobytes()
    best = {name: value for name, value in one.state()["best"].items() if name in one.model.state_dict()}
    assert best.keys() == one.model.state_dict().keys()


def test_a_fork_of_such_a_run_does_not_look_for_the_best_epoch_before_it():
    first = carried(kept(12, network=LINEAR, epochs=30), network=LONGER, epochs=30)
    folder = written(first)
    asked = project(network=LONGER, epochs=30, patience=2)
    one = Training(asked, pictures(), CPU)
    forking.begin(one, forking.read(asked, folder, None))
    assert one.best_epoch == one.epoch == 2
    assert to_the_end(one).best_epoch > 2


def test_a_network_that_shares_no_weights_is_refused():
    with pytest.raises(Problem, match="no layer with weights is unchanged"):
        carried(kept(5, network=LINEAR), network=(LINEAR[0], Layer("Linear", {"out_features": 3})))


def test_where_nothing_is_left_to_train_more_epochs_are_asked_for():
    folder = kept(15, network=LINEAR)
    with pytest.raises(Problem, match="end of epoch 3, so nothing is left"):
        carried(folder, network=LONGER)
    assert to_the_end(carried(folder, network=LONGER, epochs=4)).step == 16


def test_a_scale_of_float16_goes_on_too():
    folder = kept(5, lambda one: setattr(one._precision, "scale", 8.0), network=LINEAR, precision="float16")
    one = carried(folder, network=LONGER, precision="float16")
    assert one._precision.scale == 8.0
    to_the_end(one)


def test_the_run_knows_where_it_came_from_and_what_it_kept(monkeypatch):
    monkeypatch.setattr(loader, "prepare", lambda *_, **_more: pictures())
    monkeypatch.setattr(Report, "fault", None)
    parent, asked = kept(7, network=LINEAR), project(network=LONGER)
    folder = runs.new_run(asked, "child")
    wish = launch.Wish(asked, "cpu", 1, "contiguous", folder=folder, fork_of=parent, carry=True)
    one = launch.finish(launch.stages(wish))
    keeper = launch.keep(one, folder, parent)
    to_the_end(one)
    keeper.save()
    keeper.close("finished")
    record = runs.read_run(folder)
    assert (record.parent, record.parent_step, record.carried) == (parent.name, 6, (2, 3))
    assert [runs.checkpoint_step(path) for path in runs.checkpoints(folder)] == [12, 6]
    assert runs.read_losses(folder)[:6] == runs.read_losses(parent)
    assert runs.read_run(parent).state == "stopped"
    assert runs.read_run(parent).carried is None
