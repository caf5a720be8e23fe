"""The user's own files: chosen or dropped, looked into, shown as they were understood, corrected, and then used."""

from pathlib import Path

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QFileDialog, QWidget

from playground.core.choosing import edits_for_own
from playground.core.messages import Understood
from playground.core.text import _
from playground.session.session import Session
from playground.window.data.own_dialog import OwnDialog


class OwnFiles(QObject):
    """Orders of the user about own data; a window has at most one, see `of`."""

    def __init__(self, session: Session, window: QWidget) -> None:
        super().__init__(window)
        self._session, self._window = session, window
        self.dialog: OwnDialog | None = None

    @classmethod
    def of(cls, session: Session, widget: QWidget) -> "OwnFiles":
        """The one of the window that the widget is in."""
        window = widget.window()
        return window.findChild(OwnFiles) or cls(session, window)

    def ask(self, what: str) -> QFileDialog:
        """Let a file or a folder be chosen. what: "file" or "folder" """
        title = _("A file with data of your own") if what == "file" else _("A folder with data of your own")
        dialog = QFileDialog(self._window, title, str(Path.home()))
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)  # else each one stays, with its sixty widgets
        mode = QFileDialog.FileMode.ExistingFile if what == "file" else QFileDialog.FileMode.Directory
        dialog.setFileMode(mode)
        dialog.fileSelected.connect(lambda chosen: self.look_into(Path(chosen)))
        dialog.open()
        return dialog

    def look_into(self, path: Path) -> None:
        """Find out what a file or folder is, and show it."""
        if self.dialog is not None:
            self.dialog.close()
        self.dialog = OwnDialog(self._session, path, self._window)
        self.dialog.use_requested.connect(self.use)
        self.dialog.finished.connect(self._on_finished)
        self.dialog.open()

    def use(self, understood: Understood) -> None:
        """Learn from it: one undo step."""
        document, spec = self._session.document, understood.dataset
        edits = edits_for_own(spec, understood.data, document.project)
        document.apply(*edits, text=_("choose {title}").format(title=spec.title))
        document.set_sample(0)
        enter = getattr(self._window, "enter", None)
        if enter is not None:
            enter("data")  # what was dropped is what one wants to see

    def _on_finished(self, _result: int) -> None:
        self.dialog = None
