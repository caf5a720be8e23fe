"""The contract of every declaration; `tests/engine` holds each against PyTorch itself."""

import pytest

from playground.core.arguments import fault_of
from playground.core.datasets import DATASETS
from playground.core.layers import FAMILIES, LAYERS, by_family
from playground.core.losses import LOSSES
from playground.core.optimizers import OPTIMIZERS
from playground.core.preparations import PREPARATIONS

OWNERS = [*LAYERS.values(), *OPTIMIZERS.values()]
ARGUMENTS = [(owner.name, argument) for owner in OWNERS for argument in owner.arguments] + [
    (step.name, step.argument) for step in PREPARATIONS.values()
]


def test_the_first_catalogue_is_whole():
    assert set(LAYERS) >= {
        *("Conv2d", "MaxPool2d", "AvgPool2d", "ReLU", "Sigmoid", "Tanh"),
        *("Flatten", "Linear", "Dropout", "BatchNorm2d"),
        *("Conv1d", "ConvTranspose2d", "Upsample", "Unflatten", "ZeroPad2d", "Dropout2d"),
        *(f"{kind}Pool{axes}d" for kind in ("Max", "Avg", "AdaptiveAvg", "AdaptiveMax") for axes in (1, 2)),
        *("LeakyReLU", "ELU", "GELU", "SiLU", "Softmax", "LogSoftmax", "Hardswish"),
        *("BatchNorm1d", "LayerNorm", "GroupNorm", "InstanceNorm2d"),
    }
    assert len([one for one in LAYERS["Conv2d"].arguments if one.to == "module"]) == 9
    assert set(DATASETS) >= {"digits", "iris", "mnist", "fashion-mnist"}
    assert set(LOSSES) >= {"CrossEntropy", "NLL", "BCEWithLogits", "MSE"}
    assert set(OPTIMIZERS) >= {"SGD", "Adam", "RMSprop"}


@pytest.mark.parametrize(("owner", "argument"), ARGUMENTS, ids=lambda one: getattr(one, "name", one))
def test_every_default_is_allowed_and_every_argument_has_a_help(owner, argument):
    assert argument.help
    assert argument.default is None or fault_of(argument, argument.default) is None


@pytest.mark.parametrize("spec", LAYERS.values(), ids=lambda spec: spec.name)
def test_every_layer_can_be_shown(spec):
    assert spec.title
    assert spec.summary
    assert spec.icon
    assert spec.brief.format_map({argument.name: 1 for argument in spec.arguments}) is not None
    assert set(spec.sentences) <= {argument.name for argument in spec.arguments}


def test_the_palette_shows_every_layer_once_in_the_order_of_the_families():
    families = by_family()
    shown = [spec.name for specs in families.values() for spec in specs]
    assert sorted(shown) == sorted(LAYERS)
    assert list(families) == [family for family in FAMILIES if family in families]


@pytest.mark.parametrize("spec", DATASETS.values(), ids=lambda spec: spec.name)
def test_every_data_set_says_what_it_is(spec):
    assert spec.summary
    assert spec.licence
    assert spec.own or spec.train > 0  # only the files of one's own tell how many
    assert spec.own or (spec.task == "classification") == bool(spec.classes)
