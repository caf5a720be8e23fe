"""Layers of sequences, (batch, steps, features), that plain torch.nn has no module for, or whose modules give more than
one tensor."""

import math

import torch
from torch import nn


class Recurrent(nn.Module):
    """An nn.RNN, nn.LSTM or nn.GRU that gives the output of every step, or what it knows after the last one.

    After the last step of two directions both have read the whole sequence: their states are put one behind the other.
    """

    def __init__(self, recurrent: nn.RNNBase, output: str = "last") -> None:
        super().__init__()
        self.recurrent = recurrent
        self.output = output

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        outputs, state = self.recurrent(x)
        if self.output == "sequence":
            return outputs
        hidden = state[0] if isinstance(state, tuple) else state
        if self.recurrent.bidirectional:
            return torch.cat((hidden[-2], hidden[-1]), 1)
        return hidden[-1]


class SelfAttention(nn.Module):
    """An nn.MultiheadAttention in which every step looks at all steps of its own sequence."""

    def __init__(self, attention: nn.MultiheadAttention) -> None:
        super().__init__()
        self.attention = attention

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.attention(x, x, x, need_weights=False)[0]


class PositionalEncoding(nn.Module):
    """Adds to each step what tells its place: waves of many lengths, or numbers that are learnt.

    Source: Vaswani et al. 2017, section 3.5, https://arxiv.org/abs/1706.03762
    """

    def __init__(
        self,
        features: int,
        steps: int,
        kind: str = "waves",
        dropout: float = 0.0,
    ) -> None:
        super().__init__()
        self.dropout = nn.Dropout(dropout)
        if kind == "learnt":
            self.table = nn.Parameter(0.02 * torch.randn(steps, features))
        else:
            place = torch.arange(steps)[:, None]
            half = torch.arange(0, features, 2)
            speed = torch.exp(half * (-math.log(10_000.0) / features))
            waves = torch.stack((torch.sin(place * speed), torch.cos(place * speed)), 2)
            self.register_buffer("table", waves.flatten(1)[:, :features])

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.dropout(x + self.table[: x.shape[1]])
