"""What an edit paints anew of the layer list."""

import numpy as np
import pytest
from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QApplication

from playground.core.edit import RenameLayer, SetArgument, SetData
from playground.core.messages import Picture, Watch
from playground.core.network import Path
from playground.window.layer_list.panel import LayerListPanel
from playground.window.theme import theme
from tests.window.frame import array
from tests.window.painted import Painted

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


def test_an_edit_paints_only_the_rows_that_say_something_else(panel, session):
    rects = {path: panel.view.visualRect(panel.view.layers.index_of(path)) for path in panel.view.layers.paths[:8]}
    painted = Painted(panel.view.viewport())
    session.document.apply(SetArgument((2,), "kernel_size", 3), RenameLayer((4,), "bend"))
    QApplication.processEvents()
    assert painted.region.intersects(rects[2,])
    assert painted.region.intersects(rects[4,])
    assert [path for path, rect in rects.items() if painted.region.contains(rect.center())] == [(2,), (4,)]


def test_another_sample_is_painted_where_only_its_picture_comes(panel, session, monkeypatch):
    """An answer about the data set before may be the last that was painted with the project as it is now."""
    rows = Watch("rows", {"sample": session.document.sample})
    place = QPoint(36, panel.view.visualRect(panel.view.layers.index(0, 0)).center().y())

    def show(values: np.ndarray) -> None:
        picture = Picture(rows, 0, {"input": array(values)}, {})
        monkeypatch.setattr(session.training, "picture", lambda watch: picture if watch.key == rows.key else None)
        session.training.pictures_changed.emit()
        QApplication.processEvents()

    show(np.ones((1, 8, 8)))
    painted = Painted(panel.view.viewport())
    show(np.ones((1, 8, 8)))
    assert not painted.region.contains(place)
    show(np.eye(8)[None])
    assert painted.region.contains(place)


def test_no_sample_of_another_data_set_is_shown(panel, session, monkeypatch):
    """While the data are fetched there is no other picture."""
    picture = Picture(Watch("rows"), 0, {"input": array(np.eye(8)[None])}, {})
    monkeypatch.setattr(session.training, "picture", lambda _watch: picture)
    session.training.pictures_changed.emit()
    assert panel.view._live.thumbnail(1.0) is not None
    session.document.apply(SetData({"dataset": "fashion-mnist"}))
    session.training.pictures_changed.emit()
    assert panel.view._live.thumbnail(1.0) is None
