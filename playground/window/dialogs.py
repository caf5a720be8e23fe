"""The few questions that must be answered before going on. Each is a sheet of the window, and none blocks a loop."""

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QFileDialog, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from playground.core.lab.page import SUFFIX as LAB_SUFFIX
from playground.core.project import SUFFIX
from playground.core.text import _, plural

CODE_SUFFIX = ".py"

Answer = Callable[[str], None]


class Sheet(QDialog):
    """A question of the window: a heading, a sentence, and its answers as buttons, "cancel" among them.

    The answer is given to `on_answer`, once; Esc is "cancel".
    """

    def __init__(self, parent: QWidget, title: str, heading: str, sentence: str, on_answer: Answer) -> None:
        super().__init__(parent)
        self._on_answer: Answer | None = on_answer
        self.setWindowModality(Qt.WindowModality.WindowModal)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(title)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 20, 24, 16)
        layout.setSpacing(8)
        for text, role in ((heading, "heading"), (sentence, "secondary")):
            label = QLabel(text)
            label.setProperty("role", role)
            label.setTextFormat(Qt.TextFormat.PlainText)
            layout.addWidget(label)
        layout.addSpacing(8)
        self._row = QHBoxLayout()
        self._row.setSpacing(8)
        layout.addLayout(self._row)

    def add_button(self, title: str, answer: str, *, main: bool = False) -> QPushButton:
        """One more answer, to the right of the others; `add_gap` first where it stands apart."""
        button = QPushButton(title)
        button.setMinimumWidth(88)
        button.setAutoDefault(False)
        button.clicked.connect(lambda _checked=False: self._give(answer))
        if main:
            button.setProperty("kind", "main")
            button.setDefault(True)
        self._row.addWidget(button)
        return button

    def add_gap(self) -> None:
        self._row.addStretch(1)

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


class SaveSheet(Sheet):
    """Asks whether changes are to be saved. answer: "save", "discard" or "cancel" """

    def __init__(self, parent: QWidget, name: str, running: bool, on_answer: Answer) -> None:
        sentence = _("What you changed since it was saved is lost otherwise.")
        if running:
            sentence += " " + _("The run is stopped in any case.")
        heading = _("Save the changes to {name}?").format(name=name)
        super().__init__(parent, _("Unsaved changes"), heading, sentence, on_answer)
        self.discard_button = self.add_button(_("Discard"), "discard")
        self.add_gap()
        self.cancel_button = self.add_button(_("Cancel"), "cancel")
        self.save_button = self.add_button(_("Save"), "save", main=True)


class ChangedSheet(Sheet):
    """Another program has written the file since. answer: "overwrite", "reload", "save_as" or "cancel" """

    def __init__(self, parent: QWidget, name: str, on_answer: Answer) -> None:
        heading = _("{name} was changed by another program or window").format(name=name)
        sentence = _("Save yours under another name, take up the file as it is now, or overwrite it.")
        super().__init__(parent, _("Changed on the disk"), heading, sentence, on_answer)
        self.overwrite_button = self.add_button(_("Overwrite"), "overwrite")
        self.reload_button = self.add_button(_("Reload"), "reload")
        self.reload_button.setToolTip(_("Undo brings yours back"))
        self.add_gap()
        self.cancel_button = self.add_button(_("Cancel"), "cancel")
        self.save_as_button = self.add_button(_("Save as …"), "save_as", main=True)


class DeleteRunsSheet(Sheet):
    """Asks whether runs are to be deleted. answer: "delete" or "cancel" """

    def __init__(self, parent: QWidget, names: Sequence[str], megabytes: float, on_answer: Answer) -> None:
        heading = plural("Delete {n} runs?", "Delete {n} runs?", len(names))
        if len(names) == 1:
            heading = _("Delete the run {name}?").format(name=names[0])
        sentence = _("Figures and checkpoints are gone for good ({size:.1f} MB); projects in files of yours stay.")
        super().__init__(parent, _("Delete runs"), heading, sentence.format(size=megabytes), on_answer)
        self.delete_button = self.add_button(_("Delete"), "delete")
        self.add_gap()
        self.cancel_button = self.add_button(_("Cancel"), "cancel", main=True)


def ask_to_save(parent: QWidget, name: str, running: bool, on_answer: Answer) -> SaveSheet:
    """Ask; the answer comes later, to `on_answer`."""
    sheet = SaveSheet(parent, name, running, on_answer)
    sheet.open()
    return sheet


def ask_about_change(parent: QWidget, name: str, on_answer: Answer) -> ChangedSheet:
    """Ask what to do with a file that is another one now; the answer comes later, to `on_answer`."""
    sheet = ChangedSheet(parent, name, on_answer)
    sheet.open()
    return sheet


def ask_to_delete_runs(parent: QWidget, names: Sequence[str], megabytes: float, on_answer: Answer) -> DeleteRunsSheet:
    """Ask; the answer comes later, to `on_answer`. names: of the runs;  megabytes: that they take on the disk"""
    sheet = DeleteRunsSheet(parent, names, megabytes, on_answer)
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


def choose_lab_page_to_open(parent: QWidget, folder: Path, on_chosen: Callable[[Path], None]) -> QFileDialog:
    """Let a page of the lab be chosen."""
    dialog = _file_dialog(parent, _("Open a page of the lab"), folder)
    dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
    dialog.setNameFilters([_("Pages of the lab (*{suffix})").format(suffix=LAB_SUFFIX), _("All files (*)")])
    dialog.fileSelected.connect(lambda chosen: on_chosen(Path(chosen)))
    dialog.open()
    return dialog


def choose_picture(parent: QWidget, folder: Path, on_chosen: Callable[[Path], None]) -> QFileDialog:
    """Let a picture be chosen."""
    dialog = _file_dialog(parent, _("Choose a picture"), folder)
    dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
    dialog.setNameFilters([_("Pictures (*.png *.jpg *.jpeg *.bmp *.gif *.webp)"), _("All files (*)")])
    dialog.fileSelected.connect(lambda chosen: on_chosen(Path(chosen)))
    dialog.open()
    return dialog


def choose_lab_page_to_save(parent: QWidget, folder: Path, name: str, on_chosen: Callable[[Path], None]) -> QFileDialog:
    """Let a place for a page of the lab be chosen. The system asks before a file is replaced."""
    dialog = _file_dialog(parent, _("Save the page"), folder)
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.setNameFilters([_("Pages of the lab (*{suffix})").format(suffix=LAB_SUFFIX), _("All files (*)")])
    dialog.setDefaultSuffix(LAB_SUFFIX.lstrip("."))
    dialog.selectFile(f"{name}{LAB_SUFFIX}")
    dialog.fileSelected.connect(lambda chosen: on_chosen(Path(chosen)))
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


def choose_result_file(
    parent: QWidget, folder: Path, name: str, kind: str, suffix: str, on_chosen: Callable[[Path], None]
) -> QFileDialog:
    """Let a place for a result be chosen. The system asks before a file is replaced. kind: of file, for people"""
    dialog = _file_dialog(parent, _("Save the result"), folder)
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.setNameFilters([f"{kind} (*{suffix})", _("All files (*)")])
    dialog.setDefaultSuffix(suffix.lstrip("."))
    dialog.selectFile(f"{name}{suffix}")
    dialog.fileSelected.connect(lambda chosen: on_chosen(Path(chosen)))
    dialog.open()
    return dialog


def _file_dialog(parent: QWidget, title: str, folder: Path) -> QFileDialog:
    dialog = QFileDialog(parent, title, str(folder))
    dialog.setWindowModality(Qt.WindowModality.WindowModal)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.setNameFilters([_("Projects (*{suffix})").format(suffix=SUFFIX), _("All files (*)")])
    return dialog
