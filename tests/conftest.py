"""No screen, folders of the test run's own, and nothing left behind by any test: no thread, timer, process or file."""

import gc
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import hypothesis
import psutil
import pytest

from playground import garbage

_HOME = Path(tempfile.mkdtemp(prefix="torch-playground-tests-"))
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ["HOME"] = os.environ["USERPROFILE"] = str(_HOME)
for _variable, _folder in (
    ("XDG_DATA_HOME", "data"),
    ("XDG_CONFIG_HOME", "config"),
    ("XDG_CACHE_HOME", "cache"),
    ("XDG_STATE_HOME", "state"),
):
    os.environ[_variable] = str(_HOME / _folder)


# Half of what is usual: `tests.campaigns` goes through thousands, and this suite runs on two cores.
# No deadline of an example: a shared machine may take any time for one.
hypothesis.settings.register_profile("suite", max_examples=50, deadline=None)
hypothesis.settings.load_profile("suite")


def pytest_unconfigure(config: pytest.Config) -> None:
    """Remove the folders, and let everything be cleared up in order."""
    gc.unfreeze()
    shutil.rmtree(_HOME, ignore_errors=True)


_GET = Path(__file__).resolve().parents[2] / "shared" / "datasets" / "get"


@pytest.fixture(scope="session")
def real_data() -> Path:
    """A folder with real data sets, in the layouts of their authors: see ../shared/datasets/README.md.

    PLAYGROUND_DATA may name one that is there already; else they are laid out once for all test runs of a machine
    (140 MB in the folder of temporary files, checked and made whole by `get` itself).
    """
    named = os.environ.get("PLAYGROUND_DATA", "")
    if named and (Path(named) / "california_housing.csv").is_file():
        return Path(named)
    if not _GET.is_file():
        pytest.skip(f"the real data sets are laid out by {_GET}, which is not on this machine")
    user = os.getuid() if hasattr(os, "getuid") else "user"
    folder = Path(tempfile.gettempdir()) / f"torch-playground-real-data-{user}"
    folder.mkdir(mode=0o700, exist_ok=True)
    with _one_at_a_time(folder):  # several workers of pytest-xdist want it at the same moment
        done = subprocess.run([sys.executable, str(_GET), str(folder)], capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, f"{_GET} could not lay out the data sets:\n{done.stdout}\n{done.stderr}"
    return folder


@pytest.fixture
def found_data(real_data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The program finds the real data sets, here and in each process that the test starts."""
    monkeypatch.setenv("PLAYGROUND_DATA", str(real_data))


@contextmanager
def _one_at_a_time(folder: Path) -> Iterator[None]:
    with (folder.parent / f"{folder.name}.lock").open("w") as file:
        if sys.platform != "win32":
            import fcntl

            fcntl.flock(file, fcntl.LOCK_EX)
        yield


@pytest.fixture(autouse=True)
def nothing_left_behind(request):
    """Fails a test that leaves a thread, a running timer, a process or a temporary file."""
    uses_qt = _may_use_qt(request.node.path)
    _collect_garbage(all_of_it=uses_qt)
    # What is there before the test belongs to a fixture of a wider scope.
    looks = _busy if uses_qt else set
    before = set(threading.enumerate()), _children(), looks(), _files()
    if request.node.get_closest_marker("kills"):  # who is killed while it writes cannot clear up after itself
        before = (*before[:3], None)
    yield
    leaks = _leaks(*before, looks)
    deadline = time.monotonic() + 3
    while leaks and time.monotonic() < deadline:  # what was told to end may need a moment
        _let_qt_work()
        time.sleep(0.02)
        leaks = _leaks(*before, looks)
    assert not leaks, "left behind: " + "; ".join(leaks)


_modules = 0  # that were loaded when the collector was last told to pass over them


_unfreeze = gc.unfreeze


def _thaw() -> None:
    """`gc.unfreeze`, noted: to ask the collector whether it passes over anything takes ten milliseconds."""
    global _modules
    _modules = 0
    _unfreeze()


gc.unfreeze = _thaw


def _collect_garbage(*, all_of_it: bool) -> None:
    """Here, in Qt's thread, and nowhere else: an old test's widgets must not be destroyed by a new one's threads.

    A look through all objects takes half a second in a process that has torch and Qt, and nearly all are modules'.
    """
    global _modules
    gc.disable()
    if not _modules or len(sys.modules) > _modules + 100:
        gc.collect()
        gc.freeze()
        _modules = len(sys.modules)
    elif all_of_it:
        gc.collect()
    else:
        garbage.collect_due()


def _may_use_qt(test: Path) -> bool:
    """The rooms below the session know no Qt, which import-linter holds: there is nothing to look for."""
    return not {"core", "disk", "engine", "cli"} & set(test.relative_to(Path(__file__).parent).parts)


def _leaks(threads: set, children: set, qt_objects: set, files: set | None, looks: Callable[[], set]) -> list[str]:
    # Dummies are Python's shadows of Qt's threads, which are looked at themselves.
    left = [
        f"thread {thread.name}"
        for thread in set(threading.enumerate()) - threads
        if not isinstance(thread, threading._DummyThread)
    ]
    left += [f"process {process.pid} {_command(process)}" for process in _children() - children]
    left += [f"busy {one}" for one in looks() - qt_objects]
    left += [f"file {path}" for path in _files() - files] if files is not None else []
    return left


def _files() -> set[Path]:
    """Temporary files of a save (`disk.atomic`)."""
    return {path for path in _HOME.rglob(".*") if path.is_file()}


def _children() -> set[psutil.Process]:
    if _is_childless():
        return set()
    return {one for one in psutil.Process().children(recursive=True) if one.status() != psutil.STATUS_ZOMBIE}


def _is_childless() -> bool:
    """Linux knows at once; psutil looks through all processes of the machine, twice in each of thousands of tests."""
    try:
        told = [file.read_text() for file in Path("/proc/self/task").glob("*/children")]  # by each of our threads
    except OSError:
        return False
    return bool(told) and not any(told)


def _command(process: psutil.Process) -> str:
    try:
        return " ".join(process.cmdline()[-3:])
    except psutil.Error:
        return ""


def _busy() -> set:
    """Qt's running threads and timers that Python knows; none where no test has loaded Qt yet."""
    core = sys.modules.get("PySide6.QtCore")
    if core is None:
        return set()
    from shiboken6 import isValid

    kinds = _with_subclasses(core.QThread) | _with_subclasses(core.QTimer)
    known = [one for one in gc.get_objects() if type(one) in kinds and isValid(one)]
    return {one for one in known if (one.isRunning() if issubclass(type(one), core.QThread) else one.isActive())}


def _with_subclasses(kind: type) -> set[type]:
    return {kind}.union(*map(_with_subclasses, kind.__subclasses__()))


def _let_qt_work() -> None:
    core = sys.modules.get("PySide6.QtCore")
    if core is not None and core.QCoreApplication.instance() is not None:
        core.QCoreApplication.processEvents()
        core.QCoreApplication.sendPostedEvents(None, core.QEvent.Type.DeferredDelete)
