"""The graph that autograd notes of typed lines, and backward() through it, one node at a time."""

import operator
from collections.abc import Iterator, Sequence
from typing import Any

import torch

from playground.core.carried import Array
from playground.core.lab.told import Graph, GraphNode, LeafGrad
from playground.core.lab.topics import Autograd
from playground.core.text import _
from playground.engine.lab.bench import Computed, array, spread
from playground.engine.lab.language import Language
from playground.engine.lab.refusal import LineProblem, Refusal, torch_refuses

MOST_NODES = 500
_MOST_SENT = 1_024  # numbers of one tensor

Calls = dict[Any, tuple[Any, Any]]  # node -> what goes out, what came in; in the order in which they are reached


class _Noting(Language):
    """Keeps what each node of the graph has made: node -> (expression, value as it was made)."""

    def __init__(self) -> None:
        super().__init__()
        self.made: dict[Any, tuple[str, torch.Tensor]] = {}
        self._line = ""

    def run(self, line: str) -> tuple[tuple[str, ...], Any]:
        self._line = line
        return super().run(line)

    def _finished(self, node: Any, do: Any, work: float) -> Any:
        result = super()._finished(node, do, work)
        for one in result if isinstance(result, tuple) else (result,):
            if isinstance(one, torch.Tensor) and one.grad_fn is not None:
                text = self._line[node.col_offset : node.end_col_offset]
                self.made.setdefault(one.grad_fn, (text, one.detach().clone()))
        return result


def graph(state: Autograd) -> Graph:
    """Nodes, what came in and goes out of each, and `.grad` after each round. raises LineProblem: there is no such output"""
    language = _Noting()
    computed = Computed(state.lines, state.seed, language=language)
    output = language.names.get(state.output)
    if not isinstance(output, torch.Tensor) or output.grad_fn is None or output.numel() != 1:
        raise LineProblem.at((0, max(len(state.output), 1)), _no_output(state.output, output))
    calls = walked(output, reached(output, MOST_NODES))
    leaves = {name: one for name, one in language.names.items() if _is_wanted_leaf(one)}
    grads = after_rounds(output, leaves, state)
    numbers = {node: number for number, node in enumerate(calls)}
    nodes = tuple(_told(node, numbers, calls, language, leaves) for node in calls)
    return Graph(nodes, grads, tuple(computed.lines), tuple(_outside(language.names)))


def _outside(names: dict[str, Any]) -> Iterator[str]:
    """Names of numbers that a slope could be asked of, and that autograd knows nothing of."""
    for name, one in names.items():
        if isinstance(one, torch.Tensor) and one.is_floating_point() and not one.requires_grad:
            yield name


def _no_output(name: str, value: Any) -> Refusal:
    if not isinstance(value, torch.Tensor):
        return Refusal(_("there is no tensor {name}").format(name=name), _("Give the result this name"))
    if value.numel() != 1:
        what = _("{name} has {n} numbers, and backward() begins at a single one").format(name=name, n=value.numel())
        return Refusal(what, _("Take its sum or mean"))
    fix = _("Begin with a tensor that was made with requires_grad=True")
    return Refusal(_("{name} is not the result of anything that autograd has noted").format(name=name), fix)


def _is_wanted_leaf(value: Any) -> bool:
    return isinstance(value, torch.Tensor) and value.is_leaf and value.requires_grad


def reached(output: torch.Tensor, most: int) -> list[Any]:
    """Every node from the output back to the leaves. raises LineProblem: too many to be drawn"""
    found: dict[Any, None] = {}
    waiting = [output.grad_fn]
    while waiting:
        node = waiting.pop()
        if node is None or node in found:
            continue
        found[node] = None
        if len(found) > most:
            what = _("the graph has more than {n} nodes").format(n=most)
            raise LineProblem.at((0, 1), Refusal(what, _("Compute less")))
        waiting += [one for one, _place in node.next_functions]
    return list(found)


def walked(output: torch.Tensor, nodes: Sequence[Any]) -> Calls:
    """backward(), listened to. `.grad` is as before. raises LineProblem: PyTorch refuses it"""
    calls: Calls = {}
    hooks = [
        node.register_hook(lambda out, came, node=node: operator.setitem(calls, node, (out, came))) for node in nodes
    ]
    wanted = [node.variable for node in nodes if hasattr(node, "variable")]
    kept = [leaf.grad for leaf in wanted]
    for leaf in wanted:
        leaf.grad = None
    try:
        output.backward(retain_graph=True)
    except RuntimeError as error:
        raise LineProblem.at((0, 1), torch_refuses(error)) from error
    finally:
        for hook in hooks:
            hook.remove()
        for leaf, grad in zip(wanted, kept, strict=True):
            leaf.grad = grad
    return calls


def after_rounds(output: torch.Tensor, leaves: dict[str, torch.Tensor], state: Autograd) -> tuple[LeafGrad, ...]:
    """`.grad` of each leaf after each round, added up where nobody clears it."""
    seen: dict[str, list[Array | None]] = {name: [] for name in leaves}
    norms: dict[str, list[float | None]] = {name: [] for name in leaves}
    for _round in range(state.rounds):
        if state.zero_grad:
            for leaf in leaves.values():
                leaf.grad = None
        output.backward(retain_graph=True)
        for name, leaf in leaves.items():
            if leaf.grad is not None:
                seen[name].append(sent(leaf.grad))
                norms[name].append(norm(leaf.grad))
    return tuple(
        LeafGrad(name, tuple(one for one in rounds if one is not None), tuple(one or 0.0 for one in norms[name]))
        for name, rounds in seen.items()
        if rounds
    )


def _told(
    node: Any, numbers: dict[Any, int], calls: Calls, language: _Noting,
    leaves: dict[str, torch.Tensor],
) -> GraphNode:  # fmt: skip
    goes_out, came_in = calls[node]
    variable = getattr(node, "variable", None)
    text, value = ("", variable.detach()) if variable is not None else language.made.get(node, ("", None))
    named = leaves if variable is not None else language.names
    label = next(
        (
            name
            for name, one in named.items()
            if one is variable or (variable is None and isinstance(one, torch.Tensor) and one.grad_fn is node)
        ),
        "",
    )
    arrived = next((one for one in came_in if one is not None), None)
    low, high = (None, None) if value is None else spread(value)
    return GraphNode(
        number=numbers[node],
        name=name_of(node),
        leaf=variable is not None,
        label=label,
        line=text,
        shape=tuple(value.shape) if value is not None else _shape(came_in),
        value=sent(value),
        inputs=tuple(numbers.get(one) for one, _place in node.next_functions),
        came_in=sent(arrived),
        goes_out=tuple(map(sent, goes_out)) if variable is None else (),
        local=tuple(map(sent, _local(node, came_in, goes_out))) if variable is None else (),
        low=low,
        high=high,
        came_norm=norm(arrived) or 0.0,
        out_norms=tuple(map(norm, goes_out)) if variable is None else (),
    )


def name_of(node: Any) -> str:
    """As learners meet it in `grad_fn`."""
    return str(node.name()).removeprefix("torch::autograd::")


def _shape(slopes: Sequence[torch.Tensor | None]) -> tuple[int, ...]:
    return next((tuple(one.shape) for one in slopes if one is not None), ())


def sent(value: torch.Tensor | None) -> Array | None:
    """None, too, where it has more numbers than somebody could look at."""
    return array(value) if value is not None and value.numel() <= _MOST_SENT else None


def norm(value: torch.Tensor | None) -> float | None:
    """L2, over all its numbers."""
    return None if value is None else torch.linalg.vector_norm(value.detach().double()).item()


def _local(
    node: Any, came_in: Sequence[torch.Tensor | None], goes_out: Sequence[torch.Tensor | None]
) -> Iterator[torch.Tensor | None]:
    """The node's own slope for each input, where it is one number for each: of a node that works number by number, or
    that makes a single number of many. Found by asking the node itself, and a second time to see that it is so.
    """
    if len(came_in) != 1 or came_in[0] is None:
        return
    made = came_in[0]
    draws = torch.Generator().manual_seed(0)
    asked = 1 + torch.rand(made.shape, generator=draws, dtype=torch.float64).to(made.dtype)
    ones, other = _asked(node, torch.ones_like(made)), _asked(node, asked)
    for place, out in enumerate(goes_out):
        one, again = ones[place], other[place]
        if out is None or one is None or again is None:
            yield None
        elif made.numel() == 1 or (
            one.shape == made.shape and torch.allclose(one * asked, again, rtol=1e-4, atol=1e-6, equal_nan=True)
        ):
            yield one
        else:
            yield None


def _asked(node: Any, slope: torch.Tensor) -> tuple[torch.Tensor | None, ...]:
    answer = node(slope)
    return answer if isinstance(answer, tuple) else (answer,)
