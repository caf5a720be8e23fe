"""A card of the gallery: picture, title, and where the data are."""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QImage, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton

from playground.core.messages import DatasetState
from playground.core.spec import DatasetSpec
from playground.core.text import _
from playground.disk import resources
from playground.window import icons
from playground.window.theme import theme

WIDTH, _PICTURE, _EDGE = 164, 84, 8
_ICONS = {"picture": "convolution", "table": "file", "plane": "dropout", "series": "sigmoid", "text": "file"}


def picture_of(spec: DatasetSpec) -> QImage:
    """The picture of a data set; a null image where there is none."""
    return QImage(str(resources.path("gallery", f"{spec.name}.png")))


def draw_picture(painter: QPainter, room: QRectF, spec: DatasetSpec, picture: QImage) -> None:
    """The picture of a data set, or the icon of its kind, in a quiet frame."""
    painter.fillRect(room, theme().color("sunken"))
    if picture.isNull():
        side = 32
        name = "folder" if spec.own and spec.kind == "picture" else _ICONS[spec.kind]
        icon = icons.pixmap(name, side, "text_quiet", painter.device().devicePixelRatio())
        painter.drawPixmap(int(room.center().x() - side / 2), int(room.center().y() - side / 2), icon)
        return
    share = min(room.width() / picture.width(), room.height() / picture.height())
    width, height = picture.width() * share, picture.height() * share
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    place = QRectF(room.center().x() - width / 2, room.center().y() - height / 2, width, height)
    painter.drawImage(place, picture)


def place_text(spec: DatasetSpec, state: DatasetState | None) -> str:
    """Where it is, in a few words: "built in", "on this machine", "31 MB to download"."""
    if spec.own:
        return _("your own files")
    if spec.group in ("generated",) or (spec.arguments and not spec.bytes):
        return _("made here")
    if state is not None and not state.available:
        size = state.bytes or spec.bytes
        return _("{size} to download").format(size=size_text(size)) if size else _("not found")
    return _("on this machine") if spec.bytes else _("built in")


def size_text(size: int) -> str:
    """Megabytes for people, at least one."""
    return _("{n:,} MB").format(n=max(1, round(size / 1_000_000)))


class Card(QAbstractButton):
    """One data set; checked while it is the one that is looked at."""

    def __init__(self, spec: DatasetSpec) -> None:
        super().__init__()
        self.spec = spec
        self.state: DatasetState | None = None
        self.in_use = False
        self._picture: QImage | None = None  # read when it is seen first
        self.setCheckable(True)
        self.setText(spec.title)
        self.setToolTip(spec.summary)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.show_state(None, False)

    def show_state(self, state: DatasetState | None, in_use: bool) -> None:
        self.state, self.in_use = state, in_use
        words = [self.spec.title, self._line(), self.spec.summary]
        self.setAccessibleName(", ".join(words))
        self.update()

    def _line(self) -> str:
        return _("in use") if self.in_use else place_text(self.spec, self.state)

    def sizeHint(self) -> QSize:
        lines = theme().font("base").pixelSize() + theme().font("tick").pixelSize()
        return QSize(WIDTH, _PICTURE + 2 * _EDGE + round(1.5 * lines) + 10)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        frame = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        chosen = self.isChecked()
        painter.setPen(QPen(theme().color("accent" if chosen else "line"), 2 if chosen else 1))
        painter.setBrush(theme().color("accent_tint" if chosen else "hover" if self.underMouse() else "surface"))
        painter.drawRoundedRect(frame, theme().tokens["radius"]["card"], theme().tokens["radius"]["card"])
        room = QRectF(_EDGE, _EDGE, self.width() - 2 * _EDGE, _PICTURE)
        if self._picture is None:
            self._picture = picture_of(self.spec)
        draw_picture(painter, room, self.spec, self._picture)
        self._draw_words(painter, room)

    def _draw_words(self, painter: QPainter, room: QRectF) -> None:
        title, line = theme().font("base", "medium"), theme().font("tick")
        below = room.bottom() + 6
        for font, text, token in (
            (title, self.spec.title, "text"),
            (line, self._line(), "accent" if self.in_use else "text_secondary"),
        ):
            painter.setFont(font)
            painter.setPen(theme().color(token))
            high = round(1.5 * font.pixelSize())
            place = QRectF(room.x() + 2, below, room.width() - 4, high)
            shown = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, int(place.width()))
            painter.drawText(place, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, shown)
            below += high
