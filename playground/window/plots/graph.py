"""pyqtgraph, without the CUDA libraries.

It tries to load them for a widget that nobody here uses, and finds them wherever torch was built for CUDA: eighty
milliseconds of the window's start, and a driver in the window's process, which belongs to the engines.
"""

import sys

_absent = "cuda" not in sys.modules
if _absent:
    sys.modules["cuda"] = None  # type: ignore[assignment]  # "import cuda" fails at once

import pyqtgraph as pg  # noqa: E402  # after the line above, which is for it

if _absent:
    del sys.modules["cuda"]

__all__ = ["pg"]
