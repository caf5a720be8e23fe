"""Ways into the lab from what a person looks at: a panel, a layer, what slides in the room of convolutions."""

import numpy as np
import pytest
from PySide6.QtCore import QPoint
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtWidgets import QApplication, QMenu

from playground.core.lab.page import TOPICS, LabPage, read_page, topic_of, write_page
from playground.core.lab.topics import Slopes
from playground.engine.lab.sliders import windowed
from playground.session.history import numbers
from playground.window.main_window import MainWindow
from playground.window.panels.convolution import ConvolutionPanel
from tests.window.convolution.bench import SlidingBench
from tests.window.convolution.hands import paint
from tests.window.frame import lenet_report, show_report
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
