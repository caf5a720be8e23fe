"""The network in a script: one nn.Sequential, or a class with a line for each layer."""

import keyword
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from torch import nn

from playground.core.layer import Layer
from playground.core.network import Network, Path
from playground.core.report import Row
from playground.engine.code.layers import Layers, Needed, initial_functions, source_of
from playground.engine.code.lines import Call, Line, laid_out, plain


@dataclass
class Made:
    """imports: whole lines;  definitions: above the rest, each a function or class;  model: what makes `model`"""

    imports: list[str]
    definitions: list[list[Line]]
    model: list[Line]


def sequential(network: Network, rows: Mapping[Path, Row]) -> Made:
    layers = Layers(network, rows)
    calls = tuple(layers.calls())
    made = laid_out(Call("nn.Sequential", calls, broken=True), before="model = ")
    return Made(_imports(layers.needed), _definitions(layers.needed), _owned(made, calls))


def class_net(network: Network, rows: Mapping[Path, Row]) -> Made:
    layers = Layers(network, rows)
    names = names_of(network)
    begin, forward = [Line("        super().__init__()")], [Line("    def forward(self, x):")]
    for position, (layer, call) in enumerate(zip(network, layers.calls(), strict=True)):
        if isinstance(call, str):
            forward.append(Line(f"        {call}", (position,)))
            continue
        begin += laid_out(call, " " * 8, f"self.{names[position]} = ")
        forward.append(Line(f"        x = self.{names[position]}(x)", (position,)))
        assert not layer.disabled
    head = [Line("class Net(nn.Module):"), Line("    def __init__(self):")]
    net = [*head, *begin, Line(""), *forward, Line("        return x")]
    return Made(_imports(layers.needed), [*_definitions(layers.needed), net], [Line("model = Net()")])


NETWORKS: Mapping[str, Callable[[Network, Mapping[Path, Row]], Made]] = {
    "sequential": sequential,
    "class": class_net,
    "processes": class_net,
}


def names_of(network: Network) -> list[str]:
    """An attribute for each layer: what the learner calls it, else its kind and how many of that kind there were."""
    taken: set[str] = set()
    names = []
    for layer in network:
        wanted = _identifier(layer.name)
        base = wanted or _kind(layer)
        name = base if wanted and base not in taken else _numbered(base, taken)
        taken.add(name)
        names.append(name)
    return names


def _numbered(base: str, taken: set[str]) -> str:
    number = 1
    while f"{base}{number}" in taken or f"{base}{number}" in _RESERVED:
        number += 1
    return f"{base}{number}"


_RESERVED = {*dir(nn.Module()), *keyword.kwlist, *keyword.softkwlist}


def _identifier(name: str) -> str:
    """A name as an attribute; nothing where too little of it is left."""
    slug = re.sub(r"[^a-z0-9]+", "_", name.lower()).strip("_")
    if not slug or not slug[0].isalpha() or slug in _RESERVED:
        return ""
    return slug


def _kind(layer: Layer) -> str:
    return re.sub(r"\dd$", "", layer.layer).lower()


def _imports(needed: Needed) -> list[str]:
    return sorted(needed.imports)


def _definitions(needed: Needed) -> list[list[Line]]:
    classes = [plain(source_of(name)) for name in needed.classes]
    return [*classes, *([plain(initial_functions(needed.initial))] if needed.initial else [])]


def _owned(lines: list[Line], calls: tuple[Call | str, ...]) -> list[Line]:
    """Lines of a comment that stands for a layer get its path."""
    places = iter(position for position, call in enumerate(calls) if isinstance(call, str))
    return [
        Line(line.text, (next(places),)) if line.path is None and line.text.startswith("    # ") else line
        for line in lines
    ]
