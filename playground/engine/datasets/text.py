"""The user's own text: each sample is a window of it, and its target the character behind the window."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import torch

from playground.core.messages import DatasetState
from playground.core.problem import Problem
from playground.core.spec import DatasetSpec
from playground.core.text import _
from playground.engine.datasets import Raw, _own, _text_file
from playground.engine.datasets._script import Reading, text_windows

MOST_BYTES = 64_000_000
MOST_CHARACTERS = 10_000  # different ones: more are no alphabet but a binary file
_TEST_SHARE = 10  # one part of so many, at the end: windows that overlap training windows would be no test
_SHOWN = {"\n": "↵", " ": "␣", "\t": "⇥", "\r": "␍"}


@dataclass(frozen=True, eq=False)
class _Tokens:
    """characters: in the order of their tokens;  tokens: (length,) int64"""

    characters: tuple[str, ...]
    tokens: torch.Tensor
    notes: tuple[str, ...]


_read_last: _own.Memory[_Tokens] = _own.Memory(1)


def load(
    spec: DatasetSpec,
    *,
    options: Mapping[str, Any],
    progress: _own.Progress | None = None,
    cancelled: _own.Asked | None = None,
) -> Raw:
    """(N, window) int64 tokens, a view of the text, and (N,) the token that follows each window. raises Problem"""
    window, (_read, train, test) = options["window"], _parts(spec, options, progress, cancelled)
    return Raw(
        train.unfold(0, window, 1)[:-1], train[window:].clone(), test.unfold(0, window, 1)[:-1], test[window:].clone()
    )


def describe(
    spec: DatasetSpec,
    *,
    options: Mapping[str, Any],
    progress: _own.Progress | None = None,
    cancelled: _own.Asked | None = None,
) -> DatasetSpec:
    """The text as it will be learned from. raises Problem"""
    window, (read, train, test) = options["window"], _parts(spec, options, progress, cancelled)
    return msgspec.structs.replace(
        spec,
        title=_own.title_of(_own.file_of(spec, options)),
        sample_shape=(window,),
        classes=tuple(_SHOWN.get(one, one if one.isprintable() else f"U+{ord(one):04X}") for one in read.characters),
        tokens=len(read.characters),
        train=len(train) - window,
        test=len(test) - window,
        source=str(_own.file_of(spec, options)),
        notes=read.notes,
    )


def locate(spec: DatasetSpec, *, options: Mapping[str, Any] | None = None) -> DatasetState:
    """Where the file lies."""
    return _own.located(spec, options)


def _parts(
    spec: DatasetSpec, options: Mapping[str, Any], progress: _own.Progress | None, cancelled: _own.Asked | None
) -> tuple[_Tokens, torch.Tensor, torch.Tensor]:
    """What was read, and the tokens of the training and of the test part. raises Problem: too short for a window"""
    path, window = _own.file_of(spec, options), options["window"]
    read = _read_last.get(_own.state_of(path), lambda: _read(path, progress, cancelled))
    cut = len(read.tokens) - len(read.tokens) // _TEST_SHARE
    train, test = read.tokens[:cut], read.tokens[cut:]
    if min(len(train), len(test)) <= window:
        raise Problem(
            where=str(path),
            what=_("its {count:,} characters are too few: the last tenth must be longer than a window of {window}").format(
                count=len(read.tokens), window=window
            ),
            fix=_("Choose a shorter window or a longer text"),
        )  # fmt: skip
    return read, train, test


def _read(path: Path, progress: _own.Progress | None, cancelled: _own.Asked | None) -> _Tokens:
    size = path.stat().st_size
    if size > MOST_BYTES:
        raise Problem(
            where=str(path),
            what=_("it has {size:,.0f} MB; texts of up to {most:,.0f} MB can be learned from").format(
                size=size / 1e6, most=MOST_BYTES / 1e6
            ),
            fix=_("Save a part of it as a file of its own"),
        )
    _own.refuse_what_does_not_fit(str(path), 20 * size)
    encoding = _text_file.encoding_of(path, cancelled)
    text = "".join(_text_file.pieces(path, encoding, progress, cancelled)).removeprefix("\ufeff")
    text = text.replace("\r\n", "\n")
    codes = np.frombuffer(text.encode("utf-32-le", errors="replace"), dtype=np.uint32)
    present = np.zeros(0x110000, dtype=bool)
    present[codes] = True
    found = present.nonzero()[0]
    if len(found) < 2:
        raise Problem(
            where=str(path),
            what=_("it is empty") if not len(found) else _("it holds one character only, over and over"),
            fix=_("Choose another text"),
        )
    if len(found) > MOST_CHARACTERS:
        raise Problem(
            where=str(path),
            what=_("it has {count:,} different characters; at most {most:,} can be told apart").format(
                count=len(found), most=MOST_CHARACTERS
            ),
            fix=_("Choose a text in one language"),
        )
    tokens = torch.from_numpy((np.cumsum(present) - 1)[codes].astype(np.int64, copy=False))
    notes = [
        _("{count:,} characters, {different:,} different ones").format(count=len(codes), different=len(found)),
        _("The last tenth is the test part"),
    ]
    if encoding not in ("utf-8", "utf-8-sig"):
        notes.append(_("The file is in {encoding}, not in UTF-8").format(encoding=encoding.upper()))
    return _Tokens(tuple(map(chr, found)), tokens, tuple(notes))


def script(spec: DatasetSpec, *, options: Mapping[str, Any]) -> Reading:
    """How a script reads it. raises Problem"""
    path = _own.file_of(spec, options)
    encoding = _text_file.encoding_of(path)
    return text_windows(path, "", options["window"], "utf-8-sig" if encoding == "utf-8" else encoding)
