"""Named edits: what undo, fixes, drops and the keyboard apply. An edit is a value; `apply` makes the new project.

The workbench offers fixes as edits that it has tried; the window pushes them through the same one command.
"""

from collections.abc import Sequence
from typing import Any

import msgspec
from msgspec.structs import replace as replaced

from playground.core import network as tree
from playground.core.arguments import fault_of, shown
from playground.core.layer import Layer
from playground.core.layers import LAYERS
from playground.core.losses import LOSSES
from playground.core.network import Network, Path
from playground.core.problem import Problem
from playground.core.project import Project, named
from playground.core.recipe import Recipe
from playground.core.spec import Argument
from playground.core.text import _, plural


class _Edit(msgspec.Struct, frozen=True, tag=True):
    """Each edit of the network has the same three functions of the network before it: `changed` gives the one after it,
    `text` what the Edit menu says, `selection` the paths to select after it."""


class InsertLayers(_Edit, frozen=True):
    """Put layers in before what stands at `path`."""

    path: Path
    layers: tuple[Layer, ...]

    def changed(self, network: Network) -> Network:
        return tree.insert(network, self.path, self.layers)

    def text(self, network: Network) -> str:
        return _("insert {what}").format(what=_names(self.layers))

    def selection(self, network: Network) -> tuple[Path, ...]:
        return _run_of(self.path, len(self.layers))


class RemoveLayers(_Edit, frozen=True):
    paths: tuple[Path, ...]

    def changed(self, network: Network) -> Network:
        return tree.remove(network, self.paths)

    def text(self, network: Network) -> str:
        return _("remove {what}").format(what=_names_at(network, self.paths))

    def selection(self, network: Network) -> tuple[Path, ...]:
        first = tree.outermost(self.paths)[0]
        left = tree.siblings(self.changed(network), first)
        return ((*first[:-1], min(first[-1], len(left) - 1)),) if left else ()


class MoveLayers(_Edit, frozen=True):
    """Move layers, in their order, before what stands at `to` now."""

    paths: tuple[Path, ...]
    to: Path

    def changed(self, network: Network) -> Network:
        return tree.move(network, self.paths, self.to)[0]

    def text(self, network: Network) -> str:
        return _("move {what}").format(what=_names_at(network, self.paths))

    def selection(self, network: Network) -> tuple[Path, ...]:
        return _run_of(tree.move(network, self.paths, self.to)[1], len(tree.outermost(self.paths)))


class DuplicateLayers(_Edit, frozen=True):
    """Put copies right after the last of the layers."""

    paths: tuple[Path, ...]

    def changed(self, network: Network) -> Network:
        chosen = tree.outermost(self.paths)
        return tree.insert(network, _after(chosen[-1]), [tree.at(network, path) for path in chosen])

    def text(self, network: Network) -> str:
        return _("duplicate {what}").format(what=_names_at(network, self.paths))

    def selection(self, network: Network) -> tuple[Path, ...]:
        chosen = tree.outermost(self.paths)
        return _run_of(_after(chosen[-1]), len(chosen))


class GroupLayers(_Edit, frozen=True):
    """Put layers, in their order, into a block where the first of them stands. block: its kind"""

    paths: tuple[Path, ...]
    block: str = "Sequential"

    def changed(self, network: Network) -> Network:
        return tree.group(network, self.paths, Layer(self.block))[0]

    def text(self, network: Network) -> str:
        return _("group {what}").format(what=_names_at(network, self.paths))

    def selection(self, network: Network) -> tuple[Path, ...]:
        return (tree.group(network, self.paths, Layer(self.block))[1],)


class UngroupLayers(_Edit, frozen=True):
    """Put the layers of a block in its place."""

    path: Path

    def changed(self, network: Network) -> Network:
        return tree.ungroup(network, self.path)

    def text(self, network: Network) -> str:
        return _("take {what} apart").format(what=tree.at(network, self.path).called)

    def selection(self, network: Network) -> tuple[Path, ...]:
        return _run_of(self.path, len(tree.at(network, self.path).children))


class SetDisabled(_Edit, frozen=True):
    """Let layers hand on what they get, or work again; they stay where they are."""

    paths: tuple[Path, ...]
    disabled: bool

    def changed(self, network: Network) -> Network:
        for path in self.paths:
            network = tree.replace(network, path, replaced(tree.at(network, path), disabled=self.disabled))
        return network

    def text(self, network: Network) -> str:
        said = _("switch {what} off") if self.disabled else _("switch {what} on")
        return said.format(what=_names_at(network, self.paths))

    def selection(self, network: Network) -> tuple[Path, ...]:
        return self.paths


class _OfOneLayer(_Edit, frozen=True):
    """An edit that leaves the tree as it is, and the selection on its layer."""

    path: Path

    def selection(self, network: Network) -> tuple[Path, ...]:
        return (self.path,)


class SetArgument(_OfOneLayer, frozen=True):
    """Pin an argument of a layer to a value."""

    name: str
    value: Any

    def changed(self, network: Network) -> Network:
        return tree.replace(network, self.path, tree.at(network, self.path).pinned(self.name, self.value))

    def text(self, network: Network) -> str:
        layer = tree.at(network, self.path).called
        return _("set {name} of {layer} to {value}").format(name=self.name, layer=layer, value=shown(self.value))


class ReleaseArgument(_OfOneLayer, frozen=True):
    """Put an argument of a layer back on auto."""

    name: str

    def changed(self, network: Network) -> Network:
        return tree.replace(network, self.path, tree.at(network, self.path).released(self.name))

    def text(self, network: Network) -> str:
        return _("set {name} of {layer} to auto").format(name=self.name, layer=tree.at(network, self.path).called)


class ReplaceLayer(_OfOneLayer, frozen=True):
    layer: Layer

    def changed(self, network: Network) -> Network:
        return tree.replace(network, self.path, self.layer)

    def text(self, network: Network) -> str:
        return _("replace {old} by {new}").format(old=tree.at(network, self.path).called, new=self.layer.called)


class ReplaceKind(_OfOneLayer, frozen=True):
    """Let a layer be of another kind; its name, its layers and its arguments stay, but for those that are not known."""

    layer: str

    def changed(self, network: Network) -> Network:
        before, spec = tree.at(network, self.path), LAYERS.get(self.layer)
        kept = {key: one for key, one in before.arguments.items() if spec is None or _takes(spec.argument(key), one)}
        return tree.replace(network, self.path, replaced(before, layer=self.layer, arguments=kept))

    def text(self, network: Network) -> str:
        return _("replace {old} by {new}").format(old=tree.at(network, self.path).called, new=self.layer)


class RenameLayer(_OfOneLayer, frozen=True):
    """Give a layer a name of the learner's own; "" takes it away."""

    name: str

    def changed(self, network: Network) -> Network:
        return tree.replace(network, self.path, replaced(tree.at(network, self.path), name=named(self.name)))

    def text(self, network: Network) -> str:
        layer = tree.at(network, self.path)
        return _("rename {old} to {new}").format(old=layer.called, new=named(self.name) or layer.layer)


class SetData(msgspec.Struct, frozen=True, tag=True):
    """Change fields of `core.data.Data` by name."""

    changes: dict[str, Any]


class SetRecipe(msgspec.Struct, frozen=True, tag=True):
    """Change fields of `core.recipe.Recipe` by name. Another loss keeps those of the options that it has, too."""

    changes: dict[str, Any]


Edit = (
    InsertLayers
    | RemoveLayers
    | MoveLayers
    | DuplicateLayers
    | GroupLayers
    | UngroupLayers
    | SetDisabled
    | SetArgument
    | ReleaseArgument
    | ReplaceLayer
    | ReplaceKind
    | RenameLayer
    | SetData
    | SetRecipe
)


def apply(project: Project, edit: Edit) -> Project:
    """The project after an edit. A path that names nothing is a bug (IndexError); a bad value of a field a Problem."""
    if isinstance(edit, SetData):
        return replaced(project, data=_changed(project.data, edit.changes))
    if isinstance(edit, SetRecipe):
        return replaced(project, recipe=_changed(project.recipe, _with_options(project.recipe, edit.changes)))
    return replaced(project, network=edit.changed(project.network))


def _with_options(recipe: Recipe, changes: dict[str, Any]) -> dict[str, Any]:
    if "loss" not in changes or "loss_options" in changes or not recipe.loss_options:
        return changes
    spec = LOSSES.get(changes["loss"])
    known = {one.name for one in spec.arguments} if spec else set()
    return {**changes, "loss_options": {name: one for name, one in recipe.loss_options.items() if name in known}}


def first_changed(edit: Edit) -> int:
    """The position, in the network itself, of the first layer that an edit may change or move."""
    if isinstance(edit, (SetData, SetRecipe)):
        return 0
    if isinstance(edit, MoveLayers):
        return min(edit.to[0], *(path[0] for path in edit.paths))
    if isinstance(edit, (RemoveLayers, DuplicateLayers, GroupLayers, SetDisabled)):
        return min(path[0] for path in edit.paths)
    return edit.path[0]


def path_after(edits: Sequence[Edit], path: Path) -> Path:
    """Where a layer stands once edits are applied; where it is removed, what takes its place. Groups of several layers
    are not followed."""
    for one in edits:
        if isinstance(one, InsertLayers):
            path = _shifted(path, one.path, len(one.layers))
        elif isinstance(one, RemoveLayers):
            for gone in reversed(tree.outermost(one.paths)):
                path = path if gone == path[: len(gone)] else _shifted(path, gone, -1)
        elif isinstance(one, MoveLayers) and path in one.paths:
            path = one.to
        elif isinstance(one, GroupLayers) and len(one.paths) == 1:
            block = one.paths[0]
            path = (*block, 0, *path[len(block) :]) if path[: len(block)] == block else path
    return path


def _shifted(path: Path, where: Path, by: int) -> Path:
    """A path once `by` layers more stand at `where`."""
    depth = len(where) - 1
    if len(path) <= depth or path[:depth] != where[:depth] or path[depth] < where[depth]:
        return path
    return (*path[:depth], path[depth] + by, *path[depth + 1 :])


def text_of(edit: Edit, project: Project) -> str:
    """What the Edit menu says of an edit, before it is applied: 'insert Conv2d'."""
    if isinstance(edit, (SetData, SetRecipe)):
        return _("change {what}").format(what=", ".join(edit.changes))
    return edit.text(project.network)


def selection_after(project: Project, edit: Edit) -> tuple[Path, ...] | None:
    """The paths to select once the edit is applied to `project`; None leaves the selection as it is."""
    return None if isinstance(edit, (SetData, SetRecipe)) else edit.selection(project.network)


def _takes(argument: Argument | None, value: Any) -> bool:
    return argument is not None and fault_of(argument, value) is None


def _after(path: Path) -> Path:
    return (*path[:-1], path[-1] + 1)


def _run_of(path: Path, count: int) -> tuple[Path, ...]:
    return tuple((*path[:-1], path[-1] + offset) for offset in range(count))


def _names_at(network: Network, paths: Sequence[Path]) -> str:
    return _names([tree.at(network, path) for path in paths])


def _names(layers: Sequence[Layer]) -> str:
    return layers[0].called if len(layers) == 1 else plural("{n} layer", "{n} layers", len(layers))


def _changed(value: Any, changes: dict[str, Any]) -> Any:
    """A struct with fields changed, its types and ranges checked. raises Problem"""
    try:
        return msgspec.convert({**msgspec.to_builtins(value), **changes}, type(value))
    except msgspec.ValidationError as error:
        what = str(error).partition(" - at ")[0]
        raise Problem(where=", ".join(changes), what=what, fix=_("Choose a value in its range")) from error
