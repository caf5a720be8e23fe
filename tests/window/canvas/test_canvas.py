"""The canvas under mouse and keyboard."""

from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QObject, QPointF, QRect, Qt
from PySide6.QtGui import QImage, QKeySequence, QPaintEvent, QShortcut
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from playground.core.edit import SetData
from playground.session.history import numbers
from playground.window.canvas.canvas import STEP, Canvas
from playground.window.canvas.tools import Tools
from playground.window.theme import theme
from tests.window.panels.feed import pixels, settle

LEFT, RIGHT = Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton


@pytest.fixture
def canvas(session, qtbot) -> Canvas:
    session.client.ask = lambda _make, _take: None
    made = Canvas(session.drawing)
    qtbot.addWidget(made)
    made.resize(330, 280)
    made.show()
    settle()
    return made


def stroke(canvas: Canvas, *points: tuple[float, float], button: Any = LEFT) -> None:
    places = [canvas.place(*point).toPoint() for point in points]
    QTest.mousePress(canvas, button, pos=places[0])
    for place in places[1:]:
        # QTest.mouseMove says nothing of the button that is down
        _move(canvas, QPointF(place), button)
    QTest.mouseRelease(canvas, button, pos=places[-1])
    settle()


def _move(canvas: Canvas, place: QPointF, button: Any) -> None:
    from PySide6.QtCore import QEvent
    from PySide6.QtGui import QMouseEvent
    from PySide6.QtWidgets import QApplication

    there = QPointF(canvas.mapToGlobal(place.toPoint()))
    none, plain = Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier
    QApplication.sendEvent(canvas, QMouseEvent(QEvent.Type.MouseMove, place, there, none, button, plain))


def sent(canvas: Canvas) -> np.ndarray:
    """What the engine is given: (channels, 128, 128), 0 to 1."""
    return numbers(canvas.drawing._ink) / 255


def key(canvas: Canvas, *names: str, hold: Any = Qt.KeyboardModifier.NoModifier) -> None:
    for name in names:
        QTest.keyClick(canvas, getattr(Qt.Key, f"Key_{name}"), hold)
    settle()


def test_a_stroke_of_the_mouse_is_ink_where_the_mouse_was(canvas):
    assert not sent(canvas).any()
    stroke(canvas, (0.25, 0.25), (0.5, 0.25), (0.75, 0.25))
    ink = sent(canvas)
    assert ink.shape == (1, 128, 128)
    assert ink[0, 32, 34:94].min() == 1
    rows, columns = np.nonzero(ink[0] > 0.5)
    width = canvas.pen * 128
    assert np.ptp(rows) + 1 == pytest.approx(width, abs=1.5)
    assert (columns.min(), columns.max()) == pytest.approx((32 - width / 2, 96 + width / 2), abs=2)


def test_the_screen_shows_the_ink_in_colours_of_the_theme(canvas):
    stroke(canvas, (0.2, 0.5), (0.8, 0.5))
    for name in ("light", "dark"):
        theme().set(name)
        settle()
        picture, ratio = pixels(canvas), canvas.devicePixelRatioF()
        for at, token in (((0.5, 0.5), "text"), ((0.5, 0.1), "surface")):
            place = canvas.place(*at) * ratio
            shown = tuple(int(one) for one in picture[int(place.y()), int(place.x()), :3])
            assert shown == theme().color(token).getRgb()[:3]
    theme().set("light")


def test_the_right_button_erases(canvas):
    stroke(canvas, (0.2, 0.5), (0.8, 0.5))
    stroke(canvas, (0.5, 0.3), (0.5, 0.7), button=RIGHT)
    ink = sent(canvas)[0]
    assert ink[64, 64] == 0
    assert ink[64, 32] == 1


def test_strokes_are_taken_back_and_cleared(canvas):
    tools = Tools(canvas)
    assert not tools.undo.isEnabled()
    assert not tools.clear.isEnabled()
    stroke(canvas, (0.2, 0.2), (0.8, 0.2))
    one = sent(canvas)
    stroke(canvas, (0.2, 0.8), (0.8, 0.8))
    tools.undo.click()
    np.testing.assert_allclose(sent(canvas), one, atol=0.3)  # a line in one piece has other edges than in two
    tools.clear.click()
    assert not sent(canvas).any()
    assert not tools.clear.isEnabled()
    tools.undo.click()
    assert sent(canvas).any()


def test_a_pen_is_moved_by_keys(canvas):
    canvas.setFocus()
    key(canvas, "Right")
    assert canvas.tip == pytest.approx((0.5 + STEP, 0.5))
    assert canvas.drawing.is_empty
    key(canvas, "Space", "Down", "Down", "Left", "Space", "Right")
    (drawn,) = canvas.drawing.strokes
    x, y = 0.5 + STEP, 0.5
    expected = [(x, y), (x, y + STEP), (x, y + 2 * STEP), (x - STEP, y + 2 * STEP)]
    assert list(drawn.points) == [pytest.approx(one) for one in expected]
    assert "pen up" in canvas.accessibleName()
    key(canvas, "Space")
    assert "pen down" in canvas.accessibleName()
    key(canvas, "Escape")
    assert len(canvas.drawing.strokes) == 2
    key(canvas, "Backspace")
    assert len(canvas.drawing.strokes) == 1
    key(canvas, "Z", hold=Qt.KeyboardModifier.ControlModifier)
    assert canvas.drawing.is_empty


def test_shift_makes_small_steps_and_two_arrows_go_across(canvas):
    canvas.setFocus()
    key(canvas, "Up", hold=Qt.KeyboardModifier.ShiftModifier)
    assert canvas.tip == pytest.approx((0.5, 0.5 - 1 / 128))
    QTest.keyPress(canvas, Qt.Key.Key_Right)
    QTest.keyPress(canvas, Qt.Key.Key_Down)
    QTest.keyRelease(canvas, Qt.Key.Key_Right)
    QTest.keyRelease(canvas, Qt.Key.Key_Down)
    assert canvas.tip == pytest.approx((0.5 + 2 * STEP, 0.5 - 1 / 128 + STEP))


def test_the_keyboard_erases_and_clears(canvas):
    canvas.setFocus()
    stroke(canvas, (0.5, 0.3), (0.5, 0.7))
    key(canvas, "E", "Space", "Space")
    assert canvas.drawing.strokes[-1].erases
    assert "eraser" in canvas.accessibleName()
    key(canvas, "Delete")
    assert canvas.drawing.is_empty


@pytest.mark.parametrize("keys", ["Ctrl+Z", "Delete", "Space", "Right"])
def test_its_keys_are_not_the_windows(canvas, qtbot, keys):
    heard = []
    shortcut = QShortcut(QKeySequence(keys), canvas, lambda: heard.append(keys))
    canvas.setFocus()
    canvas.activateWindow()
    settle()
    stroke(canvas, (0.5, 0.3), (0.5, 0.7))
    combination = QKeySequence(keys)[0]
    QTest.keyClick(canvas.window().windowHandle(), combination.key(), combination.keyboardModifiers())
    settle()
    assert heard == []
    shortcut.setEnabled(False)


def test_a_wider_pen_leaves_more_ink(canvas):
    tools = Tools(canvas)
    stroke(canvas, (0.2, 0.5), (0.8, 0.5))
    thin = sent(canvas).sum()
    tools.clear.click()
    tools.width_.setValue(2 * tools.width_.value())
    stroke(canvas, (0.2, 0.5), (0.8, 0.5))
    assert sent(canvas).sum() == pytest.approx(2 * thin, rel=0.15)


def test_pictures_in_colour_are_drawn_in_colour(canvas, session):
    tools = Tools(canvas)
    assert tools.colors.isHidden()
    session.document.apply(SetData({"dataset": "cifar10", "preparation": ()}))
    settle()
    assert not tools.colors.isHidden()
    row = tools.colors.findText("red")
    tools.colors.setCurrentIndex(row)
    tools.colors.activated.emit(row)
    stroke(canvas, (0.2, 0.5), (0.8, 0.5))
    ink = sent(canvas)
    assert ink.shape == (3, 128, 128)
    assert (ink[:, 5, 5] == 1).all()  # white paper
    red, green, blue = ink[:, 64, 64]
    assert red > 0.6
    assert max(green, blue) < 0.2


def test_another_size_keeps_the_drawing(canvas):
    stroke(canvas, (0.25, 0.5), (0.75, 0.5))
    before = sent(canvas)
    canvas.resize(200, 420)
    settle()
    assert (sent(canvas) == before).all()
    place = canvas.place(0.5, 0.5)
    assert tuple(pixels(canvas)[int(place.y()), int(place.x()), :3]) == theme().color("text").getRgb()[:3]


class Screen(QObject):
    """What a screen would show of a widget that paints only what it says is outdated."""

    def __init__(self, widget: QWidget, ratio: float) -> None:
        super().__init__(widget)
        self.widget, self.ratio, self._outdated = widget, ratio, list[QRect]()
        self.pixels = self.whole()
        widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QPaintEvent):
            self._outdated += list(event.region())
        return False

    def whole(self) -> np.ndarray:
        """(height, width, 4) uint8 in device pixels, painted anew."""
        image = QImage(self.widget.size() * self.ratio, QImage.Format.Format_RGB32)
        image.setDevicePixelRatio(self.ratio)
        before = list(self._outdated)
        self.widget.render(image)
        self._outdated = before
        return np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.width(), 4).copy()

    def follow(self) -> None:
        """Take over the device pixels that lie wholly in what was outdated."""
        settle()
        outdated, self._outdated = self._outdated, []
        mask = np.zeros((self.widget.height(), self.widget.width()), bool)
        for one in outdated:
            mask[one.top() : one.bottom() + 1, one.left() : one.right() + 1] = True
        (top, bottom), (left, right) = (
            self._ends(count, mask.shape[axis]) for axis, count in enumerate(self.pixels.shape[:2])
        )
        inside = mask[top][:, left] & mask[top][:, right] & mask[bottom][:, left] & mask[bottom][:, right]
        self.pixels[inside] = self.whole()[inside]

    def _ends(self, count: int, most: int) -> tuple[np.ndarray, np.ndarray]:
        """The first and the last pixel of the widget that each device pixel lies on."""
        begin = np.arange(count) / self.ratio
        last = np.ceil((np.arange(count) + 1) / self.ratio).astype(int) - 1
        return np.minimum(begin.astype(int), most - 1), np.minimum(last, most - 1)


@pytest.mark.parametrize("ratio", [1.0, 1.25, 1.5, 2.0])
def test_nothing_of_the_pen_stays_where_it_was(canvas, monkeypatch, ratio):
    monkeypatch.setattr(canvas, "devicePixelRatioF", lambda: ratio)
    canvas.activateWindow()
    canvas.setFocus()
    canvas._renew()
    settle()
    assert canvas.hasFocus()
    screen = Screen(canvas, ratio)
    for button in (LEFT, RIGHT):
        for points in (((0.2, 0.3), (0.31, 0.42), (0.6, 0.77)), ((0.8, 0.2),), ((0.1, 0.9), (0.4, 0.87), (-0.3, 1.4))):
            stroke(canvas, *points, button=button)
            screen.follow()
            assert (screen.pixels == screen.whole()).all()


def test_a_drawing_that_is_painted_anew_is_the_same_to_the_last_pixel(canvas):
    """Else another size of the window, or a look into another room, would change the network's answer."""
    stroke(canvas, (0.2, 0.3), (0.31, 0.42), (0.45, 0.41), (0.6, 0.77), (0.25, 0.8))
    stroke(canvas, (0.5, 0.5))
    stroke(canvas, (0.3, 0.2), (0.33, 0.9), button=RIGHT)
    asked = []
    canvas.drawing.show = asked.append
    before = bytes(canvas._sent.image.constBits())
    canvas.hide()
    canvas.show()
    settle()
    assert bytes(canvas._sent.image.constBits()) == before
    assert asked
    assert len(set(before)) > 20  # there are edges
