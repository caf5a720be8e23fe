"""Against plain torch.nn modules with the same weights, by hand."""

import copy

import numpy as np
import pytest
import torch
from torch import nn

from playground.core.layer import Layer
from playground.core.messages import Watch
from playground.engine import probes
from tests.engine.trainings import pictures, project, training

NETWORK = (
    Layer("Conv2d", {"out_channels": 20}),
    Layer("BatchNorm2d"),
    Layer("Sequential", {}, (Layer("Conv2d", {"out_channels": 5, "bias": False}), Layer("Sigmoid"))),
    Layer("Dropout"),
    Layer("Flatten"),
    Layer("Linear", {"out_features": 3}),
)


def plain(model):
    """The same network from torch's own classes, with a copy of the weights."""
    reference = nn.Sequential(
        nn.Conv2d(2, 20, 3),
        nn.BatchNorm2d(20),
        nn.Sequential(nn.Conv2d(20, 5, 3, bias=False), nn.Sigmoid()),
        nn.Dropout(),
        nn.Flatten(),
        nn.Linear(80, 3),
    )
    reference.load_state_dict(copy.deepcopy(model.state_dict()))
    return reference


@pytest.fixture
def trained():
    one = training(network=NETWORK)
    for _ in range(2):
        one.advance()
    return one


def numbers(array):
    return np.frombuffer(array.data, array.dtype).reshape(array.shape)


def look(one, probe, **options):
    return probes.read(Watch(probe, options), one.context())


def close(array, tensor):
    np.testing.assert_allclose(numbers(array), tensor.detach().numpy(), rtol=1e-5, atol=1e-6)


def forward(model, inputs):
    """Outputs by path, in evaluation mode."""
    outputs, value = {}, inputs
    model.eval()
    for position, module in enumerate(model):
        if isinstance(module, nn.Sequential):
            inner = value
            for place, child in enumerate(module):
                inner = outputs[position, place] = child(inner)
        value = outputs[(position,)] = module(value)
    return outputs


def test_slopes_are_the_norms_of_param_grad_and_the_ratio_of_the_update(trained):
    reference = plain(trained.model)
    random = torch.get_rng_state()
    trained.advance(observe=True)
    inputs, targets = trained.observed.batch
    torch.set_rng_state(random)
    nn.functional.cross_entropy(reference(inputs), targets).backward()
    picture = look(trained, "slopes")
    layers = [[0], [1], [2, 0], [5]]
    assert [layer["path"] for layer in picture.facts["layers"]] == layers
    assert [layer["index"] for layer in picture.facts["layers"]] == [1, 2, 4, 8]
    assert picture.facts["layers"][2]["name"] == "Conv2d"
    norms, ratios = numbers(picture.arrays["gradient_norm"]), numbers(picture.arrays["update_ratio"])
    for position, path in enumerate(layers):
        name = ".".join(map(str, path))
        before = dict(reference.get_submodule(name).named_parameters())
        after = dict(trained.model.get_submodule(name).named_parameters())
        slope = sum(one.grad.double().square().sum() for one in before.values()).sqrt()
        moved = sum((after[key] - before[key]).double().square().sum() for key in before).sqrt()
        size = sum(one.double().square().sum() for one in before.values()).sqrt()
        assert norms[position] == pytest.approx(slope.item(), rel=1e-5)
        assert ratios[position] == pytest.approx((moved / size).item(), rel=1e-3)


def test_slopes_need_a_step_that_was_looked_at(trained):
    assert look(trained, "slopes").fault
    trained.advance(observe=True)
    assert not look(trained, "slopes").fault
    trained.advance()
    assert look(trained, "slopes").fault  # the step after it has other slopes


@pytest.mark.parametrize(("layer", "name", "bias"), [([0], "0", True), ([2, 0], "2.0", False)])
def test_filters_are_the_weights(trained, layer, name, bias):
    picture = look(trained, "filters", layer=layer)
    module = plain(trained.model).get_submodule(name)
    assert np.array_equal(numbers(picture.arrays["weight"]), module.weight.detach().numpy())
    assert ("bias" in picture.arrays) == bias
    assert picture.facts["total"] == len(module.weight)


def test_at_most_64_filters_and_maps_travel():
    one = training(network=(Layer("Conv2d", {"out_channels": 70}), *NETWORK[4:]))
    assert look(one, "filters", layer=[0]).arrays["weight"].shape == (64, 2, 3, 3)
    maps = look(one, "feature_maps", layer=[0], sample=0)
    assert maps.arrays["maps"].shape == (64, 6, 6)
    assert maps.facts["total"] == 70


@pytest.mark.parametrize(
    ("layer", "after", "shown"),
    [
        ([0], "layer", (0,)),
        ([0], "activation", (0,)),  # a normalisation follows, no activation
        ([2, 0], "layer", (2, 0)),
        ([2, 0], "activation", (2, 1)),
        ([2], "layer", (2,)),
        ([4], "layer", (4,)),
        ([5], "layer", (5,)),
    ],
)
def test_feature_maps_are_the_output_of_the_layer(trained, layer, after, shown):
    picture = look(trained, "feature_maps", layer=layer, sample=4, after=after)
    expected = forward(plain(trained.model), pictures().test_inputs[4:5])[shown][0]
    close(picture.arrays["maps"], expected)
    assert tuple(picture.facts["shown_layer"]) == shown
    assert picture.facts["total"] == len(expected)


def test_the_prediction_is_the_output_and_its_softmax(trained):
    picture = look(trained, "prediction", sample=7)
    output = forward(plain(trained.model), pictures().test_inputs[7:8])[(5,)][0]
    close(picture.arrays["output"], output)
    close(picture.arrays["probabilities"], output.softmax(0))
    close(picture.arrays["input"], pictures().test_inputs[7])
    assert picture.facts == {
        "label": int(pictures().test_targets[7]),
        "prediction": int(output.argmax()),
        "total": 20,
    }


def test_an_output_that_is_not_one_value_a_class_predicts_nothing(trained):
    context = trained.context()
    flat = NETWORK[:-1]
    context = probes.ProbeContext(trained.model[:-1], flat, context.data, loss=context.loss)
    picture = probes.read(Watch("prediction", {"sample": 7}), context)
    assert picture.facts["prediction"] is None
    assert numbers(picture.arrays["probabilities"]).size == 0
    assert numbers(picture.arrays["output"]).size == 80


def test_layers_that_are_switched_off_are_looked_through():
    off = Layer("Sequential", {}, (Layer("Conv2d"), Layer("ReLU")), disabled=True)
    one = training(network=(*NETWORK[:3], off, *NETWORK[3:], Layer("Tanh", disabled=True)))
    one.advance(observe=True)
    slopes = look(one, "slopes")
    assert [tuple(layer["path"]) for layer in slopes.facts["layers"]] == [(0,), (1,), (2, 0), (6,)]
    assert look(one, "prediction", sample=7).facts["prediction"] in (0, 1, 2)
    assert set(look(one, "rows", sample=2).arrays) == {"input", "0", "2.0"}
    for path in ([3], [3, 0], [7]):
        assert "switched off" in look(one, "feature_maps", layer=path, sample=0).fault


def test_slopes_of_blocks_and_wrapped_layers_are_those_of_all_their_parameters():
    residual = Layer("Residual", {}, (Layer("Conv2d", {"out_channels": 4, "padding": 1}),))
    rows = (Layer("Flatten", {"start_dim": 2}), Layer("LSTM", {"hidden_size": 3}), Layer("Linear", {"out_features": 3}))
    one = training(network=(residual, *rows))
    one.advance(observe=True)
    gradients = one.context().gradients
    slopes = look(one, "slopes")
    assert [tuple(layer["path"]) for layer in slopes.facts["layers"]] == [(0,), (0, 0), (2,), (3,)]
    names = (["0.shortcut.weight"], ["0.layers.0.weight", "0.layers.0.bias"],
             [f"2.recurrent.{kind}_{which}_l0" for kind in ("weight", "bias") for which in ("ih", "hh")],
             ["3.weight", "3.bias"])  # fmt: skip
    expected = [torch.cat([gradients[name].reshape(-1) for name in group]).norm() for group in names]
    close(slopes.arrays["gradient_norm"], torch.stack(expected))


def test_rows_hold_the_maps_of_each_convolution_after_its_activation(trained):
    picture = look(trained, "rows", sample=2)
    outputs = forward(plain(trained.model), pictures().test_inputs[2:3])
    assert set(picture.arrays) == {"input", "0", "2.0"}
    close(picture.arrays["0"], outputs[(0,)][0, :16])
    close(picture.arrays["2.0"], outputs[2, 1][0])


@pytest.mark.parametrize("probe", sorted(probes.PROBES))
@pytest.mark.parametrize("options", [{"layer": [9], "sample": 0}, {"layer": [0], "sample": 20}, {"layer": "x"}])
def test_a_watch_that_fits_nothing_is_answered_with_a_fault_or_passes(trained, probe, options):
    picture = look(trained, probe, **options)
    assert picture.fault or picture.arrays


def test_a_probe_that_is_not_there_is_named(trained):
    assert "no probe nothing" in look(trained, "nothing").fault


@pytest.mark.parametrize("probe", sorted(probes.PROBES))
def test_probes_leave_mode_figures_gradients_and_random_state_as_they_were(trained, probe):
    trained.advance(observe=True)
    trained.model[3].eval()  # a mode that is not everyone's
    modes = [module.training for module in trained.model.modules()]
    buffers = {name: value.clone() for name, value in trained.model.state_dict().items()}
    random = torch.get_rng_state()
    look(trained, probe, layer=[0], sample=1)
    assert [module.training for module in trained.model.modules()] == modes
    assert all(torch.equal(value, buffers[name]) for name, value in trained.model.state_dict().items())
    assert torch.equal(torch.get_rng_state(), random)
    assert all(parameter.grad is None for parameter in trained.model.parameters())
    assert not any(module._forward_hooks for module in trained.model.modules())


def test_one_pass_serves_every_probe_of_a_sample(trained, monkeypatch):
    passes = []
    trained.model.register_forward_hook(lambda *_: passes.append(1))
    context = trained.context()
    for probe in ("rows", "prediction", "feature_maps"):
        assert not probes.read(Watch(probe, {"layer": [0], "sample": 1}), context).fault
    assert len(passes) == 1
    assert project().data.batch_size == 16
