"""An engine process: `python -m playground.engine workbench|runner PIPE`. Started by the window, never by hand."""

import signal
import sys
from importlib import import_module

from playground.disk import language, log


def main() -> int:
    kind, pipe = sys.argv[1:3]
    language.install()
    log.install(kind)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C is the window's; it then ends us in order
    from playground.engine.pipe import open_pipe

    room = import_module(f"playground.engine.{kind}")  # the other one stays unloaded
    room.run(open_pipe(pipe))
    return 0


if __name__ == "__main__":
    sys.exit(main())
