"""The cards of the examples: a picture of what one will see, a title, a sentence, and what it costs."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QImage, QKeyEvent, QPainter, QPainterPath, QPaintEvent, QPen, QPixmap, QResizeEvent
from PySide6.QtWidgets import QAbstractButton, QWidget

from playground.core.datasets import DATASETS
from playground.core.messages import DatasetState
from playground.core.text import _, plural
from playground.disk.presets import Preset
from playground.window.data.gallery_card import size_text
from playground.window.theme import theme
from playground.window.welcome.diagram import draw_network

NARROWEST, GAP = 296, 16  # px of a card, which grows with the text, and between two
_PICTURE = 296 / 680  # height of a picture, of its width
_EDGE, _ABOVE = 16, 14  # of the words
_LINES = (("base", "semibold", "text"), ("small", "regular", "text_secondary"), ("small", "regular", "text_quiet"))
_STEPS = {Qt.Key.Key_Left: (-1, 0), Qt.Key.Key_Right: (1, 0), Qt.Key.Key_Up: (0, -1), Qt.Key.Key_Down: (0, 1)}


def seconds_text(seconds: float) -> str:
    """How long, roughly: "about 5 s", "about 2 min"."""
    if seconds < 95:
        rounded = max(1, round(seconds)) if seconds < 10 else round(seconds / 5) * 5
        return _("about {n} s").format(n=rounded)
    return _("about {n} min").format(n=max(2, round(seconds / 60)))


def facts_line(preset: Preset, state: DatasetState | None) -> str:
    """ "12 layers · 81,194 parameters · about 50 s"; what is not known is left out.

    state: of its data set, None before the workbench has told
    """
    facts = [plural("{n} layer", "{n} layers", preset.layers)]
    if preset.parameters is not None:
        facts.append(plural("{n} parameter", "{n} parameters", preset.parameters))
    spec = DATASETS.get(preset.dataset)
    size = (state.bytes or (spec.bytes if spec else 0)) if state is not None and not state.available else 0
    if size:
        facts.append(_("{size} to download").format(size=size_text(size)))
    elif preset.seconds is not None:
        facts.append(seconds_text(preset.seconds))
    return " · ".join(facts)


class PresetCard(QAbstractButton):
    """One example."""

    def __init__(self, preset: Preset) -> None:
        super().__init__()
        self.preset = preset
        self.facts = ""
        self._image = QImage()
        self._drawn: tuple[object, QPixmap] | None = None  # what it was drawn for, and how
        self.setText(preset.title)
        self.setToolTip(preset.summary)
        self.setProperty("own_ring", True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.show_state(None)

    def show_state(self, state: DatasetState | None) -> None:
        self.facts = facts_line(self.preset, state)
        self.setAccessibleName(", ".join(filter(None, (self.preset.title, self.preset.summary, self.facts))))
        self.update()

    def show_picture(self, image: QImage) -> None:
        """Its picture; a null one leaves the drawing of its layers."""
        self._image, self._drawn = image, None
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(_narrowest(), height_of(_narrowest()))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Drawn once for a size, a theme and a state: strokes, scaling and round corners cost milliseconds."""
        ratio = self.devicePixelRatioF()
        marked = self.hasFocus() or self.isDown()
        key = (self.size().toTuple(), ratio, theme().name, theme().text_scale, self.underMouse(), marked, self.facts)
        if self._drawn is None or self._drawn[0] != key:
            pixmap = QPixmap(self.size() * ratio)
            pixmap.setDevicePixelRatio(ratio)
            pixmap.fill(theme().color("surface"))
            painter = QPainter(pixmap)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            self._draw(painter, "hover" if self.underMouse() else "surface", marked)
            painter.end()
            self._drawn = key, pixmap
        QPainter(self).drawPixmap(0, 0, self._drawn[1])

    def _draw(self, painter: QPainter, ground: str, marked: bool) -> None:
        frame = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        radius = theme().tokens["radius"]["card"]
        shape = QPainterPath()
        shape.addRoundedRect(frame, radius, radius)
        painter.fillPath(shape, theme().color(ground))
        painter.setClipPath(shape)
        below = round(self.width() * _PICTURE)
        self._draw_picture(painter, QRectF(0, 0, self.width(), below))
        painter.setClipping(False)
        painter.setPen(theme().color("line"))
        painter.drawLine(1, below, self.width() - 2, below)
        painter.setPen(QPen(theme().color("accent" if marked else "line"), 2 if marked else 1))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPath(shape)
        self._draw_words(painter)

    def _draw_picture(self, painter: QPainter, room: QRectF) -> None:
        painter.fillRect(room, theme().color("window"))
        if self._image.isNull():
            draw_network(painter, room.adjusted(32, 20, -32, -20), self.preset.project.network)
        else:
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            painter.drawImage(room, self._image)

    def _draw_words(self, painter: QPainter) -> None:
        below, width = round(self.width() * _PICTURE) + _ABOVE, self.width() - 2 * _EDGE
        for number, (text, (size, weight, token)) in enumerate(
            zip((self.preset.title, self.preset.summary, self.facts), _LINES, strict=True)
        ):
            high = _line_height(size)
            below += 4 if number == 2 else 0
            painter.setFont(theme().font(size, weight))
            painter.setPen(theme().color(token))
            shown, _wide = theme().elided(text, width, size, weight)
            left = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
            painter.drawText(QRectF(_EDGE, below, width, high), left, shown)
            below += high


class CardGrid(QWidget):
    """Cards in as many columns as have room, all of one width; arrows go from card to card.

    chosen: the preset of a card that was pressed;  focused: the card that has got the keyboard
    """

    chosen = Signal(object)
    focused = Signal(object)

    def __init__(self, presets: Sequence[Preset]) -> None:
        super().__init__()
        self.cards = [PresetCard(preset) for preset in presets]
        for card in self.cards:
            card.setParent(self)
            card.installEventFilter(self)
            card.clicked.connect(lambda _on=False, card=card: self.chosen.emit(card.preset))
        policy = self.sizePolicy()
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def columns(self, width: int | None = None) -> int:
        width = self.width() if width is None else width
        return max(1, min(len(self.cards) or 1, (width + GAP) // (_narrowest() + GAP)))

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        rows = -(-len(self.cards) // self.columns(width))
        return rows * (height_of(self._card_width(width)) + GAP) - GAP if rows else 0

    def minimumSizeHint(self) -> QSize:
        return QSize(_narrowest(), height_of(_narrowest()))

    def sizeHint(self) -> QSize:
        wide = 3 * (_narrowest() + GAP) - GAP
        return QSize(wide, self.heightForWidth(wide))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.arrange()

    def arrange(self) -> None:
        """Give every card its place."""
        columns, wide = self.columns(), self._card_width(self.width())
        high = height_of(wide)
        for number, card in enumerate(self.cards):
            row, column = divmod(number, columns)
            card.setGeometry(column * (wide + GAP), row * (high + GAP), wide, high)

    def eventFilter(self, watched: object, event: QEvent) -> bool:
        if not isinstance(watched, PresetCard):
            return False
        if event.type() == QEvent.Type.FocusIn:
            self.focused.emit(watched)
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            return self._on_key(watched, event)
        return False

    def _on_key(self, card: PresetCard, event: QKeyEvent) -> bool:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            card.click()
            return True
        place, last = self.cards.index(card), len(self.cards) - 1
        if event.key() in (Qt.Key.Key_Home, Qt.Key.Key_End):
            self.cards[0 if event.key() == Qt.Key.Key_Home else last].setFocus(Qt.FocusReason.TabFocusReason)
            return True
        step = _STEPS.get(Qt.Key(event.key()))
        if step is None:
            return False
        to = place + step[0] + step[1] * self.columns()
        if 0 <= to <= last:
            self.cards[to].setFocus(Qt.FocusReason.TabFocusReason)
        return True

    def _card_width(self, width: int) -> int:
        columns = self.columns(width)
        return (width - (columns - 1) * GAP) // columns


def _narrowest() -> int:
    return round(NARROWEST * theme().text_scale)


def height_of(width: int) -> int:
    """Of a card, from its width: the picture keeps its shape, so that nothing of it is cut off."""
    return round(width * _PICTURE) + 2 * _ABOVE + sum(_line_height(size) for size, _weight, _token in _LINES) + 4


def _line_height(size: str) -> int:
    return round(1.5 * theme().font(size).pixelSize())
