"""New, open, save, copy: what a person does with a page of the lab. The room's menu and the window's give the same."""

from pathlib import Path

from PySide6.QtWidgets import QWidget

from playground.core.lab.page import SUFFIX
from playground.session.session import Session
from playground.window import dialogs


def new(session: Session) -> None:
    """The page that the topic begins with; Undo brings back what was here."""
    session.lab.new(session.lab.page.topic)


def open_page(session: Session, window: QWidget) -> None:
    """Ask for a file and open it. window: that the dialog belongs to"""
    dialogs.choose_lab_page_to_open(window, _folder(session), session.lab.open_later)


def save(session: Session, window: QWidget) -> None:
    """Save under the known name, else ask for one."""
    if session.lab.path is None:
        save_as(session, window)
    else:
        session.lab.save_later()


def save_as(session: Session, window: QWidget) -> None:
    def write(path: Path) -> None:
        session.lab.save_later(path if path.suffix else path.with_suffix(SUFFIX))

    dialogs.choose_lab_page_to_save(window, _folder(session), session.lab.name, write)


def _folder(session: Session) -> Path:
    path = session.lab.path or session.document.path
    return path.parent if path else Path.home()
