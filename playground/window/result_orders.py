"""What a person does with results: save them as a table or as a picture."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QBuffer, QIODevice
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QWidget

from playground.core.problem import Fault
from playground.core.text import _
from playground.session.result_table import csv_of, has_table as has_table, left_out, summary_of
from playground.session.session import Session
from playground.window import dialogs

CSV, PNG = ".csv", ".png"


def save_csv(session: Session, panel: QWidget) -> None:
    """Ask for a place, and write the newest result there as a table. panel: in whose window it is asked"""
    picture = session.evaluating.picture
    if picture is None or not has_table(picture):
        return
    text = csv_of(picture)  # as it was when it was asked for
    held, samples = left_out(picture)
    said = _("the table holds {held:,} of {samples:,} pairs, evenly chosen").format(held=held, samples=samples)
    fix = _("The summary, saved as CSV, is of all of them")
    note = Fault(where=_("Evaluation"), what=said, fix=fix) if held else None
    _ask(session, panel, _("evaluation"), _("Table"), CSV, lambda: text.encode(), note)


def save_summary(session: Session, panel: QWidget) -> None:
    """Ask for a place, and write the figures of the newest result there. panel: in whose window it is asked"""
    picture = session.evaluating.picture
    if picture is None or not has_table(picture):
        return
    text = summary_of(picture)
    _ask(session, panel, _("summary"), _("Table"), CSV, lambda: text.encode())


def save_png(session: Session, panel: QWidget, name: str) -> None:
    """Ask for a place, and save what a panel shows there as a picture. name: what it is, for the file's name"""
    from playground.window.panels._drawing import finish_all  # only panels of results are saved

    finish_all(panel)
    image = panel.grab().toImage()
    _ask(session, panel, name, _("Picture"), PNG, lambda: _png(image))


def _ask(
    session: Session,
    panel: QWidget,
    name: str,
    kind: str,
    suffix: str,
    content: Callable[[], bytes],
    note: Fault | None = None,
) -> None:
    """note: what is to be told of the file"""
    document = session.document
    folder = document.path.parent if document.path else Path.home()

    def write(path: Path) -> None:
        session.evaluating.save(path, content, session.notice)
        if note is not None:
            session.notice(note)

    dialogs.choose_result_file(panel.window(), folder, f"{document.name}-{name}", kind, suffix, write)


def _png(image: QImage) -> bytes:
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")
    return bytes(buffer.data().data())
