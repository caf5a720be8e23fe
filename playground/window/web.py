"""Pages of the web: the browser shows one when somebody asks for it, and nothing is fetched here."""

from PySide6.QtCore import QSize, Qt, QUrl
from PySide6.QtGui import QCursor, QDesktopServices, QKeyEvent
from PySide6.QtWidgets import QSizePolicy, QToolButton, QToolTip, QWidget

from playground.core.spec import LayerSpec
from playground.core.text import _
from playground.window import icons
from playground.window.theme import theme

_ICON = 12  # px


def open_page(url: str) -> None:
    """Show a page in the browser; where there is none, say where the page is."""
    if not QDesktopServices.openUrl(QUrl(url)):
        QToolTip.showText(QCursor.pos(), _("No browser could be opened. The page is at {url}").format(url=url))


def reading_order(spec: LayerSpec) -> str:
    """The order to open the page of a layer: "Read about Conv2d in PyTorch's documentation"."""
    if spec.docs:
        return _("Read the paper on {layer}").format(layer=spec.name)
    return _("Read about {layer} in PyTorch's documentation").format(layer=spec.name)


class PageLink(QToolButton):
    """A quiet link to a page: its words, and an arrow that leads out of the program."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.url, self._words = "", ""
        self.setProperty("kind", "link")
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setLayoutDirection(Qt.LayoutDirection.RightToLeft)  # the arrow stands behind the words
        self.setIconSize(QSize(_ICON, _ICON))
        self.setIcon(icons.icon("external", "text_quiet"))
        self.clicked.connect(self._on_clicked)

    def lead_to(self, words: str, url: str, order: str) -> None:
        """words: that are shown;  order: what a click does, for screen readers and the tool tip"""
        self.url, self._words = url, words
        self.setAccessibleName(order)
        self.setToolTip(f"{order}\n{url}")
        self.shorten(False)

    def shorten(self, short: bool) -> None:
        """Show the arrow alone, where there is no room for the words."""
        style = Qt.ToolButtonStyle
        self.setToolButtonStyle(style.ToolButtonIconOnly if short else style.ToolButtonTextBesideIcon)
        self.setText("" if short else self._words)
        self.ensurePolished()

    def sizeHint(self) -> QSize:
        words = self.fontMetrics().horizontalAdvance(self.text()) + 4 if self.text() else 0
        return QSize(words + _ICON + 4, theme().size("hit_min") - 8)  # a line of text, and little of the one above

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter follows a link, too."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        else:
            super().keyPressEvent(event)

    def _on_clicked(self) -> None:
        open_page(self.url)


def words_of(spec: LayerSpec) -> str:
    """What the link to the page of a layer says: the module's name, or where its paper is."""
    return QUrl(spec.docs).host() if spec.docs else spec.torch_name
