"""A window of another program, from which a file is dragged: `python -m tests.e2e.drag_source FILE X Y`.

It stands at X, Y, offers the file as file managers do while the mouse is pressed on it, and prints what became of it.
"""

import sys
from pathlib import Path

from PySide6.QtCore import QMimeData, Qt, QTimer, QUrl
from PySide6.QtGui import QDrag, QMouseEvent
from PySide6.QtWidgets import QApplication, QLabel

SIZE = 80  # px
LIFE_MS = 60_000  # should nobody end it


class Source(QLabel):
    def __init__(self, file: Path) -> None:
        super().__init__(file.name)
        self._file = file
        self.setWindowFlags(Qt.WindowType.FramelessWindowHint | Qt.WindowType.WindowStaysOnTopHint)
        self.setFixedSize(SIZE, SIZE)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        mime = QMimeData()
        mime.setUrls([QUrl.fromLocalFile(str(self._file))])
        mime.setText(str(self._file))
        drag = QDrag(self)
        drag.setMimeData(mime)
        action = drag.exec(Qt.DropAction.CopyAction | Qt.DropAction.MoveAction)
        print(action.name, flush=True)  # it stays: the other program asks for the data only now


def main() -> int:
    app = QApplication(sys.argv[:1])
    source = Source(Path(sys.argv[1]))
    source.move(int(sys.argv[2]), int(sys.argv[3]))
    source.show()
    QTimer.singleShot(500, lambda: print("ready", flush=True))
    QTimer.singleShot(LIFE_MS, app.quit)
    return app.exec()


if __name__ == "__main__":
    sys.exit(main())
