"""Learning rate and weight decay may be changed while a network learns: what that makes of a project."""

from collections.abc import Collection, Iterable
from typing import Any

import msgspec

from playground.core.arguments import fault_of, in_effect, shown
from playground.core.carried import Steered
from playground.core.optimizers import OPTIMIZERS
from playground.core.project import Project
from playground.core.text import _

STEERED = ("lr", "weight_decay")


def settings(project: Project) -> dict[str, Any]:
    """Those that its optimizer has, and that are in their range: name -> value in effect."""
    spec = OPTIMIZERS.get(project.recipe.optimizer_name)
    if spec is None:
        return {}
    values = in_effect(spec.arguments, project.recipe.optimizer_arguments, None)
    declared = [one for one in spec.arguments if one.name in STEERED]
    return {one.name: values[one.name] for one in declared if not fault_of(one, values[one.name])}


def followed(run: Project, edited: Project, names: Collection[str]) -> Project:
    """The project of a run with these settings as they are in an edited one, where one on auto is so, too."""
    old, new = run.recipe.optimizer_arguments, edited.recipe.optimizer_arguments
    taken = {}
    for name in (*new, *old):
        source = new if name in names else old
        if name in source:
            taken[name] = source[name]
    return _with_arguments(run, taken)


def as_steered(project: Project, changes: Iterable[Steered], until: int | None = None) -> Project:
    """A run's project with the settings that it had after some steps, None for its last ones."""
    newest = {one.name: one.after for one in changes if until is None or one.step <= until}
    now = settings(project)
    changed = {name: value for name, value in newest.items() if name in now and now[name] != value}
    return _with_arguments(project, {**project.recipe.optimizer_arguments, **changed}) if changed else project


def told(now: str, name: str, changes: Iterable[Steered]) -> str:
    """A setting as people read it: "0.01, then 0.001 from step 300". now: as the run's project has it"""
    values = dict[int, Steered]()
    for one in changes:
        if one.name == name:  # of several at one step the last one counted
            before = values[one.step].before if one.step in values else one.before
            values[one.step] = msgspec.structs.replace(one, before=before)
    found = [one for one in values.values() if one.after != one.before]
    if not found:
        return now
    first = shown(found[0].after if found[0].step == 0 else found[0].before)
    later = [
        _("then {value} from step {step}").format(value=shown(one.after), step=f"{one.step:,}")
        for one in found
        if one.step
    ]
    return ", ".join([first, *later])


def _with_arguments(project: Project, arguments: dict[str, Any]) -> Project:
    recipe = project.recipe
    changed = msgspec.structs.replace(recipe, optimizer={recipe.optimizer_name: arguments})
    return msgspec.structs.replace(project, recipe=changed)
