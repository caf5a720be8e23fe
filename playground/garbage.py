"""Python's garbage collector, in the thread of the window alone.

By itself it runs in whichever thread makes an object at that moment, and destroys what it finds there. A widget that
became garbage would so be destroyed by a thread that reads a file, which Qt does not allow: it may wait for ever.
source: https://docs.python.org/3/library/gc.html, https://doc.qt.io/qt-6/threads-qobject.html
"""

import gc
from collections.abc import Iterator
from contextlib import contextmanager

EACH_MS = 250
ALL_EACH_MS = 60_000


@contextmanager
def collected_here() -> Iterator[None]:
    """Within, garbage is collected in this thread only, between Qt's events. There has to be a QCoreApplication.

    What is there when Qt's loop first has time, modules and the widgets of the window, lives as long as the process and
    is passed over: to look through it takes a tenth of a second in which no frame is painted.
    """
    from PySide6.QtCore import QTimer

    first, often, seldom = timers = QTimer(), QTimer(), QTimer()
    first.setSingleShot(True)
    for timer, milliseconds, do in (
        (first, 0, gc.freeze),
        (often, EACH_MS, collect_due),
        (seldom, ALL_EACH_MS, gc.collect),
    ):
        timer.timeout.connect(do)
        timer.start(milliseconds)
    gc.disable()
    try:
        yield
    finally:
        for timer in timers:
            timer.stop()
        gc.unfreeze()
        gc.enable()


def collect_due() -> None:
    """Collect the generations that Python itself would: those in which more was made than their threshold says.

    What was let go meanwhile counts as if it had not been made, so this comes later than Python's own collections: few
    objects may hold much memory, which is what `ALL_EACH_MS` is for.
    """
    due = [
        generation
        for generation, (made, most) in enumerate(zip(gc.get_count(), gc.get_threshold(), strict=True))
        if 0 < most < made
    ]
    if due:
        gc.collect(max(due))
