"""Autograd: the classic walked by keyboard with its chain, what adds up, what is cut off, and the project's network."""

import msgspec
import pytest
import torch
from PySide6.QtCore import QPoint, QRectF, Qt
from PySide6.QtTest import QTest

from playground.core.edit import RemoveLayers, SetArgument
from playground.core.lab.graph_examples import EXAMPLES
from playground.core.lab.topics import Autograd
from playground.session.history import numbers
from playground.window.lab.autograd import words
from playground.window.lab.autograd.head import SOURCES
from playground.window.lab.views.autograd import MOST_AT_ONCE
from playground.window.theme import theme
from tests.window.lab.opened import opened
from tests.window.panels.feed import settle

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints", "This plugin does not support", extend=True)
Key = Qt.Key


@pytest.fixture
def view(session, qtbot):
    return opened(session, qtbot, "autograd")


def take(view, *lines: str, **fields) -> None:
    view.change(Autograd(lines, **fields), "test")
    settle()


def example(view, title: str) -> None:
    view.head.example_chosen.emit(next(one for one in EXAMPLES if title in one.title))
    settle()


def press(view, *keys: Qt.Key) -> None:
    for key in keys:
        QTest.keyClick(view.canvas, key)


def label(view) -> str:
    node = view.graph.nodes[view.chosen]
    return node.label or node.name


def test_the_classic_is_walked_by_keyboard_and_ends_with_its_chain(view):
    assert view.state_line.text() == "backward(): 0 of 5 nodes"
    press(view, Key.Key_Return)
    assert (view.position, label(view)) == (1, "out")
    assert view.card.text() == "to z: came in 1 × local 0.25 0.25; 0.25 0.25 = goes out 0.25 0.25; 0.25 0.25"
    press(view, Key.Key_Space, Key.Key_Return)
    assert label(view) == "PowBackward0"
    assert view.card.text().startswith("to y: came in 0.75 0.75; 0.75 0.75 × local 6 6; 6 6 = goes out 4.5 4.5")
    assert "n·xⁿ⁻¹" in view.card.sentence.text()
    press(view, Key.Key_End)
    assert (view.position, label(view)) == (5, "x")
    assert view.strip.text().startswith(
        "d out / d x = 1 (out) × 0.25 (z.mean()) × 3 (3 * y**2) × 6 (y**2) × 1 (x + 2) = 4.5"
    )
    assert "0.25 × 18 × 1 = 4.5" in view.strip.text()
    assert view.strip.text().endswith("x.grad = 4.5 at every entry")
    assert "added to x.grad: came in 4.5 4.5; 4.5 4.5" in view.card.text()
    assert view.grads.table.texts() == [["x", "all 4.5"]]
    assert "it is the slope now" in view.grads.sentence.text()
    press(view, Key.Key_Backspace)
    assert (view.position, label(view)) == (4, "y")
    assert view.grads.table.texts() == [["x", "None"]]  # as PyTorch has it until backward() comes there
    assert "has not come to x yet" in view.grads.sentence.text()
    press(view, Key.Key_Home)
    assert view.position == 0
    assert view.lab.page.state.position == 0


def test_a_walk_is_no_step_of_undo_and_asks_nothing(view):
    asked, count = [], view.lab.undo_stack.count()
    ask = view.lab._client.ask
    view.lab._client.ask = lambda make, then: (asked.append(make(1)), ask(make, then))
    for _step in range(5):
        view.head.walk.step.click()
    assert view.lab.page.state.position == 5
    assert view.lab.undo_stack.count() == count
    assert asked == []
    view.head.walk.reset.click()
    assert view.position == 0
    assert not view.head.walk.reset.isEnabled()


def test_arrows_move_along_the_edges(view):
    take(view, "x = torch.tensor(2., requires_grad=True)", "y = x * x", "z = torch.sin(x)", "out = y + z")
    assert label(view) == "out"
    press(view, Key.Key_Left)
    first = label(view)
    assert first in ("y", "z")
    press(view, Key.Key_Down if label(view) == "y" and view.canvas._beside(Key.Key_Down) is not None else Key.Key_Up)
    assert {first, label(view)} == {"y", "z"}
    press(view, Key.Key_Left)
    assert label(view) == "x"
    assert "backward() begins at the output" in view.strip.text()
    assert "not reached yet" in view.canvas.accessibleName()
    press(view, Key.Key_Right, Key.Key_Right)
    assert label(view) == "out"
    press(view, Key.Key_Return, Key.Key_Left, Key.Key_Left)
    assert "backward() has not reached this node yet" in view.strip.text()


def test_the_row_of_grad_stays_where_it_is_while_one_walks(view):
    def place():
        settle()
        return view.grads.zero.mapTo(view, QPoint(0, 0))

    first = place()
    for position in range(view.count + 1):
        view.go_to(position)
        assert place() == first, position


@pytest.mark.parametrize("size", [(1064, 740), (735, 540)])
def test_a_short_chain_is_seen_whole_beside_a_lesson(view, size):
    view.resize(*size)
    settle()
    canvas = view.canvas
    assert canvas.scale >= 0.6
    for position in range(view.count + 1):
        view.go_to(position)
        for number in range(view.count):
            assert QRectF(canvas.rect()).contains(canvas.seen(canvas.rect_of(number))), (position, number)


def test_the_walk_is_played(view, qtbot):
    view.head.walk.play.click()
    qtbot.waitUntil(lambda: view.position == 5, timeout=10_000)
    assert not view.head.walk.is_playing


def test_forgotten_zero_grad_adds_up_and_says_so(view):
    example(view, "forgotten")
    assert view.grads.table.texts() == [["x", "all 4.5", "all 9", "all 13.5"]]
    assert "after 3 rounds .grad is 3 times the slope (x: all 4.5, all 9, all 13.5)" in view.grads.sentence.text()
    view.grads.zero.click()
    settle()
    assert view.grads.table.texts() == [["x", "all 4.5", "all 4.5", "all 4.5"]]
    assert "every round leaves one slope" in view.grads.sentence.text()
    view.grads.rounds_chosen.emit(10)
    settle()
    assert view.lab.page.state.rounds == 10
    assert [view.grads.table.horizontalHeaderItem(place).text() for place in range(5)][-1] == "round 10"
    view.lab.undo_stack.undo()
    view.lab.undo_stack.undo()
    settle()
    assert view.lab.page.state.zero_grad is False


@pytest.mark.parametrize(
    ("title", "outside", "slopes"),
    [("detach", "d", [15.0]), ("no_grad", "c", [10.0, 20.0])],
)
def test_what_is_cut_off_is_named(view, title, outside, slopes):
    example(view, title)
    assert view.outside.text().startswith(f"Outside of the graph: {outside}.")
    assert numbers(view.graph.grads[0].rounds[0]).reshape(-1).tolist() == slopes


@pytest.mark.parametrize("example_", EXAMPLES, ids=lambda one: one.title)
def test_every_example_is_as_plain_pytorch_has_it(view, example_):
    view.head.example_chosen.emit(example_)
    settle()
    assert not view.fault.text()
    assert not view.editor.faults
    names = {"torch": torch, "F": torch.nn.functional}
    for line in example_.state.lines:
        exec(line, names)
    names[example_.state.output].backward()
    for leaf in view.graph.grads:
        torch.testing.assert_close(torch.tensor(numbers(leaf.rounds[0]).copy()), names[leaf.label].grad)
    assert {leaf.label for leaf in view.graph.grads} == {
        name for name, one in names.items() if isinstance(one, torch.Tensor) and one.is_leaf and one.requires_grad
    }
    press(view, Key.Key_End)
    assert view.position == view.count
    view.grab()


def test_a_line_that_is_refused_is_underlined_and_the_graph_comes_back(view):
    before = view.lab.page.state
    take(view, "x = torch.ones(2, 2, requires_grad=True)", "out = (x @ torch.ones(3, 3)).sum()")
    assert list(view.editor.faults) == [2]
    assert "cannot be multiplied" in view.help.text()
    assert view.fault.text() == ""
    take(view, *before.lines, output="lost")
    assert "there is no tensor lost" in view.fault.text()
    view.head.output.setText("out")
    view.head.output.editingFinished.emit()
    settle()
    assert view.fault.text() == ""
    assert view.count == 5


def test_lines_that_are_typed_make_another_graph(view, qtbot):
    press(view, Key.Key_End)
    view.editor.setFocus()
    view.editor.go_to(4)
    qtbot.keyClick(view.editor, Key.Key_Return)
    qtbot.keyClicks(view.editor, "out = 2 * out")
    qtbot.keyClick(view.editor, Key.Key_Escape)
    qtbot.keyClick(view.editor, Key.Key_Return)
    settle()
    assert view.count == 6
    assert view.position == 0
    assert numbers(view.graph.grads[0].rounds[0]).tolist() == [[9.0, 9.0], [9.0, 9.0]]


def test_the_network_is_folded_by_layer_and_opened(view, qtbot):
    qtbot.mouseClick(view.head.source.button("network"), Qt.MouseButton.LeftButton)
    settle()
    assert view.lab.page.state.source == "network"
    assert "8 samples of the first batch" in view.about.text()
    assert not view.editor.isVisible()
    assert view.graph.nodes[0].label == "loss"
    assert "conv1" in {node.label for node in view.graph.nodes}
    assert "conv1.weight" in {leaf.label for leaf in view.graph.grads}
    number = next(node.number for node in view.graph.nodes if node.label == "conv2")
    view.choose(number)
    assert "One node for the layer; in it: ConvolutionBackward0" in view.card.sentence.text()
    assert view.card.fold.text() == "Open the layer"
    before = view.count
    view.choose(0)
    flatten = next(node.number for node in view.graph.nodes if node.label == "linear1")
    view.choose(flatten)
    press(view, Key.Key_O)
    settle()
    assert view.count > before or view.lab.page.state.opened
    press(view, Key.Key_End)
    assert view.position == view.count
    view.lab.undo_stack.undo()
    settle()
    assert view.count == before
    qtbot.mouseClick(view.head.source.button("lines"), Qt.MouseButton.LeftButton)
    settle()
    assert view.count == 5
    assert set(SOURCES) == {"lines", "network"}


def test_the_network_follows_the_project(view, session):
    view.head.source_chosen.emit("network")
    settle()
    assert "relu4" in {node.label for node in view.graph.nodes}
    session.document.apply(RemoveLayers(((10,),)))
    settle()
    assert "relu4" not in {node.label for node in view.graph.nodes}
    session.document.apply(SetArgument((10,), "in_features", 7))
    settle()
    assert "Layer 11, Linear" in view.fault.text()  # what does not fit is told, and not drawn
    session.document.undo_stack.setIndex(0)
    settle()
    assert "relu4" in {node.label for node in view.graph.nodes}
    assert view.fault.text() == ""


def test_nodes_are_told_apart_without_colour(view):
    """A leaf says that it is one, and what is reached has the number of its step."""
    press(view, Key.Key_End)
    leaf = view.graph.nodes[4]
    assert words.kind(leaf) == "leaf · AccumulateGrad"
    assert "step 5 of backward()" in words.spoken(leaf, view.graph, 5)
    assert "step 5" in view.canvas.accessibleName()


@pytest.mark.parametrize("name", ["light", "dark"])
def test_it_is_drawn_in_both_themes_and_small(view, name):
    theme().set(name)
    press(view, Key.Key_End)
    view.resize(960, 520)
    settle()
    picture = view.canvas.grab().toImage()
    assert (
        len(
            {
                picture.pixelColor(x, y).name()
                for x in range(0, picture.width(), 3)
                for y in range(0, picture.height(), 3)
            }
        )
        > 6
    )
    rect = view.canvas.seen(view.canvas.rect_of(view.chosen))
    assert view.canvas.rect().contains(rect.toRect())


def test_a_large_graph_is_laid_out_beside_the_window(view, qtbot):
    lines = [f"t{n} = t{n - 1} * 1.01 + t{max(n - 5, 0)}" for n in range(1, 90)]
    take(view, "t0 = torch.tensor(1., requires_grad=True)", *lines, "out = t89 * 2")
    qtbot.waitUntil(lambda: view.count > MOST_AT_ONCE, timeout=10_000)
    assert len(view.canvas.drawing.rects) == view.count == 180
    press(view, Key.Key_End)
    assert view.strip.text().startswith("d out / d t0 = ")
    view.canvas.fit_all()
    whole = view.canvas.seen(view.canvas.rect_of(0)).united(view.canvas.seen(view.canvas.rect_of(view.count - 1)))
    assert view.canvas.rect().contains(whole.toAlignedRect())


def test_the_graph_is_moved_and_zoomed(view, qtbot):
    canvas = view.canvas
    before, offset = canvas.scale, canvas.offset
    QTest.keyClicks(canvas, "+")
    assert canvas.scale > before
    QTest.keyClicks(canvas, "--")
    assert canvas.scale < before
    QTest.keyClicks(canvas, "0")
    assert canvas.scale == pytest.approx(before)
    assert canvas.offset == offset
    number = 3
    qtbot.mouseClick(canvas, Qt.MouseButton.LeftButton, pos=canvas.seen(canvas.rect_of(number)).center().toPoint())
    assert view.chosen == number


def test_the_page_as_code_prints_the_same(view, capsys):
    view.change(msgspec.structs.replace(view.lab.page.state, rounds=2, zero_grad=False), "test")
    exec(compile(view.code(), "page", "exec"), {"__name__": "page"})
    assert capsys.readouterr().out.splitlines() == [
        "1 x.grad [[4.5, 4.5], [4.5, 4.5]]",
        "2 x.grad [[9.0, 9.0], [9.0, 9.0]]",
    ]
