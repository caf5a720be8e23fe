"""The collector works in the window's thread alone."""

import gc
import threading
import time

import pytest
from PySide6.QtCore import QCoreApplication, QObject

from playground import garbage

MANY = 100_000  # far more than the collector's thresholds


class Loop(QObject):
    """Garbage as soon as it is let go, which only the collector finds. ended_in: the threads in which that happened"""

    def __init__(self, ended_in: list[threading.Thread]) -> None:
        super().__init__()
        self.itself, self.ended_in = self, ended_in

    def __del__(self) -> None:
        self.ended_in.append(threading.current_thread())


@pytest.fixture
def collector_as_it_is():
    """Python's own ways, which the suite turns off."""
    gc.enable()
    yield
    gc.disable()


def make_many(held: list[list]) -> None:
    held += ([] for _one in range(MANY))


@pytest.mark.usefixtures("collector_as_it_is")
def test_garbage_is_found_by_the_thread_of_the_window(qapp):
    ended_in = []
    with garbage.collected_here():
        QCoreApplication.processEvents()
        Loop(ended_in)
        held = []
        other = threading.Thread(target=make_many, args=(held,))
        other.start()
        other.join()
        assert not ended_in
        deadline = time.monotonic() + 20
        while not ended_in and time.monotonic() < deadline:
            time.sleep(garbage.EACH_MS / 1000)
            QCoreApplication.processEvents()
    assert ended_in == [threading.main_thread()]


@pytest.mark.usefixtures("collector_as_it_is")
def test_without_it_any_thread_may_find_it():
    """What the module is there for."""
    ended_in = []
    Loop(ended_in)
    other = threading.Thread(target=make_many, args=([],))
    other.start()
    other.join()
    assert ended_in == [other]


@pytest.mark.usefixtures("collector_as_it_is")
def test_afterwards_the_collector_is_as_it_was(qapp):
    before = gc.get_freeze_count()
    with garbage.collected_here():
        assert not gc.isenabled()
        QCoreApplication.processEvents()
        assert gc.get_freeze_count() > before
    assert gc.isenabled()
    assert gc.get_freeze_count() == 0


def test_nothing_is_collected_before_its_time():
    gc.collect()
    looked = []
    gc.callbacks.append(lambda phase, _told: looked.append(phase))
    try:
        garbage.collect_due()
        assert not looked
        held = [[] for _one in range(MANY)]
        garbage.collect_due()
        assert looked == ["start", "stop"]
        assert len(held) == MANY
    finally:
        gc.callbacks.pop()
