"""An engine process: `python -m playground.engine workbench|runner PIPE`. Started by the window, never by hand."""

import signal
import sys

from playground.disk import language, log


def main() -> int:
    kind, pipe = sys.argv[1:3]
    language.install()
    log.install(kind)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C is the window's; it then ends us in order
    from playground.engine.pipe import open_pipe

    if kind == "workbench":
        from playground.engine import workbench as room
    else:
        from playground.engine import runner as room
    room.run(open_pipe(pipe))
    return 0


if __name__ == "__main__":
    sys.exit(main())
