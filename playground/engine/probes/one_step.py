"""The step that comes next, stage by stage, taken on copies: to the bit what the training will do, and nothing is changed.

options: layer, the path of the one whose output is sent, else the first
    weight, {"name", "index"} of the one whose arithmetic is told, else that with the largest gradient of the first parameter
    zero_grad, false keeps the gradients of the last step;  sign, "add" adds the gradients instead of subtracting them
    mode, "eval" takes the step in evaluation mode;  steps, how many are taken to see what follows, 0 for none
    test, true tries a test batch in both modes
facts: step (from 1), epoch, position (from 0), steps_per_epoch, classes;  stages, [{"name", "code": lines}, ...]
    inputs, targets, loss: of a tensor: shape, dtype and, where it has numbers, min, mean, max, std;  loss: value, name, too
    layers, [{"path", "index", "name", "mode"} and of a tensor and counts (24 bins from min to max), ...]; mode is "train" or
        "eval" where it matters, else ""
    parameters, [{"name", "index", "layer"} and of its gradient as above, norm, kept (norm of what the step before left, null
        where it is not known);  before, after, moved (norms of the weights), ratio, ...}, ...]
    weight, {"name", "index", "shape", before, after, gradient, kept, accumulated, l1, clip (the factor), used (what the
        optimizer gets), lr, sign, optimizer, arguments, state ({name: [before, after]} of what the optimizer keeps), steps}
    layer, {"path", "index", "name", "total" maps or values};  more, how many steps were taken to see what follows
    tested, {"samples", "modes" (numbers of the layers that have two), "eval", "train", "after"}: {"loss", "accuracy"} in
        evaluation mode, in training mode, and in evaluation mode after it was tested in training mode
arrays: inputs (n, *shape), at most 64;  targets (n,), labels or numbers;  losses (n,) of the samples;  predictions (n,)
    output, of the chosen layer for the first sample: maps (channels, height, width), at most 64, or (values,), at most 4,096
    gradient, before, after: of the parameter of the chosen weight, (values,), at most 4,096 around it;  places (values,) of
        these among all;  part, a fact, is the shape that they have together
    right, changed (k,): losses of the next steps as they will be, and with the switches
    tested_eval, tested_train (10,): losses of one test batch, tested again and again
"""

import math
from collections.abc import Mapping, Sequence
from typing import Any

import torch

from playground.core.arguments import in_effect
from playground.core.network import Path, working
from playground.core.optimizers import OPTIMIZERS
from playground.core.problem import Problem
from playground.core.text import _
from playground.engine.blocks import own_parameters
from playground.engine.build import module_at
from playground.engine.code.stages import stages
from playground.engine.penalties import Penalties
from playground.engine.probes._figures import figures, has_modes
from playground.engine.probes._probe import Probe, ProbeContext, Reading, as_maps
from playground.engine.walk import Copy, NextStep, Switches, consequence, random_state_kept

MOST_SAMPLES = 64
MOST_NUMBERS = 200_000  # of the samples together
MOST_MAPS = 64
MOST_VALUES = 4_096
MOST_SIDE = 64  # rows of a matrix that has too many values
MOST_STEPS = 30
MOST_SECONDS = 0.5  # for all of those
TESTS = 10
MOST_TESTED = 256


def _read(options: Mapping[str, Any], context: ProbeContext) -> Reading:
    begin = context.next_step
    if begin is None:
        raise Problem(
            where=_("Step"),
            what=_("no step comes next: the network is being tested, or it is not trained"),
            fix=_("Take a step; the one after it can then be walked through"),
        )
    switches = Switches(
        options.get("zero_grad") is not False, options.get("sign") == "add", options.get("mode") == "eval"
    )
    with random_state_kept(begin.device):
        walk = _Walk(context, begin, switches)
    walk.tell_weight(options.get("weight"))
    walk.tell_layer(options)
    if options.get("steps"):
        walk.tell_consequence(min(int(options["steps"]), MOST_STEPS))
    if options.get("test") is True and context.data.size("test"):
        facts, arrays = _tested(context, begin)
        walk.facts["tested"] = facts
        walk.arrays.update(arrays)
    return Reading(walk.arrays, walk.facts)


class _Walk:
    """The step, taken, and what it told."""

    def __init__(self, context: ProbeContext, begin: NextStep, switches: Switches):
        self._context, self._begin, self._switches = context, begin, switches
        self.facts: dict[str, Any] = {
            "step": context.step + 1,
            "epoch": begin.epoch,
            "position": begin.position,
            "steps_per_epoch": begin.steps_per_epoch,
            "classes": list(context.data.classes),
            "stages": [
                {"name": name, "code": code}
                for name, code in stages(begin.project, context.data.pipeline, switches).items()
            ],
        }
        self.arrays: dict[str, torch.Tensor] = {}
        self._outputs: dict[Path, torch.Tensor] = {}  # of the first sample
        self._copy = Copy(begin, switches, _kept(context, begin))
        self._names = [name for name, _parameter in self._copy.model.named_parameters()]
        self._before = [parameter.detach().clone() for parameter in self._copy.parameters]
        self._state_before = _lists(self._copy)
        self._kept = self._copy.kept
        loss = self._forward(*begin.batch(0))
        self._gradients = self._copy.backward(loss)
        self._accumulated = self._copy.accumulated(self._gradients)
        self._used = self._copy.step(self._accumulated)
        self._tell_parameters()

    def _forward(self, inputs: torch.Tensor, targets: torch.Tensor) -> torch.Tensor:
        layers: list[dict[str, Any]] = []
        hooks = []
        for number, path, layer in working(self._context.network):
            module = module_at(self._copy.model, path)
            mode = ("train" if module.training else "eval") if not layer.children and has_modes(module) else ""
            told = {"path": list(path), "index": number, "name": layer.called, "mode": mode}
            hooks.append(module.register_forward_hook(self._look_at(told, path, layers)))
        outputs, loss = self._copy.forward(inputs, targets)
        for hook in hooks:
            hook.remove()
        self.facts["layers"] = sorted(layers, key=lambda told: told["index"])  # a block is done after its layers
        self._tell_batch(inputs, targets)
        self._tell_loss(outputs.detach(), loss.detach(), targets)
        return loss

    def _look_at(self, told: dict[str, Any], path: Path, layers: list[dict[str, Any]]) -> Any:
        def look(_module: Any, _inputs: Any, output: torch.Tensor) -> None:
            layers.append({**told, **figures(output, histogram=True)})  # at once: the next layer may work in place
            self._outputs[path] = output[0].detach().clone()

        return look

    def _tell_batch(self, inputs: torch.Tensor, targets: torch.Tensor) -> None:
        shown = max(1, min(MOST_SAMPLES, MOST_NUMBERS // max(1, inputs[0].numel())))
        self.facts["inputs"], self.facts["targets"] = figures(inputs), figures(targets)
        self.arrays["inputs"] = inputs[:shown]
        one_hot = self._context.data.classes and targets.is_floating_point()
        self.arrays["targets"] = targets.argmax(1) if one_hot else targets.reshape(len(targets), -1)[:, 0]

    def _tell_loss(self, outputs: torch.Tensor, loss: torch.Tensor, targets: torch.Tensor) -> None:
        with self._copy.precision():
            each = self._begin.loss.each(outputs, targets)
        self.arrays["losses"] = each
        self.facts["loss"] = {"value": float(loss), "name": self._begin.project.recipe.loss, **figures(each)}
        if self._context.data.classes and outputs.dim() == 2:
            self.arrays["predictions"] = outputs.argmax(1)

    def _tell_parameters(self) -> None:
        layers = {
            name: (index, layer.called)
            for index, path, layer in working(self._context.network)
            for name in own_parameters(self._copy.model, path)
        }
        self.facts["parameters"] = []
        for number, name in enumerate(self._names):
            before, after = self._before[number], self._copy.parameters[number].detach()
            size, moved = float(before.norm()), float((after - before).norm())
            index, layer = layers.get(name, (0, ""))
            self.facts["parameters"].append({
                "name": name, "index": index, "layer": layer, **figures(self._accumulated[number], histogram=True),
                "norm": float(self._accumulated[number].norm()),
                "kept": float(self._kept[number].norm()) if self._kept is not None else None,
                "before": size, "after": float(after.norm()), "moved": moved, "ratio": moved / size if size else None,
            })  # fmt: skip

    def tell_weight(self, wanted: Any) -> None:
        """wanted: {"name", "index"}, as far as there is such a one"""
        wanted = wanted if isinstance(wanted, Mapping) else {}
        number = self._names.index(wanted["name"]) if wanted.get("name") in self._names else 0
        shape = self._before[number].shape
        flat = _flat(wanted.get("index"), shape)
        flat = int(self._accumulated[number].abs().argmax()) if flat is None else flat
        index = [int(one) for one in torch.unravel_index(torch.tensor(flat), shape)]
        place = tuple(index)
        value = lambda tensors: float(tensors[number][place])  # noqa: E731
        recipe, before = self._begin.project.recipe, value(self._before)
        l1 = recipe.l1 * ((before > 0) - (before < 0))
        spec, states = OPTIMIZERS[recipe.optimizer_name], _lists(self._copy)
        arguments = in_effect(spec.arguments, recipe.optimizer_arguments, None)
        if "weight_decay" in arguments:  # it may be another one meanwhile
            arguments["weight_decay"] = self._copy.optimizer.weight_decay
        self.facts["weight"] = {
            "name": self._names[number], "index": index, "shape": list(shape),
            "before": before, "after": float(self._copy.parameters[number].detach()[place]),
            "gradient": value(self._gradients), "kept": value(self._kept) if self._kept is not None else None,
            "accumulated": value(self._accumulated), "l1": l1, "clip": self._clip(), "used": value(self._used),
            "lr": self._copy.optimizer.lr, "sign": "add" if self._switches.add else "subtract",
            "optimizer": spec.name, "arguments": arguments,
            "state": {
                name: [value(self._state_before[name]) if name in self._state_before else None, value(after)]
                for name, after in states.items()
            },
            "steps": _steps_of(self._copy, number),
        }  # fmt: skip
        part, places = _around(tuple(shape), flat)
        self.facts["part"], self.arrays["places"] = list(part), places
        for name, tensors in (
            ("gradient", self._accumulated),
            ("before", self._before),
            ("after", self._copy.parameters),
        ):
            self.arrays[name] = tensors[number].detach().reshape(-1)[places.to(self._begin.device)]

    def _clip(self) -> float:
        """What all gradients together are multiplied with, so that they are not too long."""
        longest = self._begin.project.recipe.clip_norm
        if longest is None:
            return 1.0
        l1 = self._begin.project.recipe.l1
        whole = [one + l1 * before.sign() for one, before in zip(self._accumulated, self._before, strict=True)]
        length = float(torch.linalg.vector_norm(torch.stack([one.norm() for one in whole])))
        return min(1.0, longest / (length + 1e-6))

    def tell_layer(self, options: Mapping[str, Any]) -> None:
        """The output of the chosen layer; of the first where none is chosen, or one that is not there."""
        try:
            path = self._context.path(options)
        except Problem:
            path = next(iter(sorted(self._outputs)))
        maps = as_maps(self._outputs[path])
        self.arrays["output"] = maps[: MOST_MAPS if maps.dim() == 3 else MOST_VALUES]
        told = next(one for one in self.facts["layers"] if tuple(one["path"]) == path)
        self.facts["layer"] = {key: told[key] for key in ("path", "index", "name")} | {"total": len(maps)}

    def tell_consequence(self, steps: int) -> None:
        right, changed = consequence(self._begin, self._switches, self._kept, steps, MOST_SECONDS)
        self.arrays |= {"right": torch.tensor(right), "changed": torch.tensor(changed)}
        self.facts["more"] = len(right)


def _kept(context: ProbeContext, begin: NextStep) -> Sequence[torch.Tensor] | None:
    """What the last step left in `param.grad`: its gradients after the penalties; None where it was not looked at."""
    gradients, before = list(context.gradients.values()), context.weights_before
    known = [one for one in gradients if one is not None]
    if not known or before is None or len(known) < len(gradients):
        return None
    penalties = Penalties(begin.project.recipe, list(before.values()))
    return penalties(known) if penalties.any else known


def _lists(copy: Copy) -> dict[str, list[torch.Tensor]]:
    """What an optimizer of ours keeps of each parameter, copied."""
    lists = copy.optimizer.state().get("lists", {})
    return {name: [one.clone() for one in tensors] for name, tensors in lists.items()}


def _steps_of(copy: Copy, number: int) -> int:
    """How many steps the optimizer has taken with a parameter."""
    state = copy.optimizer.state()
    missed = state.get("missed") or [0] * (number + 1)
    return int(state.get("steps", 0)) - int(missed[number])


def _flat(index: Any, shape: torch.Size) -> int | None:
    """An index as a place among all values; None where there is no such value."""
    if not isinstance(index, list | tuple) or len(index) != len(shape):
        return None
    flat = 0
    for one, size in zip(index, shape, strict=True):
        if isinstance(one, bool) or not isinstance(one, int) or not 0 <= one < size:
            return None
        flat = flat * size + one
    return flat


def _around(shape: tuple[int, ...], flat: int) -> tuple[tuple[int, ...], torch.Tensor]:
    """Which values of a tensor are sent where it has too many: a stretch of rows and columns, or of kernels, around one.

    returns: the shape that they have together, and their places among all values
    """
    total = math.prod(shape)
    if total <= MOST_VALUES:
        return shape, torch.arange(total)
    if len(shape) == 2:
        rows, columns = shape
        high = min(rows, max(MOST_SIDE, MOST_VALUES // columns))
        wide = min(columns, MOST_VALUES // high)
        top, left = _begin(flat // columns, high, rows), _begin(flat % columns, wide, columns)
        return (high, wide), ((top + torch.arange(high))[:, None] * columns + left + torch.arange(wide)).reshape(-1)
    size = math.prod(shape[-2:]) if len(shape) > 2 and math.prod(shape[-2:]) <= MOST_VALUES else 1
    count = MOST_VALUES // size
    first = _begin(flat // size, count, total // size)
    return (count, *shape[-2:]) if size > 1 else (count,), first * size + torch.arange(count * size)


def _begin(place: int, length: int, total: int) -> int:
    """Where a stretch begins that has a place near its middle."""
    return min(max(0, place - length // 2), total - length)


def _tested(context: ProbeContext, begin: NextStep) -> tuple[dict[str, Any], dict[str, torch.Tensor]]:
    """A test batch, tested as it should be, and by somebody who forgot eval()."""
    numbers = range(min(context.data.size("test"), MOST_TESTED))
    inputs = context.data.samples("test", list(numbers)).to(begin.device)
    labels = context.data.test_targets[: len(numbers)].to(begin.device)
    targets = begin.loss.targets(labels)
    one = Copy(begin)

    def test(training: bool) -> dict[str, float | None]:
        one.model.train(training)
        outputs, loss = one.forward(inputs, targets)
        right = (outputs.argmax(1) == labels).double().mean() if context.data.classes and outputs.dim() == 2 else None
        return {"loss": float(loss), "accuracy": None if right is None else float(right)}

    with random_state_kept(begin.device), torch.no_grad():
        well = test(False)
        forgetful = [test(True) for _time in range(TESTS)]
        after = test(False)
    modes = [
        number
        for number, path, layer in working(context.network)
        if not layer.children and has_modes(module_at(begin.model, path))
    ]
    facts = {"samples": len(numbers), "modes": modes, "eval": well, "train": forgetful[0], "after": after}
    return facts, {
        "tested_eval": torch.tensor([well["loss"]] * TESTS),
        "tested_train": torch.tensor([one_test["loss"] for one_test in forgetful]),
    }


ONE_STEP = Probe("one_step", _read)
