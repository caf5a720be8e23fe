"""What an edit paints anew of the layer list."""

import pytest
from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QPaintEvent, QRegion
from PySide6.QtWidgets import QApplication, QWidget

from playground.core.edit import RenameLayer, SetArgument
from playground.core.network import Path
from playground.window.layer_list.panel import LayerListPanel
from playground.window.theme import theme

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints", extend=True)


def height(panel: LayerListPanel, path: Path) -> int:
    QApplication.processEvents()
    return panel.view.visualRect(panel.view.layers.index_of(path)).height()


def test_a_row_keeps_its_height_while_its_edit_is_checked(panel, session):
    before = height(panel, (0,)), panel.view.viewport().width()
    assert before[0] > theme().size("row")  # it has a strip
    session.document.apply(SetArgument((0,), "kernel_size", 4))
    assert panel.view.layers.row((0,)) is None
    assert (height(panel, (0,)), panel.view.viewport().width()) == before


class Painted(QObject):
    """What is painted of a widget."""

    def __init__(self, widget: QWidget) -> None:
        super().__init__(widget)
        self.region = QRegion()
        widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QPaintEvent):
            self.region += event.region()
        return False


def test_an_edit_paints_only_the_rows_that_say_something_else(panel, session):
    rects = {path: panel.view.visualRect(panel.view.layers.index_of(path)) for path in panel.view.layers.paths[:8]}
    painted = Painted(panel.view.viewport())
    session.document.apply(SetArgument((2,), "kernel_size", 3), RenameLayer((4,), "bend"))
    QApplication.processEvents()
    assert painted.region.intersects(rects[2,])
    assert painted.region.intersects(rects[4,])
    assert [path for path, rect in rects.items() if painted.region.contains(rect.center())] == [(2,), (4,)]
