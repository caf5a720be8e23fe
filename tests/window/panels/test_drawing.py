"""A picture that is drawn in portions: the one before stays until it is whole."""

import numpy as np
import pytest
from PySide6.QtCore import QSize
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QApplication, QWidget

from playground.window.panels._drawing import Drawing, finish_all, portion
from playground.window.theme import theme
from tests.window.panels.feed import pixels, settle

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints", extend=True)


class Stripes(QWidget):
    """Forty stripes of one colour, each of which takes longer than a turn."""

    def __init__(self) -> None:
        super().__init__()
        self.token, self.drawn = "accent", 0
        self.drawing = Drawing(self, lambda: (portion(self.draw, number) for number in range(40)))

    def draw(self, painter: QPainter, number: int) -> None:
        from time import perf_counter

        self.drawn += 1
        until = perf_counter() + 0.003
        painter.fillRect(0, number, 40, 1, theme().color(self.token))
        while perf_counter() < until:  # a turn is over after two milliseconds
            pass

    def paintEvent(self, event: object) -> None:
        painter = QPainter(self)
        self.drawing.paint(painter)
        painter.end()


@pytest.fixture
def stripes(qtbot, session, monkeypatch) -> Stripes:
    monkeypatch.setattr("playground.window.panels._drawing.RESTS_S", 0.0)
    made = Stripes()
    qtbot.addWidget(made)
    made.resize(40, 40)
    made.show()
    settle()
    return made


def color(widget: QWidget) -> set[tuple[int, ...]]:
    return {tuple(one) for one in np.unique(pixels(widget).reshape(-1, 4)[:, :3], axis=0).tolist()}


def test_the_picture_before_stays_until_the_next_is_whole(stripes, qtbot):
    stripes.drawing.finish()
    blue, red = (theme().color(token).getRgb()[:3] for token in ("accent", "error"))
    assert color(stripes) == {blue}
    stripes.token = "error"
    stripes.drawing.renew()
    QApplication.processEvents()
    assert 0 < stripes.drawn - 40 < 40
    assert color(stripes) == {blue}
    qtbot.waitUntil(lambda: stripes.drawing.image is not None and color(stripes) == {red}, timeout=5_000)
    assert stripes.drawn == 80


def test_another_size_and_another_theme_draw_anew(stripes, qtbot):
    stripes.drawing.finish()
    stripes.resize(40, 60)
    qtbot.waitUntil(lambda: stripes.drawing.image.size() == QSize(40, 60), timeout=5_000)
    theme().set("dark")
    settle()  # without another turn: nothing in the colours of the other theme is shown
    assert color(stripes) == {theme().color("accent").getRgb()[:3], theme().color("surface").getRgb()[:3]}
    theme().set("light")


def test_what_is_hidden_is_not_drawn(stripes):
    stripes.drawing.finish()
    stripes.hide()
    before = stripes.drawn
    stripes.drawing.renew()
    settle()
    finish_all(stripes)
    assert stripes.drawn == before


def test_many_results_in_a_row_are_drawn_a_few_times_and_the_newest_last(stripes, qtbot, monkeypatch):
    """As of a run whose every frame brings another evaluation."""
    monkeypatch.setattr("playground.window.panels._drawing.RESTS_S", 0.3)
    stripes.drawing.renew()
    stripes.drawing.finish()
    before = stripes.drawn
    for token in ("error", "healthy", "warning"):
        stripes.token = token
        stripes.drawing.follow()
        QApplication.processEvents()
    assert stripes.drawn == before
    qtbot.waitUntil(lambda: color(stripes) == {theme().color("warning").getRgb()[:3]}, timeout=5_000)
    assert stripes.drawn == before + 40


def test_what_somebody_waits_for_is_drawn_at_once(stripes, qtbot, monkeypatch):
    monkeypatch.setattr("playground.window.panels._drawing.RESTS_S", 60.0)
    stripes.drawing.renew()
    stripes.drawing.finish()
    stripes.token = "error"
    stripes.drawing.follow()
    QApplication.processEvents()
    stripes.drawing.renew()
    qtbot.waitUntil(lambda: color(stripes) == {theme().color("error").getRgb()[:3]}, timeout=5_000)
