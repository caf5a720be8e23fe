"""What is told of a tensor in a line, and which layers have two modes."""

from typing import Any

import torch
from torch import nn
from torch.nn.modules.batchnorm import _NormBase
from torch.nn.modules.dropout import _DropoutNd

BINS = 24
_MOST_COUNTED = 100_000


def figures(tensor: torch.Tensor, histogram: bool = False) -> dict[str, Any]:
    """shape, dtype and, where there are numbers, min, mean, max and std (of these numbers); histogram: counts, too"""
    told: dict[str, Any] = {"shape": list(tensor.shape), "dtype": str(tensor.dtype).removeprefix("torch.")}
    if not tensor.numel():
        return told
    values = tensor.detach().float().reshape(-1)
    low, high = values.aminmax()
    std, mean = torch.std_mean(values, correction=0)
    told |= dict(zip(("min", "mean", "max", "std"), torch.stack([low, mean, high, std]).tolist(), strict=True))
    if histogram:
        told["counts"] = _counts(values, told["min"], told["max"])
    return told


def _counts(values: torch.Tensor, low: float, high: float) -> list[int]:
    """How many lie in each bin from the lowest to the highest; of a fair part of very many."""
    few = values[:: max(1, len(values) // _MOST_COUNTED)].cpu()
    if not torch.isfinite(torch.tensor([low, high])).all():
        return []
    return [int(one) for one in torch.histc(few, bins=BINS, min=low, max=high).tolist()]


def _share(module: nn.Module) -> float:
    """What a layer drops by itself, as an LSTM of several layers does."""
    share: object = getattr(module, "dropout", None)
    return share if isinstance(share, float) else 0.0


def has_modes(module: nn.Module) -> bool:
    """Whether a layer does something else while it trains: it drops values, or takes the figures of the batch."""
    return any(
        (isinstance(one, _DropoutNd) and one.p > 0)
        or (isinstance(one, _NormBase) and one.track_running_stats)
        or _share(one) > 0
        for one in module.modules()
    )
