"""What may stand between the brackets of an index, and what choosing by it costs."""

import operator
from typing import Any

import numpy as np
import torch

from playground.core.text import _
from playground.engine.lab.costs import Call, on_meta
from playground.engine.lab.meter import Meter
from playground.engine.lab.refusal import Refusal
from playground.engine.lab.values import named_kind, numbers_in

_SMALL = 4_096
_MASKS = (torch.bool, torch.uint8)


def usable(value: Any) -> bool:
    """Whether it chooses places: whole numbers, lists and tensors of them, masks, None for a new axis."""
    if isinstance(value, torch.Tensor):
        return not value.is_floating_point()
    if isinstance(value, np.ndarray):
        return value.dtype.kind in "biu"
    if isinstance(value, list):
        return all(usable(one) for one in value) and bool(value)
    return value is None or isinstance(value, (int, slice))


def read_cost(base: Any, key: Any, meter: Meter) -> float:
    """Charge the choosing before it is done. raises Refusal: too much, or there is nothing to choose from"""
    keys = key if isinstance(key, tuple) else (key,)
    if isinstance(base, (tuple, list)):
        if len(keys) != 1 or not isinstance(key, (int, slice)):
            raise Refusal(_("a list is asked for one place, or a stretch"), _("Make a tensor of it first"))
        return meter.charge(0)
    if not isinstance(base, (torch.Tensor, np.ndarray)):
        raise Refusal(_("{kind} has no places").format(kind=named_kind(base)), _("Choose from a tensor"))
    if all(one is None or one is ... or (isinstance(one, (int, slice)) and not isinstance(one, bool)) for one in keys):
        return meter.charge(0)  # a view
    if isinstance(base, np.ndarray):
        return _array_cost(base, keys, meter)
    if any(isinstance(one, np.ndarray) for one in keys):
        raise Refusal(_("a NumPy array chooses from a tensor"), _("Make a tensor of it with torch.from_numpy(n)"))
    masks = [one for one in keys if _is_mask(one)]
    if masks:
        others = [one for one in keys if isinstance(one, (torch.Tensor, list)) and not _is_mask(one)]
        if (others or len(masks) > 1) and base.numel() + numbers_in(list(keys)) > _SMALL:
            raise Refusal(_("a mask together with other lists chooses too much here"), _("Choose in two lines"))
        meter.hold(base.numel(), base.element_size(), base.dim())
        return meter.charge(15 * base.numel())
    shapes = on_meta(Call(operator.getitem, (base, key)))
    for one in shapes or ():
        meter.hold(one.numel(), one.element_size(), one.dim())
    return meter.charge(numbers_in(shapes or ()) + numbers_in(list(keys)) + (_SMALL if shapes is None else 0))


def _is_mask(key: Any) -> bool:
    if isinstance(key, torch.Tensor):
        return key.dtype in _MASKS
    while isinstance(key, list) and key:
        key = key[0]
    return isinstance(key, bool)


def _array_cost(base: "np.ndarray[Any, Any]", keys: tuple[Any, ...], meter: Meter) -> float:
    if any(isinstance(one, torch.Tensor) for one in keys):
        raise Refusal(_("a tensor chooses from a NumPy array"), _("Make an array of it with .numpy()"))
    chosen = max((numbers_in(one) for one in keys if isinstance(one, (list, np.ndarray))), default=1)
    masked = any(_is_mask(one) or (isinstance(one, np.ndarray) and one.dtype.kind == "b") for one in keys)
    most = base.size if masked and len(keys) == 1 else base.size * chosen
    meter.hold(most, base.itemsize)
    return meter.charge(10 * most)
