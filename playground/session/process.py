"""An engine process and the thread that owns its pipe. The window's thread never waits for either.

The pipe is the life line: only this process holds its other end, so the child sees it close however the window ends,
and ends itself. A child that does not is ended by the thread.
"""

import contextlib
import logging
import os
import queue
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from multiprocessing.connection import Connection, Pipe, wait
from typing import Any

import msgspec
from PySide6.QtCore import QObject, QThread, Signal

from playground.core.messages import encode
from playground.core.text import _
from playground.disk import folders

_log = logging.getLogger(__name__)

ENGINE = ("-m", "playground.engine")
MAX_MESSAGE = 512_000_000  # bytes; a frame is some 30 kB, a longer one than this is not ours
GRACE_S = 0.5  # for a child to end by itself once its pipe is closed


class Ending(msgspec.Struct, frozen=True):
    """How a process ended. code: exit status, minus the signal's number;  asked: by `EngineThread.close`
    lived: seconds;  reason: in words
    """

    code: int | None
    asked: bool
    lived: float
    reason: str


class EngineThread(QThread):
    """Starts one engine process, sends it what `send` is given, and emits what it says, until one of them ends."""

    received = Signal(object)  # a decoded message
    ended = Signal(object)  # Ending: once, always last

    def __init__(
        self,
        kind: str,
        decode: Callable[[bytes], Any],
        engine: Sequence[str] = ENGINE,
        parent: QObject | None = None,
    ):
        super().__init__(parent)
        self.setObjectName(kind)
        self._kind, self._decode, self._engine = kind, decode, tuple(engine)
        self._orders: queue.SimpleQueue[Any] = queue.SimpleQueue()
        self._bell, self._rope = Pipe(duplex=False)
        self._rung = False
        self._closing = False
        self._kill = False
        self.pid: int | None = None

    def send(self, message: Any) -> None:
        """Hand a message over to the thread. Any thread; never blocks; after the end it is dropped."""
        self._orders.put(message)
        self._ring()

    def close(self) -> None:
        """Let the thread and the process end. Returns at once; `ended` follows."""
        self._closing = True
        self._ring()

    def kill(self) -> None:
        """End a process that no longer answers. Returns at once; `ended` follows."""
        self._kill = True
        self._ring()

    def run(self) -> None:
        """The thread: the child's whole life."""
        began, child, code, reason = time.monotonic(), None, None, ""
        try:
            child, connection = launched([sys.executable, *self._engine, self._kind])
            self.pid = child.pid
            with contextlib.closing(connection):
                reason = self._talk(connection)
        except (OSError, ValueError) as error:
            reason = _("it could not be started: {error}").format(error=error)
            _log.exception("the %s could not be started", self._kind)
        finally:
            if child is not None:
                code = ended(child, 0.0 if self._kill else GRACE_S)
                reason = reason or ending_in_words(code)
            self.ended.emit(Ending(code, self._closing, time.monotonic() - began, reason))

    def outgoing(self, order: Any) -> Iterable[Any]:
        """The messages that an order stands for. Runs in the thread, so it may use the disk."""
        return (order,)

    def may_close(self) -> bool:
        """Whether the thread may let go of a process that it was told to close."""
        return True

    def incoming(self, message: Any) -> None:
        """Called in the thread for each message, before `received`."""

    def _talk(self, connection: Connection) -> str:
        while True:
            if self._kill or (self._closing and self._orders.empty() and self.may_close()):
                return _("it was ended because it did not answer") if self._kill else ""
            ready = wait([connection, self._bell], timeout=0.1 if self._closing else 1.0)
            if self._bell in ready:
                self._bell.recv_bytes()
                self._rung = False  # before the orders are taken, so that none is left lying
            try:
                while not self._orders.empty():
                    for message in self.outgoing(self._orders.get()):
                        connection.send_bytes(encode(message))
                if connection in ready:
                    message = self._decode(connection.recv_bytes(MAX_MESSAGE))
                    self.incoming(message)
                    self.received.emit(message)
            except (EOFError, OSError):
                return ""
            except msgspec.MsgspecError as error:
                _log.error("the %s said something unreadable: %s", self._kind, error)
                self._kill = True
                return _("it said something unreadable")

    def _ring(self) -> None:
        if not self._rung:  # one ring is enough, and many would fill the pipe
            self._rung = True
            with contextlib.suppress(OSError):  # nobody listens any more
                self._rope.send_bytes(b"!")


def launched(command: Sequence[str]) -> tuple[subprocess.Popen[bytes], Connection]:
    """A child process that gets its end of a pipe as last argument, and our end. raises OSError"""
    ours, theirs = Pipe()
    try:
        with open(os.devnull, "rb") as nothing, _log_file() as log:
            return _opened(list(command), theirs, nothing, log), ours
    except BaseException:
        ours.close()
        raise
    finally:
        theirs.close()


def _opened(command: list[str], theirs: Connection, nothing: Any, log: Any) -> subprocess.Popen[bytes]:
    handle = theirs.fileno()
    streams = {"stdin": nothing, "stdout": log, "stderr": log}
    command.append(str(handle))
    if sys.platform != "win32":
        # a session of its own: Ctrl+C in the terminal is for the window, which then ends the child in order
        return subprocess.Popen(command, pass_fds=(handle,), start_new_session=True, **streams)
    os.set_handle_inheritable(handle, True)
    info = subprocess.STARTUPINFO(lpAttributeList={"handle_list": [handle]})
    flags = subprocess.CREATE_NEW_PROCESS_GROUP | subprocess.CREATE_NO_WINDOW
    return subprocess.Popen(command, startupinfo=info, creationflags=flags, **streams)


def _log_file() -> Any:
    try:
        folders.made(folders.log().parent)
        return open(folders.log(), "ab")
    except OSError:
        return open(os.devnull, "ab")  # no place for a log is no reason not to start


def ended(child: subprocess.Popen[bytes], grace_s: float) -> int | None:
    """The exit status of a child that is told to end, and made to where it does not listen. Blocks for some seconds at
    most; None where even that did not end it (it hangs in the kernel)."""
    for insist, seconds in ((None, grace_s), (child.terminate, 0.3), (child.kill, 3.0)):
        if insist is not None:
            insist()
        with contextlib.suppress(subprocess.TimeoutExpired):
            return child.wait(seconds)
    return None


def ending_in_words(code: int | None) -> str:
    """An exit status for people: "signal 9 (SIGKILL)"."""
    if code is None:
        return _("it does not end")
    if code < 0:
        with contextlib.suppress(ValueError):
            return _("signal {number}, {name}").format(number=-code, name=signal.Signals(-code).name)
        return _("signal {number}").format(number=-code)
    return _("exit code {number}").format(number=code)


class KeptEngine(QObject):
    """Keeps one engine process alive: a new one is started when it dies, unless it dies again and again.

    make: makes the thread; called for every new process
    """

    received = Signal(object)
    started = Signal()  # a process is being started, the first or another
    died = Signal(object)  # Ending of a process that nobody asked to end; `started` follows unless `gave_up` does
    gave_up = Signal(object)  # Ending: it died too often

    TOO_OFTEN, TOO_SOON_S = 3, 5.0

    def __init__(self, make: Callable[[], EngineThread], parent: QObject | None = None):
        super().__init__(parent)
        self._make = make
        self._quick_deaths = 0
        self.thread_: EngineThread | None = None
        self._closed = False

    @property
    def is_there(self) -> bool:
        """Whether there is a process, ready or being started, that takes messages."""
        return self.thread_ is not None and not self._closed

    @property
    def pid(self) -> int | None:
        """Of the process; None while there is none."""
        return self.thread_.pid if self.thread_ is not None else None

    def start(self) -> None:
        """Start the process (again, after `gave_up`). Returns at once."""
        if self.thread_ is None and not self._closed:
            self._quick_deaths = 0
            self._begin()

    def send(self, message: Any) -> None:
        """Send a message to the process that there is now; without one it is dropped."""
        if self.thread_ is not None:
            self.thread_.send(message)

    def kill(self) -> None:
        """End a process that no longer answers; a new one follows."""
        if self.thread_ is not None:
            self.thread_.kill()

    def close(self) -> None:
        """Ask the process to end. Returns at once."""
        self._closed = True
        if self.thread_ is not None:
            self.thread_.close()

    def wait_closed(self) -> None:
        """Wait until thread and process have ended; a few milliseconds where the process listens."""
        if self.thread_ is not None:
            self.thread_.wait(10_000)
            self.thread_ = None

    def _begin(self) -> None:
        self.thread_ = thread = self._make()
        thread.setParent(self)
        thread.received.connect(self.received)
        thread.ended.connect(self._on_ended)
        self.started.emit()
        thread.start()

    def _on_ended(self, ending: Ending) -> None:
        thread, self.thread_ = self.thread_, None
        if thread is not None:
            thread.wait()
            thread.deleteLater()
        if self._closed:
            return
        self._quick_deaths = self._quick_deaths + 1 if ending.lived < self.TOO_SOON_S else 0
        again = self._quick_deaths < self.TOO_OFTEN
        self.died.emit(ending)
        if again and not self._closed:
            self._begin()
        else:
            self.gave_up.emit(ending)
