"""The actions of the window and the menu that holds them."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtGui import QAction, QActionGroup, QKeySequence
from PySide6.QtWidgets import QMenu

from playground.core.lab.page import TOPICS
from playground.core.text import _
from playground.disk import projects
from playground.window import code_orders
from playground.window.command_finder import WORDS, CommandFinder
from playground.window.lab import orders as lab_orders
from playground.window.palette import SEARCH_KEY
from playground.window.run_bar import FIND_KEY
from playground.window.theme import theme

if TYPE_CHECKING:
    from playground.window.main_window import MainWindow

Keys = QKeySequence.StandardKey | str
SCALES = (1.0, 1.25, 1.5)
_PAGES = (  # of the form: its name there, the command, its keys, and words that people look for
    ("layer", _("Show the layer"), "Ctrl+1", (_("arguments"), _("kernel size"), _("form"))),
    ("data", _("Show the data"), "Ctrl+2", (_("data set"), _("batch size"), _("test share"), _("preparation"), _("form"))),
    ("recipe", _("Show the recipe"), "Ctrl+3", (
        _("learning rate"), _("loss"), _("optimizer"), _("epochs"), _("seed"), _("schedule"), _("momentum"),
        _("weight decay"), _("precision"), _("form"),
    )),
)  # fmt: skip


class Actions:
    """Every action of the window, made once; the keyboard reaches them without the menu."""

    def __init__(self, window: "MainWindow") -> None:
        self._window = window
        keys = QKeySequence.StandardKey
        self.welcome = self._action(_("Welcome"), "Ctrl+Shift+N", window.front.open)
        self.new = self._action(_("New"), keys.New, window.files.new)
        self.new_window = self._action(_("New window"), "Ctrl+Alt+N", window.files.new_window)
        self.open = self._action(_("Open …"), keys.Open, window.files.open)
        self.open_beside = self._action(_("Open in a new window …"), "Ctrl+Alt+O", window.files.open_beside)
        self.save = self._action(_("Save"), keys.Save, window.save)
        self.save_as = self._action(_("Save as …"), keys.SaveAs, window.save_as, fallback="Ctrl+Shift+S")
        self.quit = self._action(_("Quit"), keys.Quit, window.close, fallback="Ctrl+Q")
        stack = window.session.undoing
        self.undo = stack.createUndoAction(window, _("Undo"))
        self.undo.setShortcuts(QKeySequence.keyBindings(keys.Undo))
        self.redo = stack.createRedoAction(window, _("Redo"))
        redo = [*QKeySequence.keyBindings(keys.Redo), QKeySequence("Ctrl+Y")]
        self.redo.setShortcuts(list(dict.fromkeys(redo)))  # a key that is there twice is ambiguous, and does nothing
        window.addAction(self.undo)
        window.addAction(self.redo)
        self.search = self._action(_("Search layers"), SEARCH_KEY, window.palette_panel.focus_search)
        self.fold = self._action(_("Fold the palette"), "Ctrl+B", window.toggle_palette)
        self.reset = self._action(_("Reset the layout"), "", window.reset_layout)
        session = window.session
        self.show_code = self._action(_("Show the code"), "Ctrl+E", lambda: self._show_room("code"))
        self.copy_code = self._action(_("Copy the code"), "Ctrl+Shift+C", lambda: code_orders.copy(session))
        self.save_code = self._action(_("Save the code …"), "", lambda: code_orders.save(session, window))
        self.show_results = self._action(_("Show the results"), "Ctrl+Shift+E", lambda: window.enter("results"))
        self.test_now = self._action(_("Test now"), "Ctrl+T", self._test_now)
        self.show_runs = self._action(_("Show the runs"), "Ctrl+Shift+R", lambda: self._show_room("runs"))
        self.show_lab = self._action(_("Show the lab"), "Ctrl+L", lambda: self._show_room("lab"))
        self.show_lessons = self._action(_("Show the lessons"), "Ctrl+Shift+L", window.lessons.toggle)
        self.pages = [self._page_action(*one) for one in _PAGES]
        self.menu = self._make_menu()
        self.finder = CommandFinder(window, self.menu)
        line = window.run_bar.line
        self.find = self._action(_("Find a command"), FIND_KEY, lambda: self.finder.open(line))
        line.find_button.clicked.connect(self.find.trigger)

    def _action(self, text: str, keys: Keys, do: Callable[[], object], fallback: str = "") -> QAction:
        action = QAction(text, self._window)
        found = QKeySequence.keyBindings(keys) if isinstance(keys, QKeySequence.StandardKey) else [QKeySequence(keys)]
        action.setShortcuts(found or [QKeySequence(fallback)])
        action.triggered.connect(lambda _checked=False: do())
        self._window.addAction(action)
        return action

    def _page_action(self, name: str, text: str, keys: str, words: tuple[str, ...]) -> QAction:
        """Of the form below the list. words: under which it is found, too"""
        window = self._window

        def show() -> None:
            window.front.leave()
            window.form.reach_page(name)

        action = self._action(text, keys, show)
        action.setProperty(WORDS, list(words))
        return action

    def _make_menu(self) -> QMenu:
        menu = QMenu(self._window)
        menu.addActions([self.welcome, self.new, self.new_window])
        menu.addMenu(self._examples(menu))
        menu.addActions([self.open, self.open_beside])
        menu.addMenu(self._recent(menu))
        menu.addSeparator()
        menu.addActions([self.save, self.save_as])
        menu.addSeparator()
        menu.addActions([self.undo, self.redo])
        edit = menu.addMenu(_("Layers"))
        self._window.list_panel.commands.fill(edit)
        menu.addMenu(_("Run")).addActions([*self._window.run_bar.line.run_actions(), self.show_runs])
        menu.addMenu(_("Results")).addActions([self.show_results, self.test_now])
        menu.addMenu(_("Code")).addActions([self.show_code, self.copy_code, self.save_code])
        menu.addMenu(self._lab(menu))
        menu.addMenu(self._lessons(menu))
        menu.addSeparator()
        menu.addMenu(self._view(menu))
        menu.addMenu(self._appearance(menu))
        menu.addSeparator()
        menu.addAction(self.quit)
        return menu

    def _show_room(self, room: str) -> None:
        """The keyboard goes there, too."""
        self._window.enter(room)
        for dock in self._window.rooms.area(room).docks[:1]:
            dock.panel.setFocus()

    def _test_now(self) -> None:
        """Where its result is seen."""
        self._window.enter("results")
        evaluating = self._window.session.evaluating
        if evaluating.refusal:
            self._window.notices.add(evaluating.refusal, "info")
        evaluating.test()

    def _examples(self, parent: QMenu) -> QMenu:
        menu = QMenu(_("Examples"), parent)
        for name in projects.presets():
            action = menu.addAction(name)
            action.triggered.connect(lambda _checked=False, name=name: self._window.files.open_example(name))
        return menu

    def _recent(self, parent: QMenu) -> QMenu:
        menu = QMenu(_("Open recent"), parent)
        menu.setToolTipsVisible(True)

        def fill() -> None:
            menu.clear()
            for path in self._window.session.settings.recent:
                action = menu.addAction(_("{name} in {folder}").format(name=path.name, folder=path.parent.name))
                action.setToolTip(str(path))
                action.triggered.connect(lambda _checked=False, path=path: self._window.files.open_path(path))

        parent.aboutToShow.connect(lambda: (fill(), menu.menuAction().setVisible(not menu.isEmpty())))
        return menu

    def _lab(self, parent: QMenu) -> QMenu:
        menu = QMenu(_("Lab"), parent)
        window, session = self._window, self._window.session
        menu.addAction(self.show_lab)
        for topic, title in TOPICS.items():
            menu.addAction(title).triggered.connect(lambda _on=False, topic=topic: window.open_lab(topic))
        menu.addSeparator()
        for text, do in (
            (_("New page"), lambda: lab_orders.new(session)),
            (_("Open a page …"), lambda: lab_orders.open_page(session, window)),
            (_("Save the page"), lambda: lab_orders.save(session, window)),
            (_("Save the page as …"), lambda: lab_orders.save_as(session, window)),
        ):
            menu.addAction(text).triggered.connect(lambda _on=False, do=do: (window.open_lab(), do()))
        return menu

    def _lessons(self, parent: QMenu) -> QMenu:
        """Filled when the menu opens: a teacher may have added one."""
        menu = QMenu(_("Lessons"), parent)
        window, lessons = self._window, self._window.session.lessons

        def fill() -> None:
            menu.clear()
            menu.addAction(self.show_lessons)
            for lesson in lessons.all:
                done = _("{title}  ✓") if lessons.is_done(lesson) else "{title}"
                action = menu.addAction(done.format(title=lesson.title.replace("&", "&&")))
                action.triggered.connect(lambda _on=False, lesson=lesson: window.lessons.open(lesson))

        parent.aboutToShow.connect(fill)
        return menu

    def _view(self, parent: QMenu) -> QMenu:
        self._panels = menu = QMenu(_("Panels"), parent)
        self._panels_end = menu.addSeparator()
        menu.addActions([*self.pages, self.fold, self.search, self.reset])
        return menu

    def offer_panels(self, actions: Sequence[QAction]) -> None:
        """Show and hide each of these panels from the menu, too."""
        self._panels.insertActions(self._panels_end, actions)

    def _appearance(self, parent: QMenu) -> QMenu:
        menu = QMenu(_("Appearance"), parent)
        self._choices = QActionGroup(menu)
        for choice, title in (("light", _("Light")), ("dark", _("Dark")), ("system", _("As the system"))):
            action = menu.addAction(title)
            action.setCheckable(True)
            action.setData(choice)
            action.triggered.connect(lambda _checked=False, choice=choice: theme().set(choice))
            self._choices.addAction(action)
        menu.addSeparator()
        self._scales = QActionGroup(menu)
        for scale in SCALES:
            action = menu.addAction(_("Text {percent} %").format(percent=round(scale * 100)))
            action.setCheckable(True)
            action.setData(scale)
            action.triggered.connect(lambda _checked=False, scale=scale: theme().set_text_scale(scale))
            self._scales.addAction(action)
        menu.aboutToShow.connect(self._check_choices)
        return menu

    def _check_choices(self) -> None:
        for action in self._choices.actions():
            action.setChecked(action.data() == theme().choice)
        for action in self._scales.actions():
            action.setChecked(action.data() == theme().text_scale)
