"""The room of the lab in the window: ways into it, what runs there, Undo and Save."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication

from playground.core.edit import SetArgument
from playground.core.lab.page import TOPICS, LabPage, default_page
from playground.core.lab.topics import Autograd, Descent, Neuron, Tensors
from playground.core.messages import AskLab
from playground.disk import lab_pages
from playground.window.command_finder import commands_of
from playground.window.lab.views import VIEWS
from playground.window.main_window import MainWindow
from tests.window.panels.feed import settle

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints", "This plugin does not support", "Mouse event", extend=True)


@pytest.fixture
def window(told, qtbot) -> MainWindow:
    made = MainWindow(told)
    qtbot.addWidget(made, before_close_func=lambda one: one.session.document.undo_stack.setIndex(0))
    made.show()
    settle()
    return made


@pytest.fixture
def asked(told) -> list:
    """Questions about the lab."""
    found, ask = [], told.client.ask

    def listen(make, then) -> None:
        question = make(1)
        if isinstance(question, AskLab):
            found.append(question.ask)
        ask(make, then)

    told.client.ask = listen
    return found


def room_of(window):
    return window.rooms.area("lab").docks[0].panel


def test_entering_the_lab_folds_the_list_and_runs_nothing(window, asked, qtbot):
    window.enter("lab")
    settle()
    assert not window.list_panel.isVisible()
    assert window.palette_panel.folded
    assert asked == []
    assert room_of(window).strip.isVisible()
    qtbot.keyClick(room_of(window), Qt.Key.Key_Return)
    assert asked
    assert not room_of(window).strip.isVisible()
    window.enter("training")
    settle()
    assert window.list_panel.isVisible()


def test_undo_is_that_of_what_is_seen(window):
    window.open_lab("tensors")
    window.session.lab.change(Tensors(lines=("a = 5",)), "type lines")
    assert window.session.undoing.canUndo()
    window.actions_.undo.trigger()
    assert window.session.lab.page == default_page("tensors")
    window.actions_.redo.trigger()
    assert window.session.lab.page.state.lines == ("a = 5",)
    window.enter("training")
    assert not window.session.undoing.canUndo()


def test_undo_on_the_canvas_of_a_convolution_is_that_of_the_page(window, qtbot):
    window.open_lab("convolution")
    view, lab = room_of(window).view, window.session.lab
    view.head.sample_chosen.emit("drawing")
    settle()
    canvas = view.page.canvas.canvas
    canvas.setFocus()
    window.activateWindow()
    for key in (Qt.Key.Key_Space, Qt.Key.Key_Right, Qt.Key.Key_Space):
        qtbot.keyClick(canvas, key)
    view.head.kernel_chosen.emit("blur")
    assert (len(lab.page.state.strokes), view.head.kernels.currentData()) == (1, "blur")
    for strokes, kernel in ((1, "edges"), (0, "edges")):
        qtbot.keyClick(window.windowHandle(), Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
        settle()
        assert (len(lab.page.state.strokes), view.head.kernels.currentData()) == (strokes, kernel)
    assert view.drawing.is_empty


def test_save_saves_the_page_where_the_lab_is_seen(window, tmp_path, qtbot):
    file = tmp_path / "mine.playground-lab"
    lab_pages.save(LabPage(Tensors(lines=("a = 5",))), file)
    window.open_lab()
    with qtbot.waitSignal(window.session.lab.page_changed, timeout=10_000):
        window.session.lab.open_later(file)
    window.session.lab.change(Tensors(lines=("a = 6",)), "type lines")
    assert room_of(window).subtitle == "mine, edited"
    with qtbot.waitSignal(window.session.lab.saved, timeout=10_000):
        window.actions_.save.trigger()
    assert lab_pages.read_file(file).state.lines == ("a = 6",)
    assert room_of(window).subtitle == "mine"


def test_every_topic_and_order_is_found_as_a_command(window):
    texts = {one.text for one in commands_of(window.actions_.menu) if one.group == "Lab"}
    assert {"Show the lab", "New page", "Open a page …", "Save the page as …"} <= texts
    assert {TOPICS[topic] for topic in VIEWS} <= texts


def test_the_welcome_page_leads_into_the_lab(window, qtbot):
    window.front.open()
    settle()
    qtbot.mouseClick(window.front.page.lab, Qt.MouseButton.LeftButton)
    settle()
    assert window.rooms.name == "lab"
    assert not window.front.is_open


def test_the_row_of_topics_offers_what_has_a_view(window, qtbot):
    window.open_lab()
    room = room_of(window)
    for topic in VIEWS:
        qtbot.mouseClick(room.topics.button(topic), Qt.MouseButton.LeftButton)
        assert window.session.lab.page.topic == topic
        assert room.view.isVisible()


@pytest.mark.parametrize("topic", [one for one in VIEWS if one not in ("tensors", "autograd")])  # asks by its own rule
def test_a_view_that_is_left_asks_nothing_of_another_topics_page(window, asked, topic):
    """A timer of its own may still run, and what it would ask the workbench would be about a page of another kind."""
    window.open_lab(topic)
    window.session.lab.run()
    settle()
    left = room_of(window).views[topic]
    asked.clear()
    left.ask_all()
    assert asked or not left.questions(window.session.lab.page.state)  # it may wait for an earlier answer
    window.open_lab("tensors")
    window.session.lab.run()
    settle()
    asked.clear()
    left.ask_all()
    assert asked == []


PAGES = [Neuron(section="line"), Descent(surface="regression"), Autograd(source="network")]


@pytest.mark.parametrize("state", PAGES, ids=lambda one: type(one).__name__)
def test_a_page_with_samples_or_a_network_is_copied_as_a_program_of_its_own(state, window, told, qtbot):
    window.enter("lab")
    told.lab.begin(LabPage(state), "test", run=True)
    settle()
    room = room_of(window)
    assert room.copy.isVisible()
    qtbot.mouseClick(room.copy, Qt.MouseButton.LeftButton)
    text = QGuiApplication.clipboard().text()
    assert "SEED = " in text
    assert "playground" not in text
    assert ".backward(" in text or "autograd.grad(" in text
    room.copy._rest.stop()


def test_why_a_page_cannot_be_copied_is_told_and_the_clipboard_stays(window, told, qtbot):
    told.document.apply(SetArgument((0,), "kernel_size", 99), text="test")
    window.enter("lab")
    told.lab.begin(LabPage(Autograd(source="network")), "test", run=True)
    settle()
    faults = []
    told.lab.failed.connect(faults.append)
    QGuiApplication.clipboard().setText("mine")
    with qtbot.waitSignal(told.lab.failed):
        qtbot.mouseClick(room_of(window).copy, Qt.MouseButton.LeftButton)
    assert "Mend this row" in faults[0].fix
    assert QGuiApplication.clipboard().text() == "mine"
