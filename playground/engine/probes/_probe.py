"""What a probe is, and what it may look at. A probe changes nothing: no random number is drawn, no mode, running
figure or gradient is touched. So a run that is watched gives the same losses, bit for bit."""

import math
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import torch
from torch import nn

from playground.core.drawing import DRAWING, Chosen
from playground.core.layers import LAYERS
from playground.core.messages import Array, Part
from playground.core.network import Network, Path, at, siblings, working
from playground.core.problem import Problem
from playground.core.spec import Shape
from playground.core.text import _
from playground.engine.build import module_at
from playground.engine.evaluation import Result
from playground.engine.loader import Prepared
from playground.engine.losses import Loss
from playground.engine.walk import NextStep


@dataclass(frozen=True)
class Reading:
    """What a probe saw. arrays: tensors on any device;  facts: JSON values"""

    arrays: dict[str, torch.Tensor]
    facts: dict[str, Any] = field(default_factory=dict)


@dataclass(eq=False)
class ProbeContext:
    """What probes look at, at one step.

    step: steps done
    batch: (inputs, targets) of the last step, as they went into network and loss; None before a run
    gradients: parameter name -> gradient of that step, None where it has none; empty before a run
    weights_before: parameter name -> weights before that step's update; None where nobody kept them
    loss: of the recipe, where there is one that fits
    results: the newest evaluation of each part; empty before the first
    next_step: what the step that comes next begins with; None where none comes
    drawing: the sample DRAWING, as it was sent
    """

    model: nn.Sequential
    network: Network
    data: Prepared
    step: int = 0
    batch: tuple[torch.Tensor, torch.Tensor] | None = None
    gradients: Mapping[str, torch.Tensor | None] = field(default_factory=dict)
    weights_before: Mapping[str, torch.Tensor] | None = None
    loss: Loss | None = None
    results: Mapping[Part, Result] = field(default_factory=dict)
    next_step: NextStep | None = None
    drawing: Array | None = None
    _drawn: torch.Tensor | None = None
    _passes: dict[Chosen, dict[Path, torch.Tensor]] = field(default_factory=dict)

    def sample(self, options: Mapping[str, Any]) -> Chosen:
        """The sample that a watch asks for. raises Problem: the test part has no such sample, or nothing is drawn"""
        index, total = options.get("sample", 0), self.data.size("test")
        if index == DRAWING:
            self.inputs(DRAWING)
            return DRAWING
        if isinstance(index, bool) or not isinstance(index, int) or not 0 <= index < total:
            raise Problem(
                where=_("Sample {index}").format(index=index),
                what=_("the test part has the samples 0 to {last:,}").format(last=total - 1),
                fix=_("Choose one of them"),
            )
        return index

    def inputs(self, sample: Chosen) -> torch.Tensor:
        """One sample as the network gets it: (1, *shape). raises Problem: nothing is drawn, or it fits no more"""
        if isinstance(sample, int):
            return self.data.samples("test", [sample])
        if self._drawn is None:
            self._drawn = tensor_of(self.drawing, self.data.input_shape)
        return self._drawn

    def input(self, sample: Chosen) -> torch.Tensor:
        """One sample as the network gets it, to be shown: (channels, height, width) or (values,)."""
        return as_maps(self.inputs(sample)[0])

    def path(self, options: Mapping[str, Any]) -> Path:
        """The layer that a watch asks for. raises Problem: the network has no such layer"""
        path = tuple(options.get("layer", ()))
        try:
            at(self.network, path)
        except (IndexError, TypeError):
            raise self._no_layer(path, _("the network that is trained has no such layer")) from None
        if path not in [working_path for _number, working_path, _layer in working(self.network)]:
            raise self._no_layer(path, _("it is switched off in the network that is trained"))
        return path

    @staticmethod
    def _no_layer(path: Path, what: str) -> Problem:
        where = _("Layer {path}").format(path=".".join(map(str, path)))
        return Problem(where=where, what=what, fix=_("Choose another layer"))

    def activation_after(self, path: Path) -> Path:
        """The path of the activation that directly follows a layer, or the layer's own."""
        following = (*path[:-1], path[-1] + 1)
        layers = siblings(self.network, path)
        if following[-1] < len(layers):
            spec = LAYERS.get(layers[following[-1]].layer)
            if spec is not None and spec.family == "Activation" and not layers[following[-1]].disabled:
                return following
        return path

    def outputs(self, sample: Chosen) -> dict[Path, torch.Tensor]:
        """What each layer makes of one sample: path -> output without the batch axis. One pass a sample."""
        if sample not in self._passes:
            self._passes[sample] = self._forward(sample)
        return self._passes[sample]

    def output(self, sample: Chosen) -> torch.Tensor:
        """What the whole network makes of one sample, as a row. Of a drawing that nobody looks into more closely, without
        the trouble of keeping every layer's output: a hand waits for it."""
        if sample != DRAWING or sample in self._passes:
            outputs = self.outputs(sample)
            last = max((path for path in outputs if len(path) == 1), default=None)  # those that are disabled give none
            return (outputs[last] if last is not None else self.input(sample)).reshape(-1)
        with evaluation_mode(self.model), torch.no_grad():
            made: torch.Tensor = self.model(self._on_device(sample))
        return made[0].reshape(-1)

    def _on_device(self, sample: Chosen) -> torch.Tensor:
        reference = next(self.model.parameters(), None)
        return self.inputs(sample).to(reference.device if reference is not None else "cpu")

    def _forward(self, sample: Chosen) -> dict[Path, torch.Tensor]:
        seen: dict[Path, torch.Tensor] = {}
        inputs = self._on_device(sample)
        hooks = [
            module_at(self.model, path).register_forward_hook(
                lambda _module, _inputs, output, path=path: seen.__setitem__(path, output[0].detach())
            )
            for _number, path, _layer in working(self.network)
        ]
        try:
            with evaluation_mode(self.model), torch.no_grad():
                self.model(inputs)
        finally:
            for hook in hooks:
                hook.remove()
        return seen


@dataclass(frozen=True)
class Probe:
    """name: what a Watch asks for;  read: (options, context) -> Reading; raises Problem"""

    name: str
    read: Callable[[Mapping[str, Any], ProbeContext], Reading]


@contextmanager
def evaluation_mode(model: nn.Module) -> Iterator[None]:
    """Evaluation mode for a while; each module gets back the mode that it had."""
    modes = [(module, module.training) for module in model.modules()]
    model.eval()
    try:
        yield
    finally:
        for module, training in modes:
            module.training = training


def array(tensor: torch.Tensor) -> Array:
    """A tensor as it crosses the pipe: float32 (integers stay what they are), C order."""
    values = tensor.detach().cpu()
    if values.is_floating_point():
        values = values.to(torch.float32)
    plain = values.contiguous().numpy()
    return Array(str(plain.dtype), tuple(plain.shape), plain.tobytes())


def tensor_of(carried: Array | None, shape: Shape) -> torch.Tensor:
    """A drawing as it was sent to be looked at: (1, *shape) float32. raises Problem: it is no such sample"""
    if carried is None:
        raise _no_drawing(_("nothing is drawn yet"))
    fits = carried.dtype == "float32" and tuple(carried.shape) == tuple(shape)
    if not fits or len(carried.data) != 4 * math.prod(shape):
        raise _no_drawing(_("it was made for other samples"))
    values = torch.frombuffer(bytearray(carried.data), dtype=torch.float32).reshape(1, *shape)
    if not bool(values.isfinite().all()):
        raise _no_drawing(_("it holds what is no number"))
    return values


def _no_drawing(what: str) -> Problem:
    return Problem(where=_("Drawing"), what=what, fix=_("Clear it, and draw something"))


def as_maps(output: torch.Tensor) -> torch.Tensor:
    """The output of a layer, or its input, for one sample as maps (C, H, W), or as a row (N,)."""
    if output.dim() in (1, 3):
        return output
    return output[None] if output.dim() == 2 else output.reshape(-1)
