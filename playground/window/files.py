"""New, open, save: what the window does with project files, of which other windows and programs may know, too."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from playground.core.problem import Fault, Problem
from playground.core.project import SUFFIX, Project
from playground.core.steered import as_steered
from playground.core.text import _
from playground.disk import projects
from playground.disk.kept_runs import Kept
from playground.session import windows
from playground.session.runs import earlier
from playground.session.session import Session
from playground.window import dialogs
from playground.window.notices import Notice, NoticeStrip

ACTIVE = ("preparing", "running", "paused", "stopping")


class Files(QObject):
    """Orders of the user about files. Unsaved changes are asked about before they would be lost."""

    def __init__(self, window: QWidget, session: Session, notices: NoticeStrip) -> None:
        """window: that dialogs belong to"""
        super().__init__(window)
        self._window, self._session, self._notices = window, session, notices
        self._document = session.document
        self._then: Callable[[], None] | None = None
        self._document.saved.connect(self._on_saved)
        self._document.save_failed.connect(self._on_save_failed)
        self._document.save_refused.connect(self._on_save_refused)
        self._document.file_changed.connect(self._on_file_changed)
        self._document.saved.connect(self._forget_change)
        self._document.begun.connect(self._forget_change)
        self._told_mark = ""
        self._change: Notice | None = None

    def new(self) -> None:
        """An empty network on the data at hand."""
        data = self._document.project.data
        self.when_safe(lambda: self._take(Project(data=data), _("untitled")))

    def open_example(self, name: str) -> None:
        self.when_safe(lambda: self._attempt(lambda: self._take(projects.load(projects.PRESET + name), name)))

    def open_run(self, run: Kept) -> None:
        """Open the project of a kept run, and show what the run came to."""
        self.when_safe(lambda: self._take_run(run))

    def open(self) -> None:
        """Ask for a file and open it."""
        self.when_safe(lambda: dialogs.choose_file_to_open(self._window, self._folder(), self._read))

    def new_window(self) -> None:
        """One more window, as the program begins."""
        self._attempt(windows.open_window)

    def open_beside(self) -> None:
        """Ask for a file and open it in a window of its own."""
        dialogs.choose_file_to_open(self._window, self._folder(), self.open_path_beside)

    def open_path_beside(self, path: Path) -> None:
        """A file that cannot be read is told here: there would be no window to say so."""

        def then(_project: Project) -> None:
            self._attempt(lambda: windows.open_window(path))

        self._session.background.run(lambda: projects.read_file(path), then, self._on_read_failed)

    def open_path(self, path: Path) -> None:
        """Open a file, e.g. one that was dropped on the window."""
        self.when_safe(lambda: self._read(path))

    def save(self, then: Callable[[], None] | None = None) -> None:
        """Save under the known name, else ask for one. then: done once it is saved"""
        if self._document.path is None:
            self.save_as(then)
        else:
            self._write(None, then)

    def save_as(self, then: Callable[[], None] | None = None) -> None:
        dialogs.choose_file_to_save(
            self._window,
            self._folder(),
            self._document.name,
            # the dialog has asked whether to replace a file
            lambda path: self._write(path if path.suffix else path.with_suffix(SUFFIX), then, anyway=True),
            lambda: None,
        )

    def when_safe(self, do: Callable[[], object]) -> None:
        """Do what takes the project away: at once, or once it was asked whether to save."""
        if not self._document.is_modified:
            do()
            return
        self.ask(do)

    def ask(self, do: Callable[[], object]) -> None:
        """Ask whether to save; then do it, unless cancelled."""

        def on_answer(answer: str) -> None:
            if answer == "save":
                self.save(then=lambda: _ignore(do()))
            elif answer == "discard":
                do()

        running = self._session.training.state in ACTIVE
        dialogs.ask_to_save(self._window, self._document.name, running, on_answer)

    def _take(self, project: Project, name: str) -> None:
        self._document.new(project, name)

    def _take_run(self, run: Kept) -> None:
        """A run that goes on here is not stopped for it: then the project alone is opened."""
        training, left = self._session.training, earlier(run)
        if run.project is not None:
            self._take(as_steered(run.project, run.record.steered), run.name)
        if left is not None and training.is_active:
            sentence = _("A run goes on, so of {name} only the project is open. Open it again after that run.")
            self._notices.add(sentence.format(name=run.name), "info")
        elif left is not None:
            training.look_at(left)

    def _read(self, path: Path) -> None:
        """A disk may be slow, and a file may be huge: it is read beside the window."""
        before = self._document.project

        def take(found: tuple[Project, str]) -> None:
            self._document.take(path, *found)
            self._session.settings.add_recent(path)

        def then(found: tuple[Project, str]) -> None:
            if self._document.project is before:
                take(found)
            else:  # edited meanwhile
                self.when_safe(lambda: take(found))

        self._session.background.run(lambda: projects.read_marked(path), then, self._on_read_failed)

    def _on_read_failed(self, fault: Fault) -> None:
        self._notices.add(fault, "error")

    def _write(self, path: Path | None, then: Callable[[], None] | None, *, anyway: bool = False) -> None:
        """The disk may be slow: it is written to beside the window, and `then` is done when it is."""
        self._then = then
        self._attempt(lambda: self._document.save_later(path, anyway=anyway))

    def _on_saved(self, path: Path) -> None:
        self._session.settings.add_recent(path)
        then, self._then = self._then, None
        if then is not None:
            then()

    def _on_save_failed(self, fault: Fault) -> None:
        self._then = None
        self._notices.add(fault, "error", [(_("Save as …"), self.save_as)])

    # A file that another window or program has written ------------------------------------------------------------

    def reload(self, path: Path) -> None:
        """Take up the file as it is now; undo brings back what was here."""

        def then(found: tuple[Project, str]) -> None:
            if path == self._document.path:
                self._document.reload(path, *found)
                self._forget_change()

        self._session.background.run(lambda: projects.read_marked(path), then, self._on_read_failed)

    def _on_save_refused(self, path: Path) -> None:
        then, self._then = self._then, None

        def on_answer(answer: str) -> None:
            if answer == "overwrite":
                self._write(path, then, anyway=True)
            elif answer == "save_as":
                self.save_as(then)
            elif answer == "reload":
                self.reload(path)

        dialogs.ask_about_change(self._window, path.name, on_answer)

    def _on_file_changed(self, path: Path, mark: str) -> None:
        """Where something is unsaved, saving asks; else what is new is offered, once."""
        if self._document.is_modified or mark == self._told_mark:
            return
        self._told_mark = mark
        sentence = _("{name} was changed by another program or window.").format(name=path.name)
        self._change = self._notices.add(sentence, "info", [(_("Reload"), lambda: self.reload(path))])

    def _forget_change(self, *_news: object) -> None:
        """Saved, reloaded, or another project: what was said of the file is no longer so."""
        self._told_mark = ""
        if self._change is not None:
            self._notices.dismiss(self._change)
            self._change = None

    def _attempt(self, do: Callable[[], object]) -> bool:
        """Whether it worked; a Problem is shown under the run bar and nothing is changed."""
        try:
            do()
        except Problem as problem:
            self._notices.add(problem.fault, "error")
            return False
        return True

    def _folder(self) -> Path:
        return self._document.path.parent if self._document.path else Path.home()


def _ignore(_result: object) -> None:
    """For a result that nobody asked for."""
