"""One picture file to one array, and many of them to a file that is mapped into memory, on all cores."""

import os
import threading
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, TimeoutError as NotYet
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, Literal

import numpy as np

from playground.core.problem import Problem
from playground.core.spec import Shape
from playground.core.text import _
from playground.engine.datasets import _kept
from playground.engine.datasets._own import Asked, Progress, go_on, shortened

FORMATS = ("PNG", "JPEG", "BMP", "GIF", "TIFF", "WEBP", "PPM")  # others can call programs, as EPS does
MOST_PIXELS = 50_000_000  # of one picture; more is taken for a trap
_IN_ONE_TASK = 64
_MOST_THREADS = 8
_ENOUGH_FAULTS = 20
_LARGER_THAN_NEEDED = 4  # a JPEG file may be decoded at a half, a quarter or an eighth, down to so many times the size

Fit = Literal["crop", "stretch"]


@dataclass(frozen=True)
class Wanted:
    """How each picture is to be. shape: (channels, height, width)"""

    shape: Shape
    fit: Fit


class _Stopped(Exception):
    """The task need not go on."""


def header(path: Path) -> tuple[int, int, str]:
    """Width, height and Pillow's mode of a picture, of which only the beginning is read. raises Exception: any"""
    from PIL import Image

    with Image.open(path, formats=FORMATS) as picture:
        width, height = picture.size
        if width * height > MOST_PIXELS:
            raise ValueError(_too_many_pixels(width, height))
        mode = picture.mode
        return width, height, "RGB" if mode == "P" and not _is_grey_palette(picture) else mode


def picture(path: Path, wanted: Wanted) -> np.ndarray:
    """(channels, height, width) uint8. What is transparent becomes white, a phone's turned picture stands upright.

    raises Exception: whatever Pillow makes of a damaged file
    source: torchvision's Resize and CenterCrop, of Pillow's pictures
    """
    from PIL import Image, ImageOps

    channels, height, width = wanted.shape
    with Image.open(path, formats=FORMATS) as opened:
        if opened.width * opened.height > MOST_PIXELS:
            raise ValueError(_too_many_pixels(*opened.size))
        if opened.format in ("JPEG", "MPO"):
            opened.draft(None, (width * _LARGER_THAN_NEEDED, height * _LARGER_THAN_NEEDED))
        opened.load()
        upright = ImageOps.exif_transpose(opened) if opened.format != "PNG" else opened
        plain = _plain(upright, "L" if channels == 1 else "RGB")
    if plain.size != (width, height):
        if wanted.fit == "crop":
            plain = _covering(plain, width, height)
        else:
            plain = plain.resize((width, height), Image.Resampling.BILINEAR)
    array = np.asarray(plain, dtype=np.uint8)
    return array[None] if channels == 1 else array.transpose(2, 0, 1)


def _plain(opened: Any, mode: str) -> Any:
    from PIL import Image

    if opened.mode.startswith("I"):  # 16 bits a pixel
        values = np.asarray(opened).astype(np.int64)
        if values.max(initial=0) > 255:
            values = values // 257
        return Image.fromarray(values.clip(0, 255).astype(np.uint8)).convert(mode)
    if "A" in opened.mode or "transparency" in opened.info:
        opened = opened.convert("RGBA")
        white = Image.new("RGBA", opened.size, (255, 255, 255, 255))
        opened = Image.alpha_composite(white, opened)
    return opened.convert(mode)


def _covering(plain: Any, width: int, height: int) -> Any:
    """The middle of a picture, scaled so that it just covers the form."""
    from PIL import Image

    if plain.width * height <= plain.height * width:  # it is the taller one
        size = width, int(width * plain.height / plain.width)
    else:
        size = int(height * plain.width / plain.height), height
    size = max(size[0], width), max(size[1], height)
    if plain.size != size:
        plain = plain.resize(size, Image.Resampling.BILINEAR)
    left, top = round((size[0] - width) / 2.0), round((size[1] - height) / 2.0)
    return plain.crop((left, top, left + width, top + height))


def _is_grey_palette(picture: Any) -> bool:
    palette = picture.getpalette() or []
    return palette[0::3] == palette[1::3] == palette[2::3]


def _too_many_pixels(width: int, height: int) -> str:
    return _("it has {width:,}×{height:,} pixels, too many for a picture to learn from").format(
        width=width, height=height
    )


def decoded(
    root: Path,
    files: Sequence[str],
    wanted: Wanted,
    state: str,
    progress: Progress | None,
    cancelled: Asked | None,
) -> np.ndarray:
    """Every picture: (files, channels, height, width) uint8, mapped from the cache. Decoded where it is not there yet.

    state: what the files are; another state is decoded anew, and the old one removed
    raises Problem: naming the pictures that cannot be read, or a full disk; nothing is kept then.  Cancelled
    """
    shape = (len(files), *wanted.shape)
    form = repr((wanted, shape))
    kept = _kept.mapped(root, state, form, shape)
    if kept is not None:
        return kept

    def write(file: BinaryIO) -> None:
        for block in _blocks(root, files, wanted, progress, cancelled):
            file.write(block)

    return _kept.written(root, state, form, shape, write)


def _blocks(
    root: Path, files: Sequence[str], wanted: Wanted, progress: Progress | None, cancelled: Asked | None
) -> Iterator[bytes]:
    """The pictures in order, some at a time; as many are decoded ahead as keep all cores at work."""
    threads = max(1, min(_MOST_THREADS, os.cpu_count() or 1))
    stop, faults, done = threading.Event(), list[tuple[str, str]](), 0
    tasks = iter(range(0, len(files), _IN_ONE_TASK))
    waiting: deque[Future[tuple[bytes, list[tuple[str, str]]]]] = deque()
    pool = ThreadPoolExecutor(threads, thread_name_prefix="pictures")
    try:
        while True:
            while len(waiting) < 3 * threads and (begin := next(tasks, None)) is not None:
                waiting.append(pool.submit(_task, root, files[begin : begin + _IN_ONE_TASK], wanted, stop))
            if not waiting:
                break
            try:
                block, more = waiting[0].result(timeout=0.1)
            except NotYet:
                go_on(cancelled, str(root))
                continue
            waiting.popleft()
            go_on(cancelled, str(root))
            faults += more
            if len(faults) >= _ENOUGH_FAULTS:
                break
            done = min(len(files), done + _IN_ONE_TASK)
            if progress is not None:
                progress(done, len(files))
            if not faults:
                yield block
    finally:
        stop.set()
        pool.shutdown(wait=True, cancel_futures=True)
    if faults:
        raise _damaged(root, faults)


def _task(
    root: Path, files: Sequence[str], wanted: Wanted, stop: threading.Event
) -> tuple[bytes, list[tuple[str, str]]]:
    """The pictures of some files, one after the other, and what was wrong with those that cannot be read."""
    block, faults = np.zeros((len(files), *wanted.shape), dtype=np.uint8), []
    for place, file in enumerate(files):
        if stop.is_set():
            break
        try:
            block[place] = picture(root / file, wanted)
        except Exception as error:  # Pillow raises whatever the decoder of the format raises
            faults.append((file, _reason(error)))
    return block.tobytes(), faults


def _reason(error: Exception) -> str:
    from PIL import UnidentifiedImageError

    if isinstance(error, UnidentifiedImageError):
        return _("it is not a picture")
    return shortened(getattr(error, "strerror", None) or str(error) or type(error).__name__, 200)


def fault_of(path: Path, error: Exception) -> Problem:
    """What a person is told of a picture that cannot be read."""
    return _damaged(path.parent, [(path.name, _reason(error))])


def _damaged(root: Path, faults: Sequence[tuple[str, str]]) -> Problem:
    file, reason = faults[0]
    what = _("the picture cannot be read: {reason}").format(reason=reason)
    if len(faults) > 1:
        what += _("; so it is with {count} others, such as {name}").format(count=len(faults) - 1, name=faults[1][0])
    return Problem(
        where=shortened(str(root / file)), what=what, fix=_("Delete or replace what is damaged, then open the folder again")
    )  # fmt: skip
