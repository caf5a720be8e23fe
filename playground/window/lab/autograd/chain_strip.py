"""The chain rule written out: from the output's own slope, factor by factor, to the slope of the node that is looked at."""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from playground.core.text import _
from playground.window.lab.autograd.chain import Chain, Link
from playground.window.theme import theme

_GAP, _MOST = 18, 132  # px between links, and of one


class ChainStrip(QWidget):
    """Two lines for each way: factors, and what each is of. As high as it needs to be at its width."""

    def __init__(self) -> None:
        super().__init__()
        self._chain: Chain | None = None
        self._text = ""
        policy = QSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def show_chain(self, chain: Chain | None, text: str = "") -> None:
        """text: in its place where there is none"""
        self._chain, self._text = chain, text
        self.setAccessibleName(self.text())
        self.updateGeometry()
        self.update()

    def text(self) -> str:
        """All of it in words: "d out / d x = 1 × 0.25 (z.mean()) … = 4.5"."""
        if self._chain is None:
            return self._text
        ways = [
            " ".join(f"{one.number} ({one.under})" if one.under else one.number for one in way)
            for way in self._chain.ways
        ]
        return ". ".join(filter(None, [f"{self._chain.head} = {'; '.join(ways)}", *self._notes()]))

    def _notes(self) -> list[str]:
        """Below the ways."""
        chain = self._chain
        if chain is None:
            return []
        more = chain.amount - len(chain.ways)
        notes = [chain.names]
        multiplied = any(not link.under for way in chain.ways for link in way)
        if chain.amount > 1 and multiplied:
            notes.append(_("{n} ways lead there, and what flows along them adds up").format(n=f"{chain.amount:,}"))
        elif chain.amount > 1:
            told = _("{n} ways lead there; one is written out, and behind a place where they meet flows their sum")
            notes.append(told.format(n=f"{chain.amount:,}"))
        if more > 0 and multiplied:
            notes[-1] += _("; {n} of them are not written out").format(n=f"{more:,}")
        return [one for one in [*notes, chain.total] if one]

    # Size and paint -----------------------------------------------------------------------------------------------

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return self._paint(None, width)

    def sizeHint(self) -> QSize:
        return QSize(400, self._paint(None, max(self.width(), 320)))

    def minimumSizeHint(self) -> QSize:
        return QSize(200, 20)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        self._paint(painter, self.width())

    def _paint(self, painter: QPainter | None, width: int) -> int:
        """The height that it takes; painted where there is a painter."""
        line = round(18 * theme().text_scale)
        small, y = theme().font("small"), 0
        if self._chain is None:
            return self._paint_text(painter, self._text, "text_secondary", small, 0, width)
        for way in self._chain.ways:
            y = self._paint_way(painter, way, y, width, line)
        notes = self._notes()
        for note in notes:
            last = note is notes[-1]
            font = theme().font("base", "semibold") if last else small
            y = self._paint_text(painter, note, "accent" if last else "text_secondary", font, y, width)
        return y

    def _paint_way(self, painter: QPainter | None, way: tuple[Link, ...], y: int, width: int, line: int) -> int:
        figures, small = theme().font("heading", "semibold"), theme().font("tick", mono=True)
        wide, narrow = QFontMetrics(figures), QFontMetrics(small)
        x, most = 0, round(_MOST * theme().text_scale)
        for link in way:
            under = narrow.elidedText(link.under, Qt.TextElideMode.ElideRight, most)
            room = max(wide.horizontalAdvance(link.number), narrow.horizontalAdvance(under)) + 2
            if x and x + room > width:
                x, y = 0, y + 2 * line + 10
            if painter is not None:
                result = not link.under
                painter.setFont(figures)
                painter.setPen(theme().color("accent" if result else "text"))
                painter.drawText(QRectF(x, y, room, line + 4), Qt.AlignmentFlag.AlignVCenter, link.number)
                painter.setFont(small)
                painter.setPen(theme().color("text_secondary"))
                painter.drawText(QRectF(x, y + line + 3, room, line), Qt.AlignmentFlag.AlignVCenter, under)
            x += room + _GAP
        return y + 2 * line + 10

    @staticmethod
    def _paint_text(painter: QPainter | None, text: str, token: str, font: object, y: int, width: int) -> int:
        flags = Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignLeft
        rect = QFontMetrics(font).boundingRect(0, 0, max(1, width), 10_000, int(flags), text)  # type: ignore[call-overload]
        if painter is not None:
            painter.setFont(font)  # type: ignore[arg-type]
            painter.setPen(theme().color(token))
            painter.drawText(QRectF(0, y, width, rect.height() + 2), int(flags), text)
        return int(y + rect.height() + 4)
