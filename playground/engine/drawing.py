"""A drawing as a sample of a data set: as it would be stored, and as the network gets it."""

from typing import NamedTuple
from weakref import WeakKeyDictionary

import numpy as np
import torch

from playground.core.carried import Array
from playground.core.drawing import MOST_SIDE, DrawingFitted, FitDrawing
from playground.core.problem import Problem
from playground.core.spec import DatasetSpec, Shape
from playground.core.text import _
from playground.engine import ink
from playground.engine.loader import Prepared
from playground.engine.preparation import kind_of
from playground.engine.probes import array

MOST_MEASURED = 2_000  # samples of the training part


class Look(NamedTuple):
    """How the samples look. largest: value of a pixel;  whole: values are whole numbers
    light: their ground is light, and ink dark;  style: of what is written by hand, None for all other pictures
    """

    largest: float
    whole: bool
    light: bool
    style: ink.Style | None


_LOOKS: WeakKeyDictionary[Prepared, Look] = WeakKeyDictionary()


def answer(question: FitDrawing, data: Prepared) -> DrawingFitted:
    """raises Problem: the samples are no pictures, or the drawing is none"""
    _refuse_what_is_no_picture(data.dataset)
    look = look_of(data)
    stored = torch.from_numpy(_stored(_values(question.ink), data.dataset.sample_shape, look))
    given = data.late(data.pipeline.early(stored[None]))[0]
    return DrawingFitted(question.id, array(stored), array(given), look.style is not None)


def look_of(data: Prepared) -> Look:
    """Measured once, on the training part, and evenly spread over it where that is large."""
    if data not in _LOOKS:
        size = data.size("train")
        some = torch.arange(size) if size <= MOST_MEASURED else torch.arange(MOST_MEASURED) * size // MOST_MEASURED
        stored = data.stored("train", some)
        largest = float(stored.max()) or 1.0
        grey = stored.to(torch.float32).mean(dim=1).numpy() / largest
        rim = np.concatenate((grey[:, 0], grey[:, -1], grey[:, :, 0], grey[:, :, -1]), axis=None)
        light = bool(np.median(rim) > 0.5)
        style = ink.measure(1 - grey if light else grey) if data.dataset.written else None
        _LOOKS[data] = Look(largest, not stored.is_floating_point(), light, style)
    return _LOOKS[data]


def _stored(drawn: np.ndarray, shape: Shape, look: Look) -> np.ndarray:
    """shape: (channels, height, width).  drawn: (1 or 3, side, side), 0 to 1, of ink or of colours on white paper"""
    channels, size = shape[0], (shape[1], shape[2])
    if channels == 3 and look.style is None:
        colors = drawn if len(drawn) == 3 else np.repeat(1 - drawn, 3, axis=0)
        made = ink.scaled(colors, size)
    else:
        cover = drawn[0] if len(drawn) == 1 else 1 - drawn.mean(axis=0)
        one = ink.fitted(cover, look.style) if look.style is not None else ink.scaled(cover, size)
        made = np.repeat((1 - one if look.light else one)[None], channels, axis=0)
    made = made * np.float32(look.largest)
    return np.ascontiguousarray(np.rint(made) if look.whole else made, np.float32)


def _values(carried: Array) -> np.ndarray:
    """(1 or 3, side, side) float32, 0 to 1. raises Problem: it is no drawing"""
    shape = tuple(carried.shape)
    known = carried.dtype == "uint8" and len(shape) == 3 and shape[0] in (1, 3) and shape[1] == shape[2]
    if not known or not 0 < shape[1] <= MOST_SIDE or len(carried.data) != int(np.prod(shape)):
        raise _problem(_("it is no picture that the program has drawn"), _("Clear it, and draw something"))
    return np.frombuffer(carried.data, np.uint8).reshape(shape).astype(np.float32) / 255


def _refuse_what_is_no_picture(spec: DatasetSpec) -> None:
    if kind_of(spec) != "picture" or spec.sample_shape[0] not in (1, 3):
        raise _problem(
            _("the samples of {title} are no pictures").format(title=spec.title), _("Choose a data set of pictures")
        )


def _problem(what: str, fix: str) -> Problem:
    return Problem(where=_("Drawing"), what=what, fix=fix)
