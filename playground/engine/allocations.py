"""What a step of the training allocates, counted tensor by tensor, and what it would be with other batches.

Two steps are looked at, on two and on four samples. They make the same tensors in the same order, and each takes some
bytes whatever the batch is and some for each sample; so what is there at each moment is known for any batch.
"""

import math
import weakref
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import torch
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_leaves

_FEW, _MORE = 2, 4  # samples
_BLOCK = 16  # oneDNN computes a convolution on copies whose channels are filled up to a multiple of this


class Moments(TorchDispatchMode):
    """Bytes of all tensors that live, at each operation. Those that are there before it begins are told by `hold`.

    with_copies: count what a convolution on the CPU copies for itself
    """

    def __init__(self, with_copies: bool) -> None:
        super().__init__()
        self.bytes: list[int] = []
        self._with_copies, self._now = with_copies, 0
        self._known: dict[int, Any] = {}  # id of a storage -> a reference that tells when it is gone

    @classmethod
    def _should_skip_dynamo(cls) -> bool:
        """WORKAROUND: where this is true, as it is by default, the first use in a process loads the compiler: 100 MB, just
        where memory has run out, and seconds. source: torch/utils/_python_dispatch.py, __init_subclass__"""
        return False

    def hold(self, tensors: Iterable[torch.Tensor]) -> None:
        for one in tensors:
            self._count(one)

    def __torch_dispatch__(
        self, func: Any, types: Any, args: Sequence[Any] = (), kwargs: Mapping[str, Any] | None = None
    ) -> Any:
        made = func(*args, **(kwargs or {}))
        for one in tree_leaves(made):
            if isinstance(one, torch.Tensor):
                self._count(one)
        copies = 0
        if self._with_copies and "convolution" in func.__name__:
            copies = sum(_copied(one) for one in tree_leaves([args, made]) if isinstance(one, torch.Tensor))
        self.bytes.append(self._now + copies)
        return made

    def _count(self, tensor: torch.Tensor) -> None:
        storage = tensor.untyped_storage()
        key, size = id(storage), storage.nbytes()
        if key not in self._known:
            self._now += size
            self._known[key] = weakref.ref(storage, lambda _gone: self._forget(key, size))

    def _forget(self, key: int, size: int) -> None:
        self._now -= size
        self._known.pop(key, None)


def _copied(tensor: torch.Tensor) -> int:
    if tensor.dim() < 3:
        return 0
    channels = tensor.shape[1]
    return tensor.numel() // max(1, channels) * math.ceil(channels / _BLOCK) * _BLOCK * tensor.element_size()


class Growth:
    """The most bytes that live during a step, as a function of its batch.

    step: (samples, moments) takes a step on so many under `moments`
    """

    def __init__(self, step: Callable[[int, Moments], None], with_copies: bool):
        few, more = (self._moments(step, count, with_copies) for count in (_FEW, _MORE))
        if len(few) != len(more):  # what a step does hangs on its batch: the largest of each is what can be compared
            few, more = few.max(keepdims=True), more.max(keepdims=True)
        self._each = (more - few) / (_MORE - _FEW)
        self._fixed = few - _FEW * self._each

    @staticmethod
    def _moments(step: Callable[[int, Moments], None], count: int, with_copies: bool) -> np.ndarray:
        moments = Moments(with_copies)
        step(count, moments)
        return np.array(moments.bytes or [0], np.float64)

    def at(self, batch: int) -> int:
        return int((self._fixed + batch * self._each).max())
