"""What every panel is: a widget that reads the session's state, and draws at most once for each frame.

A hidden panel watches nothing and draws nothing.
"""

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFontMetrics, QHideEvent, QShowEvent
from PySide6.QtWidgets import QLabel, QSlider, QToolButton, QWidget

from playground.core.drawing import is_of_drawing
from playground.core.messages import Frame, Picture, Watch
from playground.core.text import _
from playground.window.theme import theme
from playground.window.turns import turns


class Panel(QWidget):
    """subtitle: quiet text behind the title of the dock.

    A panel overrides `watches`, `refresh` (draw what is now) and, where colours are kept, `dress`.
    """

    subtitle_changed = Signal(str)

    def __init__(self, session: Any) -> None:
        super().__init__()
        self.session = session
        self.subtitle = ""
        training, document = session.training, session.document
        training.frame_received.connect(self.on_frame)
        training.pictures_changed.connect(self.on_frame)
        training.history_reset.connect(self.request_refresh)
        training.state_changed.connect(self.request_refresh)
        document.project_changed.connect(self.rewatch)
        document.selection_changed.connect(self.rewatch)
        document.sample_changed.connect(self.rewatch)
        theme().changed.connect(self._on_theme_changed)

    def header_widgets(self) -> list[QWidget]:
        """The panel's controls, for the title bar of its dock."""
        return []

    def watches(self) -> tuple[Watch, ...]:
        """What it wants to see now."""
        return ()

    def refresh(self) -> None:
        """Draw what there is now."""

    def dress(self) -> None:
        """Take the colours of the theme, where they are kept."""

    def set_subtitle(self, text: str) -> None:
        if text != self.subtitle:
            self.subtitle = text
            self.subtitle_changed.emit(text)

    def on_frame(self, frame: Frame | None = None) -> None:
        """There is something new to show. frame: of a run, that brought it"""
        if frame is None or not self._is_for_another(frame):
            self.request_refresh()

    def _is_for_another(self, frame: Frame) -> bool:
        """Whether it answers a hand that draws, and has nothing of what this panel watches: such frames come between
        those of the run, and the answer is waited for."""
        if not frame.pictures or not all(is_of_drawing(one.watch) for one in frame.pictures):
            return False
        own = {watch.key for watch in self.watches()}
        return bool(own) and not any(picture.watch.key in own for picture in frame.pictures)

    def request_refresh(self, *_ignored: Any) -> None:
        """Draw soon, in a turn of its own; many askers are one drawing."""
        if self.isVisible():
            turns().ask(self, self.refresh)

    def rewatch(self, *_ignored: Any) -> None:
        """What is to be seen may be another."""
        if self.isVisible():
            self.session.training.watch(self, self.watches())
            self.request_refresh()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.rewatch()

    def hideEvent(self, event: QHideEvent) -> None:
        turns().forget(self)
        self.session.training.unwatch(self)
        super().hideEvent(event)

    def _on_theme_changed(self) -> None:
        self.dress()
        self.request_refresh()


class AgeLine(QLabel):
    """Says above pictures that the network has changed since; takes no room where it has not."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "small")
        self.setContentsMargins(16, 0, 16, 4)
        self.hide()

    def show_age(self, old: Picture | None) -> None:
        """old: one of the pictures, where they are from before the edit"""
        if old is not None:
            step = _("from step {step:,}, before the edit").format(step=old.step)
            self.setText(step if old.step else _("untrained, before the edit"))
        self.setVisible(old is not None)


class Toggle(QToolButton):
    """A small button that stays down, as wide as its text is at any size."""

    def __init__(self, text: str, tip: str, on: bool, changed: Callable[[bool], Any]) -> None:
        super().__init__()
        self.setText(text)
        self.setToolTip(tip)
        self.setCheckable(True)
        self.setChecked(on)
        self._measure()
        self.toggled.connect(changed)
        theme().changed.connect(self._measure)

    def _measure(self) -> None:
        width = QFontMetrics(theme().font()).horizontalAdvance(self.text())
        self.setFixedSize(width + 20, theme().size("hit_min"))


def toggle(text: str, tip: str, on: bool, changed: Callable[[bool], Any]) -> QToolButton:
    """A small button that stays down."""
    return Toggle(text, tip, on, changed)


def hundredths(value: float, name: str, changed: Callable[[float], Any]) -> QSlider:
    """A short slider from 0.00 to 0.99. name: for screen readers"""
    slider = QSlider(Qt.Orientation.Horizontal)
    slider.setRange(0, 99)
    slider.setFixedWidth(56)
    slider.setAccessibleName(name)
    slider.setValue(round(100 * value))
    slider.valueChanged.connect(lambda hundred: changed(hundred / 100))
    return slider
