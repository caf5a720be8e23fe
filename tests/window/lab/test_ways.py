"""Ways into the lab from what a person looks at: a panel, a layer, what slides in the room of convolutions."""

import numpy as np
import pytest
import torch
from PySide6.QtCore import QPoint
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtWidgets import QApplication, QMenu

from playground.core.lab.page import TOPICS, LabPage, read_page, topic_of, write_page
from playground.core.lab.topics import Slopes
from playground.core.messages import Picture
from playground.engine.lab.sliders import windowed
from playground.session.history import numbers
from playground.session.own_kernels import Own
from playground.window.main_window import MainWindow
from playground.window.panels.convolution import ConvolutionPanel
from tests.window.convolution.bench import SlidingBench
from tests.window.convolution.hands import paint
from tests.window.frame import array, lenet_report, show_report
from tests.window.panels.feed import feed, settle

# what the plug-in without a screen says of a menu
pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints", r"raise\(\)", "grabbing the keyboard", extend=True)


@pytest.fixture
def window(told, qtbot) -> MainWindow:
    made = MainWindow(told)
    qtbot.addWidget(made, before_close_func=lambda one: one.session.document.undo_stack.setIndex(0))
    made.show()
    QApplication.processEvents()
    return made


def test_every_panel_names_topics_that_there_are(window):
    for specs in window.rooms._specs.values():
        for spec in specs:
            assert set(spec.lab) <= set(TOPICS), spec.name


def test_a_menu_on_a_panel_leads_to_the_page_that_explains_it(window, told):
    dock = next(one for one in window.rooms.area("training").docks if one.spec.name == "slopes")
    reason = QContextMenuEvent.Reason.Keyboard
    QApplication.sendEvent(dock.panel, QContextMenuEvent(reason, QPoint(5, 5), dock.panel.mapToGlobal(QPoint(5, 5))))
    menu = next(one for one in dock.findChildren(QMenu) if one.isVisible())
    menu.actions()[0].trigger()
    menu.close()
    QApplication.processEvents()
    assert window.rooms.name == "lab"
    assert (told.lab.page.topic, told.lab.is_running) == ("slopes", True)


def test_a_layer_leads_to_the_page_of_its_own(window, told):
    commands, network = window.list_panel.commands, told.document.project.network
    activation = next(number for number, layer in enumerate(network) if layer.layer in ("ReLU", "Tanh", "Sigmoid"))
    flatten = next(number for number, layer in enumerate(network) if layer.layer == "Flatten")
    told.document.select([(flatten,)])
    assert not commands.explain.isEnabled()
    told.document.select([(activation,)])
    commands.explain.trigger()
    QApplication.processEvents()
    assert window.rooms.name == "lab"
    assert isinstance(told.lab.page.state, Slopes)


@pytest.mark.parametrize(("channels", "sample"), [(1, "digits:0"), (3, "photo:flower")])
def test_a_convolution_takes_its_own_kernels_along(window, told, monkeypatch, channels, sample):
    conv = torch.nn.Conv2d(channels, 4, 3)
    arrays = {"weight": array(conv.weight.detach()), "bias": array(conv.bias.detach())}
    monkeypatch.setattr(told.training, "picture", lambda watch: Picture(watch, 0, arrays, {}))
    monkeypatch.setattr(told.lab.own, "convolutions", lambda: [Own((0,), "1 Conv2d", 4, channels)])
    told.document.select([(0,)])
    window.list_panel.commands.explain.trigger()
    settle()
    assert window.rooms.name == "lab"
    state, view = told.lab.page.state, window.rooms.area("lab").docks[0].panel.view
    assert state.sample == sample
    np.testing.assert_allclose(numbers(view.answer.slid.weight), conv.weight[0].detach().numpy(), rtol=1e-6)
    assert view.head.kernels.currentText() == "Mine: 1 Conv2d"
    with torch.no_grad():
        picture = torch.tensor(numbers(view.answer.asked.input))[None]
        expected = torch.nn.functional.conv2d(picture, conv.weight[:1], conv.bias[:1])[0, 0].numpy()
    shown = numbers(view.answer.slid.maps[0])
    np.testing.assert_allclose(shown, expected, rtol=1e-4, atol=1e-5)


def test_a_convolution_with_more_channels_than_any_picture_is_explained_with_its_arguments(window, told, monkeypatch):
    monkeypatch.setattr(told.lab.own, "convolutions", lambda: [Own((3,), "4 Conv2d", 16, 6)])
    told.document.select([(3,)])
    window.list_panel.commands.explain.trigger()
    settle()
    assert told.lab.page.state.layers[0].kernel == ()


def test_what_slides_in_the_room_of_convolutions_goes_to_the_lab_with_equal_numbers(session, qtbot):
    show_report(session, lenet_report(session.document.project))
    bench = SlidingBench(session)
    panel = ConvolutionPanel(session)
    qtbot.addWidget(panel)
    panel.header_widgets()
    panel.resize(1000, 800)
    panel.show()
    settle()
    feed(session, 200)
    panel.lab.click()
    page = session.lab.page
    assert topic_of(page.state) == "convolution"
    assert read_page(write_page(page), "page") == LabPage(page.state)
    here, there = bench.asked[-1], windowed(page.state)
    np.testing.assert_allclose(numbers(there.asked.input), numbers(here.input), rtol=1e-6)
    np.testing.assert_allclose(numbers(there.slid.weight), numbers(here.stages[0].weight), rtol=1e-6)
    paint(panel.room)
    panel.lab.click()
    assert session.lab.page.state.layers[0].kernel[0][1][1] == 8
