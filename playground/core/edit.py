"""Named edits: what undo, fixes, drops and the keyboard apply. An edit is a value; `apply` makes the new project.

The workbench offers fixes as edits that it has tried; the window pushes them through the same one command.
"""

from typing import Any

import msgspec

from playground.core import network as tree
from playground.core.arguments import shown
from playground.core.layer import Layer
from playground.core.network import Path
from playground.core.problem import Problem
from playground.core.project import Project
from playground.core.text import _, plural


class _Edit(msgspec.Struct, frozen=True, tag=True):
    pass


class InsertLayers(_Edit, frozen=True):
    """Put layers in before what stands at `path`."""

    path: Path
    layers: tuple[Layer, ...]


class RemoveLayers(_Edit, frozen=True):
    paths: tuple[Path, ...]


class MoveLayers(_Edit, frozen=True):
    """Move layers, in their order, before what stands at `to` now."""

    paths: tuple[Path, ...]
    to: Path


class DuplicateLayers(_Edit, frozen=True):
    """Put copies right after the last of the layers."""

    paths: tuple[Path, ...]


class SetArgument(_Edit, frozen=True):
    """Pin an argument of a layer to a value."""

    path: Path
    name: str
    value: Any


class ReleaseArgument(_Edit, frozen=True):
    """Put an argument of a layer back on auto."""

    path: Path
    name: str


class ReplaceLayer(_Edit, frozen=True):
    path: Path
    layer: Layer


class SetData(_Edit, frozen=True):
    """Change fields of `core.data.Data` by name."""

    changes: dict[str, Any]


class SetRecipe(_Edit, frozen=True):
    """Change fields of `core.recipe.Recipe` by name."""

    changes: dict[str, Any]


Edit = (
    InsertLayers
    | RemoveLayers
    | MoveLayers
    | DuplicateLayers
    | SetArgument
    | ReleaseArgument
    | ReplaceLayer
    | SetData
    | SetRecipe
)


def apply(project: Project, edit: Edit) -> Project:
    """The project after an edit. A path that names nothing is a bug (IndexError); a bad value of a field a Problem."""
    network = project.network
    match edit:
        case InsertLayers(path, layers):
            network = tree.insert(network, path, layers)
        case RemoveLayers(paths):
            network = tree.remove(network, paths)
        case MoveLayers(paths, to):
            network = tree.move(network, paths, to)[0]
        case DuplicateLayers(paths):
            chosen = tree.outermost(paths)
            copies = [tree.at(network, path) for path in chosen]
            network = tree.insert(network, _after(chosen[-1]), copies)
        case SetArgument(path, name, value):
            network = tree.replace(network, path, tree.at(network, path).pinned(name, value))
        case ReleaseArgument(path, name):
            network = tree.replace(network, path, tree.at(network, path).released(name))
        case ReplaceLayer(path, layer):
            network = tree.replace(network, path, layer)
        case SetData(changes):
            return msgspec.structs.replace(project, data=_changed(project.data, changes))
        case SetRecipe(changes):
            return msgspec.structs.replace(project, recipe=_changed(project.recipe, changes))
    return msgspec.structs.replace(project, network=network)


def text_of(edit: Edit, project: Project) -> str:
    """What the Edit menu says of an edit, before it is applied: 'insert Conv2d'."""
    network = project.network
    match edit:
        case InsertLayers(_path, layers):
            return _("insert {what}").format(what=_names(layers))
        case RemoveLayers(paths):
            return _("remove {what}").format(what=_names([tree.at(network, path) for path in paths]))
        case MoveLayers(paths, _to):
            return _("move {what}").format(what=_names([tree.at(network, path) for path in paths]))
        case DuplicateLayers(paths):
            return _("duplicate {what}").format(what=_names([tree.at(network, path) for path in paths]))
        case SetArgument(path, name, value):
            return _("set {name} of {layer} to {value}").format(
                name=name, layer=tree.at(network, path).layer, value=shown(value)
            )
        case ReleaseArgument(path, name):
            return _("set {name} of {layer} to auto").format(name=name, layer=tree.at(network, path).layer)
        case ReplaceLayer(path, layer):
            return _("replace {old} by {new}").format(old=tree.at(network, path).layer, new=layer.layer)
        case SetData(changes) | SetRecipe(changes):
            return _("change {what}").format(what=", ".join(changes))


def selection_after(project: Project, edit: Edit) -> tuple[Path, ...] | None:
    """The paths to select once the edit is applied to `project`; None leaves the selection as it is."""
    network = project.network
    match edit:
        case InsertLayers(path, layers):
            return _run_of(path, len(layers))
        case RemoveLayers(paths):
            first = tree.outermost(paths)[0]
            left = tree.siblings(tree.remove(network, paths), first)
            return ((*first[:-1], min(first[-1], len(left) - 1)),) if left else ()
        case MoveLayers(paths, to):
            return _run_of(tree.move(network, paths, to)[1], len(tree.outermost(paths)))
        case DuplicateLayers(paths):
            chosen = tree.outermost(paths)
            return _run_of(_after(chosen[-1]), len(chosen))
        case SetArgument(path) | ReleaseArgument(path) | ReplaceLayer(path):
            return (path,)
    return None


def _after(path: Path) -> Path:
    return (*path[:-1], path[-1] + 1)


def _run_of(path: Path, count: int) -> tuple[Path, ...]:
    return tuple((*path[:-1], path[-1] + offset) for offset in range(count))


def _names(layers: "list[Layer] | tuple[Layer, ...]") -> str:
    return layers[0].layer if len(layers) == 1 else plural("{n} layer", "{n} layers", len(layers))


def _changed(value: Any, changes: dict[str, Any]) -> Any:
    """A struct with fields changed, its types and ranges checked. raises Problem"""
    try:
        return msgspec.convert({**msgspec.to_builtins(value), **changes}, type(value))
    except msgspec.ValidationError as error:
        what = str(error).partition(" - at ")[0]
        raise Problem(where=", ".join(changes), what=what, fix=_("Choose a value in its range")) from error
