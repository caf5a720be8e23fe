"""numpy that works alone, for processes that stand beside a run.

numpy's OpenBLAS has a thread for each core, and after a product of matrices they stay awake for some hundredths of a
second, in case another one follows. A window, or a workbench, that is asked thirty times a second so keeps every core
busy: on two cores each move of a pen took 23 ms of its own process and 56 of the others, instead of less than one.
source: https://github.com/OpenMathLib/OpenBLAS/blob/develop/README.md, "Setting the number of threads using environment
variables"
"""

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
