"""The log file: tracebacks and versions go here, and the sentence that a person reads names it."""

import logging
import logging.handlers

from playground.disk import folders

_NAME = "playground's log file"


def install(process: str) -> None:
    """Send warnings and worse of this process to the log file; keep at most two files of 1 MB. Twice is once."""
    try:
        folders.made(folders.log().parent)
        handler: logging.Handler = logging.handlers.RotatingFileHandler(
            folders.log(), maxBytes=1_000_000, backupCount=1, encoding="utf-8", delay=True
        )
    except OSError:
        handler = logging.NullHandler()  # no place for a log is no reason not to start
    handler.setFormatter(logging.Formatter(f"%(asctime)s {process} %(levelname)s %(name)s: %(message)s"))
    handler.set_name(_NAME)
    root = logging.getLogger()
    for older in [one for one in root.handlers if one.name == _NAME]:
        root.removeHandler(older)
        older.close()
    root.addHandler(handler)
    root.setLevel(logging.WARNING)
