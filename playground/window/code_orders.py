"""What a person does with the code: copy it, save it. The panel's buttons and the menu give the same orders."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

from playground.core.code import Script
from playground.session.session import Session
from playground.window import dialogs


def copy(session: Session, then: Callable[[], Any] = lambda: None) -> None:
    """Put the script of the project on the clipboard. then: done when it is there"""

    def take(script: Script) -> None:
        QGuiApplication.clipboard().setText(script.text)
        then()

    session.scripts.get(take, session.notice)


def save(session: Session, window: QWidget, then: Callable[[], Any] = lambda: None) -> None:
    """Ask for a place, and write the script there. window: that the dialog belongs to;  then: done when it is saved"""
    document = session.document
    folder = document.path.parent if document.path else Path.home()

    def ask(script: Script) -> None:
        def write(path: Path) -> None:
            session.scripts.save(script, path, lambda _nothing: then(), session.notice)

        dialogs.choose_code_file(window, folder, document.name, write)

    session.scripts.get(ask, session.notice)
