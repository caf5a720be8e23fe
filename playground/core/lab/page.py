"""A page of the lab: one immutable value, like a project, and its text form.

The text is readable JSON, stable under `git diff`: fixed key order, defaults left out. It holds what a learner typed and
chose, so that opening one computes nothing.
"""

import json
from collections.abc import Callable, Sequence
from typing import Annotated, Any

import msgspec

from playground.core.kernels import KERNELS
from playground.core.lab.neurons import grown
from playground.core.lab.topics import (
    Autograd,
    Convolution,
    Descent,
    Neuron,
    Racer,
    Slider,
    Slopes,
    State,
    Tensors,
)
from playground.core.problem import Problem
from playground.core.text import _
from playground.core.versioned import Format, converted, migrated

FORMAT_NAME = "torch-playground-lab"
SUFFIX = ".playground-lab"
MAX_BYTES = 1_000_000

# MIGRATIONS[n - 1] turns a document of version n into one of version n + 1.
MIGRATIONS: Sequence[Callable[[dict[str, Any]], dict[str, Any]]] = ()
VERSION = len(MIGRATIONS) + 1


class LabPage(msgspec.Struct, frozen=True):
    """state: of its topic;  title: a few words, "" where nobody said"""

    state: State = Tensors()
    title: Annotated[str, msgspec.Meta(max_length=80)] = ""

    @property
    def topic(self) -> str:
        """A key of `TOPICS`."""
        return topic_of(self.state)


class _Document(msgspec.Struct, forbid_unknown_fields=True):
    format: str
    version: int
    title: Annotated[str, msgspec.Meta(max_length=80)] = ""
    state: State = Tensors()


def topic_of(state: State) -> str:
    """The name of its topic."""
    return str(state.__struct_config__.tag)


# topic -> its name for people, in the order of the lessons
TOPICS = {
    "tensors": _("Tensors"),
    "slopes": _("Slopes"),
    "descent": _("Descent"),
    "autograd": _("Autograd"),
    "neuron": _("A neuron, then a layer"),
    "convolution": _("A convolution"),
}

_DEFAULTS: tuple[State, ...] = (
    Tensors(
        lines=("x = torch.arange(12.).reshape(3, 4)", "b = torch.tensor([10., 20., 30., 40.])", "y = x.T", "x + b"),
        shown="x",
        left="x",
        right="b",
    ),
    Slopes(functions=("x", "x**2", "x**3"), x=2.0, low=-3.0, high=3.0),
    Descent(
        start=(2.0,),
        racers=(Racer("SGD"), Racer("momentum", 0.02), Racer("Nesterov", 0.02), Racer("Adam"), Racer("RMSprop", 0.05)),
    ),
    Autograd(
        lines=("x = torch.ones(2, 2, requires_grad=True)", "y = x + 2", "z = 3 * y**2", "out = z.mean()"), output="out"
    ),
    grown(Neuron(), neurons=10),
    Convolution(
        layers=(Slider(arguments={"out_channels": 1, "padding": 1, "bias": False}, kernel=(KERNELS["edges"],)),)
    ),
)


# surface -> learning rates of its race, in the order of the page's racers; they differ as the surfaces' steepness does
_RATES = {
    "valley": (0.04, 0.01, 0.01, 0.1, 0.05),
    "Rosenbrock": (0.001, 0.0005, 0.0005, 0.1, 0.02),
    "Himmelblau": (0.01, 0.003, 0.003, 0.1, 0.05),
}


def racers_on(surface: str) -> tuple[Racer, ...]:
    """Optimizers with rates at which none runs away at once."""
    state = default_page("descent").state
    racers = state.racers if isinstance(state, Descent) else ()
    rates = _RATES.get(surface, tuple(one.lr for one in racers))
    return tuple(msgspec.structs.replace(one, lr=lr) for one, lr in zip(racers, rates, strict=True))


def default_page(topic: str) -> LabPage:
    """The page that a topic begins with. raises KeyError: there is no such topic"""
    return {topic_of(state): LabPage(state) for state in _DEFAULTS}[topic]


def write_page(page: LabPage) -> str:
    """The text of a page; reading it gives an equal page."""
    head = f'{{"format": "{FORMAT_NAME}", "version": {VERSION},\n'
    if page.title:
        head += f' "title": {json.dumps(page.title, ensure_ascii=False)},\n'
    return f'{head} "state": {{\n{_fields(msgspec.to_builtins(page.state))}\n }}}}\n'


def _fields(state: dict[str, Any]) -> str:
    """One line a field, and one line a typed line, or a stroke."""
    written = []
    for name, value in state.items():
        text = json.dumps(value, ensure_ascii=False)
        if name in ("lines", "strokes") and value:
            text = "[\n" + ",\n".join(f"   {json.dumps(line, ensure_ascii=False)}" for line in value) + "\n  ]"
        written.append(f'  "{name}": {text}')
    return ",\n".join(written)


def read_page(text: str | bytes, where: str) -> LabPage:
    """The page that a text holds.

    where: names the text in messages, e.g. its file name
    raises Problem: not JSON, not a page, from a newer version, too large, or a value of the wrong kind
    """
    if len(text) > MAX_BYTES:
        raise Problem(
            where=where, what=_("the file has more than 1 MB, which no page of the lab needs"), fix=_("Open a lab page")
        )
    try:
        raw = msgspec.json.decode(text)
    except (msgspec.DecodeError, RecursionError, UnicodeError) as error:
        raise Problem(
            where=where,
            what=_("this is not a whole JSON text ({error})").format(error=error),
            fix=_("It may have been cut off when it was copied; open another copy, or mend it in a text editor"),
        ) from error
    document = converted(_migrated(raw, where), where, _Document)
    return LabPage(document.state, document.title)


def _migrated(raw: Any, where: str) -> dict[str, Any]:
    wanted = Format(
        FORMAT_NAME,
        _("this is JSON, but not a page of the lab"),
        _('A page begins with "format": "{name}"'),
        MIGRATIONS,
    )
    return migrated(raw, where, wanted)
