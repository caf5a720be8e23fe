"""What the window's thread does for a frame, at a million steps as at a thousand, and how long it is ever blocked."""

import os
import time
from collections.abc import Iterable
from statistics import median
from typing import Any

import msgspec
import numpy as np
from PySide6.QtCore import QSize, Qt, QTimer
from PySide6.QtWidgets import QApplication

from playground.core.edit import SetArgument
from playground.core.messages import Array, EpochReport, Frame
from playground.disk import projects
from playground.window.turns import turns
from tests.benchmarks.measure import Asked, Measured, group_main, interleaved, ratio
from tests.benchmarks.speed import with_epochs
from tests.e2e.stage import application, empty_home, rest, wait, window_of

SIZE = QSize(1440, 900)
PLOT = QSize(440, 410)
FEW, MANY = 1_000, 1_000_000
STEPS_PER_EPOCH = 180  # of LeNet on digits
NEW_LOSSES = 20  # of a frame at full speed
BEAT_MS = 4


def measure(asked: Asked) -> Iterable[Measured]:
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    with empty_home():
        yield redraw(asked)
        project = with_epochs(projects.load("preset:lenet-digits"), 2 * MANY // STEPS_PER_EPOCH)
        with window_of(project, SIZE) as window:
            yield busy(window, asked)
        with window_of(project, SIZE) as window:
            yield blocked(window, 10 if asked.quick else 60)


def losses(count: int, first_step: int) -> Array:
    """A falling, noisy curve."""
    steps = np.arange(first_step, first_step + count)
    values = 2.3 / (1 + steps / 500) * np.random.default_rng(first_step).lognormal(0, 0.3, count)
    return Array("float32", (count,), values.astype(np.float32).tobytes())


class Fed:
    """A loss panel of a session without an engine, fed with frames by hand: one redraw a call."""

    def __init__(self, steps: int) -> None:
        from playground.session.session import Session
        from playground.window.panels import PANELS

        self.session = Session()
        self.panel = PANELS["loss"].make(self.session)
        self.panel.resize(PLOT)
        self.panel.show()
        self._steps = 0
        epochs = tuple(EpochReport(n, n * steps // 10, 1 / n, 1 / n, 0.9, 1.0) for n in range(1, 11))
        self._feed(Frame(state="running", step=steps, losses=losses(steps, 0), epochs=epochs))
        self._steps = steps

    def __call__(self) -> float:
        """Milliseconds of this thread for one more frame and what it paints; the median of ten."""
        return median(self._once() for _ in range(10))

    def close(self) -> None:
        self.panel.close()
        self.session.close()

    def _once(self) -> float:
        first = self._steps
        self._steps += NEW_LOSSES
        frame = Frame(state="running", step=self._steps, first_step=first, losses=losses(NEW_LOSSES, first))
        began = time.thread_time()
        self._feed(frame)
        return 1000 * (time.thread_time() - began)

    def _feed(self, frame: Frame) -> None:
        feed(self.session.training, frame)
        self.panel.grab()


def feed(training: Any, frame: Frame) -> None:
    """What the training thread does when a frame comes, without the thread."""
    drawn: list[bool] = []
    turns().afterwards(lambda: drawn.append(True))
    training._on_frame(frame)
    while not drawn:
        QApplication.processEvents()


def redraw(asked: Asked) -> Measured:
    application()
    few, many = Fed(FEW), Fed(MANY)
    few(), many()
    values, null = interleaved({"few": few, "many": many}, "few", 5 * asked.rounds)
    few.close()
    many.close()
    note = f"{median(values['many']):.1f} ms and {median(values['few']):.1f} ms"
    return Measured("redraw", ratio(values["many"], values["few"]), null, note)


def busy(window: Any, asked: Asked) -> Measured:
    """Real frames of a paused run, again and again under a history of a million steps."""
    training = window.session.training
    window.session.document.select(((0,),))
    full: list[Frame] = []
    training.frame_received.connect(lambda frame: full.append(frame) if frame.pictures else None)
    training.start()
    wait("frames with pictures", lambda: len(full) >= 8 and len(training.history.losses) > FEW)
    training.pause()
    wait("the pause", lambda: training.state == "paused")
    rest(1000)
    training._process.received.disconnect(training._on_message)  # the paused runner answers, too: one frame, not two
    most = max(len(frame.pictures) for frame in full)
    frames = [frame for frame in full if len(frame.pictures) == most][-2:]
    steps = len(training.history.losses)
    feed(training, Frame(state="paused", step=MANY, first_step=steps, losses=losses(MANY - steps, steps)))
    milliseconds = []
    for number in range(20 * asked.rounds):
        one = frames[number % len(frames)]
        first = MANY + number * NEW_LOSSES
        pictures = tuple(msgspec.structs.replace(picture, step=first) for picture in one.pictures)
        again = Frame(
            state="paused",
            step=first + NEW_LOSSES,
            first_step=first,
            losses=losses(NEW_LOSSES, first),
            pictures=pictures,
        )
        began = time.thread_time()
        feed(training, again)
        milliseconds.append(1000 * (time.thread_time() - began))
        rest(20)
    training._process.received.connect(training._on_message)
    training.stop()
    wait("it has stopped", lambda: training.state in ("idle", "finished"))
    note = f"{most} pictures; longest {max(milliseconds):.0f} ms"
    return Measured("busy", median(milliseconds), None, note)


class Heart:
    """Beats in the window's thread; the longest pause between two beats is how long it was blocked."""

    def __init__(self) -> None:
        self.longest_ms = 0.0
        self._last = time.perf_counter()
        self._timer = QTimer()
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._beat)
        self._timer.start(BEAT_MS)

    def reset(self) -> float:
        longest, self.longest_ms, self._last = self.longest_ms, 0.0, time.perf_counter()
        return max(0.0, longest - BEAT_MS)

    def _beat(self) -> None:
        now = time.perf_counter()
        self.longest_ms = max(self.longest_ms, 1000 * (now - self._last))
        self._last = now


def blocked(window: Any, seconds: int) -> Measured:
    """A run at full speed, with an edit each half second as a hand would make it."""
    training, document = window.session.training, window.session.document
    rest(5000)
    heart = Heart()
    rest(3000)
    idle = heart.reset()
    training.start()
    wait("it runs", lambda: len(training.history.losses) > 0)
    for number in range(2 * seconds):
        document.apply(SetArgument((3,), "out_channels", 8 + number % 16))
        document.select(((number % 12,),))
        rest(500)
    longest = heart.reset()
    training.stop()
    wait("it has stopped", lambda: training.state in ("idle", "finished"))
    return Measured("blocked", longest, None, f"{seconds} s; idle {idle:.0f} ms")


if __name__ == "__main__":
    group_main(measure)
