"""Each check of a step: when it holds, and what is not enough."""

import struct
from collections.abc import Sequence

import pytest

from playground.core.carried import Array, EpochReport
from playground.core.data import Data
from playground.core.kernels import KERNELS
from playground.core.lab import told
from playground.core.lab.topics import Autograd, Neuron, Slopes, Tensors
from playground.core.layer import Layer
from playground.core.lessons import checks
from playground.core.lessons.known import Known, Run
from playground.core.project import Project

CIFAR = Project(data=Data(dataset="cifar10"))
DIGITS = Project(
    network=(Layer("Conv2d"), Layer("Block", children=(Layer("Dropout"), Layer("Dropout", disabled=True))))
)


def array(*values: float) -> Array:
    return Array("float64", (len(values),), struct.pack(f"{len(values)}d", *values))


def bench(lines: Sequence[str], *facts: told.TensorFacts, refused: int = 0) -> Known:
    fault = told.LineFault(sentence="no")
    lines_told = tuple(told.LineTold(n, fault=fault if n == refused else None) for n in range(1, len(lines) + 1))
    return Known(Tensors(tuple(lines)), {told.Bench: told.Bench(lines_told, facts)})


def facts(label: str, line: int, *shares: str, shape: tuple[int, ...] = (2, 2), kind: str = "tensor"):
    return told.TensorFacts(label=label, line=line, kind=kind, shape=shape, shares=shares)


LINES = ["x = torch.ones(2, 2)", "y = x.T", "z = x.clone()"]
X, Y, Z = facts("x", 1, "y"), facts("y", 2, "x"), facts("z", 3)


@pytest.mark.parametrize(
    ("line", "holds"),
    [
        ("y[0, 1] = 5", True),
        ("x[0] += 1", True),
        ("z[0, 1] = 5", False),  # a copy
        ("y[0, 1] == 5", False),  # a question
        ("y[0, 1]", False),
        ("w[0, 1] = 5", False),  # nobody
    ],
)
def test_a_number_is_set_in_a_tensor_that_shares_its_memory(line, holds):
    check = checks.SharedNumberChanged(say="try")
    assert check.holds(bench([*LINES, line], X, Y, Z)) is holds


def test_a_line_that_is_refused_has_set_nothing():
    check = checks.SharedNumberChanged(say="try")
    assert not check.holds(bench([*LINES, "y[9, 9] = 5"], X, Y, Z, refused=4))
    assert not check.holds(Known(Tensors(("y[0, 0] = 5",))))  # nothing was computed yet
    assert not check.holds(Known(Slopes(), bench(["y[0] = 5"], Y).told))


def test_a_tensor_of_a_shape_is_made_by_the_wanted_line():
    check = checks.ShapeMade(say="try", shape=(3, 3), by="@")
    product = facts("p", 2, shape=(3, 3))
    assert check.holds(bench(["x = torch.ones(3, 4)", "p = x @ x.T"], product))
    assert not check.holds(bench(["x = torch.ones(3, 4)", "p = torch.ones(3, 3)"], product))
    assert not check.holds(bench(["x = torch.ones(3, 4)", "p = x @ x.T"], facts("p", 2, shape=(4, 4))))
    assert not check.holds(bench(["x", "p = x @ x"], facts("p", 2, shape=(3, 3), kind="array")))


def curves(x: float, **slopes: float | None) -> Known:
    found = tuple(told.Curve(name, name, at=None if one is None else (0.0, one)) for name, one in slopes.items())
    return Known(Slopes(x=x), {told.Curves: told.Curves(x, found)})


@pytest.mark.parametrize(("slope", "holds"), [(12.0, True), (12.09, True), (11.9, True), (12.2, False), (None, False)])
def test_the_tangent_has_the_wanted_slope(slope, holds):
    check = checks.SlopeIs(say="try", function="cube", slope=12, within=0.1001)
    assert check.holds(curves(2.0, square=4.0, cube=slope)) is holds
    assert not check.holds(curves(2.0, square=12.0))
    assert not check.holds(Known())


def test_an_answer_about_where_the_tangent_was_before_says_nothing_of_where_it_is():
    check, passed = checks.SlopeIs(say="try", function="cube", slope=12), curves(2.0, cube=12.0)
    assert check.holds(passed)
    assert not check.holds(Known(Slopes(x=2.32), passed.told))
    assert not check.holds(Known(None, passed.told))


def test_descent_does_what_is_wanted():
    path = told.Path((), "runs away", 1.0, told.Curve("x", "x"))
    known = Known(told={told.Path: path})
    assert checks.Descends(say="try", verdict="runs away").holds(known)
    assert not checks.Descends(say="try", verdict="arrives").holds(known)
    assert not checks.Descends(say="try", verdict="arrives").holds(Known())


@pytest.mark.parametrize(("taken", "holds"), [(20, True), (7, True), (21, False), (200, False)])
def test_descent_arrives_in_so_many_steps(taken, holds):
    step = told.Step(1.0, 1.0, 2.0, 0.5, "", 0.25)
    known = Known(told={told.Path: told.Path((step,) * taken, "arrives", 1.0, told.Curve("x", "x"))})
    assert checks.Descends(say="try", verdict="arrives", steps=20).holds(known) is holds
    assert checks.Descends(say="try", verdict="arrives").holds(known)


def graph(zero_grad: bool, *rounds: Array) -> Known:
    found = told.Graph((), (told.LeafGrad("x", rounds),), ())
    return Known(Autograd(zero_grad=zero_grad, rounds=len(rounds)), {told.Graph: found})


@pytest.mark.parametrize(
    ("known", "added", "cleared"),
    [
        (graph(False, array(0, 4.5), array(0, 9)), True, False),
        (graph(False, array(4.5), array(9), array(13.5)), True, False),
        (graph(True, array(4.5), array(4.5)), False, True),
        (graph(True, array(4.5)), False, False),  # one round shows neither
        (graph(False, array(4.5)), False, False),
        (graph(False, array(0.0), array(0.0)), False, False),  # no slope
        (graph(False, array(4.5), array(4.5)), False, False),
        (graph(True), False, False),
        (Known(), False, False),
    ],
)
def test_slopes_add_up_or_are_cleared(known, added, cleared):
    assert checks.GradsAddedUp(say="try").holds(known) is added
    assert checks.GradsCleared(say="try").holds(known) is cleared


def neuron(a: Array, shares: Array, target: int = 0) -> Known:
    slopes = told.NeuronSlopes(a, a, 0.0, 0.0)
    found = told.NeuronTold(a, a, a, shares, 0.0, 0.0, shares, "", shares, shares, 0, (slopes, slopes), a)
    return Known(Neuron(target=target), {told.NeuronTold: found})


def test_a_neuron_fires_and_the_right_class_has_its_share():
    fires, share = checks.NeuronFires(say="try", at_least=1), checks.SoftmaxShare(say="try", at_least=0.9)
    known = neuron(array(0.0, 1.0), array(0.05, 0.95), target=1)
    assert fires.holds(known)
    assert share.holds(known)
    assert not fires.holds(neuron(array(0.0, 0.99), array(1.0)))
    assert not share.holds(neuron(array(0.0), array(0.05, 0.95), target=0))
    assert not share.holds(neuron(array(0.0), array(0.95), target=3))
    assert not fires.holds(Known())
    assert not share.holds(Known())


def test_a_neuron_must_be_woken_by_what_the_step_names():
    told_of = neuron(array(1.5), array(1.0)).told
    opened, check = Neuron(inputs=(1.0, 2.0)), checks.NeuronFires(say="try", kept=("inputs", "activation"))
    assert check.holds(Known(Neuron(weights=((3.0, -1.0),), biases=(2.0,)), told_of, opened=opened))
    assert not check.holds(Known(Neuron(inputs=(1.0, -2.0)), told_of, opened=opened))
    assert not check.holds(Known(Neuron(activation="Sigmoid"), told_of, opened=opened))


def run(losses: Sequence[float] = (), *epochs: EpochReport, project: Project = CIFAR, diverged: bool = False) -> Known:
    return Known(run=Run(project, losses, epochs, diverged))


def epoch(loss: float, accuracy: float | None = None) -> EpochReport:
    return EpochReport(1, 10, loss, loss, accuracy, 1.0)


@pytest.mark.parametrize(
    ("losses", "rose"),
    [
        ([1.0, 2.0, 4.0, 8.0], True),
        ([1.0] * 40 + [1.3] * 40, True),
        ([1.0] * 40 + [1.1] * 40, False),  # no more than noise
        ([8.0, 4.0, 2.0, 1.0], False),
        ([1.0, 2.0, float("inf"), float("inf")], True),
        ([1.0, 2.0, 3.0, float("nan")], False),  # not known to this window
        ([1.0, 2.0], False),
        ([], False),
    ],
)
def test_the_loss_of_a_run_rises(losses, rose):
    assert checks.LossRose(say="try").holds(run(losses)) is rose


def test_a_loss_that_is_no_number_has_risen_and_other_data_do_not_count():
    assert checks.LossRose(say="try").holds(run(diverged=True))
    assert checks.LossRose(say="try", dataset="cifar10").holds(run(diverged=True))
    assert not checks.LossRose(say="try", dataset="digits").holds(run(diverged=True))
    assert not checks.LossRose(say="try").holds(Known())


def test_the_newest_epoch_counts():
    loss, accuracy = checks.LossAtMost(say="try", at_most=0.6), checks.AccuracyAtLeast(say="try", at_least=0.8)
    assert loss.holds(run((), epoch(2.0), epoch(0.6)))
    assert not loss.holds(run((), epoch(0.5), epoch(0.7)))
    assert accuracy.holds(run((), epoch(1.0, 0.5), epoch(1.0, 0.8)))
    assert not accuracy.holds(run((), epoch(1.0, 0.9), epoch(1.0, 0.79)))
    for check in (loss, accuracy):
        assert not check.holds(run())
        assert not check.holds(Known())
    assert not accuracy.holds(run((), epoch(0.1)))  # of a regression
    assert not checks.AccuracyAtLeast(say="try", at_least=0.8, dataset="digits").holds(run((), epoch(1.0, 0.9)))


def test_so_many_epochs_are_behind_it():
    assert checks.Trained(say="try", epochs=2).holds(run((), epoch(1.0), epoch(1.0)))
    assert not checks.Trained(say="try", epochs=2).holds(run((), epoch(1.0)))
    assert not checks.Trained(say="try").holds(Known())


def test_the_network_has_layers_in_blocks_too():
    assert checks.NetworkHas(say="try", layer="Dropout").holds(Known(project=DIGITS))
    assert not checks.NetworkHas(say="try", layer="Dropout", count=2).holds(
        Known(project=DIGITS)
    )  # one is switched off
    assert not checks.NetworkHas(say="try", layer="ReLU").holds(Known(project=DIGITS))
    assert not checks.NetworkHas(say="try", layer="ReLU").holds(Known())


@pytest.mark.parametrize(("cell", "holds"), [((6, 0), True), ((6, 6), False), (None, False)])
def test_a_cell_beside_the_diagonal_is_a_mistake(cell, holds):
    assert checks.MistakeChosen(say="try").holds(Known(run=Run(CIFAR), cell=cell)) is holds
    assert not checks.MistakeChosen(say="try").holds(Known(cell=cell))


def test_a_kernel_with_a_name_was_not_painted():
    painted, cancels = checks.KernelPainted(say="try"), checks.KernelPainted(say="try", sum=0)
    for kernel in KERNELS.values():
        assert not painted.holds(Known(kernel=kernel))
    changed = ((-1.0, -1.0, 2.5), *KERNELS["edges"][1:])
    assert painted.holds(Known(kernel=changed))
    assert not cancels.holds(Known(kernel=changed))
    assert cancels.holds(Known(kernel=((-1.0, -1.0, 2.5), (-1.0, 4.5, -1.0), (-1.0, -1.0, -1.0))))
    assert cancels.holds(Known(kernel=((1.0, -1.0),)))  # of another size than any with a name
    assert not painted.holds(Known())


def test_devices_are_measured_on_the_network_or_on_another():
    wider = Project(network=(Layer("Conv2d", {"out_channels": 32}),))
    own, other = checks.DevicesMeasured(say="try"), checks.DevicesMeasured(say="try", changed=True)
    same = checks.DevicesMeasured(say="try", changed=False)
    assert same.holds(Known(measured=DIGITS, begun=DIGITS))
    assert not same.holds(Known(measured=wider, begun=DIGITS))
    assert own.holds(Known(measured=DIGITS, begun=DIGITS))
    assert not other.holds(Known(measured=DIGITS, begun=DIGITS))
    assert other.holds(Known(measured=wider, begun=DIGITS))
    assert not other.holds(Known(measured=wider))
    assert not own.holds(Known(begun=DIGITS))


def test_the_network_that_was_measured_has_what_is_asked_for():
    def network(*layers: Layer) -> Project:
        return Project(network=layers)

    def conv(channels: int, disabled: bool = False) -> Layer:
        return Layer("Conv2d", {"out_channels": channels, "kernel_size": 3}, disabled=disabled)

    check = checks.DevicesMeasured(say="try", layer="Conv2d", arguments={"out_channels": 32})
    wider = network(Layer("Block", children=(conv(8, disabled=True), conv(32))), conv(16))
    assert check.holds(Known(measured=wider, project=network(conv(6))))
    assert not check.holds(Known(measured=network(conv(8)), project=wider, begun=network(conv(6))))  # changed meanwhile
    assert not check.holds(Known(measured=network(conv(16), conv(32))))
    assert not check.holds(Known(measured=network(Layer("ReLU"))))
    assert not check.holds(Known(project=wider))


def test_every_check_has_a_name_and_a_sentence_about_itself():
    assert len(checks.CHECKS) == 16
    for name, check in checks.CHECKS.items():
        assert name == name.lower()
        assert " " not in name
        assert check.__doc__
