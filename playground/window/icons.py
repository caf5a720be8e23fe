"""Icons: our own SVG files in `resources/icons`, recoloured by the theme."""

from functools import lru_cache

from PySide6.QtCore import QByteArray, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QIcon, QIconEngine, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from playground.disk import resources
from playground.window.theme import theme

UNKNOWN = "unknown"
# What is drawn where even unknown.svg is missing, e.g. in a package cut down by hand.
_FALLBACK = b"""<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 20 20"><rect x="3.5" y="3.5" width="13"
height="13" rx="2" fill="none" stroke="currentColor" stroke-width="1.25"/></svg>"""


def icon(name: str, color_token: str = "text", on_token: str | None = None) -> QIcon:
    """An icon that follows the theme.

    name: file in `resources/icons` without its suffix; a missing one is drawn as "unknown"
    color_token: a colour of the tokens;  on_token: the colour while checked, the same where not given
    """
    return QIcon(_ThemedEngine(name, color_token, on_token or color_token))


def pixmap(name: str, size: int, color: QColor | str, ratio: float = 1.0) -> QPixmap:
    """An icon as a pixmap. size: side in device-independent px;  color: a colour, or the name of its token."""
    wanted = theme().color(color) if isinstance(color, str) else color
    return _rendered(name, size, wanted.name(QColor.NameFormat.HexArgb), ratio)


@lru_cache(maxsize=512)
def _rendered(name: str, size: int, color: str, ratio: float) -> QPixmap:
    picture = QPixmap(QSize(size, size) * ratio)
    picture.setDevicePixelRatio(ratio)
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    _renderer(name).render(painter, QRectF(0, 0, size, size))
    # The files are drawn in one colour; only its coverage counts.
    painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_SourceIn)
    painter.fillRect(QRectF(0, 0, size, size), QColor(color))
    painter.end()
    return picture


@lru_cache(maxsize=128)
def _renderer(name: str) -> QSvgRenderer:
    for candidate in (name, UNKNOWN):
        file = resources.path("icons", f"{candidate}.svg")
        if file.is_file():
            return QSvgRenderer(QByteArray(file.read_bytes().replace(b"currentColor", b"black")))
    return QSvgRenderer(QByteArray(_FALLBACK.replace(b"currentColor", b"black")))


class _ThemedEngine(QIconEngine):
    """Asks the theme for the colour each time it paints, so that a change of theme needs no new icons."""

    def __init__(self, name: str, color_token: str, on_token: str) -> None:
        super().__init__()
        self._key = (name, color_token, on_token)

    def paint(self, painter: QPainter, rect: QRect, mode: QIcon.Mode, state: QIcon.State) -> None:
        side = min(rect.width(), rect.height())
        ratio = painter.device().devicePixelRatio() if painter.device() else 1.0
        picture = self._picture(side, mode, state, ratio)
        painter.drawPixmap(rect.x() + (rect.width() - side) // 2, rect.y() + (rect.height() - side) // 2, picture)

    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        return self._picture(min(size.width(), size.height()), mode, state, 1.0)

    def scaledPixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State, scale: float) -> QPixmap:
        side = round(min(size.width(), size.height()) / scale)
        return self._picture(side, mode, state, scale)

    def clone(self) -> QIconEngine:
        return _ThemedEngine(*self._key)

    def _picture(self, side: int, mode: QIcon.Mode, state: QIcon.State, ratio: float) -> QPixmap:
        name, off, on = self._key
        token = on if state == QIcon.State.On else off
        color = theme().color(token)
        if mode == QIcon.Mode.Disabled:
            color = theme().color("text_quiet")
            color.setAlphaF(0.55)
        return pixmap(name, side, color, ratio)
