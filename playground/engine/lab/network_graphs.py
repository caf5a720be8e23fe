"""The graph of the loss of a project's network, as its first batch makes it: the nodes of each layer folded into one.

What belongs to a layer is found in the graph that PyTorch has noted: all that lies between what the layer gave and what
the layers before it gave. What flows between two of them is added up from backward() itself, node by node.
"""

import warnings
from collections.abc import Hashable, Iterator
from dataclasses import dataclass, field
from typing import Any

import torch
from torch import nn

from playground.core.lab.told import Graph, GraphNode
from playground.core.lab.topics import Autograd
from playground.core.network import working
from playground.core.problem import Problem
from playground.core.project import Project
from playground.core.text import _
from playground.engine import losses
from playground.engine.build import build_network
from playground.engine.check import check
from playground.engine.code.network import names_of
from playground.engine.lab import graphs
from playground.engine.lab.bench import seeded, spread
from playground.engine.lab.graphs import Calls, name_of, norm, sent
from playground.engine.loader import Prepared, order
from playground.engine.losses import Loss

MOST_SAMPLES, LEAST_SAMPLES = 8, 2  # of the batch; a BatchNorm needs two
MOST_PRODUCTS = 2_000_000_000  # of one forward pass
MOST_PARTS = 20_000  # nodes that are folded
_LOSS = 0  # the number of what is no layer


@dataclass
class _Made:
    """What a layer gave. number: in the list, from 1;  last: the node that made it, None where autograd noted nothing"""

    number: int
    name: str
    module: nn.Module
    last: Any = None
    shape: tuple[int, ...] = ()
    value: Any = None
    spread: tuple[float | None, float | None] = (None, None)

    def look_at(self, output: torch.Tensor) -> None:
        """At once: the next layer may work in place."""
        value = output.detach()
        self.last, self.shape, self.spread = output.grad_fn, tuple(value.shape), spread(value)
        self.value = sent(value)


@dataclass
class _Flow:
    """What flows back between two nodes that are seen. parts: where it arrives -> the slopes, added up"""

    parts: dict[tuple[Any, int], torch.Tensor] = field(default_factory=dict)

    def add(self, where: tuple[Any, int], slopes: torch.Tensor) -> None:
        known = self.parts.get(where)
        self.parts[where] = slopes if known is None else known + slopes

    def whole(self) -> torch.Tensor:
        """One tensor where it is one, else all numbers in a row."""
        found = list(self.parts.values())
        return found[0] if len(found) == 1 else torch.cat([one.reshape(-1) for one in found])


def network_graph(project: Project, page: Autograd, data: Prepared) -> Graph:
    """raises Problem: the network does not fit its data, or has too many nodes to be drawn"""
    recipe, fault = project.recipe, check(project).fault
    if fault:
        raise Problem.from_fault(fault)
    model = build_network(project.network, data.input_shape, tokens=data.tokens, seed=recipe.seed)
    loss = losses.make(recipe, data.task, len(data.classes), data.train_targets)
    inputs, targets = few_samples(project, data, loss)
    made = _layers(project, model)
    with seeded(recipe.seed), torch.enable_grad(), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # hints on speed, for those who write the call themselves
        result = _forward(model, loss, made, inputs, targets)
        if result.grad_fn is None:
            what = _("no layer of the network has a parameter, so that no slope is asked for")
            raise Problem(where=_("Graph"), what=what, fix=_("Add a layer that has weights, such as Linear"))
        calls = graphs.walked(result, graphs.reached(result, MOST_PARTS))
        leaves = dict(_leaves(made))
        grads = graphs.after_rounds(result, leaves, page)
    numbers = _numbers(result, made)
    told = _Telling(
        calls, numbers, made, {id(one): name for name, one in leaves.items()}, (recipe.loss, result.detach())
    )
    nodes = told.nodes(frozenset(page.opened))
    if len(nodes) > graphs.MOST_NODES:
        what = _("the graph has more than {n} nodes").format(n=graphs.MOST_NODES)
        raise Problem(where=_("Graph"), what=what, fix=_("Fold some layers"))
    there = set(numbers.values())
    about = _("{n} samples of the first batch, and the weights that a run with seed {seed} begins with").format(
        n=len(inputs), seed=recipe.seed
    )
    return Graph(nodes, grads, (), tuple(one.name for one in made if one.number not in there), about)


def few_samples(project: Project, data: Prepared, loss: Loss) -> tuple[torch.Tensor, torch.Tensor]:
    """The first samples of the first batch as the network gets them, without random steps, and their targets."""
    size = data.size("train")
    chosen = order(size, project.recipe.seed, 0, project.data.shuffle)[: samples_of_batch(project, size)]
    return data.samples("train", chosen), loss.targets(data.train_targets[chosen])


def samples_of_batch(project: Project, size: int) -> int:
    """How many are looked at. size: of the training part"""
    products = max(1, check(project).multiply_adds)
    return max(LEAST_SAMPLES, min(MOST_SAMPLES, project.data.batch_of(size), MOST_PRODUCTS // products))


def _layers(project: Project, model: nn.Sequential) -> list[_Made]:
    """Those of the list itself: what is in a block is folded into it."""
    found = [(number, path[0]) for number, path, _layer in working(project.network) if len(path) == 1]
    names = names_of(tuple(project.network[position] for _number, position in found))
    return [_Made(number, name, model[position]) for (number, position), name in zip(found, names, strict=True)]


def _forward(
    model: nn.Sequential, loss: Loss, made: list[_Made], inputs: torch.Tensor, targets: torch.Tensor
) -> torch.Tensor:
    hooks = [
        one.module.register_forward_hook(lambda _module, _inputs, output, one=one: one.look_at(output)) for one in made
    ]
    try:
        return loss(model.train()(inputs), targets)
    finally:
        for hook in hooks:
            hook.remove()


def _leaves(made: list[_Made]) -> Iterator[tuple[str, torch.Tensor]]:
    for one in made:
        for name, parameter in one.module.named_parameters():
            if parameter.requires_grad:
                yield f"{one.name}.{name}", parameter


def _numbers(result: torch.Tensor, made: list[_Made]) -> dict[Any, int]:
    """node -> the number of its layer: all that lies between what that gave and what the layers before it gave."""
    numbers: dict[Any, int] = {}
    for number, last in [*((one.number, one.last) for one in made), (_LOSS, result.grad_fn)]:
        waiting = [last]
        while waiting:
            node = waiting.pop()
            if node is not None and node not in numbers:
                numbers[node] = number
                waiting += [one for one, _place in node.next_functions]
    return numbers


@dataclass
class _Telling:
    """numbers: node -> its layer;  names: id of a parameter -> its name;  loss: what it is called, and its value"""

    calls: Calls
    numbers: dict[Any, int]
    made: list[_Made]
    names: dict[int, str]
    loss: tuple[str, torch.Tensor]

    def nodes(self, opened: frozenset[int]) -> tuple[GraphNode, ...]:
        """What is seen, in the order in which backward() reaches it. opened: layers whose own nodes are seen"""
        owners: dict[Any, Hashable] = {}
        seen: dict[Hashable, list[Any]] = {}
        for node in self.calls:
            alone = hasattr(node, "variable") or self.numbers[node] in opened
            owners[node] = node if alone else self.numbers[node]
            seen.setdefault(owners[node], []).append(node)
        places = {owner: place for place, owner in enumerate(seen)}
        flows = self._flows(owners)
        return tuple(self._told(owner, nodes, places, flows.get(owner, {})) for owner, nodes in seen.items())

    def _flows(self, owners: dict[Any, Hashable]) -> dict[Hashable, dict[Hashable, _Flow]]:
        flows: dict[Hashable, dict[Hashable, _Flow]] = {}
        for node, (goes_out, _came_in) in self.calls.items():
            for slopes, (into, place) in zip(goes_out, node.next_functions, strict=False):
                if slopes is not None and into in owners and owners[into] != owners[node]:
                    flow = flows.setdefault(owners[node], {}).setdefault(owners[into], _Flow())
                    flow.add((into, place), slopes)
        return flows

    def _told(
        self, owner: Hashable, nodes: list[Any], places: dict[Hashable, int], flows: dict[Hashable, _Flow]
    ) -> GraphNode:
        out = sorted(flows.items(), key=lambda one: places[one[0]])
        slopes = [flow.whole() for _into, flow in out]
        arrived = next((one for one in self.calls[nodes[0]][1] if one is not None), None)
        what = {
            "shape": () if arrived is None else tuple(arrived.shape), "name": name_of(nodes[0]), "leaf": False,
            **self._what(owner, nodes),
        }  # fmt: skip
        return GraphNode(
            number=places[owner],
            inputs=tuple(places[into] for into, _flow in out),
            came_in=sent(arrived),
            goes_out=tuple(map(sent, slopes)),
            came_norm=norm(arrived) or 0.0,
            out_norms=tuple(map(norm, slopes)),
            layer=self.numbers[nodes[0]],
            parts=tuple(dict.fromkeys(map(name_of, nodes))) if isinstance(owner, int) else (),
            **what,
        )

    def _what(self, owner: Hashable, nodes: list[Any]) -> dict[str, Any]:
        """Label, shape and value of what is seen as one node, and its name where that is not the one of PyTorch's node."""
        parameter = getattr(nodes[0], "variable", None)
        if parameter is not None:
            label = self.names.get(id(parameter), "")
            return {"leaf": True, "label": label, "shape": tuple(parameter.shape), **_values(parameter)}
        if owner == _LOSS:
            name, value = self.loss
            return {"name": name, "label": "loss", "shape": tuple(value.shape), **_values(value)}
        layer = next((one for one in self.made if one.last is nodes[0]), None)
        if layer is None:
            return {}
        low, high = layer.spread
        found = {"label": layer.name, "line": _said(layer.module), "shape": layer.shape, "value": layer.value}
        kind = {"name": type(layer.module).__name__} if isinstance(owner, int) else {}
        return {**found, **kind, "low": low, "high": high}


def _values(value: torch.Tensor) -> dict[str, Any]:
    low, high = spread(value)
    return {"value": sent(value), "low": low, "high": high}


def _said(module: nn.Module) -> str:
    """As PyTorch prints it, where that is one line."""
    text = str(module)
    return text if "\n" not in text and len(text) <= 200 else ""
