"""A layer as the call that makes it, with the arguments that PyTorch would not choose itself."""

import inspect
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from torch import nn

from playground.core.layer import Layer
from playground.core.layers import LAYERS
from playground.core.network import Network, Path
from playground.core.report import Row
from playground.core.spec import LayerSpec
from playground.engine import blocks
from playground.engine.build import given_to, module_class
from playground.engine.code.lines import Call, keyword, literal, remark_of, switched_off
from playground.engine.modules.initial import WAYS

_OURS = "playground.engine.modules."


@dataclass
class Needed:
    """What the calls need above them. imports: whole lines;  classes: torch names of our own modules;  initial: ways of
    drawing the first weights, and whether one is of a table with a row that stays zero"""

    imports: set[str] = field(default_factory=set)
    classes: dict[str, None] = field(default_factory=dict)
    initial: dict[str, bool] = field(default_factory=dict)


class Layers:
    """The layers of a checked project as calls. rows: of its check, none with an error"""

    def __init__(self, network: Network, rows: Mapping[Path, Row]) -> None:
        self._network, self._rows = network, rows
        self.needed = Needed()

    def calls(self) -> list[Call | str]:
        """Of the layers in the list itself; one that is off is a comment."""
        return list(self._calls(self._network, ()))

    def _calls(self, layers: Network, base: Path) -> Iterator[Call | str]:
        for position, layer in enumerate(layers):
            path = (*base, position)
            if layer.disabled:
                yield switched_off(layer.layer)
            else:
                yield self._call(layer, path)

    def _call(self, layer: Layer, path: Path) -> Call:
        spec, row, remarks = LAYERS[layer.layer], self._rows[path], remark_of(layer.name)
        inside = tuple(self._calls(layer.children, path))
        if spec.block == "branches":
            arguments = (*inside, *(keyword(name, row.arguments[name]) for name in _changed(spec, row.arguments)))
            return Call(self._name(spec.torch_name), arguments, path, True, remarks)
        if layer.layer == "Residual":
            chain = Call("nn.Sequential", inside, path, bool(inside))
            return Call(self._name(spec.torch_name), (chain, self._shortcut(layer, row, path)), path, True, remarks)
        if spec.block:
            return Call("nn.Sequential", inside, path, bool(inside), remarks)
        return self._plain(spec, row.arguments, path, remarks)

    def _plain(self, spec: LayerSpec, given: Mapping[str, Any], path: Path, remarks: tuple[str, ...]) -> Call:
        values = {name: value for name, value in given.items() if value is not None}
        module, ours, first = (given_to(spec, values, whom) for whom in ("module", "wrapper", "weights"))
        call = Call(self._name(spec.torch_name), arguments_of(spec.torch_name, {**module, **spec.fixed}), path)
        if first.get("init", "default") != "default":
            way = self._drawn(str(first["init"]), padded="padding_idx" in values)
            call = Call(way, (call, *(keyword(n, first[f"init_{n}"]) for n in _figures(first))), path)
        if spec.wrapper:
            more = tuple(keyword(name, ours[name]) for name in _changed(spec, ours))
            call = Call(self._name(spec.wrapper), (call, *more), path)
        return Call(call.name, call.arguments, path, remarks=remarks)

    def _drawn(self, way: str, padded: bool) -> str:
        """The name of the function that draws the weights of a layer anew."""
        self.needed.initial[way] = self.needed.initial.get(way, False) or padded
        return way

    def _shortcut(self, layer: Layer, row: Row, path: Path) -> Call:
        inside = [self._rows[(*path, place)] for place, one in enumerate(layer.children) if not one.disabled]
        given = row.input_shape or ()
        module = blocks.shortcut(layer, given, (inside[-1].output_shape or ()) if inside else given)
        if isinstance(module, nn.Linear):
            return Call("nn.Linear", (str(module.in_features), str(module.out_features), "bias=False"), path)
        if isinstance(module, (nn.Conv1d, nn.Conv2d)):
            sizes = (str(module.in_channels), str(module.out_channels), "kernel_size=1")
            strides = [keyword("stride", module.stride)] if max(module.stride) > 1 else []
            return Call(f"nn.{type(module).__name__}", (*sizes, *strides, "bias=False"), path)
        return Call("nn.Identity", (), path)

    def _name(self, torch_name: str) -> str:
        """What a class is called in the script."""
        package, _dot, name = torch_name.rpartition(".")
        if torch_name.startswith(_OURS):
            self.needed.classes[torch_name] = None
        elif package == "torch.nn":
            return f"nn.{name}"
        else:
            self.needed.imports.add(f"from {package} import {name}")
        return name


def arguments_of(torch_name: str, values: Mapping[str, Any]) -> tuple[str, ...]:
    """Those that have no default by position, the others by name where they differ from PyTorch's."""
    written, by_position = [], True
    for name, default in _defaults(torch_name).items():
        if name not in values:
            by_position = False
        elif default is inspect.Parameter.empty:
            written.append(literal(values[name]) if by_position else keyword(name, values[name]))
        else:
            by_position = False
            if not _same(values[name], default):
                written.append(keyword(name, values[name]))
    return tuple(written)


def initial_functions(ways: Mapping[str, bool]) -> str:
    """The functions that draw weights anew, each gives its layer back. ways: as in `Needed`"""
    return "\n\n\n".join(_initial_function(way, ways[way]) for way in sorted(ways))


def _initial_function(way: str, padded: bool) -> str:
    """What `modules.initial.initialise` does in this way."""
    figures = ", mean, std" if way == "normal" else ""
    more = "".join(f", {keyword(*one)}" for one in WAYS[way].items())
    lines = [
        f"def {way}(layer{figures}):",
        '    """The layer with its weights drawn anew, its biases zero."""',
        "    for name, weight in layer.named_parameters():",
    ]
    if way == "zeros":
        lines += ['        if "bias" in name or weight.dim() > 1:']
    else:
        lines += ['        if "bias" in name:', "            nn.init.zeros_(weight)", "        elif weight.dim() > 1:"]
    lines.append(f"            nn.init.{way}_(weight{figures}{more})")
    if padded and way != "zeros":
        lines += [
            '    if getattr(layer, "padding_idx", None) is not None:  # its row stays zero',
            "        nn.init.zeros_(layer.weight[layer.padding_idx])",
        ]
    return "\n".join([*lines, "    return layer"])


def source_of(torch_name: str) -> str:
    """The text of one of our own modules, which needs nothing but torch."""
    return inspect.getsource(module_class(torch_name)).rstrip()


def _figures(first: Mapping[str, Any]) -> tuple[str, ...]:
    return ("mean", "std") if first["init"] == "normal" else ()


def _changed(spec: LayerSpec, values: Mapping[str, Any]) -> list[str]:
    declared = {one.name: one.default for one in spec.arguments}
    return [name for name, value in values.items() if not _same(value, declared.get(name))]


def _same(value: Any, default: Any) -> bool:
    """1 and True are equal in Python, but not in a script; (2, 2) and 2 mean the same, but a learner wrote one."""
    return bool(value == default) and isinstance(value, bool) == isinstance(default, bool)


@cache
def _defaults(torch_name: str) -> dict[str, Any]:
    """Name -> default of each parameter, in their order. RNNs hide theirs behind *args: then those of their base."""
    made = module_class(torch_name)
    found = inspect.signature(made).parameters
    if any(one.kind is inspect.Parameter.VAR_POSITIONAL for one in found.values()):
        found = inspect.signature(nn.RNNBase).parameters
        known = {name: one.default for name, one in found.items() if name != "mode"}
        return {**known, "nonlinearity": "tanh"} if made is nn.RNN else known
    return {name: one.default for name, one in found.items()}
