"""What must not happen while the monkey plays: exceptions, messages of Qt, blocks of the window's thread, deaths."""

import faulthandler
import gc
import io
import logging
import os
import re
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import traceback
import warnings
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import psutil
from PySide6.QtCore import QMessageLogContext, QTimer, QtMsgType, qInstallMessageHandler
from PySide6.QtWidgets import QApplication
from shiboken6 import isValid

from playground.disk import folders

FREEZE_S = 1.0
LOOK_S, SLOW_S = 0.05, 0.25  # how often the thread is looked at; from when on its stack is taken
HANGS_S = 120  # a thread that is blocked so long ends the process, all stacks printed
STALL_S = 0.05  # of the machine, from when on it counts
HARMLESS = ("This plugin does not support",)  # the offscreen platform cannot, and says so of every window
KEPT, MOST_STACKS = 10, 100  # of the longest blocks; of one of them
TORCH_WARNS = re.compile(r"^\S*/torch/\S+: \w*Warning: .*\n(?:  .*\n)?", re.MULTILINE)  # of odd networks, which run
EXPECTED = (": no network", "playground.engine.fitting: out of memory")  # records: there are walls to both
UNANSWERED = "it was ended because it did not answer"
GROWN, ALLOWANCE = 1.5, {"widgets": 300, "timers": 40, "threads": 6, "files": 20, "processes": 1, "MB": 300}


@dataclass
class Found:
    """Something that must not be. number: of the event after which it was seen"""

    number: int
    what: str
    detail: str = ""

    def __str__(self) -> str:
        return f"event {self.number}: {self.what}" + (f"\n{self.detail.rstrip()}" if self.detail else "")


@dataclass
class Block:
    """The window's thread came back late. seconds: without what the machine itself took"""

    seconds: float
    number: int
    event: str
    stack: str = ""


class Bystander:
    """A process that only sleeps and wakes: where it wakes late, the machine stood still. monotonic() is everybody's."""

    _PROGRAM = f"""
import sys, threading, time
ended = threading.Event()
threading.Thread(target=lambda: (sys.stdin.read(), ended.set()), daemon=True).start()
while not ended.is_set():
    before = time.monotonic()
    time.sleep(0.005)
    late = time.monotonic() - before - 0.005
    if late > {STALL_S}:
        print(before, before + late, flush=True)
"""

    def __init__(self) -> None:
        pipe = subprocess.PIPE
        self._process = subprocess.Popen([sys.executable, "-c", self._PROGRAM], stdin=pipe, stdout=pipe, text=True)
        self._stalls: list[tuple[float, float]] = []
        self._reader = threading.Thread(target=self._read, name="bystander", daemon=True)
        self._reader.start()

    @property
    def pid(self) -> int:
        return self._process.pid

    def _read(self) -> None:
        for line in self._process.stdout or ():
            began, ended = map(float, line.split())
            self._stalls = [*self._stalls[-50:], (began, ended)]

    def between(self, began: float, ended: float) -> float:
        """Seconds in which the machine stood still."""
        return sum(max(0.0, min(ended, later) - max(began, earlier)) for earlier, later in self._stalls)

    def close(self) -> None:
        if self._process.stdin:
            self._process.stdin.close()
        self._process.wait()
        self._reader.join()


class Heart:
    """Beaten by the window's thread at every turn; what is longer than `freeze_s` between two beats is a freeze."""

    def __init__(self, found: Callable[[str, str], None], freeze_s: float) -> None:
        self._found, self._freeze_s = found, freeze_s
        self._file = tempfile.TemporaryFile("w+", dir=os.environ["HOME"])  # noqa: SIM115  # closed in `close`
        self.longest: list[Block] = []
        self._stacks: list[str] = []
        self._bystander = Bystander()
        self._event, self._number = "start", 0
        self.skip()
        self._closed = threading.Event()
        self._watcher = threading.Thread(target=self._watch, name="heart", daemon=True)
        self._watcher.start()
        self._armed = 0.0
        self._quickest = _pace_s()

    @property
    def bystander(self) -> int:
        return self._bystander.pid

    def beat(self, number: int, event: str) -> None:
        """event: that comes now"""
        now = time.monotonic()
        if now - self._last > SLOW_S:
            waited = max(_waited_s() - self._waited, self._bystander.between(self._last, now))
            # what this thread computed itself was no waiting, whoever else waited meanwhile
            self._look_at(now - self._last, min(waited, now - self._last - (time.thread_time() - self._computed)))
        self._number, self._event = number, event
        self.skip()
        if now - self._armed > HANGS_S / 4:
            self._armed = now
            faulthandler.dump_traceback_later(HANGS_S, exit=True)

    def skip(self) -> None:
        """Count from now on."""
        self._last, self._waited, self._computed, self._stacks = time.monotonic(), _waited_s(), time.thread_time(), []

    def _look_at(self, seconds: float, machine: float) -> None:
        stack = self._stacks[len(self._stacks) // 2] if self._stacks else ""
        slower = 1.0
        if seconds - machine > self._freeze_s:  # a core that is shared with another one's work is slower, too
            now = _pace_s()
            self._quickest = min(self._quickest, now)
            slower = now / self._quickest
        block = Block((seconds - machine) / slower, self._number, self._event, stack)
        self.longest = sorted([*self.longest, block], key=lambda one: -one.seconds)[:KEPT]
        if block.seconds > self._freeze_s:
            apart = f"apart from {machine:.2f} s of the machine's, which was {slower:.1f} times slower than at its best"
            what = f"the window was blocked for {block.seconds:.2f} s by {self._event} ({apart})"
            self._found(what, "\n".join(dict.fromkeys((self._stacks or [""])[:: max(1, len(self._stacks) // 3)])))

    def _watch(self) -> None:
        while not self._closed.wait(LOOK_S):
            if time.monotonic() - self._last > SLOW_S and len(self._stacks) < MOST_STACKS:
                self._stacks.append(self._stack())

    def _stack(self) -> str:
        """Of the window's thread. Frames that Python hands out would keep its painters and widgets alive."""
        self._file.seek(0)
        self._file.truncate()
        faulthandler.dump_traceback(self._file)
        self._file.seek(0)
        return next((part for part in self._file.read().split("\n\n") if "monkey.py" in part), "")

    def close(self) -> None:
        faulthandler.cancel_dump_traceback_later()
        self._closed.set()
        self._watcher.join()
        self._file.close()
        self._bystander.close()


def _waited_s() -> float:
    """Seconds that threads of this process were ready to run while others had the processors; 0 where the system does
    not tell. All of them: one that holds Python's lock, or that of a file, makes the window's thread wait with it.
    """
    total = 0
    with suppress(OSError):  # no such system
        for thread in os.listdir("/proc/self/task"):
            # a thread that has just ended, or a system that does not count
            with suppress(OSError, IndexError), open(f"/proc/self/task/{thread}/schedstat", "rb") as file:
                total += int(file.read().split()[1])
    return total / 1e9


def _pace_s() -> float:
    """The same work every time, of this thread alone, with some memory in it; at its best of five attempts."""
    took = []
    for _attempt in range(5):
        began = time.thread_time()
        texts = {f"{number * 7919 % 30_011}": [number] for number in range(30_000)}
        sorted(texts)
        took.append(time.thread_time() - began)
    return min(took)


class LogLines(logging.Handler):
    """Errors that the program logged: bugs that it caught."""

    def __init__(self, found: Callable[[str, str], None]) -> None:
        super().__init__(logging.ERROR)
        self._found = found
        self.setFormatter(logging.Formatter("%(name)s: %(message)s"))

    def emit(self, record: logging.LogRecord) -> None:
        self._found("logged as an error", self.format(record))


@dataclass
class Sample:
    """How much there is of everything."""

    number: int
    values: dict[str, float] = field(default_factory=dict)


class Watch:
    """Everything that is watched. `number` is told by whoever makes the events."""

    def __init__(self, on_found: Callable[[Found], None], freeze_s: float = FREEZE_S) -> None:
        self.number = 0
        self.found: list[Found] = []
        self.told: Counter[str] = Counter()  # what people were told of a run, the engine or a file
        self.samples: list[Sample] = []
        self._on_found = on_found
        self._log_read = 0
        self.heart = Heart(self.add, freeze_s)
        self._handler = LogLines(self.add)
        self._hooks: dict[str, Any] = {}

    def __enter__(self) -> "Watch":
        self._hooks = {"except": sys.excepthook, "thread": threading.excepthook, "unraisable": sys.unraisablehook}
        sys.excepthook = lambda kind, error, trace: self._on_exception("an exception", kind, error, trace)
        threading.excepthook = lambda told: self._on_exception(
            f"an exception in the thread {told.thread.name if told.thread else '?'}",
            told.exc_type, told.exc_value, told.exc_traceback,
        )  # fmt: skip
        sys.unraisablehook = lambda told: self._on_exception(
            f"an unraisable exception in {told.object!r}", told.exc_type, told.exc_value, told.exc_traceback
        )
        self._qt = qInstallMessageHandler(self._on_message)
        self._warnings = warnings.catch_warnings()
        self._warnings.__enter__()
        warnings.simplefilter("always")
        warnings.showwarning = self._on_warning
        logging.getLogger().addHandler(self._handler)
        faulthandler.enable()
        return self

    def __exit__(self, *_what: object) -> None:
        self.heart.close()
        logging.getLogger().removeHandler(self._handler)
        self._warnings.__exit__(None, None, None)
        qInstallMessageHandler(self._qt)
        sys.excepthook, threading.excepthook = self._hooks["except"], self._hooks["thread"]
        sys.unraisablehook = self._hooks["unraisable"]

    def add(self, what: str, detail: str = "") -> None:
        found = Found(self.number, what, detail)
        self.found.append(found)
        self._on_found(found)

    def follow(self, session: Any) -> None:
        """Watch the processes of a session, and hear what is told."""
        session.training._process.died.connect(lambda ending: self._on_died("runner", ending))
        session.client._process.died.connect(lambda ending: self._on_died("workbench", ending))
        session.noticed.connect(lambda fault: self.told.update([_brief(fault)]))
        session.training.run_failed.connect(lambda fault: self.told.update([_brief(fault)]))

    def _on_died(self, which: str, ending: Any) -> None:
        if which == "runner" and ending.reason == UNANSWERED:  # one step took longer than people wait for a stop
            self.told[f"{which}: {ending.reason}"] += 1
            return
        self.add(f"the {which} died: {ending.reason}, after {ending.lived:.1f} s")

    def _on_exception(self, what: str, kind: Any, error: Any, trace: Any) -> None:
        self.add(f"{what}: {kind.__name__}: {error}", "".join(traceback.format_exception(kind, error, trace)))

    def _on_message(self, kind: QtMsgType, context: QMessageLogContext, text: str) -> None:
        if kind is not QtMsgType.QtDebugMsg and not any(harmless in text for harmless in HARMLESS):
            place = "".join(traceback.format_stack(limit=8)[:-1])
            self.add(f"Qt says ({kind.name}, {context.category}): {text}", place)

    def _on_warning(self, message: Any, category: Any, file: str, line: int, *_more: Any) -> None:
        self.add(f"a warning: {category.__name__}: {message}", f"{file}:{line}")

    # Now and then -------------------------------------------------------------------------------------------------

    def read_log(self) -> None:
        """What the processes of the engine wrote: tracebacks, errors, warnings."""
        try:
            with folders.log().open("rb") as file:
                file.seek(0, io.SEEK_END)
                size = file.tell()
                file.seek(self._log_read if size >= self._log_read else 0)
                self._log_read, text = size, file.read().decode(errors="replace")
        except OSError:
            return
        text = TORCH_WARNS.sub("", text)
        told = [one for one in re.split(r"^(?=\d{4}-\d\d-\d\d )", text, flags=re.MULTILINE) if one.strip()]
        told = [one for one in told if not one.splitlines()[0].endswith(EXPECTED)]
        if told:
            self.add("the log of the processes says", "".join(told)[-4000:])

    def measure(self) -> None:
        """How much there is of everything now."""
        gc.collect()
        process = psutil.Process()
        timers = [one for one in gc.get_objects() if issubclass(type(one), QTimer) and isValid(one) and one.isActive()]
        values = {
            "MB": process.memory_info().rss / 1e6,
            "threads": process.num_threads(),
            "files": process.num_fds() if hasattr(process, "num_fds") else process.num_handles(),
            "widgets": len(QApplication.allWidgets()),
            "timers": len(timers),
            "processes": len(process.children(recursive=True)),
        }
        self.samples.append(Sample(self.number, values))
        self.heart.skip()

    def look_for_processes(self) -> None:
        """All windows are closed: no process of the engine may be left."""
        left = [one for one in psutil.Process().children(recursive=True) if one.pid != self.heart.bystander]
        for process in left:
            self.add(f"process {process.pid} is left behind")

    def growth(self) -> dict[str, tuple[float, float]]:
        """Medians of the first and the last third, after a beginning in which things are made for the first time."""
        kept = self.samples[1:]
        third = len(kept) // 3
        if third < 2:
            return {}
        first, last = kept[:third], kept[-third:]
        return {
            name: tuple(statistics.median(one.values[name] for one in part) for part in (first, last))  # type: ignore[misc]
            for name in kept[0].values
        }

    def look_at_growth(self) -> None:
        for name, (first, last) in self.growth().items():
            if last > GROWN * first + ALLOWANCE[name]:
                self.add(f"{name} grew from {first:.0f} to {last:.0f}")


def _brief(fault: Any) -> str:
    """Enough of a sentence to count it."""
    return f"{fault.where}: {fault.what}"[:90]
