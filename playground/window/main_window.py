"""The window: run bar and notices above, palette, list with form, and the docks of the panels."""

from pathlib import Path

from PySide6.QtCore import QByteArray, QEvent, QSize, Qt, QTimer
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDragMoveEvent, QDropEvent, QResizeEvent
from PySide6.QtWidgets import (
    QApplication,
    QHBoxLayout,
    QMainWindow,
    QSplitter,
    QTabBar,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from playground.core.edit import InsertLayers
from playground.core.lab.page import SUFFIX as LAB_SUFFIX
from playground.core.layer import Layer
from playground.core.problem import Fault
from playground.core.project import SUFFIX
from playground.core.registry import FAILURES
from playground.core.spec import LayerSpec
from playground.core.text import _
from playground.session.session import Session
from playground.session.windows import WindowNumber
from playground.window import cascade, icons
from playground.window.columns import ListColumn, tight
from playground.window.docks import DockArea, left_out
from playground.window.drops import dropped, take_copy
from playground.window.files import Files
from playground.window.first_paint import AfterFirstPaint
from playground.window.focus import FocusKeeper
from playground.window.form import Form
from playground.window.lab import orders as lab_orders
from playground.window.layer_list.panel import LayerListPanel, hairline
from playground.window.lessons.side import LessonSide
from playground.window.menus import Actions
from playground.window.notices import Notice, NoticeStrip
from playground.window.palette import Palette
from playground.window.panels import PANELS
from playground.window.rooms import ALONE, BUILDING, FIRST, ROOMS, Rooms
from playground.window.run_bar import RunBar
from playground.window.style import FocusRing
from playground.window.theme import theme
from playground.window.turns import turns
from playground.window.welcome.front import Front

SMALLEST = QSize(1024, 700)
USUAL = QSize(1440, 900)
COLUMNS, TEXT_SCALE = "window/columns", "window/text_scale"  # keys of settings that only the window knows
ROOM_LATER_MS = 50  # after the first paint, where another page is in front of the first room: it takes 0.1 s to make
FOLD_BELOW = 1180  # px of width; narrower, the palette is icons unless it was unfolded by hand


class MainWindow(QMainWindow):
    """Everything that is seen. It keeps no state of the project or the run: both live in the session."""

    def __init__(self, session: Session) -> None:
        _prepare_theme(session)
        super().__init__()
        self.session = session
        self._closing = False
        self._number = WindowNumber()
        self._palette_by_hand = False
        self._of_run: list[Notice] = []  # what was told of the run
        self._make_frame()
        self.notices = NoticeStrip(self._central)
        self.run_bar = RunBar(session, self._central)
        self.palette_panel = Palette(self.front.project)
        self.list_panel = LayerListPanel(session, self._left)
        self.form = self._left.form = Form(session, self._left)
        self.rooms = Rooms(session, list(PANELS.values()), self._right)
        self.files = Files(self, session, self.notices)
        self._lay_out()
        self.actions_ = Actions(self)
        self._more.setMenu(self.actions_.menu)
        self._focus_ring = FocusRing(self)
        line = self.run_bar.line
        self._focus_keeper = FocusKeeper(self, self.list_panel.view, line.main, (line.step, line.steps.more, line.stop))
        self._connect()
        self._restore()
        self._on_saved_changed()
        self._open_script()
        for sentence in left_out(FAILURES):
            self.notices.add(sentence, "warning")
        self.list_panel.view.setFocus()
        theme().install(_application())
        AfterFirstPaint(self, lambda: self.dock_area, ROOM_LATER_MS)

    @property
    def dock_area(self) -> DockArea:
        """The panels of the first room."""
        return self.rooms.area(FIRST)

    # Layout -------------------------------------------------------------------------------------------------------

    def _make_frame(self) -> None:
        """What holds all else, from the outermost to the innermost: a widget that gets its parent later is dressed
        again, with all that is in it."""
        self._central = QWidget(self)
        self.setCentralWidget(self._central)
        self.front = Front(self, self._central)
        self.splitter = QSplitter(Qt.Orientation.Horizontal, self.front.project)
        self._left, self._right = ListColumn(self.splitter), QWidget(self.splitter)

    def _lay_out(self) -> None:
        self.setMinimumSize(SMALLEST)
        self.setAcceptDrops(True)
        column = tight(QVBoxLayout(self._central))
        edge = hairline()
        column.addWidget(self.run_bar)
        column.addWidget(edge)
        column.addWidget(self.notices)
        column.addWidget(self.front, 1)
        self.front.stand_below(self.run_bar, edge)
        body = tight(QHBoxLayout(self.front.project))
        body.addWidget(self.palette_panel)
        body.addWidget(hairline("vertical"))
        body.addWidget(self.splitter, 1)
        self.lessons = LessonSide(self, body)
        self._lay_out_left()
        self._lay_out_right()
        self.splitter.setHandleWidth(1)
        self.splitter.setChildrenCollapsible(False)
        self.splitter.setStretchFactor(0, 0)
        self.splitter.setStretchFactor(1, 1)
        width = self._list_width()
        self.splitter.setSizes([width, USUAL.width() - width - theme().size("palette")])

    def _lay_out_left(self) -> None:
        column = tight(QVBoxLayout(self._left))
        column.addWidget(self.list_panel, 1)
        column.addWidget(hairline())
        column.addWidget(self.form)
        self.list_panel.view.setMinimumHeight(3 * theme().size("row"))
        self._left.setMinimumWidth(352)

    def _lay_out_right(self) -> None:
        column = tight(QVBoxLayout(self._right))
        self._head = QWidget(self._right)
        row = QHBoxLayout(self._head)
        row.setContentsMargins(16, 0, 12, 0)
        self.tabs = QTabBar(self._head)
        self.tabs.setDrawBase(False)
        self.tabs.setExpanding(False)
        for name, title in ROOMS.items():
            self.tabs.setTabData(self.tabs.addTab(title), name)
        self._more = QToolButton(self._head)
        self._more.setProperty("kind", "quiet")
        self._more.setIcon(icons.icon("more", "text_secondary"))
        self._more.setToolTip(_("Menu"))
        self._more.setAccessibleName(_("Menu"))
        self._more.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self._more.setShortcut("Alt+M")
        row.addWidget(self.tabs, 1)
        row.addWidget(self._more)
        self._head.setFixedHeight(theme().size("tabs") - 1)
        column.addWidget(self._head)
        column.addWidget(hairline())
        column.addWidget(self.rooms, 1)

    def enter(self, room: str) -> None:
        """Show a room. room: a key of `ROOMS`"""
        self.rooms.enter(room)
        session = self.session
        stack = session.lab.undo_stack if room == "lab" else session.document.undo_stack
        session.undoing.setActiveStack(stack)
        place = list(ROOMS).index(room)
        if self.tabs.currentIndex() != place:
            self.tabs.setCurrentIndex(place)
        self.fit_columns()

    def open_lab(self, topic: str = "") -> None:
        """Show the lab, and a topic of it, where there is one of this name."""
        self.front.leave()
        if topic:
            self.session.lab.explain(topic)
        else:
            self.actions_.show_lab.trigger()

    def save(self) -> None:
        """Save what is seen: the project, or the page of the lab."""
        if self.rooms.name == "lab":
            lab_orders.save(self.session, self)
        else:
            self.files.save()

    def save_as(self) -> None:
        if self.rooms.name == "lab":
            lab_orders.save_as(self.session, self)
        else:
            self.files.save_as()

    def toggle_palette(self) -> None:
        """Fold or unfold the palette; from then on the width of the window does not decide."""
        self._palette_by_hand = True
        self.palette_panel.fold(not self.palette_panel.folded)

    def reset_layout(self) -> None:
        """The default layout of panels and columns."""
        self._palette_by_hand = False
        self.fit_columns()
        self._give_list_its_width()
        for area in self.rooms.areas:
            area.reset()

    # Wiring -------------------------------------------------------------------------------------------------------

    def _connect(self) -> None:
        session = self.session
        self.palette_panel.insert_requested.connect(self._on_insert_requested)
        self.list_panel.view.noticed.connect(self.notices.add)
        self.list_panel.commands.arguments_requested.connect(self.form.enter_layer)
        for part in (self.palette_panel, self.form):
            part.left.connect(self.list_panel.view.setFocus)
        session.document.saved_changed.connect(self._on_saved_changed)
        session.document.project_changed.connect(self._on_saved_changed)
        session.document.begun.connect(lambda: QTimer.singleShot(0, self, self._open_script))
        session.noticed.connect(self.notices.add)
        session.lab.wanted.connect(lambda: self.actions_.show_lab.trigger())
        self.run_bar.facts.told.connect(lambda text: self._of_run.append(self.notices.add(text, "info")))
        session.training.run_failed.connect(self._tell_of_run)
        session.training.engine_died.connect(self._tell_of_run)
        session.training.state_changed.connect(self._forget_run)
        session.training.history_reset.connect(self._forget_run)
        session.training.frame_received.connect(self._on_frame_received)
        self.tabs.currentChanged.connect(lambda place: self.enter(self.tabs.tabData(place)))
        self.rooms.made.connect(self._on_room_made)
        theme().changed.connect(self._on_theme_changed)

    def _open_script(self) -> None:
        """A project that is about its script is opened beside it."""
        style = self.session.document.project.about.code
        if style:
            self.session.scripts.choose(style)
            self.enter("code")

    def _on_insert_requested(self, spec: LayerSpec) -> None:
        path = self.list_panel.commands.insertion_path()
        self.session.document.apply(InsertLayers(path, (Layer(spec.name),)))

    def _on_room_made(self, area: DockArea) -> None:
        for sentence in left_out(area.failures):
            self.notices.add(sentence, "warning")
        for dock in area.docks:
            wish = getattr(dock.panel, "run_requested", None)
            if wish is not None:
                wish.connect(self.files.open_run)
        if self.rooms.has(FIRST) and area is self.dock_area:  # the one whose layout is remembered
            self.actions_.offer_panels(area.toggle_actions())
            area.restore_layout(QByteArray(self.session.settings.layout))

    def _on_saved_changed(self, *_news: object) -> None:
        document = self.session.document
        self.setWindowTitle(_("{name}[*] · Torch Playground").format(name=document.name + SUFFIX))
        self.setWindowModified(document.is_modified)

    def _on_frame_received(self, _frame: object) -> None:
        if self.isVisible():  # a closed window draws no more
            turns().afterwards(self.session.training.acknowledge)  # the next is pulled when this is on the screen

    def _tell_of_run(self, fault: Fault) -> None:
        """It is told until another run begins, or this one goes on."""
        training = self.session.training
        ways_on = [(_("Resume from checkpoint"), training.resume_from_checkpoint)] if training.can_resume else []
        self._of_run.append(self.notices.add(fault, "error", ways_on))

    def _forget_run(self, state: str = "preparing") -> None:
        if state == "preparing":
            for notice in self._of_run:
                self.notices.dismiss(notice)
            self._of_run.clear()

    def _on_theme_changed(self) -> None:
        settings = self.session.settings
        settings.theme = theme().choice
        if theme().text_scale != settings.get(TEXT_SCALE, 1.0):
            settings.set(TEXT_SCALE, theme().text_scale)
            self._give_list_its_width()
        self._head.setFixedHeight(theme().size("tabs") - 1)

    def _give_list_its_width(self) -> None:
        width = self._list_width()
        self.splitter.setSizes([width, max(1, self.splitter.width() - width)])

    def _list_width(self) -> int:
        return round(theme().size("list") * float(theme().text_scale) ** 0.7)

    # Files dropped on the window ----------------------------------------------------------------------------------

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if dropped(event) is not None:
            take_copy(event)

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        take_copy(event)

    def dropEvent(self, event: QDropEvent) -> None:
        path = dropped(event)
        if path is None:
            return
        take_copy(event)
        if path.suffix == SUFFIX:
            self.files.open_path(path)
        elif path.suffix == LAB_SUFFIX:
            self.open_lab()
            self.session.lab.open_later(path)
        else:
            self.look_into(path)

    def look_into(self, path: Path) -> None:
        """Show what a file or folder of the user's is, so that the network can learn from it."""
        from playground.window.data.own import OwnFiles  # few sessions need it

        OwnFiles.of(self.session, self).look_into(path)

    # Coming and going ---------------------------------------------------------------------------------------------

    def _restore(self) -> None:
        settings = self.session.settings
        self.resize(USUAL)
        self.restoreGeometry(QByteArray(settings.geometry))
        cascade.place(self, self._number.number)
        self.splitter.restoreState(QByteArray(settings.get(COLUMNS, b"")))

    def _remember(self) -> None:
        settings = self.session.settings
        if self._number.number == 0:  # the others stand where they do because of the first
            settings.geometry = self.saveGeometry()
        if self.rooms.has(FIRST) and self.dock_area.has_layout:
            settings.layout = self.dock_area.layout_state()
        settings.set(COLUMNS, self.splitter.saveState().data())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.fit_columns()

    def changeEvent(self, event: QEvent) -> None:
        """Coming back to the window is when people want to know that its file is another one now."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.ActivationChange and self.isActiveWindow():
            self.session.document.look_at_file()

    def fit_columns(self) -> None:
        """Fold the palette where its room is wanted, and unfold it elsewhere, unless that was done by hand. Where there is
        too little for a lesson beside the list, both give way to it."""
        self.lessons.fit()
        self._left.setVisible(self.rooms.name not in ALONE and not self.lessons.is_tight)
        self.palette_panel.setVisible(not self.lessons.is_tight)
        fold = self.width() - self.lessons.taken < FOLD_BELOW or self.rooms.name not in BUILDING
        if not self._palette_by_hand and fold != self.palette_panel.folded:
            self.palette_panel.fold(fold)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Stops the run and ends the processes; asks first where something is unsaved."""
        if self.session.document.is_modified and not self._closing:
            event.ignore()
            self.files.ask(self._close_for_good)
            return
        self._remember()
        turns().cancel(self.session.training.acknowledge)
        self.hide()  # a run gets more than a second to write its end, in which nothing here would answer
        self.session.close()
        self._number.release()
        event.accept()

    def _close_for_good(self) -> None:
        self._closing = True
        self.close()


def _prepare_theme(session: Session) -> None:
    """Before there is any widget, the window included: dressing them twice costs as much as making them, and what a
    button takes over from a window that has the system's font stays in that font."""
    theme().set_text_scale(min(2.0, max(1.0, session.settings.get(TEXT_SCALE, 1.0))))
    theme().set(session.settings.theme)
    theme().prepare(_application())


def _application() -> QApplication:
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    return app
