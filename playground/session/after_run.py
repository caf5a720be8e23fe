"""What is done as soon as no run is active."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt

if TYPE_CHECKING:
    from playground.session.training import Training


class AfterRun(QObject):
    """One thing waits for the end of the run; another one takes its place."""

    def __init__(self, training: "Training"):
        super().__init__(training)
        self._training = training
        self._then: Callable[[], None] | None = None
        # queued: the frame that tells of the end is to be taken in before
        training.state_changed.connect(self._on_state_changed, Qt.ConnectionType.QueuedConnection)

    def do(self, then: Callable[[], None]) -> None:
        """At once where no run is active; one that is, is stopped first."""
        self._then = then
        self._training.stop()
        self._on_state_changed()

    def forget(self) -> None:
        self._then = None

    def _on_state_changed(self, _state: str = "") -> None:
        if self._then is not None and not self._training.is_active:
            then, self._then = self._then, None
            then()
