"""What the check remarks upon though it fits: each remark is true of plain torch, and is not made where it is not."""

import pytest
import torch
from torch import nn

from playground.core.data import Data
from playground.core.layer import Layer
from playground.core.project import Project
from playground.core.recipe import Recipe
from playground.engine.build import build_network
from playground.engine.check import check

HEAD = (Layer("Flatten"), Layer("Linear", {"out_features": 10}))


def remarks(*layers: Layer, loss: str = "CrossEntropy", batch: int = 64) -> list[tuple[str, ...]]:
    report = check(Project(Data(batch_size=batch), layers, Recipe(loss=loss)))
    assert not any(row.error for row in report.rows)
    return [row.warnings for row in report.rows]


@pytest.mark.parametrize(
    ("end", "loss", "said"),
    [
        ("Softmax", "CrossEntropy", "taken twice"),
        ("LogSoftmax", "CrossEntropy", "changes nothing"),
        ("Softmax", "NLL", "end with LogSoftmax"),
        ("Sigmoid", "BCEWithLogits", "taken twice"),
        ("Sigmoid", "CrossEntropy", "squeezes"),
        ("ReLU", "CrossEntropy", "negative"),
        ("Tanh", "NLL", "put LogSoftmax behind"),
    ],
)
def test_a_last_layer_that_the_loss_does_not_go_with(end, loss, said):
    (last,) = remarks(*HEAD, Layer(end), loss=loss)[-1]
    assert said in last
    assert remarks(*HEAD, Layer(end, disabled=True), loss="CrossEntropy")[-1] == ()
    assert remarks(*HEAD, Layer(end), *HEAD[1:], loss="CrossEntropy")[-2] == ()


@pytest.mark.parametrize(("end", "loss"), [("LogSoftmax", "NLL"), ("Linear", "CrossEntropy"), ("Softmax", "MSE")])
def test_a_last_layer_that_it_goes_with(end, loss):
    layers = (*HEAD, Layer("Tanh"), Layer("Linear")) if end == "Linear" else (*HEAD, Layer(end))
    assert remarks(*layers, loss=loss)[-1] == ()


def block(name: str, *children: Layer, **arguments: object) -> Layer:
    return Layer(name, arguments, children)


OFF = Layer("Tanh", disabled=True)


@pytest.mark.parametrize(
    ("end", "loss", "said"),
    [("Softmax", "CrossEntropy", "twice"), ("Softmax", "NLL", "LogSoftmax"), ("Tanh", "NLL", "behind")],
)
@pytest.mark.parametrize("place", ["group", "group of a group", "only branch", "above what is switched off"])
def test_the_last_layer_of_a_group_at_the_end_is_the_last_of_the_network(end, loss, said, place):
    ends = {
        "group": [block("Sequential", HEAD[1], Layer(end))],
        "group of a group": [block("Sequential", HEAD[1], block("Sequential", Layer(end), block("Sequential")), OFF)],
        "only branch": [block("Parallel", OFF, block("Sequential", HEAD[1], Layer(end)))],
        "above what is switched off": [block("Sequential", HEAD[1], Layer(end)), block("Sequential", OFF), OFF],
    }[place]
    project = Project(Data(), (HEAD[0], *ends), Recipe(loss=loss))
    found = [(row.layer, text) for row in check(project).rows for text in row.warnings]
    assert [layer for layer, _text in found] == [end]
    assert said in found[0][1]


def test_a_layer_that_does_not_give_the_output_alone_is_not_the_last():
    ends = block("Sequential", HEAD[1], Layer("Softmax"))
    halves = [block("Sequential", Layer("Linear", {"out_features": 5}), Layer("Softmax")) for _half in range(2)]
    for last in (
        block("Residual", Layer("Softmax")),
        block("Parallel", *halves),
        block("Parallel", ends, HEAD[1], merge="add"),
    ):
        said = remarks(*HEAD, Layer("Tanh"), last)
        assert not any(said), last
        said = remarks(*HEAD, Layer("Tanh"), last, loss="NLL")  # a sum, or two softmaxes beside each other, is none
        assert [len(one) for one in said] == [0, 0, 0, 1, *[0] * (len(said) - 4)]
        assert "put LogSoftmax behind" in said[3][0]


def test_an_unknown_layer_at_the_end_says_so_and_no_more():
    report = check(Project(Data(), (*HEAD, Layer("Wavelet")), Recipe(loss="NLL")))
    assert report.rows[2].error
    assert report.rows[2].warnings == ()


def linear(size: int = 10) -> Layer:
    return Layer("Linear", {"out_features": size})


FLAT, RELU = Layer("Flatten"), Layer("ReLU")
# layers, and (row, the row that it is in a row with), from 1
UNBENT = [
    ((FLAT, linear(7), linear()), [(3, 2)]),
    ((FLAT, linear(7), Layer("Dropout"), block("Sequential", linear())), [(5, 2)]),
    ((FLAT, block("Sequential", linear(7)), linear()), [(4, 3)]),
    ((FLAT, linear(7), RELU, linear()), []),
    ((FLAT, linear(7), block("Sequential", RELU), linear()), []),
    ((FLAT, linear(7), block("Sequential", Layer("ReLU", disabled=True)), linear()), [(5, 2)]),
    ((FLAT, block("Parallel", linear(5), linear(5))), []),
    ((FLAT, block("Parallel", block("Sequential", linear(5), RELU), block("Sequential", linear(5)))), []),
    ((FLAT, linear(7), block("Parallel", linear(5), block("Sequential", RELU, linear(5)))), [(4, 2)]),
    ((FLAT, block("Parallel", linear(5), linear(5)), linear()), [(5, 4)]),
    ((FLAT, block("Parallel", block("Sequential", linear(5), RELU), linear(5)), linear()), []),
    ((FLAT, block("Residual", RELU, linear(64)), linear()), []),
    ((FLAT, block("Residual", linear(64), RELU), linear()), []),
    ((FLAT, block("Residual", linear(64)), linear()), [(4, 3)]),
    ((FLAT, linear(7), block("Residual", RELU), linear()), []),
    ((FLAT, linear(7), block("Residual", linear(7), RELU, linear(7))), [(4, 2)]),
    ((FLAT, linear(7), RELU, block("Residual", block("Residual")), linear()), []),
]


def is_straight(model: nn.Module, size: int) -> bool:
    """Whether a network is one weighted sum and a bias: what lies between two inputs goes between their outputs."""
    model = model.double().eval()
    one, other = torch.randn(2, 200, size, dtype=torch.float64, generator=torch.Generator().manual_seed(0))
    return torch.allclose(model(0.25 * one + 0.75 * other), 0.25 * model(one) + 0.75 * model(other))


@pytest.mark.parametrize(("layers", "pairs"), UNBENT)
def test_linear_layers_in_a_row_are_found_as_the_network_is_computed(layers, pairs):
    said = remarks(*layers)
    found = [
        (number, int(text.split("between row ")[1].split()[0]))
        for number, texts in enumerate(said, 1)
        for text in texts
        if text.startswith("Nothing bends")
    ]
    assert found == pairs


@pytest.mark.parametrize("layers", [layers for layers, _pairs in UNBENT if layers[-1].layer == "Linear"])
def test_a_last_linear_layer_is_remarked_upon_where_all_of_the_network_is_one_weighted_sum(layers):
    straight = is_straight(build_network(layers[1:], (64,), seed=0), 64)
    assert any("Nothing bends" in text for text in remarks(*layers)[-1]) == straight


def test_what_is_said_of_softmax_is_so():
    logits, labels = torch.randn(64, 10) * 3, torch.randint(10, (64,))
    loss = nn.CrossEntropyLoss()
    torch.testing.assert_close(loss(logits.log_softmax(1), labels), loss(logits, labels))
    steep, flat = (logits.clone().requires_grad_() for _turn in range(2))
    loss(steep, labels).backward()
    loss(flat.softmax(1), labels).backward()
    assert flat.grad.norm() < 0.5 * steep.grad.norm()


def test_a_window_larger_than_what_comes_in():
    conv = Layer("Conv2d", {"kernel_size": 9, "padding": 4})
    assert "larger than the 8×8 px" in remarks(conv, *HEAD)[0][0]
    assert remarks(Layer("Conv2d", {"kernel_size": 7, "padding": 3}), *HEAD)[0] == ()
    series = Layer("Flatten", {"end_dim": 2}), Layer("Conv1d", {"kernel_size": 9, "padding": 4})
    assert remarks(*series, *HEAD)[1][0].startswith("Its window of 9 values is larger than the 8 values that come in")
    assert "larger" in remarks(Layer("Conv2d", {"kernel_size": 5, "dilation": 3, "padding": 6}), *HEAD)[0][0]


def test_a_softmax_over_the_samples():
    assert "over the samples" in remarks(*HEAD, Layer("Softmax", {"dim": 0}))[2][0]
    assert "over the samples" in remarks(*HEAD, Layer("LogSoftmax", {"dim": -2}))[2][0]


def test_batches_of_one_sample():
    assert "jump about" in remarks(Layer("Dropout"), *HEAD, batch=1)[0][0]
    assert "one alone" in remarks(Layer("BatchNorm2d"), *HEAD, batch=1)[0][0]
    assert remarks(Layer("Dropout"), Layer("BatchNorm2d"), *HEAD)[:2] == [(), ()]


def test_more_than_a_hundred_million_parameters():
    wide = (Layer("Flatten"), Layer("Linear", {"out_features": 20_000}), Layer("ReLU"))
    assert remarks(*wide, Layer("Linear", {"out_features": 4_900}))[3] == ()
    together = remarks(*wide, Layer("Linear", {"out_features": 4_999}))  # with the 1.3 M of the first Linear
    assert "The network has 101 M parameters, most of them here" in together[3][0]
    assert together[1] == ()
    assert "102 M parameters: 0.4 GB" in remarks(*wide, Layer("Linear", {"out_features": 5_100}))[3][0]
