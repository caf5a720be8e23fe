"""What a file or folder of the user's is: which reader takes it, and what that reader found out.

The kind is told by what lies there (folders, the first bytes, the suffix); everything else the readers of
`engine/datasets` find out, and the user may correct both: `options["dataset"]` names another reader.
"""

import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playground.core.arguments import did_you_mean, faults_of, in_effect, shown_shape
from playground.core.datasets import DATASETS
from playground.core.problem import Problem
from playground.core.spec import DatasetSpec
from playground.core.text import _
from playground.engine.datasets import _own, reader_of
from playground.engine.datasets._binary_files import axes_of, looks_binary
from playground.engine.datasets._picture_files import SUFFIXES
from playground.engine.reading import asked

FEWEST_SAMPLES = 5
_TABLES = (".csv", ".tsv", ".tab")
_MOST_ROWS = 12
_LONGEST_CELL = 60
_MOST_CHOICES = 500
_IMAGE_MAGIC = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"BM", b"II*\0", b"MM\0*", b"RIFF")
_SAVE_AS_CSV = _("Save the table as CSV in the program that made it")
# Beginning of the file -> what it is, and what to do
_FOREIGN = (
    (b"PAR1", _("a Parquet file"), _SAVE_AS_CSV),
    (b"\x89HDF", _("an HDF5 file"), _("Save its arrays with numpy.savez")),
    (b"%PDF", _("a PDF document"), _SAVE_AS_CSV),
    (b"SQLite format 3", _("a database"), _SAVE_AS_CSV),
    (b"\xd0\xcf\x11\xe0", _("an old Office document"), _SAVE_AS_CSV),
    (b"MATLAB", _("a MATLAB file"), _("Save its arrays with numpy.savez")),
    (b"\x93NUMPY", _("a single numpy array"), _("Save samples and targets together: numpy.savez(file, x=…, y=…)")),
    (b"7z\xbc\xaf", _("an archive"), _("Unpack it first, and choose what was in it")),
    (b"Rar!", _("an archive"), _("Unpack it first, and choose what was in it")),
    (b"BZh", _("a compressed file"), _("Unpack it first, and choose what was in it")),
    (b"\xfd7zXZ", _("a compressed file"), _("Unpack it first, and choose what was in it")),
    (b"\x80\x02", _("a pickle, which can run any program when it is opened"), _("Save its arrays with numpy.savez")),
    (b"\x80\x04", _("a pickle, which can run any program when it is opened"), _("Save its arrays with numpy.savez")),
    (b"\x80\x05", _("a pickle, which can run any program when it is opened"), _("Save its arrays with numpy.savez")),
)


@dataclass(frozen=True)
class Found:
    """What the answer `Understood` takes: see there."""

    data: dict[str, Any]
    dataset: DatasetSpec
    headings: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    choices: dict[str, tuple[str, ...]] = field(default_factory=dict)


def understand(
    path: Path,
    options: Mapping[str, Any] | None = None,
    progress: _own.Progress | None = None,
    cancelled: _own.Asked | None = None,
) -> Found:
    """Look at what the user has chosen.

    options: of the reader, as far as the user has set them; "dataset" names the reader
    raises Problem: it cannot be learned from, naming the file and the place in it;  Cancelled
    """
    given = dict(options or {})
    name = given.pop("dataset", "") or kind_of(path)
    spec = _own_set(path, name)
    if name == "binary" and path.is_file():
        path = path.parent
    given["path"] = str(_absolute(path))
    faults = faults_of(spec.title, spec.arguments, given)
    if faults:
        names = ", ".join(one.name for one in spec.arguments if one.name != "path")
        raise Problem(where=str(path), what=faults[0][1], fix=_("Choose one of {names}").format(names=names))
    effective = in_effect(spec.arguments, given, None)
    describe = reader_of(spec).describe
    dataset = asked(describe, spec, options=effective, progress=progress, cancelled=cancelled)
    if dataset.test is None and dataset.train < FEWEST_SAMPLES:
        raise Problem(
            where=str(path),
            what=_("it has {count} samples, too few to learn from some and to test on others").format(
                count=dataset.train
            ),
            fix=_("Choose one with at least {count} samples").format(count=FEWEST_SAMPLES),
        )
    headings, rows, choices = _SHOWN[name](spec, effective, dataset)
    choices = {
        "dataset": tuple(key for key, one in DATASETS.items() if one.own),
        **{one.name: one.choices for one in spec.arguments if one.choices},
        **choices,
    }
    data = {"dataset": name, "options": given, "preparation": dataset.preparation}
    return Found(data, dataset, headings, rows, choices)


def kind_of(path: Path) -> str:
    """Which of the user's own sets it is, a key of DATASETS. raises Problem: none"""
    path = _own.path_of(DATASETS["table"], {"path": str(path)})
    if path.is_dir():
        return _kind_of_folder(path)
    if not path.is_file():
        _own.file_of(DATASETS["table"], {"path": str(path)})
    try:
        with path.open("rb") as file:
            beginning = file.read(64)
    except OSError as error:
        raise _own.unreadable(str(path), error) from error
    foreign = next(((what, fix) for magic, what, fix in _FOREIGN if beginning.startswith(magic)), None)
    if foreign:
        raise Problem(where=str(path), what=_("it is {what}").format(what=foreign[0]), fix=foreign[1])
    if beginning.startswith(b"PK\3\4") or beginning.startswith(b"PK\5\6") or path.suffix.lower() == ".npz":
        return _kind_of_zip(path)
    if path.suffix.lower() in SUFFIXES or (beginning.startswith(_IMAGE_MAGIC) and b"\0" in beginning):
        raise Problem(
            where=str(path),
            what=_("it is a single picture"),
            fix=_("Choose the folder that holds a folder of pictures for each class"),
        )
    if axes_of(path) or path.suffix.lower() == ".bin":
        return "binary"
    if beginning.startswith(b"\x1f\x8b"):
        raise Problem(
            where=str(path), what=_("it is a compressed file"), fix=_("Unpack it first, and choose what was in it")
        )
    return "table" if path.suffix.lower() in _TABLES or _looks_like_a_table(path) else "text"


def _kind_of_folder(folder: Path) -> str:
    names = _own.names_below(folder, 100_000)
    if looks_binary(folder) or any(name.startswith("data_batch") for name in names):
        return "binary"
    files = [name for name in names if Path(name).suffix.lower() in (*_TABLES, ".npz", ".txt")]
    if files and not any((folder / name).is_dir() for name in names):
        raise Problem(
            where=str(folder),
            what=_("it is a folder with {names}").format(names=", ".join(_own.shortened(one, 60) for one in files[:5])),
            fix=_("Choose one of the files"),
        )
    return "pictures"


def _kind_of_zip(path: Path) -> str:
    """raises Problem: an archive of something else"""
    try:
        with zipfile.ZipFile(path) as archive:
            names = archive.namelist()
    except (zipfile.BadZipFile, OSError, ValueError, RuntimeError):  # the last: a version that zipfile does not know
        return "arrays"  # its reader says what is wrong
    if any(name.endswith(".npy") for name in names) or not names:
        return "arrays"
    office = any(name.startswith(("xl/", "word/", "content.xml")) for name in names)
    raise Problem(
        where=str(path),
        what=_("it is an Office document") if office else _("it is an archive"),
        fix=_SAVE_AS_CSV if office else _("Unpack it first, and choose what was in it"),
    )


def _looks_like_a_table(path: Path) -> bool:
    """Whether most cells of its first lines are numbers, and each line has equally many. raises Problem"""
    from playground.engine.datasets._columns import number_of
    from playground.engine.datasets._csv import form_of

    try:
        form = form_of(path, "auto", "auto", "auto")
    except Problem:
        return False  # the reader of texts says what is wrong
    cells = [number_of(cell, form.decimal) for row in form.first for cell in row]
    return len(form.headings) > 1 and len(form.first) > 1 and sum(one is not None for one in cells) > len(cells) / 2


def _own_set(path: Path, name: str) -> DatasetSpec:
    spec = DATASETS.get(name)
    if spec is not None and spec.own and name in _SHOWN:
        return spec
    raise Problem(
        where=str(path),
        what=_("files cannot be read as {name}").format(name=name) + did_you_mean(str(name), _SHOWN),
        fix=_("Choose one of {names}").format(names=", ".join(_SHOWN)),
    )


def _absolute(path: Path) -> Path:
    """raises Problem: a home that is not known"""
    try:
        return path.expanduser().absolute()
    except (OSError, RuntimeError) as error:
        raise _own.unreadable(str(path), error) from error


_Shown = tuple[tuple[str, ...], tuple[tuple[str, ...], ...], dict[str, tuple[str, ...]]]


def _table(spec: DatasetSpec, options: Mapping[str, Any], dataset: DatasetSpec) -> _Shown:
    """The first lines, the columns that are left out gone, the target last."""
    from playground.engine.datasets import table

    parsed = table.parsed(spec, options)
    names = parsed.form.headings
    used = {feature.partition(" = ")[0] for feature in dataset.features} | set(dataset.features)
    places = [place for place, name in enumerate(names) if name in used and name != dataset.target]
    places.append(names.index(dataset.target))
    rows = tuple(
        tuple(_own.shortened(row[place], _LONGEST_CELL) for place in places) for row in parsed.form.first[:_MOST_ROWS]
    )
    columns = names[:_MOST_CHOICES]
    return tuple(names[place] for place in places), rows, {"target": columns, "leave_out": columns}


def _pictures(spec: DatasetSpec, options: Mapping[str, Any], dataset: DatasetSpec) -> _Shown:
    """How many pictures each class has."""
    from playground.engine.datasets import pictures

    counts = pictures.counts(spec, options)
    rows = tuple(
        (name, *(f"{count[place]:,}" for count in counts)) for place, name in enumerate(dataset.classes[:_MOST_CHOICES])
    )
    return (_("class"), _("to train on"), _("to test"))[: len(counts) + 1], rows, {}


def _arrays(spec: DatasetSpec, options: Mapping[str, Any], dataset: DatasetSpec) -> _Shown:
    from playground.engine.datasets import arrays

    rows = tuple((_own.shortened(name, 80), what) for name, what in arrays.names_in(spec, options).items())
    names = tuple(name for name, _what in rows)[:_MOST_CHOICES]
    roles = ("inputs", "targets", "test_inputs", "test_targets")
    return (_("array"), _("shape")), rows, {role: names for role in roles}


def _binary(spec: DatasetSpec, options: Mapping[str, Any], dataset: DatasetSpec) -> _Shown:
    rows = [(_("to train on"), f"{dataset.train:,}"), (_("size"), shown_shape(dataset.sample_shape))]
    if dataset.test is not None:
        rows.insert(1, (_("to test"), f"{dataset.test:,}"))
    return (_("pictures"), ""), tuple(rows), {}


def _text(spec: DatasetSpec, options: Mapping[str, Any], dataset: DatasetSpec) -> _Shown:
    """The first lines."""
    from playground.engine.datasets import _text_file

    path = _own.file_of(spec, options)
    beginning = next(_text_file.pieces(path, _text_file.encoding_of(path), None, None), "")[:20_000]
    lines = [line for line in beginning.splitlines() if line.strip()][:_MOST_ROWS]
    return (_("text"),), tuple((_own.shortened(line, 200),) for line in lines), {}


_SHOWN: dict[str, Callable[[DatasetSpec, Mapping[str, Any], DatasetSpec], _Shown]] = {
    "table": _table,
    "pictures": _pictures,
    "arrays": _arrays,
    "binary": _binary,
    "text": _text,
}
