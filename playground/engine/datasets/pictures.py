"""The user's own pictures: decoded once, on all cores, into the cache, and mapped from there ever after.

A folder is told by the name, size and time of change of each of its files; where one has changed, all are decoded anew.
"""

import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import torch

from playground.core.arguments import shown_shape
from playground.core.messages import DatasetState
from playground.core.problem import Problem
from playground.core.spec import DatasetSpec, Shape
from playground.core.text import _
from playground.engine.datasets import Raw, _decode, _own
from playground.engine.datasets._picture_files import SUFFIXES, Listing, listing_of
from playground.engine.datasets._script import PATH_IMPORT, Reading, list_is, path_is
from playground.engine.literal import literal

_LOOKED_AT = 200  # pictures that tell what the others are like
_SMALL = 128  # px: pictures of one size up to this are taken as they are
_USUAL = (32, 64)  # px: sides that others are brought to
_ALIKE = 0.9
_JUST_NOW_S = 5.0
_GREY = frozenset(("1", "L", "LA", "I", "I;16", "I;16B", "I;16L", "F"))


@dataclass(frozen=True, eq=False)
class _Look:
    """What the pictures of a folder are like. size: (width, height), the most frequent;  share: that have it"""

    size: tuple[int, int]
    share: float
    grey: bool
    mixed: bool
    smaller_side: int


@dataclass(frozen=True, eq=False)
class _Found:
    listing: Listing
    look: _Look


_found: dict[Path, _Found] = {}  # of the folder looked at last: `describe` is asked at every edit
_looked_at: dict[Path, float] = {}  # when `describe` went through it, until `load` has made use of that


def load(
    spec: DatasetSpec,
    *,
    options: Mapping[str, Any],
    progress: _own.Progress | None = None,
    cancelled: _own.Asked | None = None,
) -> Raw:
    """(N, channels, height, width) uint8, mapped from the cache; (N,) int64 labels. raises Problem, Cancelled"""
    found = _look_into(_folder(spec, options), cancelled, afresh=True)
    listing, wanted = found.listing, _wanted(found.look, options)
    pixels = _decode.decoded(listing.root, listing.files, wanted, listing.digest, progress, cancelled)
    images, labels = torch.from_numpy(pixels), torch.from_numpy(listing.train.labels)
    if listing.test is None:
        return Raw(images, labels)
    count = len(listing.train.files)
    return Raw(images[:count], labels, images[count:], torch.from_numpy(listing.test.labels))


def describe(spec: DatasetSpec, *, options: Mapping[str, Any], cancelled: _own.Asked | None = None) -> DatasetSpec:
    """The pictures as they will be, without decoding one. raises Problem"""
    root = _folder(spec, options)
    found = _look_into(root, cancelled, afresh=False)
    listing, shape = found.listing, _wanted(found.look, options).shape
    return msgspec.structs.replace(
        spec,
        title=_own.title_of(root),
        sample_shape=shape,
        classes=tuple(_own.shortened(name, 80) for name in listing.classes),
        train=len(listing.train.files),
        test=len(listing.test.files) if listing.test else None,
        source=str(root),
        notes=_notes(found, shape, options),
    )


def counts(spec: DatasetSpec, options: Mapping[str, Any]) -> list[list[int]]:
    """How many pictures each class has: in the training part, and in the test part where there is one. raises Problem"""
    listing = _look_into(_folder(spec, options), None, afresh=False).listing
    parts = [one for one in (listing.train, listing.test) if one is not None]
    return [np.bincount(one.labels, minlength=len(listing.classes)).tolist() for one in parts]


def locate(spec: DatasetSpec, *, options: Mapping[str, Any] | None = None) -> DatasetState:
    """Where the folder lies."""
    return _own.located(spec, options)


def _folder(spec: DatasetSpec, options: Mapping[str, Any]) -> Path:
    path = _own.path_of(spec, options)
    if not path.is_dir():
        raise Problem(
            where=str(path),
            what=_("it is a file, but pictures to learn from lie in a folder, with one folder for each class"),
            fix=_("Choose the folder that holds the folders of the classes"),
        )
    return path


def _look_into(root: Path, cancelled: _own.Asked | None, afresh: bool) -> _Found:
    """afresh: look at every file again, not only whether one has come or gone, unless that was done just now"""
    root = root.absolute()
    kept = _found.get(root)
    began = time.monotonic()
    trusted = not afresh or began - _looked_at.pop(root, -_JUST_NOW_S) < _JUST_NOW_S
    if kept is not None and trusted and kept.listing.is_current():
        return kept
    listing = listing_of(root, cancelled)
    if kept is not None and kept.listing.digest == listing.digest:
        found = _Found(listing, kept.look)
    else:
        found = _Found(listing, _look_at(listing, cancelled))
    _found.clear()
    _looked_at.clear()
    _found[root] = found
    if not afresh:
        _looked_at[root] = time.monotonic()
    return found


def _look_at(listing: Listing, cancelled: _own.Asked | None) -> _Look:
    """Read the beginnings of some pictures, evenly spread. raises Problem: none of them is one"""
    files = listing.files
    count = min(_LOOKED_AT, len(files))
    headers, fault = [], None
    for place in range(count):
        _own.go_on(cancelled, str(listing.root))
        path = listing.root / files[place * len(files) // count]
        try:
            headers.append(_decode.header(path))
        except Exception as error:  # Pillow raises whatever the decoder of the format raises
            fault = fault or _decode.fault_of(path, error)
    if not headers:
        assert fault is not None
        raise fault
    sizes = Counter((width, height) for width, height, _mode in headers)
    size, frequency = sizes.most_common(1)[0]
    modes = {mode in _GREY for _width, _height, mode in headers}
    sides = sorted(min(width, height) for width, height, _mode in headers)
    return _Look(size, frequency / len(headers), modes == {True}, len(modes) > 1, sides[len(sides) // 2])


def _wanted(look: _Look, options: Mapping[str, Any]) -> _decode.Wanted:
    channels = {"grey": 1, "colour": 3}.get(options["colour"], 1 if look.grey else 3)
    if options["size"] is not None:
        width = height = int(options["size"])
    elif look.share >= _ALIKE and max(look.size) <= _SMALL:
        width, height = look.size
    else:
        width = height = _USUAL[1] if look.smaller_side >= _USUAL[1] else _USUAL[0]
    return _decode.Wanted((channels, height, width), options["fit"])


def _notes(found: _Found, shape: Shape, options: Mapping[str, Any]) -> tuple[str, ...]:
    listing, look = found.listing, found.look
    parts = [
        _("{count:,} pictures of {classes} classes").format(count=len(listing.files), classes=len(listing.classes))
    ]
    if listing.test is not None:
        parts.append(_("{count:,} of them are the test part").format(count=len(listing.test.files)))
    own = (look.size[1], look.size[0])
    if shape[1:] != own or look.share < 1:
        how = _("cut to their middle") if options["fit"] == "crop" else _("stretched")
        parts.append(
            _("Most are {own} px (height×width); all are made {size} px, {how}").format(
                own=shown_shape(own), size=shown_shape(shape[1:]), how=how
            )
        )
    if look.mixed:
        parts.append(_("Some are grey and some have colours: all have {count} channels").format(count=shape[0]))
    return (*parts, *listing.notes)


def script(spec: DatasetSpec, *, options: Mapping[str, Any]) -> Reading:
    """How a script reads them. raises Problem"""
    found = _look_into(_folder(spec, options), None, afresh=False)
    listing, (channels, height, width) = found.listing, _wanted(found.look, options).shape
    tops = [{file.partition("/")[0] for file in part.files} for part in (listing.train, listing.test) if part]
    parted = tops[0] != set(listing.classes)  # else the folders of the classes lie in the folder itself
    train, test = (f"folder / {literal(tops[0].pop())}" if parted else "folder"), ""
    if listing.test is not None:
        test = f"folder / {literal(tops[1].pop())}"
    crop = options["fit"] == "crop"
    resized = f"picture.resize(({width}, {height}), Image.Resampling.BILINEAR)"
    fitted = f"covering(picture, {width}, {height})" if crop else resized
    function = _READ.replace("SIZE", f"({width}, {height})").replace("FITTED", fitted)
    function = function.replace("MODE", "L" if channels == 1 else "RGB")
    lines = [
        path_is("folder", listing.root),
        list_is("classes", listing.classes),
        list_is("endings", sorted(SUFFIXES)),
        f"inputs, targets = read({train})",
        *([f"test_inputs, test_targets = read({test})"] if test else []),
    ]
    imports = (PATH_IMPORT, "import numpy as np", "from PIL import Image")
    functions = f"{_COVERING}\n{function}" if crop else function
    return Reading("\n".join(lines), imports, functions, has_test=bool(test), largest=255)


_COVERING = '''
def covering(picture, width, height):
    """The middle of a picture, scaled so that it just covers the form."""
    if picture.width * height <= picture.height * width:
        size = width, int(width * picture.height / picture.width)
    else:
        size = int(height * picture.width / picture.height), height
    size = max(size[0], width), max(size[1], height)
    picture = picture.resize(size, Image.Resampling.BILINEAR)
    left, top = round((size[0] - width) / 2), round((size[1] - height) / 2)
    return picture.crop((left, top, left + width, top + height))
'''
_READ = '''
def read(folder):
    """The pictures in the folders of the classes, of one size, and their labels."""
    pictures, labels = [], []
    for label, name in enumerate(classes):
        below = (folder / name).rglob("*")
        files = [file for file in below if file.suffix.lower() in endings]
        for file in sorted(files):
            picture = Image.open(file).convert("MODE")
            if picture.size != SIZE:
                picture = FITTED
            pictures.append(torch.from_numpy(np.array(picture)))
            labels.append(label)
    pictures = torch.stack(pictures)
    if pictures.dim() == 3:
        return pictures.unsqueeze(1), torch.tensor(labels)
    return pictures.permute(0, 3, 1, 2).contiguous(), torch.tensor(labels)
'''
