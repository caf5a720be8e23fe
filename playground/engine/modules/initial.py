"""First weights. Source: https://docs.pytorch.org/docs/stable/nn.init.html"""

from collections.abc import Mapping

import torch
from torch import nn

# ways of torch.nn.init, whose functions have these names and a "_" -> what they are given beside the weights
WAYS: Mapping[str, Mapping[str, str]] = {
    "xavier_uniform": {},
    "xavier_normal": {},
    "kaiming_uniform": {"nonlinearity": "relu"},
    "kaiming_normal": {"nonlinearity": "relu"},
    "normal": {},
    "zeros": {},
}


def initialise(
    weight: torch.Tensor, bias: torch.Tensor | None, init: str, mean: float = 0.0, std: float = 0.01
) -> None:
    """Draw weights anew, and set the bias to zero. init: "default" leaves all as it is;  mean, std: of "normal" """
    if init == "default":
        return
    figures = (mean, std) if init == "normal" else ()
    getattr(nn.init, f"{init}_")(weight, *figures, **WAYS[init])
    if bias is not None:
        nn.init.zeros_(bias)
