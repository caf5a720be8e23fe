"""What comes out of blocks, and how they are built: the layers in them are `build`'s."""

import math
from collections.abc import Callable, Sequence

import torch
from torch import nn

from playground.core.arguments import in_effect, shown_shape
from playground.core.layer import Layer
from playground.core.layers import LAYERS
from playground.core.spec import Shape
from playground.core.text import _
from playground.engine.modules.blocks import Parallel, Residual
from playground.engine.outcome import Coming, Outcome, said

CHEAP_NUMBERS = 2_000_000  # in tensors that are joined on trial; larger ones are joined without numbers


def outcome_of_block(layer: Layer, coming: Coming, made: Sequence[Coming]) -> Outcome:
    """What a block gives, and the parameters of its own.

    made: what the branches give; of a chain, what its last layer gives
    """
    if LAYERS[layer.layer].block == "branches":
        return _joined(layer, made)
    last = made[-1] if made else coming
    input_shape, output = coming.shape, last.shape
    if layer.layer != "Residual":
        return Outcome(output, (), tokens=last.tokens)
    tokens = _tokens_of_sum([coming, last])
    with torch.random.fork_rng(devices=[]):  # on trial: what is built later draws its weights as if this were not
        beside = shortcut(layer, input_shape, output)
    if beside is not None:
        tensors = tuple(tuple(one.shape) for one in beside.parameters())
        if tensors and coming.tokens:
            return Outcome(None, (), fault=_("What comes in are tokens, and no projection can be made of these."))
        return Outcome(output, tensors, tokens=tokens)
    message, shape = _together(lambda *both: both[0] + both[1], (output, input_shape))
    if shape is not None:  # PyTorch repeats a size of one; `check` remarks upon it
        return Outcome(shape, (), tokens=tokens)
    text = _("What comes in is {given} and its layers make {made} of it: the two cannot be added.")
    fault = text.format(given=shown_shape(input_shape), made=shown_shape(output))
    return Outcome(None, (), message, fault, (input_shape, output))


def built(layer: Layer, input_shape: Shape, inside: dict[int, nn.Module], made: Shape) -> nn.Module:
    """The module of a block that was found to fit.

    inside: the modules of its layers by their position;  made: the shape that the last of them gives
    """
    if LAYERS[layer.layer].block == "branches":
        values = in_effect(LAYERS[layer.layer].arguments, layer.arguments, input_shape)
        joined = Parallel(*inside.values(), merge=values["merge"], dim=values["dim"])
        vars(joined)["positions"] = tuple(inside)  # a branch that is disabled is not there, see `name_of`
        return joined
    chain = nn.Sequential(*inside.values())
    if layer.layer != "Residual":
        return chain
    return Residual(chain, shortcut(layer, input_shape, made) or nn.Identity())


def name_of(model: nn.Module, path: Sequence[int]) -> str:
    """The name in a model of the submodule of the layer at a path: "3.layers.0"."""
    names: list[str] = []
    module = model
    for position in path:
        if isinstance(module, (Residual, Parallel)):
            names.append("layers")
        if isinstance(module, Parallel):
            position = vars(module)["positions"].index(position)
        names.append(str(position))
        module = model.get_submodule(".".join(names))
    return ".".join(names)


def own_parameters(model: nn.Module, path: Sequence[int]) -> list[str]:
    """The names in a model of the parameters that belong to the layer at a path, and to no layer in it."""
    return _own(model, path, lambda module: [one for one, _parameter in module.named_parameters()])


def own_tensors(model: nn.Module, path: Sequence[int]) -> list[str]:
    """The same, of all that its state holds: parameters and running figures."""
    return _own(model, path, lambda module: list(module.state_dict()))


def _own(model: nn.Module, path: Sequence[int], names: Callable[[nn.Module], list[str]]) -> list[str]:
    name = name_of(model, path)
    module = model.get_submodule(name)
    if isinstance(module, nn.Sequential):
        return []
    own = names(module)
    if isinstance(module, (Residual, Parallel)):
        own = [one for one in own if not one.startswith("layers.")]
    return [f"{name}.{one}" for one in own]


def shortcut(layer: Layer, given: Shape, made: Shape) -> nn.Module | None:
    """What brings the input to the shape of the output; None where nothing does."""
    if given == made:
        return nn.Identity()
    values = in_effect(LAYERS[layer.layer].arguments, layer.arguments, given)
    if values["projection"] == "none" or len(given) != len(made) or len(given) > 3:
        return None
    if given[:-1] == made[:-1] and len(given) < 3:
        return nn.Linear(given[-1], made[-1], bias=False)
    strides = tuple(math.ceil(before / after) for before, after in zip(given[1:], made[1:], strict=True))
    reached = tuple((size - 1) // stride + 1 for size, stride in zip(given[1:], strides, strict=True))
    if reached != made[1:]:
        return None
    if len(given) == 2:
        return nn.Conv1d(given[0], made[0], 1, strides[0], bias=False)
    return nn.Conv2d(given[0], made[0], 1, (strides[0], strides[1]), bias=False)


def _tokens_of_sum(added: Sequence[Coming]) -> int:
    """How many different ones the sum of tokens may be; 0 where numbers are among them."""
    return 0 if any(not one.tokens for one in added) else sum(one.tokens - 1 for one in added) + 1


def _joined(layer: Layer, made: Sequence[Coming]) -> Outcome:
    shapes = [one.shape for one in made]
    if not shapes:
        return Outcome(None, (), fault=_("It has no branch: put a layer into it."))
    values = in_effect(LAYERS[layer.layer].arguments, layer.arguments, None)
    joining = values["merge"] == "concatenate"
    dim, axes = values["dim"], len(shapes[0]) + 1
    if joining and len(shapes) > 1 and -axes <= dim < axes and dim % axes == 0:
        return Outcome(None, (), fault=_("dim is {dim}, the axis of the batch.").format(dim=dim))
    message, shape = _together(lambda *all_: torch.cat(all_, dim) if joining else torch.stack(all_).sum(0), shapes)
    if shape is None:
        return Outcome(None, (), message, _unequal(shapes, joining, dim), _two_unlike(shapes))
    mixed = any(not one.tokens for one in made)
    tokens = 0 if mixed else max(one.tokens for one in made) if joining else _tokens_of_sum(made)
    return Outcome(shape, (), tokens=tokens)


def _unequal(shapes: Sequence[Shape], joining: bool, dim: int) -> str:
    if not _two_unlike(shapes):
        return _("PyTorch refuses to put its branches together.")
    one, other = (shown_shape(shape) for shape in _two_unlike(shapes))
    if joining:
        text = _("Its branches give {one} and {other}; to be joined along axis {dim}, all other sizes must be equal.")
        return text.format(one=one, other=other, dim=dim)
    return _("Its branches give {one} and {other}; to be added, they must be equal.").format(one=one, other=other)


def _two_unlike(shapes: Sequence[Shape]) -> tuple[Shape, ...]:
    other = next((shape for shape in shapes if shape != shapes[0]), None)
    return () if other is None else (shapes[0], other)


def _together(joined: Callable[..., torch.Tensor], shapes: Sequence[Shape]) -> tuple[str, Shape | None]:
    """What PyTorch says when batches of these are put together, and the shape of one sample that comes of it; None
    where it refuses, or where samples run into one another: two of one batch size may pass for an axis."""
    device = "cpu" if sum(math.prod(shape) for shape in shapes) <= CHEAP_NUMBERS else "meta"
    made = []
    try:
        for batch in (1, 2, 3):
            made.append(tuple(joined(*(torch.zeros((batch, *shape), device=device) for shape in shapes)).shape))
    except Exception as error:  # whatever PyTorch raises
        return said(error), None
    apart = all(shape[0] == batch and shape[1:] == made[0][1:] for batch, shape in zip((1, 2, 3), made, strict=True))
    return "", made[0][1:] if apart else None
