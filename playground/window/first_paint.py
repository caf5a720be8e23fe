"""What can wait until a window is seen."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtWidgets import QWidget

AT_THE_LATEST_MS = 1_000  # a window that comes up minimised is not painted


class AfterFirstPaint(QObject):
    """Calls something once: when the window was painted first, or was not for a while. later_ms: after the painting

    The engine's processes import PyTorch: on two cores, started before it, they take a tenth of the time to the window.
    """

    def __init__(self, window: QWidget, then: Callable[[], object], later_ms: int = 0) -> None:
        super().__init__(window)
        self._then: Callable[[], object] | None = then
        self._later_ms = later_ms
        window.installEventFilter(self)
        self._timer = QTimer(self)  # it goes with the window; that of QTimer.singleShot would outlive it
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._go)
        self._timer.start(AT_THE_LATEST_MS)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Show and isinstance(watched, QWidget):
            watched.removeEventFilter(self)
            watched.windowHandle().installEventFilter(self)  # the system's window, which there is from now on
        elif event.type() == QEvent.Type.Expose:  # all of the window is painted while this is handled
            watched.removeEventFilter(self)
            if self._then is not None:
                self._timer.start(self._later_ms)
        return False

    def _go(self) -> None:
        then, self._then = self._then, None
        if then is not None:
            then()
