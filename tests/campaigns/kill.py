"""Kills the runner and the window with signal 9 at changing moments, and looks at what follows.

    uv run python -m tests.campaigns.kill [--count 20] [--seed 0]

The runner killed: the window says so within a second, another runner comes, the run is resumed from its checkpoint
and ends with as many losses as it has steps. The window killed: no engine is left after two seconds.
"""

import argparse
import contextlib
import json
import os
import random
import subprocess
import sys
import tempfile
import time

import psutil
from PySide6.QtCore import QCoreApplication, QTimer

from tests.campaigns.start_stop import wait_until

GONE_WITHIN_S = 2.0
NOTICED_WITHIN_S = 1.0


def main() -> int:
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("--count", type=int, default=20)
    ask.add_argument("--seed", type=int, default=0)
    ask.add_argument("--victim", action="store_true", help="be the window that is killed")
    asked = ask.parse_args()
    if asked.victim:
        return victim()
    chance, faults = random.Random(asked.seed), []
    with tempfile.TemporaryDirectory() as home:
        for variable in ("HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_STATE_HOME"):
            os.environ[variable] = home
        app = QCoreApplication([])
        for number in range(asked.count):
            found = kill_window(chance.uniform(0, 6)) + kill_runner(chance.uniform(0, 1))
            faults += [f"{number + 1}: {fault}" for fault in found]
            print(f"{number + 1}: {'; '.join(found) or 'well'}", flush=True)
        app.processEvents()
    return min(len(faults), 1)


def victim() -> int:
    """A window without widgets: says its engines' process numbers, trains, and waits to be killed."""
    from playground.session.session import Session

    app = QCoreApplication([])
    session = Session()
    session.start()
    wait_until(lambda: None not in (session.client.pid, session.training.pid))
    print(json.dumps([session.client.pid, session.training.pid]), flush=True)
    session.training.state_changed.connect(lambda state: print(state, flush=True))
    session.training.start()
    QTimer.singleShot(60_000, app.quit)  # should nobody kill it
    code: int = app.exec()
    session.close()
    return code


def kill_window(after_s: float | None) -> list[str]:
    """Kill a window some seconds after its engines were started; None: as soon as it trains. Returns what is wrong."""
    command = [sys.executable, "-m", "tests.campaigns.kill", "--victim"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as window:
        assert window.stdout is not None
        engines = [psutil.Process(pid) for pid in json.loads(window.stdout.readline())]
        if after_s is None:
            while window.stdout.readline().strip() != "running":
                pass
        else:
            time.sleep(after_s)
        window.kill()
    until = time.monotonic() + GONE_WITHIN_S
    while (left := [engine for engine in engines if _works(engine)]) and time.monotonic() < until:
        time.sleep(0.02)
    for engine in left:
        with contextlib.suppress(psutil.Error):
            engine.kill()
    return [f"{len(left)} engines outlived their window"] if left else []


def _works(process: psutil.Process) -> bool:
    """A process that has ended stays in the table until its new parent has looked: it does nothing any more."""
    try:
        return process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def kill_runner(after_s: float) -> list[str]:
    """Kill a runner some seconds after its first checkpoint, then resume. Returns what is wrong."""
    from playground.core.edit import SetRecipe
    from playground.session.session import Session

    session, faults, deaths = Session(), [], []
    training = session.training
    session.document.apply(SetRecipe({"epochs": 12}))
    training.engine_died.connect(deaths.append)
    session.start()
    try:
        training.set_speed(100)
        training.start()
        wait_until(lambda: training.checkpoint is not None or not training.is_active)
        seconds = time.monotonic() + after_s
        wait_until(lambda: time.monotonic() > seconds)
        killed, reached = time.monotonic(), training.history.losses.size
        psutil.Process(training.pid).kill()
        wait_until(lambda: bool(deaths))
        if time.monotonic() - killed > NOTICED_WITHIN_S:
            faults.append(f"noticed only after {time.monotonic() - killed:.2f} s")
        if not training.can_resume:
            return [*faults, f"no resume offered: {deaths[0]}"]
        training.set_speed(None)
        training.resume_from_checkpoint()
        wait_until(lambda: not training.is_active)
        if training.state != "finished" or training.history.losses.size != training.frame.step or len(deaths) != 1:
            faults.append(f"{training.state} with {training.history.losses.size} losses, killed at {reached}")
    finally:
        session.close()
        session.deleteLater()
    return faults


if __name__ == "__main__":
    sys.exit(main())
