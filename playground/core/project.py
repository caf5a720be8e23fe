"""The project: one immutable value, and its text form (DESIGN: a project is a value, a run is a stream).

The text is readable JSON, stable under `git diff`: fixed key order, one layer a line, defaults left out.
It is also how a project travels between processes, so there is one parser to trust.
"""

import json
from collections.abc import Callable, Sequence
from typing import Annotated, Any

import msgspec

from playground.core.arguments import did_you_mean
from playground.core.code import STYLES
from playground.core.data import Data
from playground.core.layer import LONGEST_NAME, RESERVED, Layer
from playground.core.network import Network
from playground.core.problem import Problem
from playground.core.recipe import Recipe
from playground.core.text import _
from playground.core.versioned import Format, converted, migrated

FORMAT_NAME = "torch-playground"
SUFFIX = ".playground"
MAX_BYTES = 4_000_000
MAX_LAYERS = 5_000
MAX_DEPTH = 32
LAST = 999  # place among the examples of one that names none

# MIGRATIONS[n - 1] turns a document of version n into one of version n + 1.
MIGRATIONS: Sequence[Callable[[dict[str, Any]], dict[str, Any]]] = ()
VERSION = len(MIGRATIONS) + 1


class About(msgspec.Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """What a project is, for people who choose among several. It changes nothing of a run.

    title, summary: a few words, and one sentence; "" where nobody said
    order: its place among the examples, those without one last
    code: a key of `core.code.STYLES`: it is opened beside its script in this style; "" opens no script
    """

    title: Annotated[str, msgspec.Meta(max_length=80)] = ""
    summary: Annotated[str, msgspec.Meta(max_length=300)] = ""
    order: Annotated[int, msgspec.Meta(ge=0, le=LAST)] = LAST
    code: str = ""


class Project(msgspec.Struct, frozen=True):
    """Data, network and recipe: all that a run needs, and nothing of where it runs; and what it is about."""

    data: Data = Data()
    network: Network = ()
    recipe: Recipe = Recipe()
    about: About = About()


class _Document(msgspec.Struct, forbid_unknown_fields=True):
    format: str
    version: int
    about: About = About()
    data: Data = Data()
    network: list[dict[str, Any]] = []
    recipe: Recipe = Recipe()


def read_project(text: str | bytes, where: str) -> Project:
    """The project that a text holds.

    where: names the text in messages, e.g. its file name
    raises Problem: not JSON, not a project, from a newer version, too large, or a value of the wrong kind
    """
    if len(text) > MAX_BYTES:
        raise Problem(
            where=where, what=_("the file has more than 4 MB, which no project needs"), fix=_("Open a project file")
        )
    try:
        raw = msgspec.json.decode(text)
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError) as error:
        raise Problem(
            where=where,
            what=_("this is not a whole JSON text ({error})").format(error=error),
            fix=_("It may have been cut off when it was copied; open another copy, or mend it in a text editor"),
        ) from error
    document = converted(_migrated(raw, where), where, _Document)
    recipe = document.recipe
    chosen = (
        ("preparation", document.data.preparation),
        ("optimizer", (recipe.optimizer,)),
        ("schedule", (recipe.schedule,) if recipe.schedule else ()),
    )
    for key, entry in chosen:
        if any(len(step) != 1 for step in entry):
            raise Problem(
                where=where,
                what=_("{key} must name one thing at a time").format(key=key),
                fix=_('Write it as {"name": value}'),
            )
    if document.about.code and document.about.code not in STYLES:
        raise Problem(
            where=where,
            what=_('at {place}: "{name}" is no style of code').format(place="about.code", name=document.about.code)
            + did_you_mean(document.about.code, STYLES),
            fix=_("Choose one of {names}").format(names=", ".join(STYLES)),
        )
    network = _layers(document.network, where, "network", [0], 0)
    return Project(document.data, network, recipe, document.about)


_RECENT = 4
_written: tuple[tuple[Project, str], ...] = ()  # the newest, which is asked for again and again while it is edited


def write_project(project: Project) -> str:
    """The text of a project; reading it gives an equal project."""
    global _written  # as a whole, so that two threads never see a half of it
    for one, text in _written:
        if one is project:
            return text
    text = _text_of(project)
    _written = ((project, text), *_written[: _RECENT - 1])
    return text


def _text_of(project: Project) -> str:
    about = json.dumps(msgspec.to_builtins(project.about), ensure_ascii=False)
    about_line = f' "about": {about},\n' if project.about != About() else ""
    data = json.dumps(msgspec.to_builtins(project.data), ensure_ascii=False)
    recipe = json.dumps(msgspec.to_builtins(project.recipe), ensure_ascii=False)
    layers = ",\n".join(_layer_lines(layer, "  ") for layer in project.network)
    network = f"[\n{layers}\n ]" if layers else "[]"
    return (f'{{"format": "{FORMAT_NAME}", "version": {VERSION},\n{about_line}'
            f' "data": {data},\n "network": {network},\n "recipe": {recipe}}}\n')  # fmt: skip


def layer_from(raw: Any, where: str = "layer") -> Layer:
    """A layer from its JSON form (`layer_to`), for files, the clipboard and drops. raises Problem"""
    return _layers([raw], where, where, [0], 0)[0]


def layer_to(layer: Layer) -> dict[str, Any]:
    """The JSON form of a layer: what it is, then its pinned arguments, then its children."""
    raw = _head(layer)
    if layer.children:
        raw["children"] = [layer_to(child) for child in layer.children]
    return raw


def _head(layer: Layer) -> dict[str, Any]:
    """All of a layer but its children."""
    raw: dict[str, Any] = {"layer": layer.layer}
    if layer.name:
        raw["name"] = layer.name
    if layer.disabled:
        raw["disabled"] = True
    return {**raw, **layer.arguments}


def _layer_lines(layer: Layer, indent: str) -> str:
    if not layer.children:
        return indent + json.dumps(layer_to(layer), ensure_ascii=False)
    head = json.dumps(_head(layer), ensure_ascii=False)[:-1]
    children = ",\n".join(_layer_lines(child, indent + "  ") for child in layer.children)
    return f'{indent}{head}, "children": [\n{children}\n{indent}]}}'


def _migrated(raw: Any, where: str) -> dict[str, Any]:
    wanted = Format(
        FORMAT_NAME,
        _("this is JSON, but not a Torch Playground project"),
        _('A project begins with "format": "{name}"'),
        MIGRATIONS,
    )
    return migrated(raw, where, wanted)


def _layers(raw: Sequence[Any], where: str, place: str, count: list[int], depth: int) -> Network:
    if depth > MAX_DEPTH:
        raise Problem(
            where=where,
            what=_("blocks lie more than {n} deep in each other").format(n=MAX_DEPTH),
            fix=_("Take some of them apart"),
        )
    layers = []
    for position, entry in enumerate(raw):
        here = f"{place}[{position}]"
        count[0] += 1
        if count[0] > MAX_LAYERS:
            raise Problem(
                where=where,
                what=_("it has more than {n:,} layers").format(n=MAX_LAYERS),
                fix=_("Open a smaller network"),
            )
        children = _refuse_what_is_no_layer(entry, where, here)
        layers.append(
            Layer(
                entry["layer"],
                {key: value for key, value in entry.items() if key not in RESERVED},
                _layers(children, where, f"{here}.children", count, depth + 1),
                named(entry.get("name", "")),
                entry.get("disabled", False),
            )
        )
    return tuple(layers)


def named(text: str) -> str:
    """A name as it is kept: on one line, of a length that a row can show."""
    return " ".join(text.split())[:LONGEST_NAME].strip()


def _refuse_what_is_no_layer(entry: Any, where: str, here: str) -> list[Any]:
    """The children of an entry, once it has the form of a layer. raises Problem"""
    kinds = {
        "name": (str, _('at {place}: "name" must be a text'), _('Write "name": "conv1"')),
        "disabled": (bool, _('at {place}: "disabled" must be true or false'), _('Write "disabled": true')),
        "children": (list, _('at {place}: "children" must be a list of layers'), _("Write [...]")),
    }
    if not isinstance(entry, dict) or not isinstance(entry.get("layer"), str):
        raise Problem(
            where=where,
            what=_('at {place}: a layer must be an object with its name in "layer"').format(place=here),
            fix=_('Write {"layer": "ReLU"}'),
        )
    for key, (kind, what, fix) in kinds.items():
        if key in entry and not isinstance(entry[key], kind):
            raise Problem(where=where, what=what.format(place=here), fix=fix)
    children: list[Any] = entry.get("children", [])
    return children
