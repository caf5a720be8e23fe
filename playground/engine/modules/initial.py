"""First weights. Source: https://docs.pytorch.org/docs/stable/nn.init.html"""

import torch
from torch import nn


def initialise(
    weight: torch.Tensor, bias: torch.Tensor | None, init: str, mean: float = 0.0, std: float = 0.01
) -> None:
    """Draw weights anew, and set the bias to zero. init: "default" leaves all as it is;  mean, std: of "normal" """
    if init == "default":
        return
    if init == "normal":
        nn.init.normal_(weight, mean, std)
    elif init == "zeros":
        nn.init.zeros_(weight)
    elif init == "xavier_uniform":
        nn.init.xavier_uniform_(weight)
    elif init == "xavier_normal":
        nn.init.xavier_normal_(weight)
    elif init == "kaiming_uniform":
        nn.init.kaiming_uniform_(weight, nonlinearity="relu")
    elif init == "kaiming_normal":
        nn.init.kaiming_normal_(weight, nonlinearity="relu")
    if bias is not None:
        nn.init.zeros_(bias)
