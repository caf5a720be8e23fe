"""Own files: dropped, looked into, corrected, used as one undo step."""

from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QEvent, QMimeData, QPoint, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QFileDialog

from playground.core import messages as words
from playground.core.datasets import DATASETS
from playground.core.problem import Fault
from playground.core.spec import Argument, DatasetSpec
from playground.window.data.own import OwnFiles
from playground.window.data.own_dialog import OwnDialog
from playground.window.main_window import MainWindow
from tests.window.panels.feed import pixels, settle

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints", extend=True)
ARGUMENTS = (
    Argument(name="path", kind="path", default="", help="is the file"),
    Argument(name="target", kind="text", default="", help="is the column to predict"),
    Argument(name="decimal", kind="choice", default=".", choices=(".", ","), help="separates the digits"),
)


class Files:
    """A workbench that understands tables. asked: every question"""

    def __init__(self, session: Any) -> None:
        self.asked: list[Any] = []
        self.waiting: list[Any] = []
        self.reading: list[Any] = []
        self.hold = self.slow = False
        self.fault: Fault | None = None
        session.client.ask = self.ask

    def ask(self, make_question: Any, on_answer: Any) -> None:
        question = make_question(len(self.asked) + 1)
        self.asked.append(question)
        if isinstance(question, words.Understand):
            if self.hold:
                self.waiting.append((question, on_answer))
            else:
                self.reply(question, on_answer)
        elif isinstance(question, words.PrepareData):
            self.reading.append((question, on_answer))
            if not self.slow:
                on_answer(words.Fetched(question.id, "digits"))

    def reply(self, question: words.Understand, on_answer: Any) -> None:
        on_answer(words.Failed(question.id, self.fault) if self.fault else understood(question))


def understood(question: words.Understand) -> words.Understood:
    target = question.options.get("target", "kind")
    spec = DatasetSpec(
        name="digits", title="Table", summary="A CSV.", task="classification" if target == "kind" else "regression",
        kind="table", group="own", sample_shape=(2,), classes=("a", "b") if target == "kind" else (), train=120, test=30,
        own=True, arguments=ARGUMENTS, notes=("The columns are separated by a semicolon",), features=("x", "y"),
        target=target, preparation=({"standardize": True},),
    )  # fmt: skip
    data = {"dataset": "digits", "options": {"path": question.path, "target": target}}
    rows = (("1.5", "2", "a"), ("3", "4", "b"))
    return words.Understood(question.id, data, spec, ("x", "y", "kind"), rows, {"target": ("x", "y", "kind")})


@pytest.fixture
def window(session, qtbot) -> MainWindow:
    made = MainWindow(session)
    qtbot.addWidget(made, before_close_func=lambda one: one.session.document.undo_stack.setIndex(0))
    made.show()
    settle()
    return made


def drop(window: MainWindow, path: Path, kind: Any = QDropEvent) -> Any:
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(path))])
    event = kind(
        QPoint(5, 5), Qt.DropAction.CopyAction, mime, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    )
    (window.dropEvent if kind is QDropEvent else window.dragEnterEvent)(event)
    settle()
    return event


def dialog_of(window: MainWindow) -> OwnDialog:
    return next(one for one in window.findChildren(OwnDialog) if one.isVisible())


def test_a_dropped_file_is_looked_into_and_shown_as_it_was_understood(window, session, tmp_path):
    files = Files(session)
    table = tmp_path / "flowers.csv"
    assert drop(window, table, QDragEnterEvent).isAccepted()
    drop(window, table)
    dialog = dialog_of(window)
    assert files.asked[0].path == str(table)
    assert dialog.summary.text() == "Table: 120 + 30 samples of 2, 2 classes: a, b"
    assert "separated by a semicolon" in dialog.notes.text()
    assert dialog.table.item(1, 2).text() == "b"
    assert [dialog.table.horizontalHeaderItem(place).text() for place in range(3)] == ["x", "y", "kind"]
    assert list(dialog.form.fields) == ["target", "decimal"]
    pixels(dialog)


def test_use_it_is_one_undo_step_and_shows_the_data(window, session, tmp_path):
    Files(session)
    drop(window, tmp_path / "flowers.csv")
    before = session.document.project
    dialog_of(window).use.click()
    settle()
    data = session.document.project.data
    assert data.options["path"] == str(tmp_path / "flowers.csv")
    assert data.preparation == ({"standardize": True},)
    assert session.document.undo_stack.count() == 1
    assert window.rooms.name == "data"
    session.document.undo_stack.undo()
    assert session.document.project == before


def test_a_large_folder_is_read_with_progress_before_it_is_used(window, session, tmp_path):
    files = Files(session)
    files.slow = True
    before = session.document.project
    drop(window, tmp_path / "pets")
    dialog = dialog_of(window)
    dialog.use.click()
    question, on_answer = files.reading[0]
    assert str(tmp_path / "pets") in question.project
    on_answer(words.FetchProgress(question.id, "digits", 1_000, 60_000))
    assert dialog.how_far.text() == "1,000 of 60,000 read"
    assert session.document.project == before
    assert not dialog.form.isEnabled()
    on_answer(words.Fetched(question.id, "digits"))
    assert session.document.project.data.options["path"] == str(tmp_path / "pets")
    assert session.document.undo_stack.count() == 1


def test_files_that_turn_out_to_be_damaged_are_not_used(window, session, tmp_path):
    files = Files(session)
    files.slow = True
    before = session.document.project
    drop(window, tmp_path / "pets")
    dialog = dialog_of(window)
    dialog.use.click()
    question, on_answer = files.reading[0]
    on_answer(words.Failed(question.id, Fault(where="cats/7.png", what="it is cut off", fix="Remove it")))
    assert "cats/7.png" in dialog.trouble.text()
    assert dialog.isVisible()
    assert dialog.form.isEnabled()
    assert session.document.project == before


def test_cancel_ends_the_reading(window, session, tmp_path):
    files = Files(session)
    files.slow = True
    drop(window, tmp_path / "pets")
    dialog = dialog_of(window)
    dialog.use.click()
    dialog.cancel.click()
    assert files.asked[-1].name == "digits"
    assert session.document.undo_stack.count() == 0


def test_a_correction_asks_again_and_another_task_changes_the_loss(window, session, tmp_path, qtbot):
    files = Files(session)
    drop(window, tmp_path / "flowers.csv")
    dialog = dialog_of(window)
    dialog.form.fields["target"].set_requested.emit("y")
    qtbot.waitUntil(lambda: len(files.asked) == 2, timeout=3_000)
    assert files.asked[1].options == {"target": "y"}
    assert dialog.summary.text() == "Table: 120 + 30 samples of 2; it predicts y"
    dialog.use.click()
    assert session.document.project.recipe.loss == "MSE"
    assert session.document.undo_stack.count() == 1


def test_a_correction_while_files_are_read_stops_that_and_asks_anew(window, session, tmp_path, qtbot):
    files = Files(session)
    files.hold = True
    drop(window, tmp_path / "big")
    dialog = dialog_of(window)
    question, on_answer = files.waiting[0]
    on_answer(words.FetchProgress(question.id, question.path, 30, 120))
    assert dialog.how_far.text() == "30 of 120 read"
    assert not dialog.use.isEnabled()
    dialog._on_set("target", "x")
    qtbot.waitUntil(lambda: any(isinstance(one, words.CancelFetch) for one in files.asked), timeout=3_000)
    assert len(files.waiting) == 1  # one question at a time
    on_answer(words.Failed(question.id, Fault(where="big", what="cancelled", fix="none")))
    assert files.waiting[1][0].options == {"target": "x"}
    assert not dialog.trouble.isVisible()
    files.reply(*files.waiting[1])
    assert dialog.use.isEnabled()


def test_what_cannot_be_understood_says_why_and_cannot_be_used(window, session, tmp_path):
    files = Files(session)
    files.fault = Fault(where="x.csv", what="line 3 has 5 columns, but line 1 has 4", fix="Correct line 3")
    drop(window, tmp_path / "x.csv")
    dialog = dialog_of(window)
    assert "line 3 has 5 columns" in dialog.trouble.text()
    assert not dialog.use.isEnabled()


def test_leaving_while_files_are_read_stops_that(window, session, tmp_path):
    files = Files(session)
    files.hold = True
    drop(window, tmp_path / "big")
    dialog_of(window).cancel.click()
    assert files.asked[-1].name == str(tmp_path / "big")
    question, on_answer = files.waiting[0]
    on_answer(words.Failed(question.id, Fault(where="big", what="cancelled", fix="none")))  # nobody listens any more
    assert session.document.project.data.dataset == "digits"


def test_a_gallery_without_a_file_asks_for_one(window, session, tmp_path):
    Files(session)
    chooser = OwnFiles.of(session, window).ask("file")
    chooser.fileSelected.emit(str(tmp_path / "a.csv"))
    chooser.close()
    settle()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    assert window.findChild(QFileDialog) is None  # closed is gone
    assert dialog_of(window).title.text() == "a.csv"
    assert OwnFiles.of(session, window) is OwnFiles.of(session, window.run_bar)
    assert "digits" in DATASETS


def test_another_reader_is_chosen_without_the_options_of_the_first(window, session, tmp_path, qtbot, monkeypatch):
    files = Files(session)
    plain = understood

    def with_readers(question: words.Understand) -> words.Understood:
        found = plain(question)
        return words.Understood(
            found.id, found.data, found.dataset, found.headings, found.rows,
            {**found.choices, "dataset": ("table", "text")},
        )  # fmt: skip

    monkeypatch.setitem(globals(), "understood", with_readers)
    drop(window, tmp_path / "flowers.csv")
    dialog = dialog_of(window)
    assert next(iter(dialog.form.fields)) == "dataset"
    assert dialog.form.fields["target"].value == "kind"
    dialog._on_set("target", "y")
    dialog.form.fields["dataset"].set_requested.emit("text")
    qtbot.waitUntil(lambda: len(files.asked) == 2, timeout=3_000)
    assert files.asked[1].options == {"dataset": "text"}


def test_own_files_that_are_in_use_are_not_called_missing(window, session):
    from playground.core.edit import SetData
    from playground.core.messages import DatasetState

    fault = Fault(where="Table", what="no file or folder has been chosen", fix="Choose one")
    session.client.datasets = (DatasetState("table", False, "", 0, fault),)
    session.document.apply(SetData({"dataset": "table", "options": {"path": "/x.csv"}, "preparation": ()}))
    session.client.datasets_changed.emit()
    settle()
    assert not window.form.data_page._state.isVisible()
    assert window.run_bar.line.dataset._icon == "file"


def test_an_own_set_in_the_form_asks_for_its_file(window, session):
    before = session.document.project
    window.form.data_page.grid.fields["dataset"].set_requested.emit("table")
    settle()
    dialog = next(one for one in window.findChildren(QFileDialog) if one.isVisible())
    dialog.reject()
    assert session.document.project == before
