"""Find a command: every action of the menus by some letters of its name. Enter does it, Esc closes the box."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple

from PySide6.QtCore import (
    QAbstractListModel,
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QPoint,
    QRect,
    QSize,
    Qt,
)
from PySide6.QtGui import QAction, QFocusEvent, QKeyEvent, QKeySequence, QPainter
from PySide6.QtWidgets import (
    QFrame,
    QLabel,
    QLineEdit,
    QListView,
    QMenu,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from playground.core.text import _
from playground.window import icons
from playground.window.theme import theme

WIDTH, MOST_ROWS = 440, 10
WORDS = "words"  # property of an action: other words to find it by
_START, _NEXT = 2, 3  # what a letter counts more at the start of a word, and right behind the letter before
_Index = QModelIndex | QPersistentModelIndex


class Command(NamedTuple):
    """group: titles of the menus that it lies in;  keys: its shortcut as people write it;  words: to find it by, too"""

    text: str
    group: str
    keys: str
    action: QAction
    words: tuple[str, ...] = ()


def commands_of(menu: QMenu, group: str = "") -> Iterator[Command]:
    """Every action of a menu and of the menus in it that can be done now."""
    menu.aboutToShow.emit()  # menus that are filled when they open (recent files) are filled now
    for action in menu.actions():
        text = action.text().replace("&", "")
        below = action.menu()
        if isinstance(below, QMenu):
            yield from commands_of(below, f"{group} › {text}" if group else text)
        elif text and action.isVisible() and action.isEnabled():
            keys = action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
            yield Command(text, group, keys, action, tuple(action.property(WORDS) or ()))


def fit(wanted: str, text: str) -> int | None:
    """How well a text has the wanted letters in their order; None where it has not. Spaces do not matter."""
    letters, text = wanted.casefold().replace(" ", ""), text.casefold()
    if not letters:
        return 0
    if len(letters) > len(text):  # such as a whole file that was pasted
        return None
    scores: list[int | None] = []  # the best score with the newest letter found at this place of the text
    for number, letter in enumerate(letters):
        before, scores, best = scores, [], None
        for place, here in enumerate(text):
            reached: int | None = 0 if number == 0 else best
            if number and place:
                last = before[place - 1]
                if last is not None:
                    best = last if best is None else max(best, last)
                    reached = max(best, last + _NEXT)
            starts = not place or not text[place - 1].isalnum()
            scores.append(reached + 1 + _START * starts if here == letter and reached is not None else None)
    return max((score for score in scores if score is not None), default=None)


def found(wanted: str, commands: Iterable[Command]) -> list[Command]:
    """The commands that fit, best first; all of them in their order where nothing is wanted."""
    fits = [(one, _fit_of(wanted, one)) for one in commands]
    kept = [(one, score) for one, score in fits if score is not None]
    if wanted.strip():
        kept.sort(key=lambda pair: -pair[1])  # equal ones stay in the order of the menus
    return [one for one, _score in kept]


def _fit_of(wanted: str, command: Command) -> float | None:
    """The name counts before the menu that it lies in. Its other words have to be begun as they are written: scattered
    letters would be found in most of them."""
    own, whole = fit(wanted, command.text), fit(wanted, f"{command.group} {command.text}")
    begun = f" {wanted.strip().casefold()}"
    more = [fit(wanted, word) for word in command.words if begun in f" {word.casefold()}"]
    scores = [None if own is None else own + 0.5, whole, *more]
    return max((score for score in scores if score is not None), default=None)


class CommandList(QAbstractListModel):
    """The commands that are shown."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.commands: Sequence[Command] = ()

    def show(self, commands: Sequence[Command]) -> None:
        self.beginResetModel()
        self.commands = commands
        self.endResetModel()

    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self.commands)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        command = self.commands[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return command.text
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return ", ".join(filter(None, (command.text, command.group, command.keys)))
        return command if role == Qt.ItemDataRole.UserRole else None


class CommandDelegate(QStyledItemDelegate):
    """Name, menu, and the shortcut at the right edge."""

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        return QSize(0, theme().size("hit_min"))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        command: Command = index.data(Qt.ItemDataRole.UserRole)
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(option.rect, theme().color("accent_tint"))
        room = option.rect.adjusted(12, 0, -12, 0)
        right = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight
        painter.setFont(theme().font("small"))
        painter.setPen(theme().color("text_secondary"))
        painter.drawText(room, right, command.keys)
        room.setRight(room.right() - painter.fontMetrics().horizontalAdvance(command.keys) - 16)
        left = _drawn(painter, room, command.text, "text", "base")
        room.setLeft(left + 8)
        _drawn(painter, room, command.group, "text_quiet", "small")


def _drawn(painter: QPainter, room: QRect, text: str, token: str, size: str) -> int:
    """Draw a text at the left of a room, and tell where it ends."""
    painter.setFont(theme().font(size))
    painter.setPen(theme().color(token))
    metrics = painter.fontMetrics()
    shown = metrics.elidedText(text, Qt.TextElideMode.ElideRight, max(0, room.width()))
    painter.drawText(room, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, shown)
    return int(room.left() + metrics.horizontalAdvance(shown))


class CommandFinder(QFrame):
    """Floats over the window while a command is looked for; the keyboard goes back to where it was."""

    def __init__(self, window: QWidget, menu: QMenu) -> None:
        super().__init__(window)
        self._over, self._menu, self._all = window, menu, list[Command]()
        self._back: QWidget | None = None
        self.setProperty("role", "floating")
        self.field = QLineEdit()
        self.field.setAcceptDrops(False)  # a file that is dropped is for the window
        self.field.setProperty("kind", "search")
        self.field.setPlaceholderText(_("Find a command"))
        self.field.setAccessibleName(_("Find a command"))
        self.field.addAction(icons.icon("search", "text_quiet"), QLineEdit.ActionPosition.LeadingPosition)
        self.field.textChanged.connect(self._show)
        self.field.installEventFilter(self)
        self.list, self.entries = QListView(), CommandList(self)
        self.list.setModel(self.entries)
        self.list.setItemDelegate(CommandDelegate(self.list))
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # the field keeps the keyboard
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setMouseTracking(True)
        self.list.entered.connect(self.list.setCurrentIndex)
        self.list.clicked.connect(lambda _index: self._do())
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 8, 8, 8)
        column.addWidget(self.field)
        column.addWidget(self.list)
        self.nothing = QLabel(_("Nothing found"))
        self.nothing.setProperty("role", "quiet")
        self.nothing.setContentsMargins(12, 0, 12, 0)
        self.nothing.hide()
        column.addWidget(self.nothing)
        self.hide()

    def open(self, below: QWidget) -> None:
        """Show every command, under the right end of a bar of the window."""
        if not self.isVisible():
            self._back = self.window().focusWidget()
        self._all = list(commands_of(self._menu))
        self.field.clear()
        self._show()
        corner = below.mapTo(self._over, QPoint(below.width() - 12, below.height()))
        self.move(max(12, corner.x() - self.width()), corner.y() - 4)
        self.show()
        self.raise_()
        self.field.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def dismiss(self) -> None:
        """Close the box; the keyboard goes back."""
        back, self._back = self._back, None
        self.hide()
        if back is not None:
            back.setFocus(Qt.FocusReason.OtherFocusReason)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            return self._on_key(event)
        left = isinstance(event, QFocusEvent) and event.type() == QEvent.Type.FocusOut
        if left and self.isVisible() and event.reason() != Qt.FocusReason.PopupFocusReason:
            self._back = None  # it went elsewhere by itself
            self.dismiss()
        return False

    def _on_key(self, event: QKeyEvent) -> bool:
        row, last = self.list.currentIndex().row(), self.entries.rowCount() - 1
        match event.key():
            case Qt.Key.Key_Escape:
                self.dismiss()
            case Qt.Key.Key_Return | Qt.Key.Key_Enter:
                self._do()
            case Qt.Key.Key_Down:
                self._choose(min(last, row + 1))
            case Qt.Key.Key_Up:
                self._choose(max(0, row - 1))
            case Qt.Key.Key_PageDown:
                self._choose(min(last, row + MOST_ROWS))
            case Qt.Key.Key_PageUp:
                self._choose(max(0, row - MOST_ROWS))
            case _:
                return False
        return True

    def _choose(self, row: int) -> None:
        self.list.setCurrentIndex(self.entries.index(row, 0))

    def _show(self, *_text: object) -> None:
        self.entries.show(found(self.field.text(), self._all))
        self._choose(0)
        rows, line = min(MOST_ROWS, self.entries.rowCount()), theme().size("hit_min")
        self.list.setFixedHeight(rows * line)
        self.list.setVisible(rows > 0)
        self.nothing.setFixedHeight(line)
        self.nothing.setVisible(not rows)
        self.field.setAccessibleDescription("" if rows else self.nothing.text())
        self.resize(round(WIDTH * theme().text_scale), self.sizeHint().height())

    def _do(self) -> None:
        command = self.list.currentIndex().data(Qt.ItemDataRole.UserRole)
        if command is not None:
            self.dismiss()  # first: the command may want the keyboard for itself
            command.action.trigger()
