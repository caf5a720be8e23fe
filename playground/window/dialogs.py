"""The few questions that must be answered before going on. Each is a sheet of the window, and none blocks a loop."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QFileDialog, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from playground.core.project import SUFFIX
from playground.core.text import _

CODE_SUFFIX = ".py"

Answer = Callable[[str], None]


class SaveSheet(QDialog):
    """Asks whether changes are to be saved. answer: "save", "discard" or "cancel", given to `on_answer`"""

    def __init__(self, parent: QWidget, name: str, running: bool, on_answer: Answer) -> None:
        super().__init__(parent)
        self._on_answer: Answer | None = on_answer
        self.setWindowModality(Qt.WindowModality.WindowModal)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(_("Unsaved changes"))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 20, 24, 16)
        layout.setSpacing(8)
        title = QLabel(_("Save the changes to {name}?").format(name=name))
        title.setProperty("role", "heading")
        title.setTextFormat(Qt.TextFormat.PlainText)
        layout.addWidget(title)
        text = _("What you changed since it was saved is lost otherwise.")
        if running:
            text += " " + _("The run is stopped in any case.")
        detail = QLabel(text)
        detail.setProperty("role", "secondary")
        layout.addWidget(detail)
        layout.addSpacing(8)
        layout.addLayout(self._buttons())

    def _buttons(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(8)
        self.discard_button = self._button(_("Discard"), "discard")
        self.cancel_button = self._button(_("Cancel"), "cancel")
        self.save_button = self._button(_("Save"), "save")
        self.save_button.setProperty("kind", "main")
        self.save_button.setDefault(True)
        row.addWidget(self.discard_button)
        row.addStretch(1)
        row.addWidget(self.cancel_button)
        row.addWidget(self.save_button)
        return row

    def _button(self, title: str, answer: str) -> QPushButton:
        button = QPushButton(title)
        button.setMinimumWidth(88)
        button.setAutoDefault(False)
        button.clicked.connect(lambda _checked=False: self._give(answer))
        return button

    def _give(self, answer: str) -> None:
        on_answer, self._on_answer = self._on_answer, None
        self.accept()
        if on_answer:
            on_answer(answer)

    def reject(self) -> None:
        on_answer, self._on_answer = self._on_answer, None
        super().reject()
        if on_answer:
            on_answer("cancel")


def ask_to_save(parent: QWidget, name: str, running: bool, on_answer: Answer) -> SaveSheet:
    """Ask; the answer comes later, to `on_answer`."""
    sheet = SaveSheet(parent, name, running, on_answer)
    sheet.open()
    return sheet


def choose_file_to_open(parent: QWidget, folder: Path, on_chosen: Callable[[Path], None]) -> QFileDialog:
    """Let a project file be chosen."""
    dialog = _file_dialog(parent, _("Open a project"), folder)
    dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
    dialog.fileSelected.connect(lambda chosen: on_chosen(Path(chosen)))
    dialog.open()
    return dialog


def choose_file_to_save(
    parent: QWidget, folder: Path, name: str, on_chosen: Callable[[Path], None], on_cancelled: Callable[[], None]
) -> QFileDialog:
    """Let a place for a project file be chosen. The system asks before a file is replaced."""
    dialog = _file_dialog(parent, _("Save the project"), folder)
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.setDefaultSuffix(SUFFIX.lstrip("."))
    dialog.selectFile(f"{name}{SUFFIX}")
    dialog.fileSelected.connect(lambda chosen: on_chosen(Path(chosen)))
    dialog.rejected.connect(on_cancelled)
    dialog.open()
    return dialog


def choose_code_file(parent: QWidget, folder: Path, name: str, on_chosen: Callable[[Path], None]) -> QFileDialog:
    """Let a place for a script be chosen. The system asks before a file is replaced."""
    dialog = _file_dialog(parent, _("Save the code"), folder)
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.setNameFilters([_("Python (*{suffix})").format(suffix=CODE_SUFFIX), _("All files (*)")])
    dialog.setDefaultSuffix(CODE_SUFFIX.lstrip("."))
    dialog.selectFile(f"{name}{CODE_SUFFIX}")
    dialog.fileSelected.connect(lambda chosen: on_chosen(Path(chosen)))
    dialog.open()
    return dialog


def _file_dialog(parent: QWidget, title: str, folder: Path) -> QFileDialog:
    dialog = QFileDialog(parent, title, str(folder))
    dialog.setWindowModality(Qt.WindowModality.WindowModal)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.setNameFilters([_("Projects (*{suffix})").format(suffix=SUFFIX), _("All files (*)")])
    return dialog
