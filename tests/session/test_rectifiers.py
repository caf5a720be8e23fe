"""When the rectifiers of a run are looked at."""

from types import SimpleNamespace

import msgspec
import pytest
from PySide6.QtCore import QObject, Signal

from playground.core.data import Data
from playground.core.layer import Layer
from playground.core.messages import Array, Frame, Picture, Watch
from playground.core.project import Project
from playground.session.history import History
from playground.session.rectifiers import Rectifiers, watch_of

PROJECT = Project(network=(Layer("Flatten"), Layer("Linear"), Layer("ReLU"), Layer("Linear")))
LAYERS = [{"path": [2], "index": 3, "name": "ReLU"}]


class Run(QObject):
    """What the looks know of a training, and a clock."""

    history_reset = Signal()
    frame_received = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.history, self.project, self.state = History(), PROJECT, "running"
        self.watched: tuple[Watch, ...] = ()
        self.clock = SimpleNamespace(now=0.0)
        self.step = 0

    def watch(self, _owner, watches):
        self.watched = watches

    def unwatch(self, _owner):
        self.watched = ()

    def frame(self, seconds: float, cost: float = 0.001) -> int:
        """A frame after some time, with what is watched. Returns how many pictures it brought."""
        self.clock.now += seconds
        self.step += 1
        facts = {"layers": LAYERS, "samples": 64, "seconds": cost}
        seen = tuple(Picture(one, self.step, {"2": Array("uint8", (2,), b"\1\1")}, facts) for one in self.watched)
        frame = Frame(state=self.state, step=self.step, pictures=seen)
        self.history.append(frame)
        self.frame_received.emit(frame)
        return len(seen)


@pytest.fixture
def run(qapp):
    run = Run()
    Rectifiers(run, clock=lambda: run.clock.now)
    return run


def looks(run: Run, seconds: float, cost: float = 0.001) -> int:
    """At fifty frames a second."""
    return sum(run.frame(0.02, cost) for _ in range(round(50 * seconds)))


def test_the_first_looks_come_soon_and_later_ones_seldom(run):
    assert 3 <= looks(run, 1.0) <= 4
    looks(run, 1.0)
    assert 4 <= looks(run, 10.0) <= 5


def test_what_costs_much_is_done_seldom(run):
    assert looks(run, 60.0, cost=0.1) in (6, 7)  # every ten seconds


def test_nothing_is_watched_in_a_pause_and_another_run_begins_anew(run):
    run.frame(0.02)
    assert run.watched == (Watch("dead_units", {"samples": 64}),)
    run.history_reset.emit()
    assert run.watched == ()
    run.state = "paused"
    assert looks(run, 1.0) == 0


@pytest.mark.parametrize(("batch", "samples"), [(1, 32), (40, 40), (500, 64), ("all", 64)])
def test_as_many_samples_as_a_batch_has_within_bounds(batch, samples):
    asked = msgspec.structs.replace(PROJECT, data=Data(batch_size=batch))
    assert watch_of(asked) == Watch("dead_units", {"samples": samples})


def test_a_network_without_rectifiers_is_not_looked_at(run):
    run.project = msgspec.structs.replace(PROJECT, network=(Layer("Linear"), Layer("ReLU", disabled=True)))
    assert watch_of(run.project) is None
    assert looks(run, 1.0) == 0
