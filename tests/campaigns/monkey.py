"""A monkey at the window, beside real engine processes: random events of mouse, keys, menus, sizes, drops and runs.

    uv run python -m tests.campaigns.monkey [--count 100000] [--seed 0] [--log FILE]
    uv run python -m tests.campaigns.monkey --replay FILE [--last 30]

Where there are many processors, several seeds side by side find more in an hour than one in a day (two processors each):

    for seed in 1 2 3 4; do uv run python -m tests.campaigns.monkey --seed $seed & done; wait

Nothing must come of it: no exception, no warning of Qt or Python, no error in a log, no death of an engine process, no
block of the window's thread of more than a second, and nothing that grows. About half of the events come during runs.

The events are written to FILE, one a line, before they are done. Chance begins anew with each act of 400 events, from
the seed and the act's number; how far the engine is by then is not chance's, so a replay comes near, no nearer.
"""

import argparse
import json
import os
import sys
import tempfile
import time
from collections import Counter, deque
from collections.abc import Iterator
from pathlib import Path
from typing import TextIO

from PySide6.QtCore import QEventLoop, QThread, QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication

from playground.garbage import collected_here
from tests.campaigns.monkey_hands import Event, Hands, confine
from tests.campaigns.monkey_home import Home, Stage, home
from tests.campaigns.monkey_mind import ACTIVE, Mind, describe
from tests.campaigns.monkey_watch import FREEZE_S, Found, Watch
from tests.e2e.stage import rest

ACT = 400  # events
TAIL = 30
LOG_EACH, TELL_EACH, MEASURE_EACH = 100, 5_000, 1_000
ENOUGH, LEAST_DURING = 10_000, 0.45  # events; the share that has to come during runs
MOST_FOUND = 20  # after that the campaign ends


class Campaign:
    """Makes the events, one in each turn of Qt's loop: in the loops of menus and drags, too, whoever runs them."""

    def __init__(self, asked: argparse.Namespace, at_home: Home, log: TextIO) -> None:
        self._asked, self._log = asked, log
        self.watch = Watch(self._on_found, asked.freeze)
        self._stage = Stage()
        self._hands = Hands(self._stage, at_home)
        self._mind = Mind(self._stage, at_home, self._hands, asked.seed)
        self._replayed: Iterator[Event] = _read(asked.replay, asked.last) if asked.replay else iter(())
        self._tail: deque[str] = deque(maxlen=TAIL)
        self.done = self.during = 0
        self.kinds: Counter[str] = Counter()
        self.took: Counter[str] = Counter()  # seconds of this thread
        self._levels: list[int] = []  # of the loops in which an event is being done
        self._loop = QEventLoop()
        self._resting_until = 0.0
        self._said = ""

    @property
    def opened(self) -> int:
        return self._stage.opened

    def run(self) -> None:
        """All of it."""
        QApplication.setQuitOnLastWindowClosed(False)
        with self.watch:
            self._open(front=False)
            self._stage.until_ready()
            self.watch.heart.skip()
            QTimer.singleShot(0, self._turn)
            with collected_here():
                self._loop.exec()
                self._end()

    def _open(self, *, front: bool) -> None:
        self._stage.open(front=front)
        self.watch.follow(self._stage.session)

    def _end(self) -> None:
        """All ends in order, and leaves nothing."""
        self._hands.finish()
        self._stage.close()
        # the clipboard of this platform outlives Python, whose objects it may hold
        QGuiApplication.clipboard().clear()
        rest(200)
        self.watch.read_log()
        self.watch.look_at_growth()
        self.watch.look_for_processes()
        if self.done >= ENOUGH and not self._asked.replay and self.during < LEAST_DURING * self.done:
            self.watch.add(f"only {self.during} of {self.done} events came during runs")

    # One turn -----------------------------------------------------------------------------------------------------

    def _turn(self) -> None:
        if not self._loop.isRunning():
            return
        QTimer.singleShot(0, self._turn)  # first: an event may begin a loop that lasts until later events
        level = QThread.currentThread().loopLevel()
        if self._levels and self._levels[-1] >= level:  # Qt's tests let Qt work amid an event
            self._beat(self._said)
            return
        self._levels.append(level)
        try:
            self._next()
        except Exception:  # told here: amid a loop that an event began, PySide keeps it, and no turn comes any more
            sys.excepthook(*sys.exc_info())
        finally:
            self._levels.pop()

    def _next(self) -> None:
        if time.monotonic() < self._resting_until:
            self._beat("rest")
            time.sleep(0.0005)
            return
        if not self._stage.is_open and len(self._levels) > 1:  # the next window is being opened
            self._beat("reopen")
            if (menu := QApplication.activePopupWidget()) is not None:  # its loop would wait for a hand for ever
                menu.close()
            return
        event = next(self._replayed, None) if self._asked.replay else self._chosen()
        if event is None or self._is_over():
            self._finish()
            return
        if event:
            self._do(event)

    def _beat(self, said: str) -> None:
        if self._stage.is_open:
            self.watch.heart.beat(self.done, said)
        else:  # it is hidden, and waits for what its run still writes: there is nothing that could be blocked
            self.watch.heart.skip()

    def _finish(self) -> None:
        if len(self._levels) > 1:  # amid a drag or a menu: no turn comes after `quit` that could end its loop
            self.watch.heart.beat(self.done, "end")
            self._hands.put_away()
        else:
            self._loop.quit()

    def _is_over(self) -> bool:
        over = len(self.watch.found) >= MOST_FOUND
        return over or (not self._asked.replay and self.done >= self._asked.count)

    def _chosen(self) -> Event:
        if not self._stage.is_open:  # it was closed, which is allowed
            self._reopen()
        if self.done % ACT == 0:
            self._mind.begin_act(self.done // ACT)
        if self.done % MEASURE_EACH == 0:
            self.watch.measure()
        return self._mind.next(self.during / max(1, self.done))

    def _reopen(self) -> None:
        self._stage.close()
        self._open(front=self._stage.opened % 2 == 1)
        self.watch.heart.skip()

    def _do(self, event: Event) -> None:
        if not self._stage.is_open:
            self._reopen()
        self.done += 1
        self.watch.number = self.done
        self.during += self._stage.session.training.state in ACTIVE
        self.kinds[event[0]] += 1
        line = json.dumps(event)
        self._log.write(line + "\n")
        self._log.flush()
        self._said = said = describe(event, self._stage.window)
        self._tail.append(f"{line}   {said}" if said != str(event) else line)
        self.watch.heart.beat(self.done, said)
        began = time.thread_time()
        if event[0] == "rest":
            self._resting_until = time.monotonic() + event[1] / 1000
        else:
            self._hands.do(event)
        self.took[event[0]] += time.thread_time() - began
        if self.done % LOG_EACH == 0:
            self.watch.read_log()
        if self.done % TELL_EACH == 0:
            print(f"{self.done} events, {len(self.watch.found)} faults", flush=True)

    def _on_found(self, found: Found) -> None:
        """Said at once: the next event may end the process."""
        tail = "\n    ".join(self._tail)
        print(f"\nFAULT, seed {self._asked.seed}, {found}\n  the last events:\n    {tail}\n", flush=True)


def _read(file: Path, last: int | None) -> Iterator[Event]:
    lines = file.read_text(encoding="utf-8").splitlines()
    for line in lines[-last:] if last else lines:
        yield json.loads(line.partition("   ")[0])


def report(campaign: Campaign, at_home: Home, seconds: float) -> None:
    """What was done, and what it took."""
    watch, done = campaign.watch, campaign.done
    print(f"{done} events, {campaign.during / max(1, done):.0%} during runs, {seconds:.0f} s")
    print("ms for each: " + ", ".join(
        f"{count} {kind} {1000 * campaign.took[kind] / count:.1f}" for kind, count in campaign.kinds.most_common()
    ) + f"; all {1000 * time.thread_time() / max(1, done):.1f}")  # fmt: skip
    print(f"windows opened: {campaign.opened}; walls: {len(at_home.outside)} writes, {len(at_home.opened)} addresses,"
          f" {at_home.windows} windows of other processes")  # fmt: skip
    print("told of runs, engine and files:")
    for words, count in watch.told.most_common(25):
        print(f"  {count:5} {words}")
    print("growth, first and last third: " + ", ".join(
        f"{name} {first:.0f} → {last:.0f}" for name, (first, last) in watch.growth().items()))  # fmt: skip
    print("longest blocks of the window's thread:")
    for block in watch.heart.longest:
        place = [line.strip() for line in block.stack.splitlines() if "playground/" in line][:1]
        print(f"  {block.seconds:.2f} s at {block.number}, {block.event} {' '.join(place)}")


def main() -> int:
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("--count", type=int, default=100_000)
    ask.add_argument("--seed", type=int, default=0)
    ask.add_argument("--log", type=Path, help="where the events are written; a temporary file unless it is named")
    ask.add_argument("--replay", type=Path, help="a file of events to do again, such as a log")
    ask.add_argument("--last", type=int, help="only so many of its last events")
    ask.add_argument("--freeze", type=float, default=FREEZE_S, help="seconds that the window may be blocked")
    asked = ask.parse_args()
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    log = asked.log or Path(tempfile.gettempdir()) / f"monkey-{os.getpid()}.jsonl"
    began = time.monotonic()
    # opened first: nothing outside of the home can be, once there are walls
    with log.open("w", encoding="utf-8") as file, home() as at_home:
        confine(at_home.folder)
        campaign = Campaign(asked, at_home, file)
        print(f"the events are written to {log}", flush=True)
        campaign.run()
        report(campaign, at_home, time.monotonic() - began)
    found = campaign.watch.found
    print(f"{len(found)} faults; events in {log}" if found else "well")  # the log stays: the walls last
    return min(len(found), 1)


if __name__ == "__main__":
    sys.exit(main())
