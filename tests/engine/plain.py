"""A network run by plain torch, without `engine.build` or `engine.check`: what their predictions are held against.

Modules are made of the declarations' own names and arguments, layer by layer, on the numbers that really come in.
"""

import math
import warnings
from importlib import import_module
from typing import Any

import torch
from torch import nn

from playground.core.arguments import in_effect
from playground.core.layer import Layer
from playground.core.layers import LAYERS
from playground.core.network import Network, Path

SAMPLES = 3


class Unfit(Exception):
    """It runs, but is no layer of samples: they run into one another, or nothing is left of them."""


class Run:
    """shapes: what each layer that works gives, of one sample;  parameters: of them all. raises whatever torch raises"""

    def __init__(self, network: Network, shape: tuple[int, ...], tokens: int = 0) -> None:
        torch.manual_seed(0)
        self.shapes: dict[Path, tuple[int, ...]] = {}
        self.parameters = 0
        batch = torch.randint(tokens, (SAMPLES, *shape)) if tokens else torch.randn(SAMPLES, *shape)
        batch.tokens = tokens  # how many different ones it may hold, where it is whole numbers
        with warnings.catch_warnings(), torch.no_grad():
            warnings.simplefilter("ignore")
            self._chain(network, batch, ())

    def _chain(self, network: Network, batch: torch.Tensor, base: Path) -> torch.Tensor:
        for position, layer in enumerate(network):
            batch = batch if layer.disabled else self._layer(layer, batch, (*base, position))
        return batch

    def _layer(self, layer: Layer, batch: torch.Tensor, path: Path) -> torch.Tensor:
        kind = LAYERS[layer.layer].block
        made = self._branches(layer, batch, path) if kind == "branches" else None
        if made is None:
            made = self._inside(layer, batch, path) if kind else self._plain(layer, batch)
        self.shapes[path] = tuple(made.shape[1:])
        return made

    def _plain(self, layer: Layer, batch: torch.Tensor) -> torch.Tensor:
        module = self._module(layer, batch)
        self.parameters += sum(one.numel() for one in module.parameters())
        made: torch.Tensor = module(batch)
        fewer: torch.Tensor = self._module(layer, batch)(batch[:2])
        if made.dim() < 2 or made.shape[0] != len(batch) or fewer.shape != (2, *made.shape[1:]) or 0 in made.shape:
            raise Unfit
        made.tokens = _tokens(batch)
        return made

    def _module(self, layer: Layer, batch: torch.Tensor) -> nn.Module:
        spec = LAYERS[layer.layer]
        if spec.steps and batch.dim() != 3:
            raise Unfit  # torch takes the batch for the steps of one sequence
        values = in_effect(spec.arguments, layer.arguments, tuple(batch.shape[1:]), _tokens(batch))
        given = {name: tuple(one) if isinstance(one, list) else one for name, one in values.items() if one is not None}
        to = {one.name: one.to for one in spec.arguments}
        module = _class(spec.torch_name)(**{k: v for k, v in given.items() if to[k] == "module"}, **spec.fixed)
        if spec.wrapper:
            module = _class(spec.wrapper)(module, **{k: v for k, v in given.items() if to[k] == "wrapper"})
        return module.eval()

    def _inside(self, layer: Layer, batch: torch.Tensor, path: Path) -> torch.Tensor:
        made = self._chain(layer.children, batch, path)
        if layer.layer == "Sequential":
            return made
        tokens = _tokens(made) + _tokens(batch) - 1
        given, wanted = tuple(batch.shape[1:]), tuple(made.shape[1:])
        if layer.arguments.get("projection", "auto") == "auto" and given != wanted and len(given) == len(wanted) <= 3:
            shortcut = _projection(given, wanted)
            if shortcut is not None:
                self.parameters += sum(one.numel() for one in shortcut.parameters())
                batch = shortcut(batch)
        return _apart(made + batch, made[:2] + batch[:2], tokens)

    def _branches(self, layer: Layer, batch: torch.Tensor, path: Path) -> torch.Tensor:
        working = [(n, one) for n, one in enumerate(layer.children) if not one.disabled]
        made = [self._layer(one, batch, (*path, n)) for n, one in working]
        dim = layer.arguments.get("dim", 1)
        if layer.arguments.get("merge", "concatenate") == "add":
            tokens = sum(_tokens(one) - 1 for one in made) + 1
            return _apart(torch.stack(made).sum(0), torch.stack([one[:2] for one in made]).sum(0), tokens)
        tokens = max(map(_tokens, made), default=0)
        return _apart(torch.cat(made, dim), torch.cat([one[:2] for one in made], dim), tokens)


def _apart(whole: torch.Tensor, fewer: torch.Tensor, tokens: int) -> torch.Tensor:
    if whole.shape[0] != SAMPLES or fewer.shape != (2, *whole.shape[1:]):
        raise Unfit
    whole.tokens = tokens
    return whole


def _tokens(batch: torch.Tensor) -> int:
    return 0 if batch.is_floating_point() else batch.tokens


def _projection(given: tuple[int, ...], wanted: tuple[int, ...]) -> nn.Module | None:
    """What He et al. put beside layers that change the shape: one weight for each pair of channels, and a stride."""
    if len(given) < 3 and given[:-1] == wanted[:-1]:
        return nn.Linear(given[-1], wanted[-1], bias=False)
    if len(given) == 1:
        return None
    strides = tuple(math.ceil(one / other) for one, other in zip(given[1:], wanted[1:], strict=True))
    kind: Any = nn.Conv1d if len(given) == 2 else nn.Conv2d
    made = kind(given[0], wanted[0], 1, strides if len(given) == 3 else strides[0], bias=False)
    return made if made(torch.zeros(1, *given)).shape[1:] == wanted else None


def _class(name: str) -> Any:
    module, _dot, last = name.rpartition(".")
    return getattr(import_module(module), last)
