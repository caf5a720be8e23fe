"""The kernels of the project's own convolutions, for a page of the lab: read once, when somebody asks for them."""

from collections.abc import Callable
from typing import NamedTuple

from PySide6.QtCore import QObject, Signal

from playground.core.messages import Picture, Watch
from playground.core.network import Path, at
from playground.session.client import EngineClient
from playground.session.document import Document
from playground.session.training import Training

KIND = "Conv2d"
_MOST = 64  # channels, and rows, that a page of the lab keeps


class Own(NamedTuple):
    """A convolution of the project. filters: how many it has;  channels: that each of them sees"""

    path: Path
    title: str
    filters: int
    channels: int


class OwnKernels(QObject):
    """As they are now: the run's where it trains what the document shows, else those that a run would begin with."""

    changed = Signal()  # there may be other convolutions
    wanted = Signal(object)  # Own: a page that slides kernels is to take these

    def __init__(
        self, document: Document, client: EngineClient, training: Training, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._document, self._client, self._training = document, client, training
        self._asked: tuple[Watch, Callable[[Picture], None]] | None = None
        client.report_changed.connect(self.changed)
        training.pictures_changed.connect(self._look)

    def convolutions(self) -> list[Own]:
        """Those of the network as it was checked; none while that is not known."""
        report, network = self._client.report, self._document.project.network
        if report is None or self._client.checked is not self._document.project:
            return []
        return [
            Own(row.path, f"{row.index} {at(network, row.path).called}", row.tensors[0][0], row.tensors[0][1])
            for row in report.rows
            if row.layer == KIND and row.tensors and not row.disabled and max(row.tensors[0][1:]) <= _MOST
        ]

    def at(self, path: Path) -> Own | None:
        """The one in this place; None where there is none that a page can take."""
        return next((one for one in self.convolutions() if one.path == path), None)

    def ask(self, path: Path, take: Callable[[Picture], None]) -> None:
        """Read the kernels of one. take: gets the picture of the probe `filters`, at once or later; of what is asked
        meanwhile only the newest is answered.
        """
        watch = Watch("filters", {"layer": list(path)})
        self._asked = watch, take
        self._training.watch(self, (watch,))
        self._look()

    def _look(self) -> None:
        if self._asked is None:
            return
        watch, take = self._asked
        picture = self._training.picture(watch)
        if picture is not None:
            self._asked = None
            self._training.unwatch(self)
            take(picture)
