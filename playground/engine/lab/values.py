"""What a value of the lab can be, and nothing else: tensors, NumPy arrays, numbers, lists and tuples of them, data types."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import torch

from playground.core.lab.limits import LARGEST_INT, MOST_DIMENSIONS, MOST_ELEMENTS, MOST_LEAVES
from playground.core.text import _
from playground.engine.lab.meaning import DTYPES
from playground.engine.lab.refusal import Refusal

_DEEPEST = 12
MIXED = (
    _("a tensor and a NumPy array meet"),
    _("Make a tensor of the array with torch.from_numpy(n), or an array of the tensor with .numpy()"),
)


@dataclass(frozen=True)
class Shown:
    """What can only be looked at: a device, a node of the graph."""

    text: str


def believed(value: Any) -> Any:
    """A result as a value of the lab. raises Refusal: it is of a kind, or of a size, that the lab does not have"""
    if isinstance(value, np.generic):
        return believed(value.item())
    if value is None or isinstance(value, (bool, float, Shown, torch.dtype, np.dtype)):
        return value
    if isinstance(value, int):
        if abs(value) > LARGEST_INT:
            raise Refusal(_("this whole number does not fit into 64 bits"), _("Use a smaller one, or one with a point"))
        return value
    if isinstance(value, torch.Tensor):
        return _tensor(value)
    if isinstance(value, np.ndarray):
        return _array(value)
    if isinstance(value, (tuple, list)):
        leaves(value)
        inner = [believed(item) for item in value]
        if all(after is before for after, before in zip(inner, value, strict=True)):
            return value
        return inner if isinstance(value, list) else tuple(inner)
    if isinstance(value, torch.device):
        return Shown(str(value))
    if isinstance(value, type) and value in DTYPES:
        return value
    if isinstance(value, torch.autograd.graph.Node):
        return Shown(f"<{value.name()}>")
    raise Refusal(_("this gives something that the lab cannot show"), _("Use tensors of real numbers"))


def _tensor(value: torch.Tensor) -> torch.Tensor:
    if type(value) is not torch.Tensor or value.layout is not torch.strided or value.is_complex():
        raise Refusal(_("this gives a kind of tensor that the lab does not have"), _("Use tensors of real numbers"))
    refuse_size(value.numel(), value.dim())
    return value


def _array(value: "np.ndarray[Any, Any]") -> "np.ndarray[Any, Any]":
    if value.dtype.kind not in "biuf" or value.dtype.itemsize > 8:
        raise Refusal(_("this gives an array that does not hold real numbers"), _("Use numbers only"))
    refuse_size(value.size, value.ndim)
    return value


def refuse_size(elements: int, dimensions: int) -> None:
    """raises Refusal: more than a tensor of the lab may have"""
    if elements > MOST_ELEMENTS:
        what = _("it would have {n:,} numbers, more than the {most:,} that a tensor of the lab may have")
        raise Refusal(what.format(n=elements, most=MOST_ELEMENTS), _("Make it smaller"))
    if dimensions > MOST_DIMENSIONS:
        what = _("it would have {n} axes, more than the {most} that a tensor of the lab may have")
        raise Refusal(what.format(n=dimensions, most=MOST_DIMENSIONS), _("Use fewer axes"))


def leaves(value: Any, depth: int = 0) -> int:
    """Numbers in a list of lists. raises Refusal: too many, or too deep"""
    if not isinstance(value, (list, tuple)):
        return value.numel() if isinstance(value, torch.Tensor) else 1
    if depth == _DEEPEST:
        raise Refusal(_("these lists lie more than {n} deep in each other").format(n=_DEEPEST), _("Use fewer axes"))
    count = 0
    for item in value:
        count += 1 if isinstance(item, (torch.Tensor, np.ndarray)) else leaves(item, depth + 1)
        if count > MOST_LEAVES:
            what = _("this list has more than {n:,} numbers").format(n=MOST_LEAVES)
            raise Refusal(what, _("Make them with torch.arange, torch.rand or the like"))
    return max(count, 1)


def numbers_in(value: Any) -> int:
    """Numbers in a list, those of the tensors in it included."""
    if isinstance(value, torch.Tensor):
        return value.numel()
    if isinstance(value, np.ndarray):
        return int(value.size)
    if isinstance(value, (list, tuple)):
        return sum(numbers_in(item) for item in value)
    return 1


def kind_of(value: Any) -> str:
    """What its members are declared under: "Tensor", "ndarray", "result"; "" for what has none."""
    if isinstance(value, torch.Tensor):
        return "Tensor"
    if isinstance(value, np.ndarray):
        return "ndarray"
    return "result" if isinstance(value, tuple) and hasattr(value, "n_fields") else ""


def named_kind(value: Any) -> str:
    """For people."""
    kinds = (
        (torch.Tensor, _("a tensor")), (np.ndarray, _("a NumPy array")), (bool, _("True or False")), (int, _("a number")),
        (float, _("a number")), (list, _("a list")), (tuple, _("a tuple")), (str, _("a text")),
        (torch.dtype, _("a data type")), (type(None), "None"),
    )  # fmt: skip
    return next((name for kind, name in kinds if isinstance(value, kind)), _("a value"))
