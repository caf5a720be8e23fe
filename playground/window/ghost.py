"""What hangs at the pointer while layers are dragged: a card with the layer's icon and name."""

from PySide6.QtCore import QPoint, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPen, QPixmap

from playground.core.text import plural
from playground.window import icons
from playground.window.theme import theme

_MARGIN = 12  # room for the shadow
HOT_SPOT = QPoint(_MARGIN - 8, _MARGIN - 4)


def picture(icon: str, name: str, brief: str, count: int = 1, ratio: float = 1.0) -> QPixmap:
    """The card for one layer, or for several under the name of the first. ratio: device px in one px."""
    if count > 1:
        brief = plural("{n} layer", "{n} layers", count)
    name_font, brief_font = theme().font("base", "medium"), theme().font("small")
    name_width = QFontMetrics(name_font).horizontalAdvance(name)
    brief_width = QFontMetrics(brief_font).horizontalAdvance(brief) + 8 if brief else 0
    card = QRect(_MARGIN, _MARGIN, 36 + name_width + brief_width + 14, theme().size("control"))
    size = QSize(card.width() + 2 * _MARGIN, card.height() + 2 * _MARGIN)
    pixmap = QPixmap(size * ratio)
    pixmap.setDevicePixelRatio(ratio)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    _shadow(painter, card)
    painter.setPen(QPen(theme().color("accent"), 1))
    painter.setBrush(theme().color("surface"))
    painter.drawRoundedRect(QRectF(card).adjusted(0.5, 0.5, -0.5, -0.5), 6, 6)
    painter.drawPixmap(card.left() + 9, card.center().y() - 9, icons.pixmap(icon, 20, "accent", ratio))
    _word(painter, name_font, "text", QRect(card.left() + 36, card.top(), name_width + 2, card.height()), name)
    left = card.left() + 36 + name_width + 8
    _word(painter, brief_font, "text_quiet", QRect(left, card.top(), brief_width, card.height()), brief)
    painter.end()
    return pixmap


def _word(painter: QPainter, font: QFont, color: str, rect: QRect, text: str) -> None:
    painter.setFont(font)
    painter.setPen(theme().color(color))
    painter.drawText(rect, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, text)


def _shadow(painter: QPainter, card: QRect) -> None:
    declared = theme().tokens["shadow"][theme().name]
    color = QColor(declared["color"])
    painter.setPen(Qt.PenStyle.NoPen)
    for spread in range(8, 0, -1):
        color.setAlphaF(declared["alpha"] / 8 * (1 - spread / 10))
        painter.setBrush(color)
        painter.drawRoundedRect(card.adjusted(-spread, -spread + 3, spread, spread + 3), 6 + spread, 6 + spread)
