"""A button that says for a moment that what it does is done."""

from PySide6.QtCore import QSize, Qt, QTimer
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QPushButton

from playground.window import icons
from playground.window.theme import theme

DONE_MS = 1_500
_MNEMONIC = int(Qt.TextFlag.TextShowMnemonic.value)  # as Qt itself measures the text of a button


class DoneButton(QPushButton):
    """Both its texts have room: nothing beside it moves."""

    def __init__(self, text: str, done: str, icon: str) -> None:
        """icon: that stands for the text where there is no room for it"""
        super().__init__(text)
        self._text, self._done, self._icon = text, done, icon
        self._is_brief = False
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(DONE_MS)
        self._rest.timeout.connect(self._show)
        self.setAccessibleName(text)

    @property
    def is_done(self) -> bool:
        """Whether it says so now."""
        return self._rest.isActive()

    def say_done(self) -> None:
        self._rest.start()
        self._show()

    def be_brief(self, brief: bool) -> None:
        """Show an icon and no text."""
        if brief != self._is_brief:
            self._is_brief = brief
            self.setToolTip(self._text if brief else "")
            self.setProperty("kind", "icon" if brief else "")
            self.style().polish(self)
            self._show()

    def sizeHint(self) -> QSize:
        if self._is_brief:
            return QSize(theme().size("icon") + 16, theme().size("hit_min"))
        widths = {text: self.fontMetrics().size(_MNEMONIC, text).width() for text in (self._text, self._done)}
        return super().sizeHint() + QSize(max(widths.values()) - widths[self.text()], 0)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def _show(self) -> None:
        self.setIcon(icons.icon("check" if self.is_done else self._icon) if self._is_brief else QIcon())
        self.setText("" if self._is_brief else self._done if self.is_done else self._text)
        self.updateGeometry()
