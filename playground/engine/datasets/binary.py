"""The user's own pictures in IDX or CIFAR files."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import torch

from playground.core.messages import DatasetState
from playground.core.problem import Problem
from playground.core.spec import DatasetSpec, Shape
from playground.core.text import _
from playground.engine.datasets import Raw, _idx, _own
from playground.engine.datasets._binary_files import CIFAR_PICTURE, Cifar, Idx, Layout, layout_of
from playground.engine.datasets._script import PATH_IMPORT, READ_IDX, Reading, list_is, path_is
from playground.engine.literal import literal

_described: _own.Memory[DatasetSpec] = _own.Memory(4)


def load(spec: DatasetSpec, *, options: Mapping[str, Any], cancelled: _own.Asked | None = None) -> Raw:
    """(N, channels, height, width) uint8; (N,) int64 labels. raises Problem, Cancelled"""
    folder = _folder(spec, options)
    layout = layout_of(folder, options["labels"])
    values = _values(layout)
    parts = []
    for one in (layout.train, layout.test):
        if one is not None:
            _own.go_on(cancelled, str(folder))
            parts += [torch.from_numpy(_pictures(one)), torch.from_numpy(np.searchsorted(values, _labels(one)))]
            if len(parts[-1]) != len(parts[-2]):
                raise _unequal(folder, len(parts[-2]), len(parts[-1]))
    test_inputs, test_targets = parts[2:] or (None, None)
    return Raw(parts[0], parts[1], test_inputs, test_targets)


def describe(spec: DatasetSpec, *, options: Mapping[str, Any]) -> DatasetSpec:
    """The pictures as they will be; of those only the headers are read. raises Problem"""
    folder = _folder(spec, options)
    layout = layout_of(folder, options["labels"])
    key = tuple(_own.state_of(path) for path in layout.files), options["labels"]
    return _described.get(key, lambda: _description(spec, folder, layout))


def locate(spec: DatasetSpec, *, options: Mapping[str, Any] | None = None) -> DatasetState:
    """Where the folder lies."""
    return _own.located(spec, options)


def _description(spec: DatasetSpec, folder: Path, layout: Layout) -> DatasetSpec:
    shapes = [_sample_shape(one) for one in (layout.train, layout.test) if one is not None]
    if len(set(shapes)) > 1:
        raise Problem(
            where=str(folder),
            what=_("the training pictures and the test pictures have different sizes"),
            fix=_("Put files that belong together into one folder"),
        )
    values, counts = _values(layout), [len(_labels(one)) for one in (layout.train, layout.test) if one is not None]
    if len(values) < 2:
        raise Problem(
            where=str(folder),
            what=_("all labels are {value}").format(value=int(values[0]) if len(values) else "–"),
            fix=_("Choose files with more than one class"),
        )
    return msgspec.structs.replace(
        spec,
        title=_own.title_of(folder),
        kind="picture" if len(shapes[0]) == 3 else "table",
        sample_shape=shapes[0],
        classes=tuple(_class_names(layout, values)),
        train=counts[0],
        test=counts[1] if layout.test is not None else None,
        preparation=spec.preparation if len(shapes[0]) == 3 else ({"standardize": True},),
        source=str(folder),
        notes=(_notes(layout),),
    )


def _notes(layout: Layout) -> str:
    if isinstance(layout.train, Idx):
        return _("IDX files: {pictures} and {labels}").format(
            pictures=layout.train.pictures.name, labels=layout.train.labels.name
        )
    return _("CIFAR files: {names}").format(names=", ".join(path.name for path in layout.train.files))


def _folder(spec: DatasetSpec, options: Mapping[str, Any]) -> Path:
    path = _own.path_of(spec, options)
    return path if path.is_dir() else path.parent


def _sample_shape(part: Idx | Cifar) -> Shape:
    if isinstance(part, Cifar):
        return CIFAR_PICTURE
    shape = (1, *part.sample_shape) if len(part.sample_shape) == 2 else part.sample_shape
    if 0 in shape:
        raise Problem(
            where=str(part.pictures), what=_("its pictures have no pixels"), fix=_("Delete it and get it again")
        )
    return shape


def _pictures(part: Idx | Cifar) -> np.ndarray:
    """(N, *sample shape) uint8"""
    if isinstance(part, Idx):
        return _idx.read(part.pictures, part.sample_shape).reshape(-1, *_sample_shape(part))
    return np.ascontiguousarray(_records(part)[:, -3072:]).reshape(-1, *CIFAR_PICTURE)


def _labels(part: Idx | Cifar) -> np.ndarray:
    """(N,) uint8 as they stand in the files"""
    return _idx.read(part.labels, ()) if isinstance(part, Idx) else _records(part)[:, part.label]


def _records(part: Cifar) -> np.ndarray:
    """(N, bytes) uint8, mapped from the files where it is one file."""
    size = sum(path.stat().st_size for path in part.files)
    _own.refuse_what_does_not_fit(str(part.files[0].parent), 2 * size)
    try:
        found = [np.fromfile(path, dtype=np.uint8).reshape(-1, part.record) for path in part.files]
    except (OSError, ValueError) as error:
        raise _own.unreadable(str(part.files[0]), error) from error
    return np.concatenate(found)


def _values(layout: Layout) -> np.ndarray:
    """The different labels of both parts, in order."""
    return np.unique(
        np.concatenate([np.unique(_labels(one)) for one in (layout.train, layout.test) if one is not None])
    )


def _class_names(layout: Layout, values: np.ndarray) -> list[str]:
    """From the file of names, where it has one for every label; else the labels themselves."""
    if layout.names is not None:
        try:
            content = layout.names.read_bytes()[:100_000].decode(errors="replace")
        except OSError as error:
            raise _own.unreadable(str(layout.names), error) from error
        names = [_own.shortened(line.strip(), 60) for line in content.splitlines() if line.strip()]
        if len(names) > values[-1]:
            return [names[value] for value in values]
    return [str(value) for value in values]


def _unequal(folder: Path, pictures: int, labels: int) -> Problem:
    return Problem(
        where=str(folder),
        what=_("it holds {pictures:,} pictures, but {labels:,} labels for them").format(
            pictures=pictures, labels=labels
        ),
        fix=_("Put files that belong together into one folder"),
    )


def script(spec: DatasetSpec, *, options: Mapping[str, Any]) -> Reading:
    """How a script reads them. raises Problem"""
    folder = _folder(spec, options)
    layout = layout_of(folder, options["labels"])
    values, shape = [int(value) for value in _values(layout)], ", ".join(map(str, spec.sample_shape))
    lines, imports = [path_is("folder", folder)], {PATH_IMPORT}
    functions = _READ_RECORDS
    for name, part in (("", layout.train), ("test_", layout.test)):
        if isinstance(part, Idx):
            imports.add("import gzip")
            functions = READ_IDX
            lines += [
                f"{name}inputs = read_idx(folder / {_below(folder, part.pictures)}).reshape(-1, {shape})",
                f"{name}targets = read_idx(folder / {_below(folder, part.labels)}).long()",
            ]
        elif part is not None:
            lines += [
                list_is("names", [str(file.relative_to(folder)) for file in part.files]),
                f"{name}inputs, {name}targets = read(names, {part.record}, {part.label})",
            ]
    if values != list(range(len(values))):
        lines.append(list_is("values", values))
        lines += [
            f"{name}targets = torch.searchsorted(torch.tensor(values), {name}targets)"
            for name, part in (("", layout.train), ("test_", layout.test)) if part is not None
        ]  # fmt: skip
    largest = 255 if len(spec.sample_shape) == 3 else None
    return Reading(
        "\n".join(lines), tuple(sorted(imports)), functions, has_test=layout.test is not None, largest=largest
    )  # fmt: skip


def _below(folder: Path, file: Path) -> str:
    return literal(file.relative_to(folder).as_posix())


_READ_RECORDS = '''
def read(names, size, label):
    """Pictures, red, green and blue, and their labels, which stand before them."""
    content = bytearray(b"".join((folder / name).read_bytes() for name in names))
    records = torch.frombuffer(content, dtype=torch.uint8).reshape(-1, size)
    return records[:, -3072:].reshape(-1, 3, 32, 32), records[:, label].long()
'''
