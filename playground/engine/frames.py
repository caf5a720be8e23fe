"""Frames: what happened in a run since somebody last looked."""

import time
from array import array
from collections import deque

from playground.core.drawing import is_awaited, is_of_drawing
from playground.core.messages import Array, EpochReport, Frame, Picture, Pull, State, Watch
from playground.core.problem import Fault
from playground.engine import probes
from playground.engine.books import Books
from playground.engine.loop import Training
from playground.engine.memory import MemoryMeter

_RATE_OVER_S = 1.0


class FrameMaker:
    """Makes the frames of one run after the other. Every loss and every epoch goes into one frame, once."""

    def __init__(self, books: Books):
        self._books = books
        self._training: Training | None = None
        self._memory: MemoryMeter | None = None
        self._drawing: Array | None = None
        self._drawings = 0
        self._kept: tuple[Picture, ...] = ()
        self._begin()

    def anew(self, books: Books) -> "FrameMaker":
        """For another run; the drawing stays."""
        made = FrameMaker(books)
        made._drawing, made._drawings = self._drawing, self._drawings
        return made

    def begin(self, training: Training | None, kept: tuple[Picture, ...] = ()) -> None:
        """Frames tell of this training from now on, from its first step on. kept: what was seen of it before"""
        self._training, self._kept = training, kept
        self._memory = MemoryMeter(training.setup.device) if training is not None else None
        self._begin()

    def _begin(self) -> None:
        self._losses = self._epochs = self._steered = 0
        self._shown: dict[str, tuple[int, int]] = {}  # key of a watch -> step and evaluation of its newest picture
        self._drawn: dict[str, int] = {}  # key of a watch of the drawing -> how many drawings there were then
        self._marks: deque[tuple[float, int]] = deque(maxlen=120)

    def draw(self, drawing: Array) -> None:
        """The sample DRAWING is another one; it stays for the runs to come."""
        self._drawing = drawing
        self._drawings += 1

    def of_new_drawing(self, pull: Pull, at_once: bool = False) -> tuple[Watch, ...]:
        """What is watched of a drawing that was not looked at yet. at_once: only what a hand waits for"""
        if self._training is None:
            return ()
        is_wanted = is_awaited if at_once else is_of_drawing
        return tuple(
            watch for watch in pull.watches if is_wanted(watch) and self._drawn.get(watch.key) != self._drawings
        )

    def has_news(self, pull: Pull) -> bool:
        """Whether a frame would tell more than the last one did, but for another drawing."""
        training = self._training
        if training is None:
            return False
        if len(training.losses) > self._losses or len(training.epochs) > self._epochs:
            return True
        if len(training.steered) > self._steered:
            return True
        now = training.step, training.tested
        return any(self._shown.get(watch.key) != now for watch in pull.watches)

    def make(
        self,
        pull: Pull,
        state: State,
        *,
        pictures: bool = True,
        only: tuple[Watch, ...] | None = None,
        checkpoint: int | None = None,
        fault: Fault | None = None,
        note: str = "",
        testing: bool = False,
    ) -> Frame:
        """The next frame. pictures: False leaves them for the frame after it;  only: of these watches alone"""
        training = self._training
        if training is None:
            return Frame(state=state, fault=fault, note=note)
        seen = self._pictures(training, pull.watches if only is None else only) if pictures else ()
        seen, self._kept = (*self._kept, *seen), ()
        first, losses = self._losses, training.losses[self._losses :]
        epochs: list[EpochReport] = training.epochs[self._epochs :]
        steered = tuple(training.steered[self._steered :])
        self._losses, self._epochs, self._steered = len(training.losses), len(training.epochs), len(training.steered)
        return Frame(
            state=state,
            step=training.step,
            first_step=first,
            losses=_column(losses),
            epochs=tuple(epochs),
            pictures=seen,
            facts=training.facts(),
            seconds=self._books.ran,
            samples_per_second=self._rate(training) if state == "running" else 0.0,
            watching=self._books.watching,
            frames_per_second=self._books.frames_per_second,
            checkpoint=checkpoint,
            fault=fault,
            note=note,
            memory=self._memory.read() if self._memory is not None else None,
            lr=training.lr,
            best_epoch=training.best_epoch,
            stopped_early=training.stopped_early,
            weights_epoch=training.weights_epoch,
            steered=steered,
            testing=testing,
        )

    def _pictures(self, training: Training, watches: tuple[Watch, ...]) -> tuple[Picture, ...]:
        if not watches:
            return ()
        context = training.context()
        context.drawing = self._drawing
        seen = []
        for watch in watches:
            if is_of_drawing(watch):
                self._drawn[watch.key] = self._drawings
            self._shown[watch.key] = training.step, training.tested
            if watch.probe == "slopes" and not context.gradients:
                continue  # of a step that nobody looked at: the newest slopes stay in the window
            seen.append(probes.read(watch, context))
        return tuple(seen)

    def _rate(self, training: Training) -> float:
        """Samples a second over the last second or so."""
        now = time.perf_counter()
        self._marks.append((now, training.step))
        while len(self._marks) > 2 and now - self._marks[1][0] >= _RATE_OVER_S:
            self._marks.popleft()
        (then, step), batch = self._marks[0], training.batch_size
        return (training.step - step) * batch / (now - then) if now > then else 0.0


def _column(losses: array) -> Array:
    return Array("float32", (len(losses),), losses.tobytes())
