"""What the window's thread does for a frame, at a million steps as at a thousand, and how long it is ever blocked."""

import os
import subprocess
import sys
import time
from collections.abc import Iterable
from statistics import median
from typing import Any

from PySide6.QtCore import QSize, Qt, QTimer

from playground.core.edit import SetArgument
from playground.core.messages import EpochReport, Frame
from playground.disk import projects
from tests.benchmarks.frames import MANY, NEW_LOSSES, busy, feed, losses
from tests.benchmarks.measure import Asked, Measured, group_main, interleaved, ratio, steady
from tests.benchmarks.pace import Pace
from tests.benchmarks.speed import with_epochs
from tests.e2e.stage import application, empty_home, rest, wait, window_of

SIZE = QSize(1440, 900)
PLOT = QSize(440, 410)
FEW = 1_000
STEPS_PER_EPOCH = 180  # of LeNet on digits
BEAT_MS = 4
BUDGET_MS = 50  # that no block may be longer than: what the machine's own pauses are held against


def measure(asked: Asked) -> Iterable[Measured]:
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    with empty_home():
        yield redraw(asked)
        project = with_epochs(projects.load("preset:lenet-digits"), 2 * MANY // STEPS_PER_EPOCH)
        with window_of(project, SIZE) as window:
            yield from busy(window, asked)
        with window_of(project, SIZE) as window:
            yield blocked(window, asked)


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


def redraw(asked: Asked) -> Measured:
    application()
    few, many = Fed(FEW), Fed(MANY)
    few(), many()
    values, null = interleaved({"few": few, "many": many}, "few", 5 * asked.rounds)
    few.close()
    many.close()
    note = f"{median(values['many']):.1f} ms and {median(values['few']):.1f} ms"
    return Measured("redraw", ratio(values["many"], values["few"]), null, note)


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


def blocked(window: Any, asked: Asked) -> Measured:
    """A run at full speed, with an edit each half second as a hand would make it."""
    seconds = 10 if asked.quick else 60
    pace = Pace()
    rest(5000)
    heart = Heart()
    rest(3000)
    idle = heart.reset()
    here: list[float] = []

    def attempt() -> tuple[float, float]:
        with Bystander() as bystander:
            longest = _edited_run(window, heart, pace, seconds)
        here.append(longest)
        return (
            longest / pace.typical(),
            1 + bystander.longest_ms / BUDGET_MS / 5,
        )  # five times DRIFT, a quarter of the budget, is noise

    longest, noise = steady(attempt, asked.rounds)
    pace.close()
    machine = 5 * BUDGET_MS * (noise - 1)
    times = f"{min(here):.0f} ms here, where drawing takes {pace.typical():.2f}× its time"
    note = f"{times}; {seconds} s; idle {idle:.0f} ms; the machine itself {machine:.0f} ms"
    return Measured("blocked", longest, None, note)


def _edited_run(window: Any, heart: Heart, pace: Pace, seconds: int) -> float:
    """The longest block of the window's thread, in ms. The pace is read amid it, and counts for no block: beside a run a
    machine is another than after it."""
    training, document = window.session.training, window.session.document
    pace.seen.clear()
    longest = 0.0
    training.start()
    heart.reset()
    wait("it runs", lambda: len(training.history.losses) > 0)
    for number in range(2 * seconds):
        document.apply(SetArgument((3,), "out_channels", 8 + number % 16))
        document.select(((number % 12,),))
        rest(500)
        if number % 5 == 4:
            longest = max(longest, heart.reset())
            pace()
            heart.reset()
    training.stop()
    wait("it has stopped", lambda: training.state in ("idle", "finished"))
    return longest


class Bystander:
    """A process that does nothing but sleep and wake: what wakes it late is the machine, not the window."""

    _PROGRAM = """
import sys, threading, time
ended = threading.Event()
threading.Thread(target=lambda: (sys.stdin.read(), ended.set()), daemon=True).start()
longest = 0.0
while not ended.is_set():
    before = time.perf_counter()
    time.sleep(0.004)
    longest = max(longest, time.perf_counter() - before - 0.004)
print(1000 * longest)
"""

    longest_ms = 0.0

    def __enter__(self) -> "Bystander":
        pipe = subprocess.PIPE
        self._process = subprocess.Popen([sys.executable, "-c", self._PROGRAM], stdin=pipe, stdout=pipe, text=True)
        return self

    def __exit__(self, *_what: object) -> None:
        self.longest_ms = float(self._process.communicate()[0])


if __name__ == "__main__":
    group_main(measure)
