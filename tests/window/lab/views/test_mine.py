"""The lab slides kernels of the learner's own network: those that are trained beside it."""

import msgspec
import numpy as np
import pytest
import torch
from torch.nn import functional as F

from playground.core.messages import Picture
from playground.core.problem import Fault
from playground.session.history import numbers
from tests.window.frame import array, lenet_report, show_report
from tests.window.lab.opened import opened

CONV1, CONV2 = (0,), (3,)


@pytest.fixture
def weights():
    """Of the two convolutions of LeNet."""
    torch.manual_seed(5)
    return {CONV1: torch.nn.Conv2d(1, 6, 3), CONV2: torch.nn.Conv2d(6, 16, 3)}


@pytest.fixture
def view(session, qtbot, weights, monkeypatch):
    made = opened(session, qtbot, "convolution")

    def picture(watch):
        conv = weights.get(tuple(watch.options["layer"])) if watch.probe == "filters" else None
        if conv is None:
            return None
        return Picture(watch, 0, {"weight": array(conv.weight.detach()), "bias": array(conv.bias.detach())}, {})

    monkeypatch.setattr(session.training, "picture", picture)
    report = lenet_report(session.document.project)
    rows = [
        msgspec.structs.replace(row, tensors=(tuple(weights[row.path].weight.shape),)) if row.path in weights else row
        for row in report.rows
    ]
    show_report(session, msgspec.structs.replace(report, rows=tuple(rows)))
    return made


def choose(view, title):
    box = view.head.kernels
    row = box.findText(title)
    assert row >= 0, [box.itemText(each) for each in range(box.count())]
    box.setCurrentIndex(row)
    box.activated.emit(row)


def map_of(view, conv, number):
    picture = torch.tensor(numbers(view.answer.asked.input))[None]
    with torch.no_grad():
        return F.conv2d(picture, conv.weight[number : number + 1], conv.bias[number : number + 1], padding=1)[0, 0]


def test_a_filter_of_conv1_slides_over_the_picture_with_its_bias(view, weights):
    choose(view, "Mine: 1 Conv2d")
    np.testing.assert_allclose(numbers(view.answer.slid.maps[0]), map_of(view, weights[CONV1], 0), rtol=1e-5, atol=1e-6)
    assert view.head.kernels.currentText() == "Mine: 1 Conv2d"
    assert view.head.filter.isVisible()
    view.head.filter.set_requested.emit(4)
    np.testing.assert_allclose(numbers(view.answer.slid.maps[0]), map_of(view, weights[CONV1], 4), rtol=1e-5, atol=1e-6)
    assert view.head.filter.value == 4
    view.head.filter.set_requested.emit(99)
    assert view.head.filter.value == 5  # it has six


def test_a_layer_that_sees_more_channels_is_there_and_says_why_not(view):
    box = view.head.kernels
    item = box.model().item(box.findText("Mine: 4 Conv2d"))
    assert not item.isEnabled()
    assert "6 channels" in item.toolTip()


def test_it_is_a_step_for_undo_and_a_page_of_its_own(view, weights):
    choose(view, "Mine: 1 Conv2d")
    page = view.lab.page
    with torch.no_grad():
        weights[CONV1].weight.zero_()  # the run goes on; the page is as it was
    view.ask_all()
    assert view.lab.page == page
    assert np.any(numbers(view.answer.slid.weight))
    choose(view, "Edges")
    assert view.layer.bias == 0
    assert not view.head.filter.isVisible()
    view.lab.undo_stack.undo()
    assert view.head.kernels.currentText() == "Mine: 1 Conv2d"


def test_weights_that_are_not_known_yet_come_when_they_are(view, weights, session):
    later = weights.pop(CONV1)
    before = view.state
    choose(view, "Mine: 1 Conv2d")
    assert view.state == before
    weights[CONV1] = later
    session.training.pictures_changed.emit()
    assert view.state != before
    np.testing.assert_allclose(numbers(view.answer.slid.maps[0]), map_of(view, later, 0), rtol=1e-5, atol=1e-6)


def test_what_cannot_be_read_says_why_and_changes_nothing(view, session, monkeypatch):
    fault = Fault(where="Conv2d", what="it has no filters to show", fix="Choose a convolution")
    monkeypatch.setattr(session.training, "picture", lambda watch: Picture(watch, 0, {}, {}, str(fault.what)))
    before = view.state
    choose(view, "Mine: 1 Conv2d")
    assert view.state == before
    assert view.head.kernels.currentText() == "Edges"


def test_an_edited_network_offers_its_own(view, session):
    session.client.report = None
    session.client.report_changed.emit(None)
    assert view.head.kernels.findText("Mine: 1 Conv2d") < 0
