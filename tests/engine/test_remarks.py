"""What the check remarks upon though it fits: each remark is true of plain torch, and is not made where it is not."""

import pytest
import torch
from torch import nn

from playground.core.data import Data
from playground.core.layer import Layer
from playground.core.project import Project
from playground.core.recipe import Recipe
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
