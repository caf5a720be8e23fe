"""Files that are dropped on the window."""

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QDragEnterEvent, QDropEvent


def dropped(event: QDragEnterEvent | QDropEvent) -> Path | None:
    """The one file or folder that is dropped, a project or data; None where it is nothing of the kind, or many."""
    files = [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]
    return files[0] if len(files) == 1 else None


def take_copy(event: QDropEvent) -> None:
    """Say that the file is only read: a program that was told of a move might take it away."""
    event.setDropAction(Qt.DropAction.CopyAction)
    event.accept()
