"""Looks at the rectifiers of a run now and then, whatever panels are open: dead ones are told in the run bar."""

import time
from collections.abc import Callable

from PySide6.QtCore import QObject

from playground.core.messages import Frame, Watch
from playground.core.network import working
from playground.core.project import Project
from playground.session.history import DEAD_UNITS
from playground.session.training import Training

SAMPLES = 64  # of one look; as many as a batch, or a network that hardly fits might not fit
LEAST_SAMPLES = 32  # without slopes more fit than in a step, and fewer say little
FIRST_EVERY_S, EVERY_S = 0.25, 2.0  # until there are enough looks to judge by, and then
REST = 100  # times as long as a look takes: of the time that watching may take, it has half


class Rectifiers(QObject):
    """One look at a time: it is watched for until a frame brings it, then not until the next is due."""

    def __init__(self, training: Training, clock: Callable[[], float] = time.monotonic):
        super().__init__(training)
        self._training, self._clock = training, clock
        self._due = 0.0
        self._watch: Watch | None = None
        training.history_reset.connect(self._begin)
        training.frame_received.connect(self._on_frame)

    def _begin(self) -> None:
        self._due = 0.0
        self._let_go()

    def _on_frame(self, frame: Frame) -> None:
        if self._training.state != "running":
            return  # to change what is watched would ask for another frame
        now = self._clock()
        for picture in frame.pictures:
            if picture.watch.probe == DEAD_UNITS:
                enough = self._training.history.enough_looks or picture.fault
                every = EVERY_S if enough else FIRST_EVERY_S
                self._due = now + max(every, REST * float(picture.facts.get("seconds", 0.0)))
                self._let_go()
        if self._watch is None and now >= self._due and self._training.project is not None:
            self._watch = watch_of(self._training.project)
            if self._watch is not None:
                self._training.watch(self, (self._watch,))

    def _let_go(self) -> None:
        if self._watch is not None:
            self._watch = None
            self._training.unwatch(self)


def watch_of(project: Project) -> Watch | None:
    """What to watch for in a run of this project; None where it has no rectifier."""
    if not any(layer.layer == "ReLU" for _number, _path, layer in working(project.network)):
        return None
    batch = project.data.batch_size
    samples = SAMPLES if batch == "all" else min(SAMPLES, max(LEAST_SAMPLES, int(batch)))
    return Watch(DEAD_UNITS, {"samples": samples})
