"""The engine's end of the pipe to the window."""

import logging
import os
import sys
import threading
from collections.abc import Callable
from multiprocessing.connection import Connection
from queue import SimpleQueue
from typing import Any

from playground.core.messages import encode

_log = logging.getLogger(__name__)


def open_pipe(argument: str) -> Connection:
    """The pipe whose end this process was given: a file descriptor, on Windows a handle, as text."""
    if sys.platform == "win32":
        from multiprocessing.connection import PipeConnection

        return PipeConnection(int(argument))
    return Connection(int(argument))


class Inbox:
    """Reads the pipe in a thread of its own, so that the process sees it close whatever it is busy with.

    decode: bytes -> message
    messages: what came, in order
    """

    def __init__(self, connection: Connection, decode: Callable[[bytes], Any]):
        self._connection, self._decode = connection, decode
        self._sending = threading.Lock()
        self.messages: SimpleQueue[Any] = SimpleQueue()
        threading.Thread(target=self._read, name="inbox", daemon=True).start()

    def send(self, message: Any) -> None:
        """Send a message from any thread. Where the window is gone, this process is over."""
        try:
            with self._sending:
                self._connection.send_bytes(encode(message))
        except OSError:
            os._exit(0)

    def _read(self) -> None:
        try:
            while True:
                self.messages.put(self._decode(self._connection.recv_bytes()))
        except (EOFError, OSError):
            # the window has closed, or died: nobody is left to work for. A run's checkpoints are on the disk,
            # and an orderly end could wait for a step that takes minutes
            os._exit(0)
        except Exception:  # not our words. Deaf, this process would outlive the window, which can start another
            _log.exception("the window said something unreadable")
            os._exit(1)
