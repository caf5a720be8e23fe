"""Words that follow a run: they trouble nothing around them."""

import pytest
from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QVBoxLayout, QWidget

from playground.window.theme import theme
from playground.window.words import Words
from tests.window.panels.feed import pixels, settle

LONG = "the network as it was after step 1,234, before the edit that took away its second convolution"


class Seen(QObject):
    """Notes what kinds of events come to a widget."""

    def __init__(self, widget: QWidget) -> None:
        super().__init__(widget)
        self.widget = widget
        self.kinds: list[QEvent.Type] = []
        widget.installEventFilter(self)

    def eventFilter(self, _widget: QObject, event: QEvent) -> bool:
        self.kinds.append(event.type())
        return False


def among(qtbot, words: Words, width: int = 200) -> Seen:
    """Words in a panel, which is settled."""
    around = QWidget()
    qtbot.addWidget(around)
    layout = QVBoxLayout(around)
    layout.addWidget(words)
    layout.addStretch(1)
    around.resize(width, 300)
    around.show()
    settle()
    return Seen(around)


@pytest.mark.parametrize("wrap", [False, True])
def test_other_words_of_the_same_height_trouble_nothing_around_them(wrap, qtbot):
    words = Words(wrap=wrap, text="after step 1")
    seen = among(qtbot, words)
    before = pixels(words).tobytes()
    words.setText("after step 2")
    settle()
    assert not {QEvent.Type.LayoutRequest, QEvent.Type.Paint} & set(seen.kinds)
    assert pixels(words).tobytes() != before
    assert (words.text(), words.accessibleName()) == ("after step 2", "after step 2")


def test_words_that_need_more_lines_get_them(qtbot):
    words = Words(wrap=True, text="short")
    _around = among(qtbot, words)
    before = words.height()
    words.setText(LONG)
    settle()
    assert words.height() >= 3 * before
    assert words.toolTip() == ""
    words.setText("short")
    settle()
    assert words.height() == before
    words.set_least_lines(2)
    settle()
    assert words.height() == 2 * before


def test_a_narrower_panel_gives_more_lines_at_once(qtbot):
    words = Words(wrap=True, text=LONG)
    around = among(qtbot, words, 2000).widget
    before = words.height()
    around.resize(200, 300)
    settle()
    assert words.height() >= 3 * before
    around.resize(2000, 300)
    settle()
    assert words.height() == before


def test_a_line_is_cut_off_and_told_whole(qtbot):
    words = Words("small")
    _around = among(qtbot, words)
    words.setText(LONG)
    settle()
    assert words.text() == words.toolTip() == words.accessibleName() == LONG
    assert "…" in words._shown
    words.parentWidget().resize(2000, 300)
    settle()
    assert (words.toolTip(), words._shown) == ("", LONG)


def test_two_letters_and_dots_are_not_shown(qtbot):
    words = Words("small", text="six of them")
    around = among(qtbot, words).widget
    assert words._shown == "six of them"
    around.layout().setContentsMargins(0, 0, 0, 0)
    words.setFixedWidth(QFontMetrics(theme().font("small")).horizontalAdvance("si…") + 1)
    settle()
    assert (words._shown, words.toolTip()) == ("", "six of them")


@pytest.mark.parametrize("wrap", [False, True])
def test_larger_text_gets_more_height(wrap, qtbot):
    words = Words(wrap=wrap, text="short")
    _around = among(qtbot, words)
    before = words.height()
    theme().set_text_scale(1.5)
    settle()
    assert words.height() > 1.3 * before
    theme().set_text_scale(1.0)
    settle()
    assert words.height() == before
