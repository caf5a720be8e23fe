"""An engine process: `python -m playground.engine workbench|runner|comparer PIPE`. Started by the window, never by hand."""

import contextlib
import ctypes
import faulthandler
import select
import signal
import sys
from importlib import import_module
from multiprocessing.connection import Connection

from playground import calm
from playground.core.messages import decode_command, decode_question
from playground.disk import language, log
from playground.engine.pipe import Inbox, open_pipe

DECODE = {"workbench": decode_question, "runner": decode_command, "comparer": decode_question}
_PR_SET_PDEATHSIG = 1  # linux/prctl.h


def main() -> int:
    kind, pipe = sys.argv[1:3]
    connection = open_pipe(pipe)
    _die_with_the_window(connection)
    # before torch is imported, which takes seconds: a window that dies meanwhile must not leave us behind
    inbox = Inbox(connection, DECODE[kind])
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C is the window's; it then ends us in order
    language.install()
    log.install(kind)
    if sys.stderr is not None:  # it is the log; a Python without a console may have none
        faulthandler.enable()  # where a library crashes: our place in it
    if kind == "workbench":
        calm.load_numpy()
    room = import_module(f"playground.engine.{kind}")  # the other one stays unloaded
    room.run(inbox)
    return 0


def _die_with_the_window(pipe: Connection) -> None:
    """Linux ends us when the thread that started us dies, even while an import holds the interpreter.

    Elsewhere the pipe's end is seen as soon as the reader thread gets its turn. source: man 2 PR_SET_PDEATHSIG
    """
    if sys.platform == "linux":
        with contextlib.suppress(OSError, AttributeError):
            ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, int(signal.SIGKILL), 0, 0, 0)
        look = select.poll()
        look.register(pipe, 0)
        if look.poll(0):  # it had died before that
            sys.exit(0)


if __name__ == "__main__":
    sys.exit(main())
