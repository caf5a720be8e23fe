"""Tables that come inside scikit-learn's package.

Importing `sklearn.datasets` costs seconds and 80 MB, for files of a few kB: they are read in place. Only where
a later version keeps them elsewhere, scikit-learn is asked itself.
"""

import gzip
import io
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np

from playground.core.problem import Problem
from playground.core.text import _


def table(file_name: str, loader: str, title: str) -> tuple[np.ndarray, np.ndarray]:
    """The columns and the last column, as (N, features) float64 and (N,) int64.

    file_name: in sklearn/datasets/data, comma separated, perhaps compressed
    loader: the function of sklearn.datasets that gives the same;  title: of the data set, for messages
    raises Problem: scikit-learn is not there or does not load
    """
    path = _folder() / file_name
    try:
        content = path.read_bytes()
        text = (gzip.decompress(content) if path.suffix == ".gz" else content).decode()
        rows = np.loadtxt(io.StringIO(text), delimiter=",", skiprows=_heading_lines(text))
        return rows[:, :-1], rows[:, -1].astype(np.int64)
    except (OSError, ValueError, EOFError):
        return _asked(loader, title)


def _folder() -> Path:
    found = find_spec("sklearn")  # finds a top-level package without importing it
    places = (found.submodule_search_locations or ()) if found else ()
    return Path(next(iter(places), "")) / "datasets" / "data"


def _heading_lines(text: str) -> int:
    """scikit-learn's plain tables begin with their size and the names of the classes."""
    first = text.partition("\n")[0].split(",")
    try:
        [float(word) for word in first]
    except ValueError:
        return 1
    return 0


def _asked(loader: str, title: str) -> tuple[np.ndarray, np.ndarray]:
    try:
        import sklearn.datasets

        bunch: Any = getattr(sklearn.datasets, loader)()
    except Exception as error:  # a broken installation may raise anything
        raise Problem(
            where=title,
            what=_("scikit-learn, which brings it, does not load ({error})").format(error=error),
            fix=_("Install scikit-learn again"),
        ) from error
    return bunch.data, bunch.target.astype(np.int64)
