"""float16 and bfloat16, against plain torch with its autocast and its GradScaler; on the CPU, which computes in both."""

import copy
import math

import pytest
import torch
from torch import nn

from playground.core.layer import Layer
from playground.core.problem import PRECISION, Problem
from playground.core.recipe import Recipe
from playground.disk import runs
from playground.engine import checkpoints, devices, precision
from playground.engine.build import build_network
from playground.engine.loader import order
from playground.engine.precision import Precision
from playground.engine.randomness import derived_seed
from tests.engine.trainings import CPU, NETWORK, pictures, project, to_the_end, training

PLAIN = (Layer("Flatten"), Layer("Linear", {"out_features": 8}), Layer("Tanh"), Layer("Linear", {"out_features": 3}))
DEVICE = torch.device("cpu")
HALF = {"precision": "float16"}


def with_scaler(optimizer, longest=None, l1=0.0, network=PLAIN, epochs=3, scale=2.0**16, explode=()):
    """Losses and weights of plain torch, the scale at the end, and which steps were left out.

    explode: steps whose gradients are made infinite
    """
    data, seed = pictures(), 7
    model = build_network(network, data.input_shape, seed=seed)
    made = optimizer(model.parameters())
    scaler = torch.amp.GradScaler("cpu", init_scale=scale)
    torch.manual_seed(derived_seed(seed, "torch"))
    losses, left_out = [], []
    for epoch in range(epochs):
        model.train()
        for chosen in order(len(data.train_inputs), seed, epoch).split(16):
            with torch.autocast("cpu", torch.float16):
                loss = nn.functional.cross_entropy(model(data.train_inputs[chosen]), data.train_targets[chosen])
            made.zero_grad()
            scaler.scale(loss).backward()
            if len(losses) in explode:
                next(model.parameters()).grad.view(-1)[0] = math.inf
            scaler.unscale_(made)
            if l1:
                for one in model.parameters():
                    one.grad += l1 * one.detach().sign()
            if longest:
                nn.utils.clip_grad_norm_(model.parameters(), longest)
            scaler.step(made)
            before = scaler.get_scale()
            scaler.update()
            if scaler.get_scale() < before:
                left_out.append(len(losses))
            losses.append(loss.item())
    return losses, model.state_dict(), scaler.get_scale(), left_out


@pytest.mark.parametrize(
    ("recipe", "plain"),
    [
        ({"optimizer": {"SGD": {"lr": 0.05, "momentum": 0.9}}}, {"optimizer": lambda of: torch.optim.SGD(of, lr=0.05, momentum=0.9)}),
        ({"optimizer": {"Adam": {"lr": 0.01}}}, {"optimizer": lambda of: torch.optim.Adam(of, lr=0.01)}),
        (
            {"optimizer": {"SGD": {"lr": 0.05}}, "l1": 0.02, "clip_norm": 0.5},
            {"optimizer": lambda of: torch.optim.SGD(of, lr=0.05), "l1": 0.02, "longest": 0.5},
        ),
    ],
    ids=["SGD", "Adam", "penalties"],
)  # fmt: skip
@pytest.mark.parametrize("network", [PLAIN, NETWORK], ids=["linear", "convolution, normalisation, dropout"])
def test_losses_and_weights_are_those_of_plain_torch_with_a_scaler(recipe, plain, network):
    losses, weights, scale, _left_out = with_scaler(**plain, network=network)
    ours = to_the_end(training(network=network, **HALF, **recipe))
    assert ours.losses.tolist() == pytest.approx(losses, rel=1e-5)
    assert ours._precision.scale == scale
    for name, value in weights.items():
        assert torch.allclose(ours.model.state_dict()[name], value, rtol=1e-4, atol=1e-6), name


def test_half_is_computed_and_not_only_asked_for():
    half, whole = to_the_end(training(network=PLAIN, **HALF)), to_the_end(training(network=PLAIN))
    assert half.losses != whole.losses
    assert half.losses.tolist() == pytest.approx(whole.losses.tolist(), abs=0.02)
    assert all(one.dtype == torch.float32 for one in half.model.state_dict().values())


def test_a_scale_that_is_too_large_leaves_steps_out_as_the_scaler_does():
    def sgd(of):
        return torch.optim.SGD(of, lr=0.05, momentum=0.9)

    losses, weights, scale, left_out = with_scaler(sgd, scale=2.0**24)
    assert left_out  # else this says nothing
    ours = training(network=PLAIN, **HALF)
    ours._precision.scale = 2.0**24
    seen = []
    while not ours.finished:
        before = {name: one.clone() for name, one in ours.model.state_dict().items()}
        step, was_observed = ours.step, ours.observed
        ours.advance(observe=True)
        after = ours.model.state_dict()
        if ours.step > step and all(torch.equal(one, after[name]) for name, one in before.items()):
            seen.append(step)
            assert ours.observed is was_observed  # slopes that are not finite are shown to nobody
    assert (seen, ours._precision.scale) == (left_out, scale)
    assert ours.losses.tolist() == pytest.approx(losses, rel=1e-5)
    for name, value in weights.items():
        assert torch.allclose(ours.model.state_dict()[name], value, rtol=1e-4, atol=1e-6), name


def test_the_scale_moves_as_the_scalers_does():
    """Over thousands of steps, some of them with slopes that are not finite."""
    ours, weight = Precision(Recipe(precision="float16"), DEVICE), nn.Parameter(torch.ones(2))
    theirs, optimizer = torch.amp.GradScaler("cpu"), torch.optim.SGD([weight], lr=0.0)
    bad = {3, 4, 2500, 4600}
    for step in range(7_000):
        slope = math.nan if step in bad and step % 2 else math.inf if step in bad else 1.0
        weight.grad = torch.tensor([1.0, slope]) * theirs.scale(torch.ones(())).item()
        theirs.step(optimizer)
        theirs.update()
        assert ours.allows([torch.tensor([1.0, slope])]) == (step not in bad)
        assert ours.scale == theirs.get_scale()
    assert ours.scale == 2.0**16 * 2 ** (3 - 4)


@pytest.mark.parametrize("advances", [3, 4, 7])
def test_a_run_in_float16_goes_on_with_equal_bits(advances, tmp_path):
    straight, first = (training(**HALF) for _time in range(2))
    for one in (straight, first):
        one._precision.scale = 2.0**26  # steps are left out, so it moves
    for _advance in range(advances):
        first.advance()
    checkpoints.save(tmp_path, first.state(), first.step)
    torch.manual_seed(12345)
    resumed = training(**HALF)
    resumed.restore(checkpoints.load(tmp_path), first.losses, first.epochs)
    assert resumed._precision.scale == first._precision.scale < 2.0**26
    torch.manual_seed(derived_seed(7, "torch"))
    to_the_end(straight)
    torch.set_rng_state(checkpoints.load(tmp_path)["rng"])
    to_the_end(resumed)
    assert resumed.losses.tobytes() == straight.losses.tobytes()
    for name, value in straight.model.state_dict().items():
        assert torch.equal(resumed.model.state_dict()[name], value)


def test_losses_that_are_collected_later_are_the_same():
    one, other = (training(network=PLAIN, **HALF) for _time in range(2))
    one._at_once = False  # as on a GPU
    for run in (one, other):
        run._precision.scale = 2.0**24
        to_the_end(run)
    assert one.losses == other.losses


def test_slopes_that_are_never_finite_end_the_run_with_a_sentence():
    ours = Precision(Recipe(precision="float16"), DEVICE)
    for _step in range(30):
        assert not ours.allows([torch.tensor([math.nan])])
    with pytest.raises(Problem, match=r"float16 the slopes are not finite.*Set precision to bfloat16"):
        ours.allows([torch.tensor([math.nan])])


def test_a_number_that_is_too_large_for_float16_is_told():
    one = training(network=PLAIN, **HALF)
    with torch.no_grad():
        one.model.get_parameter("3.bias").fill_(1e5)
    with pytest.raises(Problem) as caught:
        one.advance()
    assert "float16 holds no number above 65,504" in caught.value.fault.fix
    assert "Layer 4, Linear" in caught.value.fault.where


def test_a_device_that_cannot_is_refused_with_a_sentence(monkeypatch):
    class Refusing:
        def __init__(self, kind, dtype):
            raise RuntimeError("Current CUDA Device does not support bfloat16. Please switch dtype to float16.")

    monkeypatch.setattr(torch, "autocast", Refusing)
    with pytest.raises(Problem) as caught:
        training(network=PLAIN, precision="bfloat16")
    assert str(caught.value) == (
        "Recipe, precision: cpu cannot compute in bfloat16 (Current CUDA Device does not support bfloat16. "
        "Please switch dtype to float16). Set precision to float32 or float16."
    )


def test_a_device_that_only_warns_is_refused_too(monkeypatch):
    real = torch.autocast
    monkeypatch.setattr(torch, "autocast", lambda kind, dtype: real(kind, torch.float64))  # it warns, and does nothing
    with pytest.raises(Problem, match="cpu cannot compute in float16"):
        training(network=PLAIN, **HALF)


@pytest.mark.parametrize(
    ("missing", "refused"),
    [
        ((), {}),
        ((torch.float16,), {"float16": "\"addmm\" not implemented for 'Half'"}),
        (
            (torch.float16, torch.bfloat16),
            {"bfloat16": "\"addmm\" not implemented for 'Half'", "float16": "\"addmm\" not implemented for 'Half'"},
        ),
    ],
)
def test_what_a_device_cannot_compute_in_is_known_before_a_run(monkeypatch, missing, refused):
    real = torch.autocast

    def autocast(kind, dtype):
        if dtype in missing:
            raise RuntimeError("\"addmm\" not implemented for 'Half'")
        return real(kind, dtype)

    monkeypatch.setattr(torch, "autocast", autocast)
    monkeypatch.setattr(precision, "_REFUSED", {})
    assert precision.refused_precisions(DEVICE) == refused
    (cpu,) = [one for one in devices.list_devices() if one.name == "cpu"]
    assert cpu.refused == refused
    for name in refused:
        with pytest.raises(Problem) as caught:
            training(network=PLAIN, precision=name)
        assert caught.value.fault.kind == PRECISION
        assert not set(refused) & set(caught.value.fault.fix.split())


def test_an_operation_that_is_not_there_is_told(monkeypatch):
    one = training(network=PLAIN, **HALF)

    def missing(_outputs, _targets):
        raise RuntimeError("\"fancy_cpu\" not implemented for 'Half'")

    one.loss = missing
    with pytest.raises(Problem, match=r"fancy_cpu.*Set precision to float32 or bfloat16"):
        one.advance()


def test_a_fork_takes_the_scale_over_only_where_it_has_one():
    half, whole = training(network=PLAIN, **HALF), training(network=PLAIN)
    half._precision.scale = 4.0
    for one in (half, whole):
        one.advance()
    assert "scale" not in whole.state()["precision"]
    other = training(network=PLAIN, **HALF)
    other.restore(whole.state(), whole.losses, [])
    assert other._precision.scale == precision.FIRST_SCALE
    other.restore(half.state(), half.losses, [])
    assert other._precision.scale == 4.0
    whole.restore(half.state(), half.losses, [])
    assert whole._precision.scale == 1.0


def test_older_checkpoints_are_read():
    one = training(network=PLAIN)
    one.advance()
    state = {name: value for name, value in one.state().items() if name not in ("precision", "best_since")}
    state["optimizer"] = {name: value for name, value in state["optimizer"].items() if name != "missed"}
    other = training(network=PLAIN)
    other.restore(state, one.losses, [])
    assert to_the_end(other).losses == to_the_end(one).losses


def test_a_copy_for_looking_at_the_next_step_moves_no_scale():
    one = training(network=PLAIN, **HALF)
    one._precision.scale = 2.0**24
    before = copy.copy(one._precision.state())
    one.context()
    assert one._precision.state() == before


def test_what_is_kept_of_a_run_holds_no_code(tmp_path):
    path = checkpoints.save(tmp_path, training(**HALF).state(), 0)
    assert torch.load(path, weights_only=True)["precision"] == {"scale": 2.0**16, "taken": 0}
    assert runs.checkpoints(tmp_path) == [path]
    assert CPU.device == DEVICE
    assert project(**HALF).recipe.precision == "float16"
