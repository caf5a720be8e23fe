"""The map of a long network: what it shows, and where a click takes the list."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from playground.core.edit import RemoveLayers, SetArgument
from playground.core.layer import Layer
from playground.core.project import Project
from playground.core.report import Report, Row
from playground.window.layer_list.mini_map import LONG
from playground.window.layer_list.panel import LayerListPanel
from playground.window.theme import theme
from tests.window.frame import MISFIT, relu, show_report
from tests.window.panels.feed import settle

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints", extend=True)

ROWS = 150


@pytest.fixture
def panel(session, qtbot) -> LayerListPanel:
    made = LayerListPanel(session)
    qtbot.addWidget(made)
    layers = (*(relu() for _ in range(ROWS - 1)), Layer("Linear", {"in_features": 4}))
    session.document.new(Project(network=layers), "long")
    made.resize(380, 500)
    made.show()
    report(session)
    QApplication.processEvents()
    return made


def report(session, wrong: int | None = None) -> None:
    """Every row halves nothing but the last, which gives 2 values of 65,536."""
    rows = tuple(
        Row(
            index=n + 1,
            path=(n,),
            layer=session.document.project.network[n].layer,
            input_shape=(65_536,),
            output_shape=None if n == wrong else (1,) if n == ROWS - 1 else (65_536,),
            error=MISFIT if n == wrong else None,
        )
        for n in range(len(session.document.project.network))
    )
    show_report(session, Report(input_shape=(65_536,), rows=rows))


def colour(panel: LayerListPanel, x: int, y: int) -> str:
    return panel.map._painted(1.0).toImage().pixelColor(x, y).name().upper()


def token(name: str) -> str:
    return theme().color(name).name().upper()


def test_it_is_there_for_a_long_network_only_and_takes_the_place_of_the_scroll_bar(panel, session):
    assert panel.map.isVisible()
    assert not panel.view.verticalScrollBar().isVisible()
    session.document.apply(RemoveLayers(tuple((n,) for n in range(10, ROWS))))
    QApplication.processEvents()
    assert not panel.map.isVisible()


def test_bars_stand_where_the_rows_stand_and_are_as_wide_as_the_outputs_are_large(panel):
    bars = list(panel.map.bars())
    assert [bar.path for bar in bars] == [(n,) for n in range(ROWS)]
    assert bars[-1].top + bars[-1].height == pytest.approx(panel.map.height(), abs=1)
    right, middle = panel.map.width() - 6, round(bars[0].top)
    assert colour(panel, right, middle) == token("line_strong")
    last = round(bars[-1].top)
    assert colour(panel, right, last) == token("surface")  # 1 value of 65,536
    assert colour(panel, 7, last) == theme().layer_lines()[2].name().upper()  # a Linear layer stands out


def test_the_heights_that_it_adds_up_are_those_of_the_list(panel, session):
    report(session, wrong=70)
    QApplication.processEvents()
    view = panel.view
    above = view.verticalScrollBar().value()
    scale = panel.map.height() / panel.map.rows_height
    for bar in panel.map.bars():
        rect = view.visualRect(view.layers.index_of(bar.path))
        assert (bar.top, bar.height) == pytest.approx(((rect.top() + above) * scale, rect.height() * scale))


def test_a_row_that_does_not_fit_is_red_however_thin_it_is(panel, session):
    report(session, wrong=70)
    QApplication.processEvents()
    bar = next(one for one in panel.map.bars() if one.path == (70,))
    assert panel.map.grab().toImage().pixelColor(20, round(bar.top) + 1).name().upper() == token("error")


def test_the_frame_is_what_is_in_sight(panel):
    bar = panel.view.verticalScrollBar()
    bar.setValue(bar.maximum())
    assert panel.map.frame.bottom() == pytest.approx(panel.map.height(), abs=2)
    share = panel.view.viewport().height() / panel.map.rows_height
    assert panel.map.frame.height() == pytest.approx(share * panel.map.height(), abs=2)


def test_a_click_brings_the_place_into_sight_and_a_drag_scrolls(panel):
    y = round(next(one for one in panel.map.bars() if one.path == (100,)).top)
    QTest.mousePress(panel.map, Qt.MouseButton.LeftButton, pos=QPoint(10, y))
    row = panel.view.visualRect(panel.view.layers.index_of((100,)))
    assert panel.view.viewport().rect().contains(row)
    before = panel.view.verticalScrollBar().value()
    QTest.mouseMove(panel.map, QPoint(10, y - 40))
    QTest.mouseRelease(panel.map, Qt.MouseButton.LeftButton, pos=QPoint(10, y - 40))
    assert panel.view.verticalScrollBar().value() < before


def test_taking_the_frame_moves_nothing_by_itself(panel):
    panel.view.verticalScrollBar().setValue(900)
    place = panel.map.frame.center() + QPoint(0, 3)
    QTest.mouseClick(panel.map, Qt.MouseButton.LeftButton, pos=place)
    assert panel.view.verticalScrollBar().value() == pytest.approx(900, abs=panel.map.rows_height / panel.map.height())


def test_words_tell_which_row_a_bar_is(panel):
    bar = next(one for one in panel.map.bars() if one.path == (ROWS - 1,))
    assert panel.map.words_at(QPoint(9, round(bar.top + bar.height / 2))) == "150 · Linear · 4→10 · 1"


def test_it_is_painted_anew_only_after_a_change(panel, session, monkeypatch):
    panel.map.grab()
    painted = []
    paint = panel.map._painted
    monkeypatch.setattr(panel.map, "_painted", lambda ratio: painted.append(ratio) or paint(ratio))
    panel.view.verticalScrollBar().setValue(500)
    session.document.select(((3,),))
    panel.map.grab()
    assert painted == []
    session.document.apply(SetArgument((ROWS - 1,), "out_features", 3))
    panel.map.grab()
    assert len(painted) == 1


def test_it_comes_and_goes_with_the_height_of_the_list_and_never_lies_on_it(panel, session):
    session.document.new(Project(network=tuple(relu() for _ in range(15))), "short")
    for height in (250, 333, 524, 240, 700, 250, 524):
        panel.resize(380, height)
        settle()
        bar = panel.view.verticalScrollBar()
        assert panel.map.isVisible() == (panel.map.rows_height > LONG * bar.pageStep() and bar.maximum() > 0)
        assert panel.map.isHidden() or not panel.map.geometry().intersects(panel.view.geometry())
