"""The area that scrolls: no trembling, and a bar that is seen only where there is something to scroll."""

import re
from pathlib import Path

import pytest
from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QApplication, QLabel, QSizePolicy, QVBoxLayout, QWidget

import playground
from playground.window.scrolling import BAR, ScrollArea
from playground.window.theme import theme


class Picture(QWidget):
    """As high as it is wide; it says so when it is as wide."""

    def __init__(self) -> None:
        super().__init__()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        return QSize(100, self.width())

    def minimumSizeHint(self) -> QSize:
        return QSize(50, self.width())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.updateGeometry()


@pytest.fixture
def area(qtbot):
    inside = QWidget()
    column = QVBoxLayout(inside)
    column.setContentsMargins(0, 0, 0, 0)
    words = QLabel("words")
    words.setWordWrap(True)
    column.addWidget(words)
    column.addWidget(Picture())
    area = ScrollArea(inside)
    qtbot.addWidget(area)
    area.resize(200, 300)
    area.show()
    QApplication.processEvents()
    return area


def test_what_grows_with_its_width_comes_to_rest_at_every_height(area):
    """Between the two heights it fits beside a bar alone; Qt's own area never ends there."""
    widths = set()
    for height in range(300, 150, -1):
        area.resize(200, height)
        QApplication.processEvents()
        inside, picture = area.widget(), area.widget().findChild(Picture)
        widths.add(inside.width())
        assert picture.height() == picture.width() == inside.width()
        assert inside.height() == max(height, inside.minimumSizeHint().height())
        assert area.verticalScrollBar().maximum() == inside.height() - height
    assert len(widths) == 1  # what is inside does not jump when there is something to scroll


def test_the_bar_is_seen_only_where_there_is_something_to_scroll(area):
    bar = area.verticalScrollBar()
    assert not bar.isEnabled()  # which the style draws as nothing
    area.resize(200, 100)
    QApplication.processEvents()
    assert bar.isEnabled()
    area.resize(200, 300)
    QApplication.processEvents()
    assert not bar.isEnabled()


def test_a_bar_without_anything_to_scroll_is_drawn_as_nothing(area, qapp):
    theme().install(qapp)
    QApplication.processEvents()
    assert area.verticalScrollBar().width() == BAR
    shown = area.grab().toImage()
    edge = {shown.pixel(x, y) for x in range(shown.width() - BAR, shown.width()) for y in range(20, 280, 5)}
    assert len(edge) == 1
    area.resize(200, 100)
    QApplication.processEvents()
    shown = area.grab().toImage()
    assert len({shown.pixel(shown.width() - 5, y) for y in range(100)}) > 1


@pytest.mark.parametrize(
    ("options", "focus", "sideways"),
    [
        ({}, Qt.FocusPolicy.NoFocus, Qt.ScrollBarPolicy.ScrollBarAlwaysOff),
        ({"sideways": True}, Qt.FocusPolicy.NoFocus, Qt.ScrollBarPolicy.ScrollBarAsNeeded),
        ({"keyboard": True}, Qt.FocusPolicy.StrongFocus, Qt.ScrollBarPolicy.ScrollBarAlwaysOff),
    ],
)
def test_who_reaches_it_and_where_it_scrolls(qtbot, options, focus, sideways):
    area = ScrollArea(**options)
    qtbot.addWidget(area)
    assert (area.focusPolicy(), area.horizontalScrollBarPolicy()) == (focus, sideways)


def test_nobody_else_makes_an_area_of_qt():
    sources = Path(playground.__file__).parent.rglob("*.py")
    ours = {path.name for path in sources if re.search(r"\bQScrollArea\b", path.read_text(encoding="utf-8"))}
    assert ours == {"scrolling.py"}
