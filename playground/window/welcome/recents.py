"""Recent projects: what the disk knows of each, and their rows."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from PySide6.QtCore import QDate, QLocale, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QToolButton, QVBoxLayout, QWidget

from playground.core.messages import EpochReport
from playground.core.problem import Problem
from playground.core.text import _
from playground.disk import projects, runs
from playground.disk.runs import RunRecord
from playground.session.document import same
from playground.window import icons
from playground.window.theme import theme

_WEEK = 7
EDGE = 12  # px around the words of a row


class Recent(NamedTuple):
    """What is known of a project file. changed: None where it is gone;  state: of its last run, "" where none was kept"""

    path: Path
    changed: datetime | None
    state: str = ""


def look_up(paths: Iterable[Path]) -> list[Recent]:
    """Read from the disk what is known of project files."""
    kept = runs.list_runs()
    return [_looked_up(path, kept) for path in paths]


def _looked_up(path: Path, kept: Sequence[tuple[Path, RunRecord]]) -> Recent:
    try:
        changed = datetime.fromtimestamp(path.stat().st_mtime)
    except OSError:
        return Recent(path, None)
    return Recent(path, changed, _last_state(path, [one for one in kept if one[1].name == path.stem]))


def _last_state(path: Path, found: Iterable[tuple[Path, RunRecord]]) -> str:
    """How the newest run of this very project ended, or how far it is."""
    try:
        project = projects.read_file(path)
        for folder, record in found:
            if same(runs.read_project(folder), project):
                epochs = runs.read_epochs(folder)
                best = next((one for one in epochs if one.epoch == record.weights_epoch), None)
                return state_text(epochs, project.recipe.epochs, best) if epochs else ""
    except Problem:
        return ""
    return ""


def state_text(reports: Sequence[EpochReport], epochs: int, best: EpochReport | None = None) -> str:
    """ "accuracy 0.961 · epoch 3 of 10". best: the one whose weights came back at the end"""
    report = best or reports[-1]
    if report.test_accuracy is not None:
        figure = _("accuracy {value}").format(value=f"{report.test_accuracy:.3f}")
    else:
        figure = _("loss {value}").format(value=f"{report.test_loss:.3g}")
    if best is not None and best is not reports[-1]:
        return _("{figure} · best epoch {n} of {all}").format(figure=figure, n=best.epoch, all=len(reports))
    if report.epoch >= epochs:
        return _("{figure} · finished").format(figure=figure)
    return _("{figure} · epoch {n} of {all}").format(figure=figure, n=report.epoch, all=epochs)


def when_text(changed: datetime, now: datetime) -> str:
    """ "Today 14:02", "Yesterday", "Friday", "12 November", "12 November 2025" """
    days = (now.date() - changed.date()) // timedelta(days=1)
    if days == 0:
        return _("Today {time}").format(time=f"{changed:%H:%M}")
    if days == 1:
        return _("Yesterday")
    locale = QLocale()
    if 1 < days < _WEEK:
        return locale.standaloneDayName(changed.isoweekday())
    date = QDate(changed.year, changed.month, changed.day)
    return locale.toString(date, "d MMMM" if changed.year == now.year else "d MMMM yyyy")


def _folder(path: Path) -> str:
    """The name of the folder that a file lies in; the row's tool tip has the whole path."""
    return path.parent.name or str(path.parent)


class RecentButton(QAbstractButton):
    """Name and time; below, the state of the last run, or where the file lies."""

    remove_requested = Signal()

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.path = path
        self._when, self._below, self.missing = "", _folder(path), False
        self.setText(path.stem)
        self.setToolTip(str(path))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self._name_it()

    def show_facts(self, recent: Recent, now: datetime) -> None:
        self.missing = recent.changed is None
        self._when = when_text(recent.changed, now) if recent.changed else ""
        self._below = _("not there any more") if self.missing else recent.state or _folder(self.path)
        self._name_it()
        self.update()

    def _name_it(self) -> None:
        self.setAccessibleName(", ".join(filter(None, (self.path.stem, self._when, self._below))))

    def sizeHint(self) -> QSize:
        lines = theme().font("base").pixelSize() + theme().font("small").pixelSize()
        return QSize(160, round(1.5 * lines) + 14)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Delete:
            self.remove_requested.emit()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self.underMouse() and not self.missing:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme().color("hover"))
            painter.drawRoundedRect(
                self.rect(), theme().tokens["radius"]["control"], theme().tokens["radius"]["control"]
            )
        width, middle = self.width() - 2 * EDGE, self.height() / 2
        when, taken = theme().elided(self._when, width, "small")
        for text, size, token, room, weight in (
            (when, "small", "text_secondary", QRectF(EDGE + width - taken, 4, taken, middle - 3), "regular"),
            (self.text(), "base", self._token("text"), QRectF(EDGE, 4, width - taken - 8, middle - 3), "medium"),
            (self._below, "small", self._token("text_secondary"), QRectF(EDGE, middle, width, middle - 5), "regular"),
        ):
            painter.setFont(theme().font(size, weight))
            painter.setPen(theme().color(token))
            shown, _wide = theme().elided(text, room.width() + 1, size, weight)
            painter.drawText(room.adjusted(0, 0, 2, 0), Qt.AlignmentFlag.AlignVCenter, shown)

    def _token(self, token: str) -> str:
        return "text_quiet" if self.missing else token


class RecentList(QWidget):
    """The rows, newest first. opened: a path that was pressed;  removed: one that is to be forgotten"""

    opened = Signal(object)
    removed = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(2)
        self._column.addStretch(1)
        self.rows: dict[Path, QWidget] = {}
        self.buttons: dict[Path, RecentButton] = {}
        self.removers: dict[Path, QToolButton] = {}

    def show_paths(self, paths: Sequence[Path]) -> None:
        """Show these, of which nothing is known yet but the name."""
        if list(self.rows) == list(paths):
            return
        for row in self.rows.values():
            self._column.removeWidget(row)
            row.hide()
            row.deleteLater()
        self.rows, self.buttons, self.removers = {}, {}, {}
        for path in paths:
            self._column.insertWidget(self._column.count() - 1, self._row(path))

    def set_sides(self, left: int, right: int) -> None:
        """Air beside the rows, px; their words stand EDGE px further in."""
        self._column.setContentsMargins(left, 0, right, 0)

    def show_facts(self, found: Sequence[Recent], now: datetime) -> None:
        for recent in found:
            if recent.path in self.buttons:
                self.buttons[recent.path].show_facts(recent, now)
                self.removers[recent.path].setVisible(recent.changed is None)

    def _row(self, path: Path) -> QWidget:
        row = QWidget()
        line = QHBoxLayout(row)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(0)
        button = RecentButton(path)
        button.clicked.connect(lambda _on=False: None if button.missing else self.opened.emit(path))
        button.remove_requested.connect(lambda: self.removed.emit(path))
        remover = QToolButton()
        remover.setProperty("kind", "icon")
        remover.setIcon(icons.icon("close", "text_quiet"))
        remover.setToolTip(_("Remove from the list"))
        remover.setAccessibleName(_("Remove {name} from the list").format(name=path.stem))
        remover.setFixedSize(theme().size("hit_min"), theme().size("hit_min"))
        remover.clicked.connect(lambda _on=False: self.removed.emit(path))
        remover.hide()
        line.addWidget(button, 1)
        line.addWidget(remover)
        self.rows[path], self.buttons[path], self.removers[path] = row, button, remover
        return row
