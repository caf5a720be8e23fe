"""The strip under the run bar: what happened, in a sentence, with what can be done. Nothing pops up."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QToolButton, QVBoxLayout, QWidget

from playground.core.problem import Fault
from playground.core.text import _
from playground.window import icons

MOST = 3  # notices at a time; the oldest gives way
Action = tuple[str, Callable[[], None]]
_ICONS = {"error": "error", "warning": "warning", "info": "info"}
_COLORS = {"error": "error", "warning": "warning", "info": "accent"}


class Notice(QFrame):
    """One line: icon, sentence, buttons, dismiss."""

    def __init__(self, text: str, level: str, actions: Sequence[Action], dismiss: Callable[["Notice"], None]) -> None:
        super().__init__()
        self.text, self.level = text, level
        self.setProperty("role", "notice")
        self.setProperty("level", level)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(16, 5, 12, 6)
        layout.setSpacing(8)
        sign = QLabel()
        sign.setPixmap(icons.pixmap(_ICONS[level], 16, _COLORS[level], self.devicePixelRatioF()))
        layout.addWidget(sign)
        label = QLabel(text)
        label.setTextFormat(Qt.TextFormat.PlainText)
        label.setWordWrap(True)
        label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        layout.addWidget(label, 1)
        for title, do in actions:
            layout.addWidget(self._button(title, do, dismiss))
        close = QToolButton()
        close.setProperty("kind", "quiet")
        close.setIcon(icons.icon("close", "text_quiet"))
        close.setToolTip(_("Dismiss"))
        close.setAccessibleName(_("Dismiss"))
        close.clicked.connect(lambda: dismiss(self))
        layout.addWidget(close)
        self.setAccessibleName(text)

    def _button(self, title: str, do: Callable[[], None], dismiss: Callable[["Notice"], None]) -> QPushButton:
        button = QPushButton(title)
        button.clicked.connect(lambda _checked=False: (dismiss(self), do()))
        return button


class NoticeStrip(QWidget):
    """The notices, newest last; empty, it takes no room."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(0)
        self._shown: list[Notice] = []

    @property
    def shown(self) -> list[Notice]:
        return list(self._shown)

    def add(self, what: Fault | str, level: str = "warning", actions: Sequence[Action] = ()) -> Notice:
        """level: "info", "warning" or "error";  actions: (title, what it does)"""
        text = str(what)
        for notice in [one for one in self._shown if one.text == text]:
            self.dismiss(notice)
        notice = Notice(text, level, actions, self.dismiss)
        self._shown.append(notice)
        self._layout.addWidget(notice)
        while len(self._shown) > MOST:
            self.dismiss(self._shown[0])
        return notice

    def dismiss(self, notice: Notice) -> None:
        """Take one notice away."""
        if notice in self._shown:
            self._shown.remove(notice)
            self._layout.removeWidget(notice)
            notice.hide()
            notice.deleteLater()

    def clear(self) -> None:
        for notice in self.shown:
            self.dismiss(notice)
