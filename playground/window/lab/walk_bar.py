"""Back, step and play through steps that are all known already."""

from PySide6.QtCore import QSize, QTimer, Signal
from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from playground.core.text import _
from playground.window import icons
from playground.window.theme import theme

_WHOLE_MS, _SLOWEST_MS, _FASTEST_MS = 6_000, 500, 16  # a play of all steps, and the pace of one


class WalkBar(QWidget):
    """stepped: by how many;  played: from the beginning, or from where it was"""

    stepped = Signal(int)
    rewound = Signal()  # to before the first step

    def __init__(self, with_reset: bool = False) -> None:
        """with_reset: a button, too, that goes back to before the first step"""
        super().__init__()
        self._place = self._count = 0
        self._timer = QTimer(self)
        self._timer.timeout.connect(lambda: self.stepped.emit(1))
        self.back = self._button(_("Back"), "undo", _("One step back"))
        self.play = self._button(_("Play"), "play", _("Take the steps one after the other"))
        self.step = self._button(_("Step"), "step", _("Take the next step"))
        self.back.clicked.connect(lambda _on=False: self._by_hand(-1))
        self.step.clicked.connect(lambda _on=False: self._by_hand(1))
        self.play.clicked.connect(lambda _on=False: self._toggle())
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        for button in (self.back, self.play, self.step):
            row.addWidget(button)
        self.reset: QPushButton | None = None
        if with_reset:
            self.reset = self._button(_("Reset"), "refresh", _("Back to before the first step"))
            self.reset.clicked.connect(lambda _on=False: self._rewind())
            row.addWidget(self.reset)

    def _button(self, text: str, icon: str, tip: str) -> QPushButton:
        button = QPushButton(text)
        button.setIcon(icons.icon(icon))
        button.setIconSize(QSize(theme().size("icon"), theme().size("icon")))
        button.setToolTip(tip)
        button.setAccessibleName(tip)
        return button

    @property
    def is_playing(self) -> bool:
        return self._timer.isActive()

    def show_place(self, place: int, count: int) -> None:
        """place: steps taken, of so many"""
        self._place, self._count = place, count
        self.back.setEnabled(place > 0)
        self.step.setEnabled(place < count)
        self.play.setEnabled(count > 0)
        if self.reset is not None:
            self.reset.setEnabled(place > 0)
        if place >= count:
            self.stop()

    def stop(self) -> None:
        if self._timer.isActive():
            self._timer.stop()
            self._show_play()

    def _toggle(self) -> None:
        if self.is_playing:
            self.stop()
            return
        if self._place >= self._count:
            self.rewound.emit()
        self._timer.start(max(_FASTEST_MS, min(_SLOWEST_MS, _WHOLE_MS // max(1, self._count))))
        self._show_play()

    def _rewind(self) -> None:
        self.stop()
        self.rewound.emit()

    def _by_hand(self, steps: int) -> None:
        self.stop()
        self.stepped.emit(steps)

    def _show_play(self) -> None:
        playing = self.is_playing
        self.play.setText(_("Pause") if playing else _("Play"))
        self.play.setIcon(icons.icon("pause" if playing else "play"))

    def hideEvent(self, event: QHideEvent) -> None:
        self.stop()
        super().hideEvent(event)
