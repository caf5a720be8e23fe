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
    try:
        rows = _rows(file_name)
        return rows[:, :-1], rows[:, -1].astype(np.int64)
    except (OSError, ValueError, EOFError):
        columns, labels = _asked(loader, title)
        return columns, labels.astype(np.int64)


def table_and_targets(
    file_name: str, targets_name: str, loader: str, title: str, **options: bool
) -> tuple[np.ndarray, np.ndarray]:
    """As `table`, for a table whose targets are numbers in a file of their own: (N, features) and (N,) float64.

    options: for the function `loader`, so that it gives the same
    """
    try:
        columns, targets = _rows(file_name), _rows(targets_name)
        if len(columns) != len(targets):
            raise ValueError(f"{len(columns)} rows, {len(targets)} targets")
        return columns, targets[:, 0]
    except (OSError, ValueError, EOFError):
        return _asked(loader, title, **options)


def _rows(file_name: str) -> np.ndarray:
    path = _folder() / file_name
    content = path.read_bytes()
    text = (gzip.decompress(content) if path.suffix == ".gz" else content).decode()
    first = text.partition("\n")[0]
    delimiter = "," if "," in first else None  # None is any run of blanks
    return np.loadtxt(io.StringIO(text), delimiter=delimiter, skiprows=_heading_lines(first), ndmin=2)


def _folder() -> Path:
    found = find_spec("sklearn")  # finds a top-level package without importing it
    places = (found.submodule_search_locations or ()) if found else ()
    return Path(next(iter(places), "")) / "datasets" / "data"


def _heading_lines(first: str) -> int:
    """scikit-learn's plain tables begin with their size and the names of the classes."""
    try:
        [float(word) for word in first.replace(",", " ").split()]
    except ValueError:
        return 1
    return 0


def _asked(loader: str, title: str, **options: bool) -> tuple[np.ndarray, np.ndarray]:
    try:
        import sklearn.datasets

        bunch: Any = getattr(sklearn.datasets, loader)(**options)
    except Exception as error:  # a broken installation may raise anything
        raise Problem(
            where=title,
            what=_("scikit-learn, which brings it, does not load ({error})").format(error=error),
            fix=_("Install scikit-learn again"),
        ) from error
    return bunch.data, bunch.target
