"""Drags within the window, which the offscreen platform does not have: its `QDrag.exec` returns at once.

Here it runs a loop as it does elsewhere, and until the button is let go the pointer's moves are events of the drag.
"""

from PySide6.QtCore import QEvent, QEventLoop, QMimeData, QPoint, QPointF, Qt
from PySide6.QtGui import QDrag, QDragEnterEvent, QDragLeaveEvent, QDragMoveEvent, QDropEvent, QWindow
from PySide6.QtWidgets import QApplication
from shiboken6 import isValid

Actions = Qt.DropAction
_LEFT, _NONE = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier


class Visit:
    """Something that is dragged over windows, from wherever it came. taken: whether a drop would be accepted here"""

    def __init__(self, mime: QMimeData, actions: Qt.DropAction) -> None:
        self._mime, self._actions = mime, actions
        self._over: QWindow | None = None
        self.taken = False

    def move(self, window: QWindow, place: QPoint, modifiers: Qt.KeyboardModifier = _NONE) -> None:
        kinds = (QDragMoveEvent,) if window is self._over else (QDragEnterEvent, QDragMoveEvent)
        if window is not self._over:
            self.leave()
        self._over = window
        for kind in kinds:
            if not isValid(window):  # it was closed while Qt worked
                return
            event = kind(place, self._actions, self._mime, _LEFT, modifiers)
            QApplication.sendEvent(window, event)
            self.taken = event.isAccepted()

    def leave(self) -> None:
        if self._over is not None and isValid(self._over):
            QApplication.sendEvent(self._over, QDragLeaveEvent())
        self._over, self.taken = None, False

    def drop(self, window: QWindow, place: QPoint, modifiers: Qt.KeyboardModifier = _NONE) -> Qt.DropAction:
        """What became of it."""
        self.move(window, place, modifiers)
        if not self.taken or not isValid(window):
            self.leave()
            return Actions.IgnoreAction
        event = QDropEvent(QPointF(place), self._actions, self._mime, _LEFT, modifiers, QEvent.Type.Drop)
        QApplication.sendEvent(window, event)
        self._over = None
        return event.dropAction() if event.isAccepted() else Actions.IgnoreAction


class Drags:
    """The drag that is going on, if one is. over: none begins any more, for nobody would end it"""

    def __init__(self) -> None:
        self.visit: Visit | None = None
        self.over = False
        self._source: object = None
        self._loop: QEventLoop | None = None
        self._result = Actions.IgnoreAction

    def install(self) -> None:
        """For the rest of the process."""
        real_source = QDropEvent.source

        def run(drag: QDrag, actions: Actions = Actions.MoveAction, _usual: Actions = Actions.IgnoreAction) -> Actions:
            return self._run(drag, actions)

        QDrag.exec = run  # type: ignore[method-assign, assignment]
        QDropEvent.source = lambda event: self._source or real_source(event)  # type: ignore[method-assign, assignment]

    def _run(self, drag: QDrag, actions: Actions) -> Actions:
        if self._loop is not None or self.over:
            return Actions.IgnoreAction
        self.visit, self._source, self._result = Visit(drag.mimeData(), actions), drag.source(), Actions.IgnoreAction
        self._loop = QEventLoop()
        self._loop.exec()
        self.visit = self._source = self._loop = None
        return self._result

    def drop(self, window: QWindow, place: QPoint, modifiers: Qt.KeyboardModifier) -> None:
        """The button is let go."""
        if self.visit is not None:
            self._result = self.visit.drop(window, place, modifiers)
        self._end()

    def cancel(self) -> None:
        """By Esc, or because the window is gone."""
        if self.visit is not None:
            self.visit.leave()
        self._end()

    def _end(self) -> None:
        if self._loop is not None:
            self.visit = None
            self._loop.quit()
