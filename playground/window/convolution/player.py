"""The bar below: let the window slide, go a place on or back, or anywhere at once."""

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QSizePolicy, QSlider, QToolButton, QWidget

from playground.core.text import _
from playground.window import icons
from playground.window.data.segments import Segments
from playground.window.theme import theme

_ROOMY, _NARROW = 820, 480  # px
ADD_EACH_MS = 700
SPEEDS = {"2": 2, "10": 10, "40": 40}  # places a second


class Player(QWidget):
    """chosen: a place, counted row by row;  played: it slides, or rests"""

    chosen = Signal(int)
    played = Signal(bool)

    def __init__(self) -> None:
        super().__init__()
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._go_on)
        self.ready = True  # the answer of the last place has come
        self.button = QPushButton(_("Slide"))
        self.button.setToolTip(_("Let the window slide over the whole input"))
        self.button.clicked.connect(lambda _checked=False: self.play(not self.is_playing))
        self.before = self._arrow("chevron-left", _("The place before"), -1)
        self.after = self._arrow("chevron-right", _("The next place"), 1)
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.slider.setAccessibleName(_("Place of the window"))
        self.slider.valueChanged.connect(self._on_slid)
        self.label = QLabel()
        self.speed = Segments({key: key for key in SPEEDS}, _("Places a second"))
        self.speed.setToolTip(_("Places a second"))
        self.speed.choose("10")
        self.speed.chosen.connect(lambda _key: self._timer.setInterval(self._pause()))
        self.hint = QLabel(_("Drag the window, or use the arrow keys"))
        self.hint.setProperty("role", "small-quiet")
        row = QHBoxLayout(self)
        row.setContentsMargins(24, 6, 24, 6)
        row.setSpacing(8)
        row.addWidget(self.button)
        row.addWidget(self.before)
        row.addWidget(self.slider, 1)
        for widget in (self.after, self.label, self.speed, self.hint):
            row.addWidget(widget)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self._show_state()

    def _arrow(self, icon: str, tip: str, step: int) -> QToolButton:
        button = QToolButton()
        button.setProperty("kind", "icon")
        button.setIcon(icons.icon(icon))
        button.setFixedSize(theme().size("hit_min"), theme().size("hit_min"))
        button.setToolTip(tip)
        button.setAccessibleName(tip)
        button.setAutoRepeat(True)
        button.clicked.connect(lambda _checked=False: self._wish(self.slider.value() + step))
        return button

    @property
    def is_playing(self) -> bool:
        return self._timer.isActive()

    def show_place(self, place: int, count: int) -> None:
        """Without a signal."""
        self.slider.blockSignals(True)
        self.slider.setRange(0, max(0, count - 1))
        self.slider.setPageStep(max(1, round(count**0.5)))
        self.slider.setValue(place)
        self.slider.blockSignals(False)
        self.label.setText(_("place <b>{place:,}</b> of {count:,}").format(place=place + 1, count=count))
        self.before.setEnabled(place > 0)
        self.after.setEnabled(place < count - 1)

    def play(self, on: bool) -> None:
        """Begin at the first place where the last is reached."""
        if on == self.is_playing:
            return
        if on:
            self._timer.start(self._pause())
            if self.slider.value() >= self.slider.maximum():
                self.chosen.emit(0)
        else:
            self._timer.stop()
        self._show_state()
        self.played.emit(on)

    def _pause(self) -> int:
        return round(1000 / SPEEDS[self.speed.current])

    def _go_on(self) -> None:
        if not self.ready:
            return
        if self.slider.value() >= self.slider.maximum():
            self.play(False)
        else:
            self.chosen.emit(self.slider.value() + 1)

    def _on_slid(self, place: int) -> None:
        self.play(False)
        self.chosen.emit(place)

    def _wish(self, place: int) -> None:
        self.play(False)
        if 0 <= place <= self.slider.maximum():
            self.chosen.emit(place)

    def _show_state(self) -> None:
        self.button.setText(_("Pause") if self.is_playing else _("Slide"))
        self.button.setIcon(icons.icon("pause" if self.is_playing else "play"))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Where there is little room, what can be done without gives way."""
        super().resizeEvent(event)
        self.hint.setVisible(self.width() >= _ROOMY * theme().text_scale)
        self.speed.setVisible(self.width() >= _NARROW * theme().text_scale)

    def minimumSizeHint(self) -> QSize:
        return QSize(360, super().minimumSizeHint().height())

    def hideEvent(self, event: QHideEvent) -> None:
        self.play(False)
        super().hideEvent(event)


class Adder(QPushButton):
    """Goes from channel to channel, so that one sees their sums come together. stepped: to this channel"""

    stepped = Signal(int)

    def __init__(self) -> None:
        super().__init__(_("Add up"))
        self.setToolTip(_("Go from channel to channel, and add their products up one by one"))
        self._place, self._count = 0, 1
        self._timer = QTimer(self)
        self._timer.setInterval(ADD_EACH_MS)
        self._timer.timeout.connect(self._go_on)
        self.clicked.connect(lambda _checked=False: self._begin())

    def show_place(self, place: int, count: int) -> None:
        """Which channel is looked at, of how many."""
        self._place, self._count = place, count

    def _begin(self) -> None:
        if self._timer.isActive():
            self._timer.stop()
            return
        self._timer.start()
        self.stepped.emit(0)

    def _go_on(self) -> None:
        if self._place + 1 < self._count:
            self.stepped.emit(self._place + 1)
        else:
            self._timer.stop()

    def hideEvent(self, event: QHideEvent) -> None:
        self._timer.stop()
        super().hideEvent(event)
