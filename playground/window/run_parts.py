"""The painted parts of the run bar, and how its figures are written."""

import html
import math
from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QPoint, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QAction, QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QLabel, QMenu, QPushButton, QSizePolicy, QWidget, QWidgetAction

from playground.core.project import SUFFIX
from playground.core.report import Fix
from playground.core.text import _, plural
from playground.session.session import Session
from playground.window import icons
from playground.window.theme import theme

MOST_SEGMENTS = 20  # epochs; more are one bar
LONGEST_NAME = 220  # px


class ProjectTitle(QWidget):
    """The name of the project, its suffix quiet, and whether it was edited; the name is shortened where it must be."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._document = session.document
        self.with_suffix = True
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Expanding)
        session.document.saved_changed.connect(self.refresh)
        self.refresh()

    def refresh(self) -> None:
        """Show the document's name and state."""
        document = self._document
        name = document.name + SUFFIX
        self.setAccessibleName(_("{name}, edited").format(name=name) if document.is_modified else name)
        self.setToolTip(str(document.path) if document.path else _("{name}, not saved to a file yet").format(name=name))
        self.updateGeometry()
        self.update()

    def show_suffix(self, shown: bool) -> None:
        self.with_suffix = shown
        self.updateGeometry()

    def sizeHint(self) -> QSize:
        bold = QFontMetrics(theme().font(weight="semibold"))
        return QSize(min(LONGEST_NAME, bold.horizontalAdvance(self._document.name)) + self._rest() + 2, 20)

    def minimumSizeHint(self) -> QSize:
        return QSize(40 + self._rest(), 20)

    def _rest(self) -> int:
        """Room for the suffix and for the word, which is kept while it is not shown."""
        plain, small = QFontMetrics(theme().font()), QFontMetrics(theme().font("small"))
        return (plain.horizontalAdvance(SUFFIX) if self.with_suffix else 0) + small.horizontalAdvance(_("edited")) + 8

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        left, height = 0, self.height()
        painter.setFont(theme().font(weight="semibold"))
        metrics = painter.fontMetrics()
        name = metrics.elidedText(self._document.name, Qt.TextElideMode.ElideMiddle, self.width() - self._rest())
        flags = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
        pieces = [(name, theme().font(weight="semibold"), "text", 0)]
        if self.with_suffix:
            pieces.append((SUFFIX, theme().font(), "text_quiet", 0))
        if self._document.is_modified:
            pieces.append((_("edited"), theme().font("small"), "text_quiet", 8))
        for text, font, token, gap in pieces:
            painter.setFont(font)
            painter.setPen(theme().color(token))
            painter.drawText(left + gap, 0, self.width() - left - gap, height, flags, text)
            left += gap + painter.fontMetrics().horizontalAdvance(text)


class FindButton(QPushButton):
    """Looks like the field that it opens: words at the left, the keys at the right; an icon where there is no room."""

    def __init__(self, keys: str) -> None:
        super().__init__()
        self._keys = keys.replace("Ctrl+", "^")
        self.setProperty("kind", "find")
        self.setAccessibleName(_("Find a command"))
        self.setToolTip(_("Find a command ({keys})").format(keys=keys))
        self.dress()

    def dress(self) -> None:
        """Take the colours and sizes of the theme."""
        self.setIcon(icons.icon("search", "text_quiet"))
        self.show_words(bool(self.text()))

    def minimumSizeHint(self) -> QSize:
        return QSize(self.maximumWidth(), theme().size("hit_min"))  # fixed: it is whole or an icon

    def show_words(self, shown: bool) -> None:
        self.setText(_("Find a command") if shown else "")
        words, keys = QFontMetrics(theme().font()), QFontMetrics(theme().font("small"))
        text = words.horizontalAdvance(_("Find a command")) + keys.horizontalAdvance(self._keys)
        self.setFixedWidth(text + theme().size("icon") + 36 if shown else theme().size("hit_min") + 6)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self.text():
            painter = QPainter(self)
            painter.setFont(theme().font("small"))
            painter.setPen(theme().color("text_quiet"))
            right = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight
            painter.drawText(self.rect().adjusted(0, 0, -10, 0), right, self._keys)
            painter.end()


@dataclass(frozen=True)
class Said:
    """A remark. level: "error", "warning" or "info";  detail: the whole of it;  do: what a click does
    short: the words where there is no room for `text`
    why, fixes: what a click opens where there is no `do`: the reason, and ways out
    later: those of the fixes that do not reach the run that goes on
    """

    text: str
    level: str
    detail: str = ""
    do: Callable[[], None] | None = None
    short: str = ""
    why: str = ""
    fixes: tuple[Fix, ...] = ()
    later: tuple[Fix, ...] = ()


class Fact(QWidget):
    """Words around one figure: "Epoch **3** of 10". reserved: the widest (before, figure, after) it must hold."""

    def __init__(self, accessible: str, tip: str = "") -> None:
        super().__init__()
        self.parts = ("", "", "")
        self._name = accessible
        self._reserved: tuple[str, str, str] = ("", "", "")
        self.setToolTip(tip)
        self.setAccessibleName(accessible)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding)

    @property
    def text(self) -> str:
        return "".join(self.parts)

    def reserve(self, before: str, figure: str, after: str) -> bool:
        """Make room for these words. True where that is another width than before."""
        if (before, figure, after) == self._reserved:
            return False
        self._reserved = (before, figure, after)
        self.fit()
        return True

    def show_parts(self, before: str, figure: str, after: str = "") -> None:
        """Show these words; nothing is done where they are shown already."""
        if (before, figure, after) != self.parts:
            self.parts = (before, figure, after)
            self.setAccessibleName(self.text.strip() or self._name)
            self.update()

    def fit(self) -> None:
        """Take the width that the reserved words need in the fonts of now."""
        plain, bold = QFontMetrics(theme().font()), QFontMetrics(theme().font(weight="semibold"))
        before, figure, after = self._reserved
        width = plain.horizontalAdvance(before) + bold.horizontalAdvance(figure) + plain.horizontalAdvance(after)
        self.setFixedWidth(width + 2)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        left, flags = 0, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
        for text, weight, token in zip(
            self.parts, ("regular", "semibold", "regular"), ("text_secondary", "text", "text_secondary"), strict=True
        ):
            painter.setFont(theme().font(weight=weight))
            painter.setPen(theme().color(token))
            painter.drawText(QRect(left, 0, self.width() - left, self.height()), flags, text)
            left += painter.fontMetrics().horizontalAdvance(text)


class EpochProgress(QWidget):
    """One segment an epoch, filled as far as the run is. done: epochs, with their fraction;  epochs: of the run"""

    def __init__(self) -> None:
        super().__init__()
        self.done, self.epochs, self.active = 0.0, 1, False
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding)
        self.setAccessibleName(_("Progress of the run"))

    def show_progress(self, done: float, epochs: int, active: bool) -> None:
        """Painted again only where a pixel would change."""
        wanted = (round(done, 3), epochs, active)
        if wanted != (self.done, self.epochs, self.active):
            self.done, self.epochs, self.active = wanted
            self.update()

    def segments(self) -> list[tuple[QRectF, float]]:
        """Each segment's place and how much of it is filled, 0 to 1."""
        count = self.epochs if self.epochs <= MOST_SEGMENTS else 1
        gap = 3.0 if self.width() / count > 8 else 1.0
        width = (self.width() - gap * (count - 1)) / count
        done = self.done if count > 1 or self.epochs == 1 else self.done / self.epochs
        top = round(self.height() / 2 - 1.5)
        return [
            (QRectF(number * (width + gap), top, width, 3), min(1.0, max(0.0, done - number)))
            for number in range(count)
        ]

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        empty = theme().color("line")
        filled = theme().color("accent" if self.active else "text_quiet")
        for place, share in self.segments():
            painter.fillRect(place, empty)
            if share > 0:
                painter.fillRect(QRectF(place.x(), place.y(), place.width() * share, place.height()), filled)


class Remark(QAbstractButton):
    """One line at the right edge, with its icon; a click does what the remark says can be done."""

    fix_chosen = Signal(object)  # Fix

    ICONS = {"error": "error", "warning": "warning", "info": "info"}
    COLORS = {"error": "error", "warning": "warning", "info": "accent"}

    def __init__(self) -> None:
        super().__init__()
        self.said: Said | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumWidth(80)
        self.clicked.connect(self._do)
        self.say(None)

    def say(self, said: Said | None) -> None:
        """Show a remark, or nothing."""
        known = self.said and (self.said.text, self.said.level, self.said.detail)
        if said is not None and known == (said.text, said.level, said.detail):
            self.said = said
            return
        self.said = said
        acts = said is not None and bool(said.do or said.why)
        self.setText(said.text if said else "")
        self.setToolTip((said.detail or said.text) if said else "")
        self.setAccessibleName(said.text if said else _("No remark"))
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus if acts else Qt.FocusPolicy.NoFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor if acts else Qt.CursorShape.ArrowCursor)
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(200, theme().size("hit_min"))

    def _do(self) -> None:
        if self.said and self.said.do:
            self.said.do()
        elif self.said and self.said.why:
            menu = explanation(self.said, self)
            menu.triggered.connect(self._on_triggered)
            menu.aboutToHide.connect(menu.deleteLater)
            menu.popup(self.mapToGlobal(self.rect().topRight()) - QPoint(menu.sizeHint().width(), -self.height()))

    def _on_triggered(self, action: QAction) -> None:
        if action.data() is not None:  # the words themselves can be clicked, too
            self.fix_chosen.emit(action.data())

    def paintEvent(self, event: QPaintEvent) -> None:
        if self.said is None:
            return
        painter = QPainter(self)
        painter.setFont(theme().font())
        color = self.COLORS[self.said.level]
        metrics = painter.fontMetrics()
        room = self.width() - theme().size("icon") - 8
        words = self.said.text
        if self.said.short and metrics.horizontalAdvance(words) > room:
            words = self.said.short
        text = metrics.elidedText(words, Qt.TextElideMode.ElideRight, room)
        left = self.width() - metrics.horizontalAdvance(text)
        side = theme().size("icon")
        picture = icons.pixmap(self.ICONS[self.said.level], side, color, self.devicePixelRatioF())
        painter.drawPixmap(left - side - 8, (self.height() - side) // 2, picture)
        painter.setPen(theme().color(color))
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, text)


def explanation(said: Said, parent: QWidget) -> QMenu:
    """What a remark means, and what can be done: a line for each way out."""
    menu = QMenu(parent)
    words = QLabel(f"<b>{html.escape(said.text)}</b><br>{html.escape(said.why)}")
    words.setWordWrap(True)
    words.setFixedWidth(round(380 * theme().text_scale))
    words.setContentsMargins(12, 8, 12, 8)
    holder = QWidgetAction(menu)
    holder.setDefaultWidget(words)
    menu.addAction(holder)
    if said.fixes:
        menu.addSeparator()
    for fix in said.fixes:
        label = _("{fix} (from the next run on)").format(fix=fix.label) if fix in said.later else fix.label
        menu.addAction(label).setData(fix)
    return menu


def shown_loss(value: float) -> str:
    """A loss in at most six characters: 0.079, 12.34, 3e+05, NaN."""
    if not math.isfinite(value):
        return "NaN" if math.isnan(value) else "∞"
    return f"{value:.3f}" if abs(value) < 10 else f"{value:.4g}" if abs(value) < 10_000 else f"{value:.0e}"


def shown_rate(value: float) -> str:
    """Samples a second in at most seven characters: 2,150, 1.25 M."""
    return f"{value:,.0f}" if value < 999_999.5 else f"{value / 1e6:,.3g} M"


def shown_time_left(seconds: float) -> str:
    """ "38 s left", "12 min left", "5 h left", "3 days left" """
    if seconds < 100:
        return _("{n} s left").format(n=max(0, round(seconds)))
    minutes = round(seconds / 60)
    if minutes < 100:
        return _("{n} min left").format(n=minutes)
    if minutes < 48 * 60:
        return _("{n} h left").format(n=round(minutes / 60))
    return plural("{n} day left", "{n} days left", round(minutes / 1440))
