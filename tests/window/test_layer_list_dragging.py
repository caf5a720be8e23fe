"""Layers dragged over the list: edges that scroll, blocks that open, what is marked."""

import pytest
from PySide6.QtCore import QEvent, QMimeData, QObject, QPoint, Qt
from PySide6.QtGui import QColor, QDragMoveEvent, QRegion
from PySide6.QtWidgets import QApplication

from playground.core.edit import InsertLayers
from playground.core.layer import Layer
from playground.core.project import Project
from playground.window.layer_list import clipboard
from playground.window.layer_list.panel import LayerListPanel
from playground.window.theme import theme
from tests.window.frame import relu

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints", extend=True)

ROWS = 60


@pytest.fixture
def panel(session, qtbot) -> LayerListPanel:
    made = LayerListPanel(session)
    qtbot.addWidget(made)
    session.document.new(Project(network=tuple(relu() for _ in range(ROWS))), "long")
    made.resize(380, 500)
    made.show()
    QApplication.processEvents()
    yield made
    made.view.dragging.end()


@pytest.fixture
def layers() -> QMimeData:
    return clipboard.mime_of([Layer("Dropout")])


def hold(panel: LayerListPanel, mime: QMimeData, y: int, x: int = 150) -> None:
    """The pointer, with layers, at a height of the list."""
    actions, button = Qt.DropAction.CopyAction | Qt.DropAction.MoveAction, Qt.MouseButton.LeftButton
    event = QDragMoveEvent(QPoint(x, y), actions, mime, button, Qt.KeyboardModifier.NoModifier)
    panel.view.dragMoveEvent(event)


def test_held_at_an_edge_the_list_scrolls_to_its_end_and_the_mark_follows(panel, layers, qtbot):
    bar = panel.view.verticalScrollBar()
    hold(panel, layers, panel.view.viewport().height() - 3)
    first = panel.view.dragging.target.path
    qtbot.waitUntil(lambda: bar.value() == bar.maximum(), timeout=10_000)
    assert panel.view.dragging.target.path == (ROWS,) != first
    hold(panel, layers, 2)
    qtbot.waitUntil(lambda: bar.value() == 0, timeout=10_000)
    assert panel.view.dragging.target.path == (0,)


def test_nearer_to_the_edge_it_scrolls_faster_and_in_the_middle_not_at_all(panel, layers):
    high = panel.view.viewport().height()
    speeds = []
    for y in (high // 2, high - 30, high - 15, high - 1):
        hold(panel, layers, y)
        speeds.append(panel.view.dragging._speed())
    assert speeds[0] == 0
    assert speeds[1:] == sorted(set(speeds[1:]))


def test_a_drag_that_leaves_scrolls_no_further_and_marks_nothing(panel, layers):
    hold(panel, layers, panel.view.viewport().height() - 2)
    panel.view.dragging.end()
    assert panel.view.dragging.target is None
    assert not panel.view.dragging._scrolling.isActive()


def test_a_folded_block_opens_when_layers_are_held_over_it(panel, session, layers, qtbot):
    session.document.apply(InsertLayers((0,), (Layer("Residual", {}, (relu(), relu())),)))
    index = panel.view.layers.index_of((0,))
    panel.view.setExpanded(index, False)
    QApplication.processEvents()
    hold(panel, layers, panel.view.visualRect(index).center().y())
    assert panel.view.dragging.target.inside == (0,)
    qtbot.waitUntil(lambda: panel.view.isExpanded(index), timeout=5_000)


def test_the_block_that_takes_the_layers_is_tinted_with_all_that_is_in_it(panel, session, layers):
    session.document.apply(InsertLayers((0,), (Layer("Parallel", {}, (relu(), relu())),)))
    session.document.select(())
    panel.view.clearFocus()
    QApplication.processEvents()
    view = panel.view
    inner = view.visualRect(view.layers.index_of((0, 1)))
    hold(panel, layers, inner.top() + 2)
    assert view.dragging.target.path == (0, 1)
    shot = view.viewport().grab().toImage()
    tint, plain = (QColor(theme().color(name)) for name in ("accent_tint", "surface"))
    x = view.viewport().width() - 4
    assert [shot.pixelColor(x, view.visualRect(view.layers.index_of(path)).center().y()) for path in
            ((0,), (0, 0), (0, 1), (1,))] == [tint, tint, tint, plain]  # fmt: skip


class Watcher(QObject):
    """What of a widget is painted anew."""

    def __init__(self) -> None:
        super().__init__()
        self.regions: list[QRegion] = []

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Paint:
            self.regions.append(QRegion(event.region()))
        return False


def test_only_what_the_mark_covered_and_covers_is_painted_anew(panel, layers, qtbot):
    hold(panel, layers, 200)
    QApplication.processEvents()
    watcher = Watcher()
    panel.view.viewport().installEventFilter(watcher)
    hold(panel, layers, 230)
    qtbot.waitUntil(lambda: bool(watcher.regions))
    assert sum(rect.height() for rect in watcher.regions[0]) < 60
