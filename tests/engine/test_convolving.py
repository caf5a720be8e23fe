"""Windows against PyTorch's own functions, called directly."""

import math

import numpy as np
import pytest
import torch
from torch import nn
from torch.nn import functional

from playground.core import messages as words
from playground.core.convolving import NOTHING, RIM, Slide, Stage
from playground.core.kernels import KERNELS, TITLES
from playground.core.layer import Layer
from playground.core.problem import Problem
from playground.engine import probes
from playground.engine.check import check
from playground.engine.convolving import answer
from playground.engine.probes import array
from playground.engine.workbench import Workbench
from playground.session.history import numbers
from tests.campaigns import windows
from tests.engine.networks import project_of
from tests.engine.trainings import training

RTOL = 1e-5
SEED = 7  # another one than the campaign's
CONV = {"in_channels": 3, "out_channels": 4, "kernel_size": 3, "padding": 1}


def inputs(*shape):
    return torch.randn(*shape, generator=torch.Generator().manual_seed(1))


def close(carried, expected):
    np.testing.assert_allclose(numbers(carried), expected.detach().numpy(), rtol=RTOL, atol=1e-6)


def convolution(**more):
    torch.manual_seed(3)
    return nn.Conv2d(**{**CONV, **more})


def stage_of(module, number, arguments):
    bias = float(module.bias[number].detach()) if module.bias is not None else 0.0
    return Stage(Layer(type(module).__name__, arguments), number, array(module.weight[number]), bias)


def slide(stages, given, **more):
    """Through the workbench, as bytes there and back."""
    answers = []
    question = Slide(5, array(given), tuple(stages), **more)
    Workbench(answers.append).answer(words.decode_question(words.encode(question)))
    return words.decode_answer(words.encode(answers[0]))


def test_random_windows_add_up_to_the_value_of_pytorch():
    kinds, faults = windows.run(40, SEED)
    assert not faults
    assert len(kinds) >= 5


def test_a_place_is_told_with_its_window_products_sums_and_bias():
    given, module = inputs(3, 8, 9), convolution()
    slid = slide([stage_of(module, 2, CONV)], given, at=(4, 6), after=Layer("ReLU"))
    made = module(given[None])[0].detach()
    close(slid.maps[0], made[2])
    close(slid.window, given[:, 3:6, 5:8])
    close(slid.weight, module.weight[2])
    close(slid.products, given[:, 3:6, 5:8] * module.weight[2])
    close(slid.sums, (given[:, 3:6, 5:8] * module.weight[2]).sum((1, 2)))
    assert slid.total + slid.bias == pytest.approx(float(made[2, 4, 6]), rel=RTOL)
    assert slid.value == pytest.approx(float(made[2, 4, 6]), rel=RTOL)
    assert slid.after == max(0.0, slid.value)
    assert (slid.shape, slid.at, slid.rows, slid.columns) == ((4, 8, 9), (4, 6), (3, 4, 5), (5, 6, 7))
    assert not slid.fresh


def edges_on(given, bias=0.0):
    arguments = {"in_channels": 1, "out_channels": 1, "kernel_size": [3, 3], "bias": True}
    kernel = torch.tensor(KERNELS["edges"], dtype=torch.float32)
    return slide([Stage(Layer("Conv2d", arguments), 0, array(kernel[None]), bias)], given, at=(0, 0))


def test_products_that_cancel_add_up_to_nothing():
    """In float32 they leave a rest, and another one in another order."""
    given = torch.full((1, 3, 3), 0.7)
    given[0, 1, 1] = given.double().sum().sub(0.7).div(8).float() + 6e-8
    slid = edges_on(given)
    assert numbers(slid.products).sum() != 0
    assert (slid.total, slid.value, numbers(slid.sums).tolist()) == (0.0, 0.0, [0.0])


@pytest.mark.parametrize(("center", "bias"), [(0.7001, 0.0), (0.7, 1e-3), (1e-30, 0.0)])
def test_a_small_sum_that_is_no_rounding_stays(center, bias):
    given = torch.full((1, 3, 3), 0.7 if center > 0.1 else 0.0)
    given[0, 1, 1] = center
    slid = edges_on(given, bias)
    expected = functional.conv2d(given.double(), torch.tensor(KERNELS["edges"]).double()[None, None])
    assert slid.value == pytest.approx(float(expected) + bias, rel=2e-3)
    assert slid.value == pytest.approx(slid.total + bias, rel=2e-3)


def test_multiply_adds_are_those_of_the_check():
    layers = (
        Layer("Conv2d", {"out_channels": 4}), Layer("Conv2d", {"out_channels": 8, "groups": 2, "stride": 2}),
        Layer("ConvTranspose2d", {"out_channels": 6, "groups": 2, "stride": 2}),
    )  # fmt: skip
    for row in check(project_of(*layers)).rows:
        slid = slide([Stage(Layer(row.layer, row.arguments))], torch.zeros(row.input_shape))
        assert slid.multiply_adds == row.multiply_adds
        assert slid.shape == row.output_shape


def test_a_transposed_convolution_multiplies_each_pixel_with_its_whole_window():
    stage = Stage(Layer("ConvTranspose2d", {"in_channels": 4, "out_channels": 2, "stride": 2}))
    slid = slide([stage], torch.zeros(4, 6, 6))
    assert slid.shape == (2, 13, 13)
    assert slid.multiply_adds == 4 * 6 * 6 * 2 * 9


def test_two_stages_are_two_convolutions():
    given, kernels = inputs(1, 9, 9), [torch.tensor(KERNELS[name], dtype=torch.float32) for name in ("edges", "blur")]
    arguments = {"in_channels": 1, "out_channels": 1, "kernel_size": [3, 3], "padding": 1, "bias": False}
    stages = [Stage(Layer("Conv2d", arguments), 0, array(one[None])) for one in kernels]
    slid = slide(stages, given, told=1, at=(0, 8))
    first = functional.conv2d(given[None], kernels[0][None, None], padding=1)
    second = functional.conv2d(first, kernels[1][None, None], padding=1)
    close(slid.maps[0], first[0, 0])
    close(slid.maps[1], second[0, 0])
    assert slid.value == pytest.approx(float(second[0, 0, 0, 8]), rel=RTOL, abs=1e-6)
    assert (numbers(slid.places)[0] == RIM).all()
    assert (numbers(slid.places)[:, 2] == RIM).all()


def test_a_place_outside_the_map_is_moved_inside_and_none_is_its_middle():
    stages = [stage_of(convolution(), 0, CONV)]
    assert slide(stages, inputs(3, 5, 7), at=(90, -4)).at == (4, 0)
    assert slide(stages, inputs(3, 5, 7)).at == (2, 3)


def test_the_largest_of_a_pooling_is_named_and_a_cell_beyond_the_edge_counts_nothing():
    given = inputs(2, 5, 5)
    pooled = slide([Stage(Layer("MaxPool2d", {"kernel_size": 2, "ceil_mode": True}), 1)], given, at=(2, 2))
    assert numbers(pooled.places).tolist() == [[24, NOTHING], [NOTHING, NOTHING]]
    assert (pooled.winner, pooled.channels, pooled.multiply_adds) == (0, (1,), 0)
    assert pooled.value == pytest.approx(float(given[1, 4, 4]))
    mean = slide([Stage(Layer("AvgPool2d", {"kernel_size": 2, "ceil_mode": True}), 1)], given, at=(0, 2))
    close(mean.weight, torch.tensor([[[0.5, 0.0], [0.5, 0.0]]]))
    assert mean.total == pytest.approx(float(given[1, :2, 4].mean()))


def test_other_arguments_take_the_weights_along_or_draw_them_anew_and_say_so():
    given, module = inputs(3, 9, 9), convolution()
    wider = slide([stage_of(module, 1, {**CONV, "stride": 2, "dilation": 2})], given)
    expected = functional.conv2d(given[None], module.weight, module.bias, stride=2, padding=1, dilation=2)
    close(wider.maps[0], expected[0, 1])
    assert not wider.fresh
    larger = slide([stage_of(module, 1, {**CONV, "kernel_size": 5})], given, seed=4)
    assert larger.fresh
    again = slide([stage_of(module, 1, {**CONV, "kernel_size": 5})], given, seed=4)
    assert again.maps == larger.maps
    assert numbers(larger.weight).shape == (3, 5, 5)
    bound = 1 / 75**0.5  # of PyTorch's own start
    assert 0.5 * bound < np.abs(numbers(larger.weight)).max() <= bound
    fewer = slide([stage_of(module, 3, {**CONV, "out_channels": 2})], given)
    assert (fewer.filter, fewer.shape[0]) == (1, 2)  # there is no fourth
    assert "conv.weight[1]" in fewer.line
    assert fewer.fresh
    without = slide([stage_of(module, 1, {**CONV, "bias": False})], given)
    close(without.maps[0], functional.conv2d(given[None], module.weight, padding=1)[0, 1])
    assert without.bias == 0


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"groups": 2}, "in_channels must be divisible by groups"),
        ({"kernel_size": 20}, "Kernel size can't be greater than actual input size"),
        ({"padding": "same", "stride": 2}, "padding='same' is not supported for strided convolutions"),
        ({"in_channels": 5}, "expected input"),
        ({"out_channels": 60_000, "kernel_size": 31}, "too large to be shown"),
    ],
)
def test_what_pytorch_refuses_is_told_in_its_own_words(arguments, message):
    failed = slide([Stage(Layer("Conv2d", {**CONV, **arguments}))], inputs(3, 8, 8))
    assert isinstance(failed, words.Failed)
    assert message in failed.fault.what


@pytest.mark.parametrize("name", ["kernel_size", "padding", "stride", "out_channels", "groups", "dilation"])
@pytest.mark.parametrize("value", [math.inf, -math.inf, math.nan])
def test_what_is_no_whole_number_is_refused_by_its_name(name, value):
    failed = slide([Stage(Layer("Conv2d", {**CONV, name: value}))], inputs(3, 8, 8))
    assert isinstance(failed, words.Failed)
    assert name in failed.fault.what


def test_other_layers_and_inputs_are_refused():
    with pytest.raises(Problem, match="has no window"):
        answer(Slide(1, array(inputs(3, 4, 4)), (Stage(Layer("Linear")),)))
    with pytest.raises(Problem, match="no picture"):
        answer(Slide(1, array(inputs(4, 4)), (Stage(Layer("Conv2d", CONV)),)))
    with pytest.raises(Problem, match="cannot be read"):
        answer(Slide(1, words.Array("float32", (3, 4, 4), b"x"), (Stage(Layer("Conv2d", CONV)),)))


@pytest.mark.parametrize(
    "stage",
    [
        Stage(Layer("Conv2d", {**CONV, "stride": [2, 1], "padding_mode": "circular"}), 3),
        Stage(Layer("ConvTranspose2d", {**CONV, "stride": 2}), 1),
        Stage(Layer("MaxPool2d", {"kernel_size": 2, "stride": None}), 2),
    ],
    ids=lambda stage: stage.layer.layer,
)
def test_the_script_prints_the_value(stage, capsys):
    slid = slide([stage], inputs(3, 7, 6), at=(1, 2), script=True)
    assert printed(slid.script, capsys) == pytest.approx(slid.value, rel=RTOL)


def printed(script, capsys):
    """By a Python that knows nothing but the script."""
    capsys.readouterr()
    exec(compile(script, "script.py", "exec"), {"__name__": "__main__"})
    return float(capsys.readouterr().out)


def test_the_script_of_a_large_input_is_that_of_one_place(capsys):
    given = inputs(3, 90, 90)
    slid = slide([Stage(Layer("Conv2d", {**CONV, "in_channels": 3}), 0)], given, at=(0, 5), script=True)
    assert len(slid.script) < 3_000
    assert printed(slid.script, capsys) == pytest.approx(slid.value, rel=RTOL)


def test_every_kernel_keeps_the_brightness_or_keeps_edges_alone():
    assert set(TITLES) == set(KERNELS)
    for rows in KERNELS.values():
        assert sum(map(sum, rows)) == pytest.approx(1) or sum(map(sum, rows)) == pytest.approx(0)


NETWORK = (
    Layer("Conv2d", {"out_channels": 4}),
    Layer("BatchNorm2d"),
    Layer("ReLU"),
    Layer(
        "Sequential", {}, (Layer("ConvTranspose2d", {"out_channels": 6, "groups": 2, "kernel_size": 2}), Layer("Tanh"))
    ),
    Layer("MaxPool2d"),
    Layer("Flatten"),
    Layer("Linear", {"out_features": 3}),
)


@pytest.fixture(scope="module")
def trained():
    one = training(network=NETWORK)
    one.advance()
    return one


def look(one, **options):
    return probes.read(words.Watch("window", options), one.context())


def test_the_probe_tells_what_a_layer_gets_and_its_kernels(trained):
    sample = trained.data.test_inputs[3]
    first = look(trained, layer=[0], sample=3)
    close(first.arrays["input"], sample)
    close(first.arrays["weight"], trained.model[0].weight)
    close(first.arrays["bias"], trained.model[0].bias)
    assert first.facts == {"filters": 4, "first": 0, "input": True, "after": None}
    trained.model.eval()
    with torch.no_grad():
        before = trained.model[2](trained.model[1](trained.model[0](sample[None])))
        inner = trained.model[3][0]
        made = inner(before)
    trained.model.train()
    second = look(trained, layer=[3, 0], sample=3)
    close(second.arrays["input"], before[0])
    assert second.facts == {
        "filters": 6, "first": 0, "input": False, "after": {"layer": "Tanh", "arguments": {}},
    }  # fmt: skip
    arguments = {"in_channels": 4, "out_channels": 6, "groups": 2, "kernel_size": 2}
    for number in range(6):
        weight = words.Array("float32", (2, 2, 2), numbers(second.arrays["weight"])[number].tobytes())
        bias = float(numbers(second.arrays["bias"])[number])
        stage = Stage(Layer("ConvTranspose2d", arguments), number, weight, bias)
        slid = slide([stage], before[0], after=Layer("Tanh"))
        close(slid.maps[0], made[0, number])
        assert slid.after == pytest.approx(float(torch.tanh(made[0, number][slid.at])), rel=RTOL)
        assert not slid.fresh


def test_the_probe_sends_some_of_many_filters(trained):
    told = look(trained, layer=[0], sample=0, first=2)
    assert told.facts["first"] == 2
    close(told.arrays["weight"], trained.model[0].weight[2:])
    assert look(trained, layer=[0], sample=0, first=99).facts["first"] == 3


def test_the_probe_says_where_there_is_no_window(trained):
    assert "Choose another layer" in look(trained, layer=[6], sample=0).fault
    assert "Choose another layer" in look(trained, layer=[2], sample=0).fault


def test_a_window_that_does_not_move_on_is_refused_in_pytorchs_words():
    layer = Layer("AvgPool2d", {"kernel_size": 2, "stride": 0})
    told = slide([Stage(layer)], inputs(1, 6, 6))
    assert isinstance(told, words.Failed)
    assert "stride" in told.fault.what
