"""What keeps the processes that stand beside a run from working when there is nothing to do.

numpy's OpenBLAS has a thread for each core, and after a product of matrices they stay awake for some hundredths of a
second, in case another one follows. A window, or a workbench, that is asked thirty times a second so keeps every core
busy: on two cores each move of a pen took 23 ms of its own process and 56 of the others, instead of less than one.
source: https://github.com/OpenMathLib/OpenBLAS/blob/develop/README.md, "Setting the number of threads using environment
variables"
"""

import gc
import os

_VARIABLE = "OPENBLAS_NUM_THREADS"


def load_numpy() -> None:
    """Import numpy with one thread. To be called before anything else imports it; whoever named a number keeps it.

    The variable is read once, and taken away again: where PyTorch itself uses OpenBLAS, the runner has its own number of
    threads, and it inherits what is set here.
    """
    if _VARIABLE in os.environ:
        return
    os.environ[_VARIABLE] = "1"
    try:
        import numpy  # noqa: F401
    finally:
        del os.environ[_VARIABLE]


def keep_what_is_loaded() -> None:
    """Let Python's collector pass over all that there is now: modules, and the widgets of the first window.

    It lives as long as the process, and to look through it takes a tenth of a second in which no frame is painted.
    source: https://docs.python.org/3/library/gc.html#gc.freeze
    """
    gc.freeze()


def let_go() -> None:
    """The end of `keep_what_is_loaded`: what is still there is cleared up in order."""
    gc.unfreeze()
