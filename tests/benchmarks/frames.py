"""What one frame of a run takes of the window's thread: in the room where one watches it, and in every other one."""

import time
from collections.abc import Callable, Iterable
from statistics import fmean, median
from typing import Any, NamedTuple

import msgspec
import numpy as np
from PySide6.QtWidgets import QApplication

from playground.core.messages import Array, Frame
from playground.window.rooms import FIRST, ROOMS
from playground.window.turns import turns
from tests.benchmarks.measure import Asked, Measured, steady
from tests.benchmarks.pace import Pace
from tests.e2e.stage import rest, wait

MANY = 1_000_000
NEW_LOSSES = 20  # of a frame at full speed
_RECORDED = 6  # frames of a room, of which the fullest are replayed
_SETTLING_MS = 1_500  # in which a room that was entered comes to rest


def losses(count: int, first_step: int) -> Array:
    """A falling, noisy curve."""
    steps = np.arange(first_step, first_step + count)
    values = 2.3 / (1 + steps / 500) * np.random.default_rng(first_step).lognormal(0, 0.3, count)
    return Array("float32", (count,), values.astype(np.float32).tobytes())


def feed(training: Any, frame: Frame) -> None:
    """What the training thread does when a frame comes, without the thread."""
    drawn: list[bool] = []
    turns().afterwards(lambda: drawn.append(True))
    training._on_frame(frame)
    while not drawn:
        QApplication.processEvents()


class Timed(NamedTuple):
    """paced: milliseconds of the reference machine;  here: of this one;  noise: as `steady` takes it"""

    paced: float
    here: list[float]
    noise: float


def busy(window: Any, asked: Asked) -> Iterable[Measured]:
    """Real frames of a paused run, again and again under a history of a million steps."""
    training = window.session.training
    window.session.document.select(((0,),))
    training.start()
    wait("losses", lambda: len(training.history.losses) > 1_000)
    recorded = {room: _recorded(window, room) for room in ROOMS}
    training._process.received.disconnect(training._on_message)  # the paused runner answers, too: one frame, not two
    steps = len(training.history.losses)
    feed(training, Frame(state="paused", step=MANY, first_step=steps, losses=losses(MANY - steps, steps)))
    pace, replay = Pace(), Replay(training)
    for room in (FIRST, *(name for name in ROOMS if name != FIRST)):
        window.rooms.enter(room)
        rest(_SETTLING_MS)
        replay.timed(room, recorded[room], pace, asked, median if room == FIRST else fmean)
    pace.close()
    training._process.received.connect(training._on_message)
    training.stop()
    wait("it has stopped", lambda: training.state in ("idle", "finished"))
    first, most = replay.rooms.pop(FIRST), len(recorded[FIRST][-1].pictures)
    yield Measured("busy", first.paced, first.noise, f"{_here(first, pace)}; {most} pictures")
    room = max(replay.rooms, key=lambda one: replay.rooms[one].paced)
    worst = replay.rooms[room]
    yield Measured("busy_rooms", worst.paced, worst.noise, f"{ROOMS[room]}; {_here(worst, pace)}")


def _here(timed: Timed, pace: Pace) -> str:
    times = f"{median(timed.here):.1f} ms here, at the longest {max(timed.here):.0f}"
    return f"{times}, where drawing takes {pace.typical():.2f}× its time"


def _recorded(window: Any, room: str) -> list[Frame]:
    """The two fullest frames that came of a running network while a room was seen; the run is paused again."""
    training = window.session.training
    window.rooms.enter(room)
    rest(_SETTLING_MS)
    came: list[Frame] = []
    training.frame_received.connect(came.append)
    training.resume()
    wait(f"frames in the room {room}", lambda: len(came) >= _RECORDED)
    training.pause()
    wait("the pause", lambda: training.state == "paused")
    rest(1000)
    training.frame_received.disconnect(came.append)
    return sorted(came, key=lambda frame: len(frame.pictures))[-2:]


class Replay:
    """Frames fed to the window by hand. rooms: what each took"""

    def __init__(self, training: Any) -> None:
        self._training = training
        self._fed = 0
        self._quickest = float("inf")
        self.rooms: dict[str, Timed] = {}

    def timed(
        self, room: str, frames: list[Frame], pace: Pace, asked: Asked, typical: Callable[[list[float]], float]
    ) -> None:
        """Feed these frames in turn, with the pace of the machine taken between two of them. What is drawn between two
        frames, or for several of them together, counts as well: where that is so, the mean is what one costs."""
        here: list[float] = []

        def one(frame: Frame) -> None:
            feed(self._training, frame)
            rest(20)

        def attempt() -> tuple[float, float]:
            paced, counts = [], []
            for number in range(20 * asked.rounds):
                again = self._later(frames[number % len(frames)])
                here.append(_thread_ms(lambda again=again: one(again)))
                paced.append(here[-1] / pace())
                counts.append(_thread_ms(_count))
            self._quickest = min(self._quickest, *counts)
            return typical(paced), median(counts) / self._quickest

        value, noise = steady(attempt, asked.rounds)
        self.rooms[room] = Timed(value, here, noise)

    def _later(self, frame: Frame) -> Frame:
        """The same pictures, and losses, some steps later, of a run that goes on."""
        first = MANY + self._fed * NEW_LOSSES
        self._fed += 1
        pictures = tuple(msgspec.structs.replace(picture, step=first) for picture in frame.pictures)
        new = losses(NEW_LOSSES, first)
        return Frame(state="running", step=first + NEW_LOSSES, first_step=first, losses=new, pictures=pictures)


def _thread_ms(work: Callable[[], object]) -> float:
    began = time.thread_time()
    work()
    return 1000 * (time.thread_time() - began)


def _count() -> None:
    """The same work every time: what it takes longer than at its best is the machine's noise."""
    for _number in range(40_000):
        pass
