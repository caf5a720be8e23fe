"""The page itself: at the left a new project and recent ones, at the right the examples."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QIcon, QImage, QKeyEvent, QKeySequence, QResizeEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QVBoxLayout,
    QWidget,
)
from shiboken6 import isValid

from playground.core.text import _, plural
from playground.disk import presets, resources
from playground.session.session import Session
from playground.window import icons
from playground.window.files import Files
from playground.window.layer_list.panel import hairline
from playground.window.scrolling import ScrollArea
from playground.window.theme import theme
from playground.window.welcome import recents
from playground.window.welcome.cards import CardGrid, PresetCard
from playground.window.welcome.front import AT_START
from playground.window.welcome.lesson_row import LessonRow

_LEFT, _LEFT_NARROW, _NARROW = 304, 272, 1180  # px of the left column, in windows narrower than the last
_MARGIN, _MARGIN_NARROW = 48, 24  # px around the cards


class WelcomePage(QWidget):
    """left: the user wants back to the project;  lab_wanted: into the lab
    lesson_chosen: a lesson that is to be opened;  lessons_wanted: the list of all
    """

    left = Signal()
    lab_wanted = Signal()
    lesson_chosen = Signal(object)
    lessons_wanted = Signal()

    def __init__(self, session: Session, files: Files) -> None:
        super().__init__()
        self._session, self._files = session, files
        self.setProperty("role", "surface")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.grid, self.recents = CardGrid(presets.read()), recents.RecentList()
        self.lessons = LessonRow(session.lessons)
        self._pictures_asked = False
        self._make_buttons()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        self._left_column = self._make_left()
        row.addWidget(self._left_column)
        row.addWidget(hairline("vertical"))
        row.addWidget(self._make_right(), 1)
        self._connect()
        self._show_versions()
        self._show_states()
        self._on_theme_changed()

    # Parts --------------------------------------------------------------------------------------------------------

    def _make_buttons(self) -> None:
        self.go_on = KeyedButton("", "Esc", "play", "on_accent")
        self.go_on.setProperty("kind", "main")
        self.new = KeyedButton(_("New project"), _keys(QKeySequence.StandardKey.New), "plus")
        self.open = KeyedButton(_("Open …"), _keys(QKeySequence.StandardKey.Open), "folder")
        self.lab = KeyedButton(_("The lab"), "Ctrl+L", "lab")
        self.lab.setAccessibleDescription(_("Touch tensors, slopes, graphs and convolutions"))
        self._buttons = (self.go_on, self.new, self.open, self.lab)
        self.at_start = QCheckBox(_("Show this page at the start"))
        self.at_start.setChecked(self._session.settings.get(AT_START, True))

    def _make_left(self) -> QWidget:
        left = QWidget()
        left.setProperty("role", "window")
        left.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        column = QVBoxLayout(left)
        column.setContentsMargins(0, 40, 0, 24)
        column.setSpacing(0)
        self._mark, self._name = QLabel(), QLabel(_("Torch Playground"))
        head = QHBoxLayout()
        head.setSpacing(12)
        head.addWidget(self._mark)
        head.addWidget(self._name, 1)
        says = _label(_("Assemble a network, train it, and watch what it learns."), "secondary")
        says.setWordWrap(True)
        self._top = QVBoxLayout()
        self._top.setSpacing(8)
        self._top.addLayout(head)
        self._top.addWidget(says)
        self._top.addSpacing(8)
        for button in self._buttons:
            self._top.addWidget(button)
        self._recent_title = _label(_("Recent"), "title")
        self._top.addSpacing(20)
        self._top.addWidget(self._recent_title)
        column.addLayout(self._top)
        column.addSpacing(4)
        self._recent_area = _scroll(self.recents, "window")
        column.addWidget(self._recent_area, 1)
        self.versions = _label("", "small-quiet")
        self.versions.setWordWrap(True)
        self._foot = QVBoxLayout()
        self._foot.setSpacing(8)
        self._foot.addWidget(self.at_start)
        self._foot.addWidget(self.versions)
        column.addLayout(self._foot)
        return left

    def _make_right(self) -> QWidget:
        holder = QWidget()
        self._right = QVBoxLayout(holder)
        self._right.setSpacing(20)
        self._right.addWidget(self.lessons)
        head = QHBoxLayout()
        head.addWidget(_label(_("Start from an example"), "heading"))
        head.addStretch(1)
        cores = presets.measures().cores
        told = plural(
            "Times are those of {n} core, without a GPU", "Times are those of {n} cores, without a GPU", cores
        )
        self._remark = _label(told if cores else "", "small")
        head.addWidget(self._remark)
        self._right.addLayout(head)
        self._right.addWidget(self.grid)
        self._right.addStretch(1)
        self.area = _scroll(holder, "")
        return self.area

    def _connect(self) -> None:
        files, session = self._files, self._session
        self.go_on.clicked.connect(lambda _on=False: self.left.emit())
        self.new.clicked.connect(lambda _on=False: files.new())
        self.open.clicked.connect(lambda _on=False: files.open())
        self.lab.clicked.connect(lambda _on=False: self.lab_wanted.emit())
        self.at_start.toggled.connect(lambda on: session.settings.set(AT_START, on))
        self.lessons.chosen.connect(self.lesson_chosen)
        self.lessons.all_wanted.connect(self.lessons_wanted)
        self.grid.chosen.connect(lambda preset: files.open_example(preset.name))
        self.grid.focused.connect(self._show_card)
        self.recents.opened.connect(files.open_path)
        self.recents.removed.connect(self._on_removed)
        session.client.datasets_changed.connect(self._show_states)
        session.client.ready_changed.connect(self._show_versions)
        session.document.saved_changed.connect(self._show_name)
        theme().changed.connect(self._on_theme_changed)

    # What is shown ------------------------------------------------------------------------------------------------

    def refresh(self) -> None:
        """Show what is known now; the disk is asked beside the window."""
        self._show_name()
        self._session.lessons.load()
        settings = self._session.settings
        paths = settings.recent
        self.recents.show_paths(paths)
        self._recent_title.setVisible(bool(paths))
        if paths:
            self._ask(lambda: recents.look_up(paths), lambda found: self.recents.show_facts(found, datetime.now()))
        if not self._pictures_asked:
            self._pictures_asked = True
            for card in self.grid.cards:
                self._ask_for_picture(card)

    def _ask_for_picture(self, card: PresetCard) -> None:
        file = presets.picture(card.preset.name)
        if file is not None:
            self._ask(lambda: QImage(str(file)), card.show_picture)

    def _ask(self, work: Callable[[], Any], then: Callable[[Any], None]) -> None:
        """Read beside the window; an answer that comes after the end of the page is dropped."""
        self._session.background.run(work, lambda result: then(result) if isValid(self) else None)

    def _show_name(self) -> None:
        name = self._session.document.name
        self.go_on.setText(_("Go on with {name}").format(name=name))
        self.go_on.fit()

    def _show_states(self) -> None:
        states = {state.name: state for state in self._session.client.datasets}
        for card in self.grid.cards:
            card.show_state(states.get(card.preset.dataset))

    def _show_versions(self) -> None:
        torch = self._session.client.versions.get("torch", "")
        lines = [_("PyTorch {version}").format(version=torch.partition("+")[0])] if torch else []
        self.versions.setText("\n".join([*lines, _("Works offline. Autosave is on.")]))

    def _show_card(self, card: PresetCard) -> None:
        """Scroll so that a card which got the keyboard is seen, with some air around it."""
        self.area.ensureWidgetVisible(card, 0, 24)

    def _on_removed(self, path: Any) -> None:
        self._session.settings.remove_recent(path)
        self.refresh()
        self.new.setFocus(Qt.FocusReason.OtherFocusReason)

    def _on_theme_changed(self) -> None:
        self._mark.setPixmap(QIcon(str(resources.path("icons", "playground.svg"))).pixmap(QSize(24, 24)))
        self._name.setFont(theme().font("figure", "semibold"))
        for button in self._buttons:
            button.dress()
        self.grid.updateGeometry()
        self.grid.arrange()
        self.lessons.refresh()
        self._fit()

    # Size, keys ---------------------------------------------------------------------------------------------------

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        narrow = self.width() < _NARROW
        self._left_column.setFixedWidth(round((_LEFT_NARROW if narrow else _LEFT) * theme().text_scale ** 0.7))
        side = 24 if narrow else 32
        self._top.setContentsMargins(side, 0, 24, 0)
        self._foot.setContentsMargins(side, 12, 24, 0)
        self.recents.set_sides(side - recents.EDGE, 24 - recents.EDGE)
        margin = _MARGIN_NARROW if narrow else _MARGIN
        self._right.setContentsMargins(margin, margin - 4, margin - 10, margin)  # the bar for scrolling is 10 px wide
        self._remark.setVisible(not narrow)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and isinstance(self.focusWidget(), QPushButton):
            self.focusWidget().click()  # outside dialogs Enter presses nothing by itself
        elif event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Up) and self._left_column.isAncestorOf(self.focusWidget()):
            self.focusNextPrevChild(event.key() == Qt.Key.Key_Down)
        else:
            super().keyPressEvent(event)


class KeyedButton(QPushButton):
    """As wide as its column: icon and words at the left, its keys at the right."""

    def __init__(self, text: str, keys: str, icon: str, color_token: str = "text") -> None:
        super().__init__(text)
        self._keys, self._token, self._whole = QLabel(keys), color_token, text
        self.setProperty("wide", True)
        self.setIcon(icons.icon(icon, color_token))
        self._keys.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 12, 0)
        row.addStretch(1)
        row.addWidget(self._keys)

    def setText(self, text: str) -> None:
        self._whole = text
        self.setAccessibleName(text)
        super().setText(text)

    def sizeHint(self) -> QSize:
        return QSize(120, theme().size("control"))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def dress(self) -> None:
        """Take the colours and fonts of now."""
        self._keys.setFont(theme().font("small"))
        color = theme().color("text_quiet" if self._token == "text" else self._token).name()
        self._keys.setStyleSheet(f"color: {color}; background: transparent")
        self.setFixedHeight(theme().size("control"))
        self.fit()

    def fit(self) -> None:
        """Cut a long name off before the keys."""
        room = self.width() - self._keys.sizeHint().width() - 56
        shown, _wide = theme().elided(self._whole, max(40, room), "base", "medium")
        super().setText(shown)
        self.setToolTip(self._whole if shown != self._whole else "")

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.fit()


def _label(text: str, role: str) -> QLabel:
    label = QLabel(text)
    label.setProperty("role", role)
    label.setTextFormat(Qt.TextFormat.PlainText)
    return label


def _scroll(widget: QWidget, role: str) -> ScrollArea:
    """An area that scrolls up and down. The rows stand at its top."""
    area = ScrollArea(widget)
    if role:
        area.setProperty("role", role)
    return area


def _keys(key: QKeySequence.StandardKey) -> str:
    return QKeySequence(key).toString(QKeySequence.SequenceFormat.NativeText)
