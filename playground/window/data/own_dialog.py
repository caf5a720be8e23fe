"""What was understood of the user's files, before they are used; every guess can be corrected."""

from pathlib import Path
from typing import Any

import msgspec
from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QPushButton,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from playground.core.arguments import shown_shape
from playground.core.choosing import edits_for_own
from playground.core.datasets import DATASETS
from playground.core.edit import apply
from playground.core.messages import Answer, CancelFetch, Failed, FetchProgress, PrepareData, Understand, Understood
from playground.core.project import write_project
from playground.core.spec import Argument, DatasetSpec
from playground.core.text import _, plural
from playground.session.session import Session
from playground.window.field_grid import FieldGrid
from playground.window.layer_list.panel import hairline
from playground.window.scrolling import ScrollArea
from playground.window.theme import theme

TARGET = "target"  # the option of tables that names the column to predict
READER = "dataset"  # the option that names how the files are read
_MOST_ROWS = 12
_PAUSE_MS = 250  # from the last key to the next question
_MOST_NAMES = 8


class OwnDialog(QDialog):
    """use_requested: Understood"""

    use_requested = Signal(object)

    def __init__(self, session: Session, path: Path, parent: QWidget) -> None:
        super().__init__(parent)
        self._session, self._path = session, path
        self._options: dict[str, Any] = {}
        self._found: Understood | None = None
        self._under_way = self._again = self._closed = False
        self._reading = ""  # name of the data set that is being read into the cache
        self._form: FieldGrid | None = None
        self._form_of: tuple[Argument, ...] = ()
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(_PAUSE_MS)
        self._pause.timeout.connect(self._ask)
        self.setWindowModality(Qt.WindowModality.WindowModal)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(_("Data of your own"))
        self.resize(min(720, parent.width() - 64), min(620, parent.height() - 64))
        self._lay_out()
        self.finished.connect(self._on_finished)
        self._ask()

    def _lay_out(self) -> None:
        self.title, self.summary, self.notes, self.trouble = QLabel(), QLabel(), QLabel(), QLabel()
        self.title.setProperty("role", "heading")
        self.title.setText(self._path.name)
        self.title.setToolTip(str(self._path))
        for label, role in ((self.summary, "secondary"), (self.notes, "small"), (self.trouble, "error")):
            label.setProperty("role", role)
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setWordWrap(True)
        self.trouble.hide()
        self.table = self._make_table()
        self.correct = QLabel(_("What was guessed can be corrected:"))
        self.correct.setProperty("role", "title")
        self.correct.hide()
        holder = QWidget()
        self._inner = inner = QVBoxLayout(holder)
        inner.setContentsMargins(24, 20, 24, 12)
        inner.setSpacing(8)
        for widget in (self.title, self.summary, self.trouble, self.notes, self.table, self.correct):
            inner.addWidget(widget)
        inner.addStretch(1)
        scroll = ScrollArea(holder, keyboard=True)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(scroll, 1)
        column.addWidget(hairline())
        column.addLayout(self._make_foot())

    def _make_table(self) -> QTableWidget:
        table = QTableWidget()
        table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        table.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        table.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        table.setShowGrid(False)
        table.verticalHeader().hide()
        table.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        table.setAccessibleName(_("The first rows"))
        table.hide()
        return table

    def _make_foot(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setContentsMargins(24, 12, 24, 12)
        row.setSpacing(8)
        self.progress = QProgressBar()
        self.progress.setTextVisible(False)
        self.progress.setFixedWidth(160)
        self.progress.setAccessibleName(_("Reading"))
        self.how_far = QLabel()
        self.how_far.setProperty("role", "small")
        self.cancel, self.use = QPushButton(_("Cancel")), QPushButton(_("Use it"))
        self.cancel.setAutoDefault(False)
        self.use.setProperty("kind", "main")
        self.use.setDefault(True)
        self.cancel.clicked.connect(self.reject)
        self.use.clicked.connect(self._on_use)
        for button in (self.cancel, self.use):
            button.setMinimumWidth(88)
        row.addWidget(self.progress)
        row.addWidget(self.how_far)
        row.addStretch(1)
        row.addWidget(self.cancel)
        row.addWidget(self.use)
        return row

    # Asking -------------------------------------------------------------------------------------------------------

    def _ask(self) -> None:
        """Ask what the files are, with the corrections so far; one question at a time."""
        if self._under_way:
            self._again = True
            self._stop()
            return
        self._under_way = True
        self._show_waiting(True)
        path, options = str(self._path), dict(self._options)
        self._session.client.ask(lambda id: Understand(id, path, options), self._on_answer)

    def _stop(self) -> None:
        name = self._reading or str(self._path)
        self._session.client.ask(lambda id: CancelFetch(id, name), lambda _answer: None)

    def _on_answer(self, answer: Answer) -> None:
        if self._closed:
            return
        if isinstance(answer, FetchProgress):
            self._show_progress(answer)
            return
        self._under_way = False
        if self._again:
            self._again = False
            self._ask()
            return
        self._show_waiting(False)
        if isinstance(answer, Understood):
            self._show(answer)
        elif isinstance(answer, Failed):
            self.summary.hide()
            self._show_fault(answer)

    def _read(self, found: Understood) -> None:
        """Have everything read into the cache while checks go on, then use it: a folder may take a minute."""
        project = self._session.document.project
        for edit in edits_for_own(found.dataset, found.data, project):
            project = apply(project, edit)
        self._under_way, self._reading = True, project.data.dataset
        self._show_waiting(True)
        text = write_project(project)
        self._session.client.ask(lambda id: PrepareData(id, text), lambda answer: self._on_read(found, answer))

    def _on_read(self, found: Understood, answer: Answer) -> None:
        if self._closed:
            return
        if isinstance(answer, FetchProgress):
            self._show_progress(answer)
            return
        self._under_way, self._reading = False, ""
        self._show_waiting(False)
        if isinstance(answer, Failed):
            self._show_fault(answer)
        else:
            self.accept()
            self.use_requested.emit(found)

    def _show_progress(self, answer: FetchProgress) -> None:
        self.progress.setRange(0, 1000 if answer.total else 0)
        self.progress.setValue(1000 * answer.done // answer.total if answer.total else 0)
        text = _("{done:,} of {total:,} read") if answer.total else _("{done:,} read")
        self.how_far.setText(text.format(done=answer.done, total=answer.total))

    def _show_fault(self, failed: Failed) -> None:
        self.trouble.setText(str(failed.fault))
        self.trouble.show()
        self.use.setEnabled(False)

    def _show_waiting(self, waiting: bool) -> None:
        self.progress.setRange(0, 0)
        self.progress.setVisible(waiting)
        self.how_far.setVisible(waiting)
        self.how_far.setText(_("Looking into it …"))
        self.use.setEnabled(not waiting and self._found is not None)
        if self._form is not None:
            self._form.setEnabled(not self._reading)

    def _on_finished(self, _result: int) -> None:
        self._closed = True
        self._pause.stop()
        if self._under_way:
            self._stop()

    # Showing ------------------------------------------------------------------------------------------------------

    def _show(self, found: Understood) -> None:
        self._found = found
        self.trouble.hide()
        self.use.setEnabled(True)
        self.summary.setText(summary_of(found.dataset))
        self.summary.show()
        self.notes.setText("\n".join(f"•  {note}" for note in found.dataset.notes))
        self.notes.setVisible(bool(found.dataset.notes))
        self._show_rows(found)
        self._show_form(found)

    def _show_rows(self, found: Understood) -> None:
        rows, table = found.rows[:_MOST_ROWS], self.table
        table.setVisible(bool(rows))
        if not rows:
            return
        table.clear()
        table.setColumnCount(max(len(found.headings), *(len(row) for row in rows)))
        table.setRowCount(len(rows))
        table.setHorizontalHeaderLabels(list(found.headings))
        for line, row in enumerate(rows):
            for place, text in enumerate(row):
                table.setItem(line, place, QTableWidgetItem(text))
        high = theme().size("field")
        for line in range(len(rows)):
            table.setRowHeight(line, high)
        table.setFixedHeight(theme().size("row") + high * min(len(rows), 6) + 2)
        table.resizeColumnsToContents()

    def _show_form(self, found: Understood) -> None:
        arguments = tuple(_correctable(one, found.choices) for one in found.dataset.arguments if one.kind != "path")
        if READER in found.choices:
            arguments = (_reader_argument(found), *arguments)
        self.correct.setVisible(bool(arguments))
        if self._form is None or arguments != self._form_of:
            self._make_form(arguments)
        if self._form is not None:
            used = found.data.get("options", {})
            defaults = {one.name: used.get(one.name, one.default) for one in arguments}
            defaults[READER] = found.data.get("dataset")
            if not defaults.get(TARGET):
                defaults[TARGET] = found.dataset.target
            self._form.show_values(defaults, self._options)

    def _make_form(self, arguments: tuple[Argument, ...]) -> None:
        if self._form is not None:
            self._inner.removeWidget(self._form)
            self._form.hide()
            self._form.deleteLater()
        self._form, self._form_of = FieldGrid(152), arguments
        self._form.setMaximumWidth(560)
        self._form.layout().setContentsMargins(0, 0, 0, 0)
        for argument in arguments:
            titles = {name: DATASETS[name].title for name in argument.choices} if argument.name == READER else None
            title = _("read as") if argument.name == READER else ""
            self._form.add(argument, title, titles).setToolTip(f"{title or argument.name} {argument.help}.")
        self._form.set_requested.connect(self._on_set)
        self._form.release_requested.connect(self._on_release)
        self._inner.insertWidget(self._inner.indexOf(self.correct) + 1, self._form)

    @property
    def form(self) -> FieldGrid | None:
        """The guesses, to be corrected."""
        return self._form

    def _on_set(self, name: str, value: Any) -> None:
        if name == READER:
            self._options = {}  # another reader has other options
        self._options[name] = value
        self._pause.start()

    def _on_release(self, name: str) -> None:
        self._options.pop(name, None)
        self._pause.start()

    def _on_use(self) -> None:
        if self._found is not None and not self._under_way and not self._pause.isActive():
            self._read(self._found)


def _reader_argument(found: Understood) -> Argument:
    known = tuple(name for name in found.choices[READER] if name in DATASETS)
    return Argument(name=READER, kind="choice", default=None, choices=known, help=_("is what the files are taken for"))


def _correctable(argument: Argument, choices: dict[str, tuple[str, ...]]) -> Argument:
    """The argument with what it may be for these files."""
    if argument.name not in choices:
        return argument
    return msgspec.structs.replace(argument, kind="choice", choices=tuple(choices[argument.name]))


def summary_of(spec: DatasetSpec) -> str:
    """What it is, in one line: "Table: 120 + 30 samples of 4, 3 classes: setosa, …"."""
    count = f"{spec.train:,} + {spec.test:,}" if spec.test else f"{spec.train:,}"
    text = _("{title}: {count} samples of {shape}").format(
        title=spec.title, count=count, shape=shown_shape(spec.sample_shape)
    )
    if spec.classes and spec.kind != "text":
        names = ", ".join(spec.classes[:_MOST_NAMES]) + (" …" if len(spec.classes) > _MOST_NAMES else "")
        return f"{text}, {plural('{n} class', '{n} classes', len(spec.classes))}: {names}"
    if spec.kind == "text":
        return _("{text}, {n} different characters").format(text=text, n=spec.tokens)
    return _("{text}; it predicts {target}").format(text=text, target=spec.target or _("a number"))
