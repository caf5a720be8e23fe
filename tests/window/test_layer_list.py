"""The layer list: rows, errors and their fixes, drops, keyboard, clipboard, live pictures."""

from collections.abc import Callable

import numpy as np
import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QDragMoveEvent, QDropEvent, QGuiApplication
from PySide6.QtWidgets import QApplication

from playground.core import network as tree
from playground.core.edit import InsertLayers, SetArgument
from playground.core.layer import Layer
from playground.core.problem import Problem
from playground.core.project import Project
from playground.core.report import Report, Row
from playground.window.layer_list import clipboard, drops
from playground.window.layer_list.panel import LayerListPanel
from playground.window.layer_list.rows import footer_parts, input_text, row_text, spoken
from playground.window.theme import theme
from tests.window.frame import lenet_report, names, relu, rows_picture, show_report

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints", extend=True)


def texts(panel: LayerListPanel) -> dict:
    model = panel.view.layers
    return {path: model.text(path) for path in model.paths}


def height(panel: LayerListPanel, path: tree.Path | None) -> int:
    QApplication.processEvents()
    return panel.view.visualRect(panel.view.layers.index_of(path)).height()


# Rows as text --------------------------------------------------------------------------------------------------------


def test_rows_say_what_the_check_says(panel):
    fourth = texts(panel)[(3,)]
    assert (fourth.index, fourth.name, fourth.brief) == ("4", "Conv2d", "6→16, k3")
    assert (fourth.shape, fourth.params, fourth.maps) == ("16×13×13", "880", 16)
    assert texts(panel)[(7,)].params == "69,240"
    assert texts(panel)[(1,)].params == ""


def test_one_layer_in_several_places_keeps_the_row_of_each_until_an_edit_is_checked(panel, session):
    lenet, bend = session.document.project, relu()
    network = tuple(bend if layer.layer == "ReLU" else layer for layer in lenet.network)
    session.document.new(Project(lenet.data, network, lenet.recipe), "shared")
    show_report(session, lenet_report(session.document.project))
    before = texts(panel)
    session.document.apply(SetArgument((0,), "out_channels", 7))
    assert {path: text.shape for path, text in texts(panel).items() if path != (0,)} == {
        path: text.shape for path, text in before.items() if path != (0,)
    }


def test_a_row_is_spoken_in_words(panel):
    index = panel.view.layers.index_of((3,))
    said = index.data(Qt.ItemDataRole.AccessibleTextRole)
    assert said == "4, Conv2d, 6 to 16, kernel 3, output 16 by 13 by 13, 880 parameters"


def test_an_unknown_layer_says_so():
    layer = Layer("Mystery", {"depth": 3})
    text = row_text(layer, 2, None, False)
    assert text.unknown
    assert text.icon == "unknown"
    assert "unknown layer" in text.note
    assert "unknown layer" in spoken(text, layer, None)


def test_a_pinned_argument_shows_before_the_check_has_answered():
    assert row_text(Layer("Conv2d", {"out_channels": 8, "kernel_size": [3, 5]}), 1, None, False).brief == "?→8, k3×5"


def test_the_input_row_names_data_batch_and_range(session):
    assert input_text(session.document.project) == ("Input", "Digits · batch 8 · mean 0, deviation 1")


def test_the_totals_have_their_units():
    assert footer_parts(81194, 324776, 270_000, None) == [
        ("81,194", "parameters"), ("0.31", "MiB"), ("0.27", "M multiply-adds"),
    ]  # fmt: skip
    assert footer_parts(82730, 0, 0, 8)[1] == ("", "shape unknown from row 8")


# Rows on the screen --------------------------------------------------------------------------------------------------


def test_rows_have_the_heights_of_the_mock_ups(panel):
    assert [height(panel, path) for path in (None, (0,), (1,), (3,), (7,))] == [52, 72, 28, 96, 28]


def test_rows_do_not_move_when_pictures_come(panel, session, monkeypatch):
    before = [height(panel, path) for path in panel.view.layers.paths]
    rng = np.random.default_rng(0)
    picture = rows_picture(
        7, _0=rng.normal(size=(6, 30, 30)), _3=rng.normal(size=(16, 13, 13)), input=np.zeros((1, 32, 32))
    )
    monkeypatch.setattr(session.training, "picture", lambda _watch: picture)
    session.training.pictures_changed.emit()
    assert [height(panel, path) for path in panel.view.layers.paths] == before


def test_the_strip_of_a_row_shows_the_maps(panel, session, monkeypatch):
    maps = np.zeros((6, 30, 30))
    maps[:, 15:] = 1  # the upper half of every map is its minimum, the lower half its maximum
    monkeypatch.setattr(session.training, "picture", lambda _watch: rows_picture(1, _0=maps))
    session.training.pictures_changed.emit()
    shot = panel.view.viewport().grab().toImage()
    row = panel.view.visualRect(panel.view.layers.index_of((0,)))
    low, high = (QColor(*theme().lut("viridis")[level]) for level in (0, 255))
    for number in range(6):
        x = 36 + number * 40 + 18
        assert shot.pixelColor(x, row.top() + 32 + 8) == low
        assert shot.pixelColor(x, row.top() + 32 + 28) == high


def test_a_picture_of_the_network_before_an_edit_is_not_shown_for_the_edited_row(panel, session, monkeypatch):
    picture = rows_picture(1, _0=np.ones((6, 30, 30)), _3=np.ones((16, 13, 13)))
    monkeypatch.setattr(session.training, "picture", lambda _watch: picture)
    session.training.pictures_changed.emit()
    live = panel.view._live
    assert live.strip((3,), 1.0) is not None
    monkeypatch.setattr(session.training, "picture", lambda _watch: None)
    session.document.apply(SetArgument((3,), "kernel_size", 5))
    session.training.pictures_changed.emit()
    assert live.strip((0,), 1.0) is not None
    assert live.strip((3,), 1.0) is None


def test_the_list_watches_while_it_is_shown(panel, session):
    watched = {watch.probe: watch.options for watch in session.training._pictures.watches()}
    assert watched == {"rows": {"sample": 0}, "slopes": {}}
    session.document.set_sample(5)
    assert {"sample": 5} in [watch.options for watch in session.training._pictures.watches()]
    panel.hide()
    assert session.training._pictures.watches() == ()


# Selection and keyboard ----------------------------------------------------------------------------------------------


def test_selection_is_the_documents_both_ways(panel, session):
    session.document.select(((3,), (4,)))
    assert panel.view.selected_paths() == ((3,), (4,))
    panel.view.clearSelection()
    assert session.document.selection == ()
    panel.view.setCurrentIndex(panel.view.layers.index_of((6,)))
    assert session.document.selection == ((6,),)


@pytest.mark.parametrize(
    ("key", "modifier", "expected"),
    [
        (Qt.Key.Key_Delete, Qt.KeyboardModifier.NoModifier, ["Conv2d", "MaxPool2d", "Conv2d"]),
        (Qt.Key.Key_D, Qt.KeyboardModifier.ControlModifier, ["Conv2d", "ReLU", "ReLU", "MaxPool2d"]),
        (Qt.Key.Key_Up, Qt.KeyboardModifier.AltModifier, ["ReLU", "Conv2d", "MaxPool2d"]),
        (Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier, ["Conv2d", "MaxPool2d", "ReLU"]),
    ],
)
def test_keys_delete_duplicate_and_move(panel, session, qtbot, key, modifier, expected):
    session.document.select(((1,),))
    panel.view.setFocus()
    qtbot.keyClick(panel.view, key, modifier)
    assert names(session)[: len(expected)] == expected


def test_what_is_copied_can_be_pasted_and_mailed(panel, session, qtbot):
    session.document.select(((0,), (1,)))
    panel.view.setFocus()
    panel.commands.copy.trigger()
    text = QGuiApplication.clipboard().text()
    assert '"layer": "Conv2d"' in text
    session.document.select(((11,),))
    plain = QMimeData()
    plain.setText(text)
    QGuiApplication.clipboard().setMimeData(plain)
    panel.commands.paste.trigger()
    assert names(session)[-3:] == ["Linear", "Conv2d", "ReLU"]
    assert session.document.project.network[12] == session.document.project.network[0]
    assert session.document.selection == ((12,), (13,))


def test_pasting_what_are_no_layers_is_said_and_changes_nothing(panel, session, qtbot):
    QGuiApplication.clipboard().setText("hello")
    before = session.document.project
    with qtbot.waitSignal(panel.view.noticed, timeout=1_000):
        panel.commands.paste.trigger()
    assert session.document.project is before


def test_a_clipboard_that_holds_nothing_is_said_and_changes_nothing(panel, session, qtbot):
    before = session.document.project
    with qtbot.waitSignal(panel.view.noticed, timeout=1_000):
        panel.view.insert_from(None, (0,))  # as Qt gives it on some systems
    assert session.document.project is before


def test_cut_takes_the_layers_away_and_undo_brings_them_back(panel, session):
    session.document.select(((0,), (1,)))
    panel.commands.cut.trigger()
    assert names(session)[:2] == ["MaxPool2d", "Conv2d"]
    session.document.undo_stack.undo()
    assert names(session)[:2] == ["Conv2d", "ReLU"]
    assert panel.view.selected_paths() == ((0,), (1,))


# Clipboard -----------------------------------------------------------------------------------------------------------


def test_layers_survive_the_clipboard_unknown_ones_too():
    layers = (Layer("Conv2d", {"kernel_size": [3, 5]}), Layer("Sequential", {}, (relu(), Layer("Mystery", {"a": 1}))))
    assert clipboard.layers_of(clipboard.mime_of(layers)) == layers


def test_layers_are_found_in_a_mail_that_quotes_them_and_in_lines_of_a_project():
    layers = (Layer("Conv2d", {"kernel_size": [3, 5]}), Layer("Sequential", {}, (relu(),)))
    text = clipboard.text_of(layers)
    quoted = "\n".join(f"> {line}" for line in text.splitlines())
    for mail in (f"Hello,\nhere it is:\n\n{quoted}\n\nBest wishes", text.replace(" ", "\N{NO-BREAK SPACE}")):
        mime = QMimeData()
        mime.setText(mail)
        assert clipboard.has_layers(mime)
        assert clipboard.layers_of(mime) == layers
    mime = QMimeData()
    mime.setText('  {"layer": "ReLU"},\n  {"layer": "Tanh"},\n')
    assert clipboard.layers_of(mime) == (relu(), Layer("Tanh"))


def test_a_text_that_was_cut_off_is_refused_and_not_pasted_by_half():
    mime = QMimeData()
    mime.setText(clipboard.text_of([relu(), relu()])[:-20])
    with pytest.raises(Problem, match="not a whole JSON"):
        clipboard.layers_of(mime)


@pytest.mark.parametrize(
    "content", [b"", b"{", b"[]", b'{"format": "torch-playground", "version": 1, "network": []}', b"[" * 100_000]
)
def test_a_broken_clipboard_is_refused(content):
    mime = QMimeData()
    mime.setData(clipboard.MIME, content)
    with pytest.raises(Problem):
        clipboard.layers_of(mime)


# Drops ---------------------------------------------------------------------------------------------------------------


def boxes(*rows: tuple[tree.Path | None, bool, bool]) -> list[drops.RowBox]:
    return [drops.RowBox(path, 28 * number, 28, block, opened) for number, (path, block, opened) in enumerate(rows)]


FLAT = boxes((None, False, False), ((0,), False, False), ((1,), False, False))
NESTED = boxes(((0,), True, True), ((0, 0), False, False), ((0, 1), False, False), ((1,), False, False))


@pytest.mark.parametrize(
    ("rows", "y", "depth", "path"),
    [
        (FLAT, 5, 9, (0,)),  # on the Input row: before the first layer
        (FLAT, 30, 9, (0,)),
        (FLAT, 50, 9, (1,)),
        (FLAT, 60, 9, (1,)),
        (FLAT, 400, 9, (2,)),  # below all rows: at the end
        (boxes((None, False, False)), 10, 9, (0,)),
        (NESTED, 2, 9, (0,)),
        (NESTED, 14, 9, (0, 0)),  # on the block: into it
        (NESTED, 40, 9, (0, 0)),
        (NESTED, 50, 9, (0, 1)),
        (NESTED, 80, 9, (0, 2)),  # below the block's last layer, pointer to the right: still inside
        (NESTED, 80, 0, (1,)),  # pointer to the left: behind the block
        (NESTED, 86, 0, (1,)),
        (boxes(((0,), True, False)), 14, 9, (0, 0)),
    ],
)
def test_where_a_drop_goes(rows, y, depth, path):
    target = drops.target_at(y, rows, depth)
    # An empty or closed block takes layers at its start.
    assert target.path == path


def test_moving_with_the_keyboard_leaves_a_block_at_its_ends():
    network = (relu(), Layer("Sequential", {}, (relu(), Layer("Tanh"))), relu())
    assert drops.one_up([(0,)]) is None
    assert drops.one_up([(2,)]) == (1,)
    assert drops.one_up([(1, 0)]) == (1,)
    assert drops.one_down(network, [(2,)]) is None
    assert drops.one_down(network, [(0,)]) == (2,)
    assert drops.one_down(network, [(1, 1)]) == (2,)


def test_layers_go_into_the_block_above_and_out_of_it():
    network = (Layer("Residual", {}, (relu(),)), relu(), Layer("Parallel"), relu())
    assert drops.into_block(network, [(1,)]) == (0, 1)
    assert drops.into_block(network, [(3,)]) == (2, 0)
    assert drops.into_block(network, [(0,)]) is None
    assert drops.into_block(network, [(2,)]) is None  # a plain layer stands above it
    assert drops.out_of_block([(0, 0)]) == (1,)
    assert drops.out_of_block([(1,)]) is None


def dragged(panel: LayerListPanel, mime: QMimeData, place: QPoint, kind: Callable) -> None:
    """A drag over the list, or its drop, as the window system would send it."""
    actions = Qt.DropAction.CopyAction | Qt.DropAction.MoveAction
    where = QPointF(place) if kind is QDropEvent else place
    event = kind(where, actions, mime, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier)
    (panel.view.dropEvent if kind is QDropEvent else panel.view.dragMoveEvent)(event)


def test_a_layer_from_the_palette_lands_where_the_line_is_drawn(panel, session):
    mime = clipboard.mime_of([Layer("Dropout")])
    row = panel.view.visualRect(panel.view.layers.index_of((9,)))
    place = QPoint(120, row.top() + 3)
    dragged(panel, mime, place, QDragMoveEvent)
    assert panel.view.dragging.target.path == (9,)
    shot = panel.view.viewport().grab().toImage()
    assert shot.pixelColor(200, row.top()) == theme().color("accent")
    dragged(panel, mime, place, QDropEvent)
    assert names(session)[8:11] == ["ReLU", "Dropout", "Linear"]
    assert session.document.selection == ((9,),)
    assert panel.view.dragging.target is None


def test_a_drag_of_something_else_is_refused(panel, session):
    mime = QMimeData()
    mime.setText("just words")
    dragged(panel, mime, QPoint(100, 200), QDragMoveEvent)
    assert panel.view.dragging.target is None


def test_rows_of_a_block_stand_below_it_and_can_be_dropped_into(panel, session):
    block = Layer("Sequential", {}, (relu(), Layer("Tanh")))
    session.document.apply(InsertLayers((0,), (block,)))
    model = panel.view.layers
    child = model.index_of((0, 1))
    assert model.parent(child) == model.index_of((0,))
    assert panel.view.visualRect(child).left() == 20
    assert texts(panel)[(0,)].brief == "2 layers"
    row = panel.view.visualRect(child)
    dragged(panel, clipboard.mime_of([Layer("Flatten")]), QPoint(120, row.bottom() - 3), QDropEvent)
    assert [layer.layer for layer in session.document.project.network[0].children] == ["ReLU", "Tanh", "Flatten"]


def test_an_edit_keeps_what_is_known_of_the_other_rows(panel, session):
    session.document.apply(InsertLayers((0,), (relu(),)))
    rows = texts(panel)
    assert rows[(0,)].shape == ""
    assert rows[(1,)].shape == "6×30×30"
    assert rows[(8,)].params == "69,240"


def test_a_check_of_an_older_network_is_not_taken_for_this_one(panel, session):
    old = lenet_report(session.document.project)
    session.document.apply(InsertLayers((0,), (relu(),)))
    show_report(session, old)
    assert texts(panel)[(0,)].shape == ""


def test_a_long_network_is_shown_and_emptied(panel, session):
    session.document.new(Project(network=tuple(relu() for _ in range(300))), "long")
    rows = tuple(Row(index=n + 1, path=(n,), layer="ReLU", input_shape=(4,), output_shape=(4,)) for n in range(300))
    show_report(session, Report(input_shape=(4,), rows=rows))
    assert texts(panel)[(299,)].shape == "4"
    session.document.new(Project(), "empty")
    assert panel.view.layers.rowCount() == 1
