"""Networks made wider: what PyTorch builds from them is what the arithmetic on paper says."""

import pytest

from playground.core.layer import Layer
from playground.core.project import Project
from playground.core.scaling import scaled
from playground.disk import projects
from playground.engine.build import build_network
from playground.engine.check import check

LENET = (
    Layer("Conv2d", {"out_channels": 6, "kernel_size": 5}),
    Layer("ReLU"),
    Layer("BatchNorm2d", {"num_features": 6}),
    Layer("MaxPool2d"),
    Layer("Sequential", {}, (Layer("Conv2d", {"in_channels": 6, "kernel_size": 5}), Layer("ReLU"))),
    Layer("Flatten"),
    Layer("Linear", {"in_features": 1024, "out_features": 120}),
    Layer("Linear", {"in_features": 120, "out_features": 10}),
)


def weights(factor: float) -> list[tuple[int, ...]]:
    model = build_network(scaled(LENET, factor), (1, 28, 28))
    return [tuple(one.shape) for one in model.parameters() if one.dim() > 1]


def test_once_is_the_same_value():
    assert scaled(LENET, 1) is LENET


@pytest.mark.parametrize("factor", [0.25, 0.5, 2, 4, 8])
def test_every_layer_but_the_last_is_wider_and_what_follows_from_it_fits(factor):
    maps = [round(6 * factor), round(16 * factor)]  # 16: what Conv2d makes where nothing is pinned
    hidden = round(120 * factor)
    assert weights(factor) == [
        (maps[0], 1, 5, 5), (maps[1], maps[0], 5, 5), (hidden, maps[1] * 8 * 8), (10, hidden),
    ]  # fmt: skip


def test_nothing_becomes_narrower_than_one():
    assert scaled((Layer("Linear", {"out_features": 2}), Layer("Linear")), 0.1)[0].arguments["out_features"] == 1


def test_a_width_stays_what_its_declaration_allows():
    wide = (Layer("Conv2d", {"out_channels": 60_000}), Layer("Flatten"), Layer("Linear"))
    assert scaled(wide, 8)[0].arguments["out_channels"] == 65_536


def test_what_stands_before_the_first_of_them_stays_pinned():
    network = (Layer("BatchNorm2d", {"num_features": 1}), Layer("Conv2d", {"in_channels": 1}), Layer("Flatten"),
               Layer("Linear"))  # fmt: skip
    changed = scaled(network, 2)
    assert changed[0] == network[0]
    assert changed[1].arguments == {"in_channels": 1, "out_channels": 32}


def test_one_layer_alone_is_the_last_and_networks_without_any_stay():
    for network in ((Layer("Flatten"), Layer("Linear", {"out_features": 3})), (Layer("ReLU"),), ()):
        assert scaled(network, 4) == network


def test_layers_that_are_not_known_stay_as_they_are():
    strange = Layer("Attention", {"out_features": 5})
    assert scaled((strange, *LENET), 2)[0] is strange


@pytest.mark.parametrize("name", sorted(projects.presets()))
@pytest.mark.parametrize("factor", [0.25, 4])
def test_every_preset_can_be_scaled(name, factor):
    project = projects.load(f"{projects.PRESET}{name}")
    report = check(Project(project.data, scaled(project.network, factor), project.recipe))
    assert [row.error for row in report.rows if row.error] == []
    assert report.rows[-1].output_shape == check(project).rows[-1].output_shape
