"""House values in California: read from any of the forms in which they are passed on.

- a table with scikit-learn's nine columns (MedInc ... MedHouseVal), in any order
- a table of the census counts (longitude ... median_house_value), from which scikit-learn works out its columns
- cal_housing.data, StatLib's original: the same counts without a heading; or cal_housing.tgz, which holds it
- scikit-learn's own cal_housing_py3.pkz, in its folder (SCIKIT_LEARN_DATA or scikit_learn_data in the home folder)
"""

import csv
import io
import os
import tarfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import torch

from playground.core.messages import DatasetState
from playground.core.problem import Problem
from playground.core.spec import DatasetSpec
from playground.core.text import _
from playground.disk import folders
from playground.engine import fetch as downloads
from playground.engine.datasets import Raw, _files, _pickles
from playground.engine.datasets._script import PATH_IMPORT, Reading, packaged, path_is

COLUMNS = (
    "MedInc",
    "HouseAge",
    "AveRooms",
    "AveBedrms",
    "Population",
    "AveOccup",
    "Latitude",
    "Longitude",
    "MedHouseVal",
)
COUNTS = (
    "longitude", "latitude", "housing_median_age", "total_rooms", "total_bedrooms",
    "population", "households", "median_income", "median_house_value",
)  # fmt: skip
ORIGINAL = "cal_housing.data"
_ARCHIVE, _MEMBER = "cal_housing.tgz", f"CaliforniaHousing/{ORIGINAL}"
_PICKLE = "cal_housing_py3.pkz"
_NAMES = ("california_housing.csv", ORIGINAL, "california_housing_raw.csv", "housing.csv", _ARCHIVE, _PICKLE)
_MOST_BYTES = 50_000_000  # 25 times the largest of these files


def load(spec: DatasetSpec, folder: Path | None = None) -> Raw:
    """(20640, 8) float32 and (20640,) float32 targets, in scikit-learn's units. raises Problem"""
    table = read(_files.wanted(_find(folder), spec, folder, _ways()))
    return Raw(
        torch.from_numpy(np.ascontiguousarray(table[:, :-1], dtype=np.float32)),
        torch.from_numpy(table[:, -1].astype(np.float32)),
    )


def locate(spec: DatasetSpec, folder: Path | None = None) -> DatasetState:
    """Which file would be read. It is not opened."""
    path = _find(folder)
    if path is None:
        return DatasetState(spec.name, False, str(_home()), spec.bytes, _files.missing(spec, folder, _ways()))
    return _files.found(spec, path, [path])


def fetch(spec: DatasetSpec, progress: Callable[[int, int], None], cancelled: Callable[[], bool]) -> None:
    """Download the original table from where scikit-learn would. raises Problem"""
    archive = _archive(spec)
    address, _slash, name = archive.url.rpartition("/")
    remote = downloads.Remote(name, archive.checksum, lambda path: {ORIGINAL: _unpacked(path)}, shown=_ARCHIVE)
    downloads.download(spec.title, [remote], [f"{address}/"], _home(), progress, cancelled, total=spec.bytes)


def read(path: Path) -> np.ndarray:
    """One file in any of the forms: (N, 9) float64, columns and units as in COLUMNS. raises Problem"""
    if path.name == _PICKLE:
        return _derived(_counts_in_pickle(path))
    text = _text(_unpacked(path) if path.suffix == ".tgz" else _files.content(path, _MOST_BYTES), path)
    heading = next(csv.reader([text.partition("\n")[0]]), [])
    if set(COLUMNS) <= set(heading):
        return _columns(text, path, heading, COLUMNS)
    if set(COUNTS) <= set(heading):
        return _derived(_columns(text, path, heading, COUNTS))
    if len(heading) == len(COUNTS) and _is_number(heading[0]):
        return _derived(_columns(text, path, [], COUNTS))
    raise _files.damaged(
        path, _("it begins with neither the columns {columns} nor {counts}").format(
            columns=", ".join(COLUMNS), counts=", ".join(COUNTS)
        ),
    )  # fmt: skip


def _columns(text: str, path: Path, heading: list[str], wanted: tuple[str, ...]) -> np.ndarray:
    """heading: empty where the table has none and its columns are in the order wanted"""
    places = [heading.index(one) for one in wanted] if heading else list(range(len(wanted)))
    if heading and not text.partition("\n")[2].strip():
        raise _files.damaged(path, _("it has a heading, but no rows"))
    try:
        return np.loadtxt(
            io.StringIO(text), delimiter=",", skiprows=1 if heading else 0, usecols=places, ndmin=2, quotechar='"'
        )
    except (ValueError, OverflowError) as error:
        raise _files.damaged(path, _first_fault(text, bool(heading), places, wanted) or str(error)) from error


def _first_fault(text: str, has_heading: bool, places: list[int], wanted: tuple[str, ...]) -> str:
    """Which line and column is no number, as a sentence; empty where none is found."""
    for line, row in enumerate(csv.reader(io.StringIO(text)), 1):
        if not row or (has_heading and line == 1):
            continue
        for place, name in zip(places, wanted, strict=True):
            word = row[place] if place < len(row) else ""
            if not _is_number(word):
                return _("line {line} has {word} instead of a number in the column {column}").format(
                    line=line, word=f"“{word[:20]}”" if word else _("nothing"), column=name
                )
    return ""


def _derived(counts: np.ndarray) -> np.ndarray:
    """scikit-learn's columns from the census counts: averages per household, values in 100,000 $."""
    longitude, latitude, age, rooms, bedrooms, people, households, income, value = counts.T
    with np.errstate(divide="ignore", invalid="ignore"):  # a district without households is told by the loader
        averages = rooms / households, bedrooms / households, people, people / households
    return np.stack([income, age, *averages, latitude, longitude, value / 100_000.0], axis=1)


def _counts_in_pickle(path: Path) -> np.ndarray:
    """scikit-learn keeps the counts in another order, the target first."""
    try:
        unpacked = zlib.decompressobj().decompress(_files.content(path, _MOST_BYTES), _MOST_BYTES)
    except zlib.error as error:
        raise _files.damaged(path, _("it is damaged or cut off ({error})").format(error=error)) from error
    table = _pickles.load(path, unpacked)
    if not isinstance(table, np.ndarray) or table.dtype != np.float64 or table.ndim != 2 or table.shape[1] != 9:
        raise _files.damaged(path, _("it does not hold the table that scikit-learn keeps in it"))
    value, income, age, rooms, bedrooms, people, households, latitude, longitude = table.T
    return np.stack([longitude, latitude, age, rooms, bedrooms, people, households, income, value], axis=1)


def _unpacked(path: Path) -> bytes:
    """The table in the archive. Nothing else of it is looked at, nothing is written."""
    try:
        with tarfile.open(path, "r:gz") as archive:
            member = next((one for one in archive if one.name == _MEMBER and one.isfile()), None)
            if member is not None and member.size <= _MOST_BYTES:
                inner = archive.extractfile(member)
                return inner.read() if inner else b""
    except (tarfile.TarError, EOFError, zlib.error, OSError) as error:
        raise _files.damaged(path, _("it is damaged or cut off ({error})").format(error=error)) from error
    raise _files.damaged(path, _("there is no {name} in it").format(name=_MEMBER))


def _text(content: bytes, path: Path) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise _files.damaged(path, _("it is not a text ({error})").format(error=error)) from error


def _is_number(word: str) -> bool:
    try:
        float(word)
    except ValueError:
        return False
    return True


def _home() -> Path:
    return folders.datasets() / "california-housing"


def _find(folder: Path | None) -> Path | None:
    return _files.first(_candidates(folder), Path.is_file)


def _candidates(folder: Path | None) -> Iterator[Path]:
    for root in _files.roots(folder):
        for place in (root / _home().name, root / "CaliforniaHousing", root):
            yield from (place / name for name in _NAMES)
    # as sklearn.datasets.get_data_home: not asked, because importing it takes seconds
    yield Path(os.environ.get("SCIKIT_LEARN_DATA", Path("~") / "scikit_learn_data")).expanduser() / _PICKLE


def _ways() -> list[str]:
    return _files.by_hand(_("{first} or {second}").format(first=_NAMES[0], second=ORIGINAL), _home())


def _archive(spec: DatasetSpec) -> Any:
    """Address and SHA-256 of the archive, from scikit-learn."""
    try:
        from sklearn.datasets import _california_housing

        return _california_housing.ARCHIVE
    except Exception as error:  # a broken installation may raise anything, and the name is not a public one
        raise Problem(
            where=spec.title,
            what=_("scikit-learn, which knows where it is kept, does not tell ({error})").format(error=error),
            fix=_files.sentence([_("install scikit-learn again"), *_ways()]),
        ) from error


def script(spec: DatasetSpec, folder: Path | None = None) -> Reading:
    """How a script reads them: from the file that is read here, else as scikit-learn downloads them. raises Problem"""
    path = _find(folder)
    if path is None:
        return packaged("fetch_california_housing()", "data", is_label=False)
    if path.name == _PICKLE:
        found = packaged("fetch_california_housing(data_home=folder)", "data", is_label=False)
        body = f"{path_is('folder', path.parent)}\n{found.body.strip()}"
        return replace(found, body=body, imports=(*found.imports, PATH_IMPORT))
    if path.suffix == ".tgz":
        opened = f"""
{path_is("file", path)}
with tarfile.open(file) as archive:
    lines = archive.extractfile("{_MEMBER}").read().decode().splitlines()
"""
        return Reading(opened + _FROM_COUNTS, ("import csv", "import tarfile", PATH_IMPORT), is_float=True)
    heading = _text(_files.content(path, _MOST_BYTES), path).partition("\n")[0]
    named = next(csv.reader([heading]), [])
    opened = f'{path_is("file", path)}\nlines = file.read_text(encoding="utf-8-sig").splitlines()\n'
    body = _FROM_COLUMNS if set(COLUMNS) <= set(named) else _FROM_NAMED if set(COUNTS) <= set(named) else _FROM_COUNTS
    return Reading(opened + body, ("import csv", PATH_IMPORT), is_float=True)


_FROM_COLUMNS = """names = [
{names}]
table = [[float(row[name]) for name in names] for row in csv.DictReader(lines)]
table = torch.tensor(table, dtype=torch.float64)
inputs, targets = table[:, :-1].float(), table[:, -1].float()
""".replace("{names}", "".join(f'    "{name}",\n' for name in COLUMNS))
_DERIVED = """longitude, latitude, age, rooms, bedrooms, people, households, income, value = (
    torch.tensor(table, dtype=torch.float64).unbind(1)
)
averages = [rooms / households, bedrooms / households, people, people / households]
inputs = torch.stack([income, age, *averages, latitude, longitude], 1).float()
targets = (value / 100_000).float()
"""
_FROM_COUNTS = "table = [[float(word) for word in row] for row in csv.reader(lines) if row]\n" + _DERIVED
_FROM_NAMED = (
    """names = [
{names}]
table = [[float(row[name]) for name in names] for row in csv.DictReader(lines)]
""".replace("{names}", "".join(f'    "{name}",\n' for name in COUNTS))
    + _DERIVED
)
