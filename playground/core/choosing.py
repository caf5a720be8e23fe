"""To choose a data set: the edits that make a project learn from it, with a preparation and a loss that fit it."""

from collections.abc import Mapping
from typing import Any

from playground.core.class_weights import names_of_weights
from playground.core.data import Data
from playground.core.datasets import DATASETS
from playground.core.edit import Edit, SetData, SetRecipe
from playground.core.losses import LOSSES
from playground.core.preparations import PREPARATIONS
from playground.core.project import Project
from playground.core.spec import DatasetSpec

Steps = tuple[dict[str, Any], ...]


def edits_for(spec: DatasetSpec, project: Project, options: Mapping[str, Any] | None = None) -> tuple[Edit, ...]:
    """Learn from this set: to be applied as one step. options: pinned arguments of the set

    Batch size, split and seed stay as they are; a loss that is for another task gives way to one that fits.
    """
    changes = {"dataset": spec.name, "options": dict(options or {}), "preparation": preparation_for(spec, project.data)}
    return (SetData(changes), *_without_weights(project), *loss_for(spec.task, project))


def edits_for_own(spec: DatasetSpec, fields: Mapping[str, Any], project: Project) -> tuple[Edit, ...]:
    """Learn from the user's own files. spec: in effect;  fields: of `Data`, as they were understood"""
    changes = {"preparation": spec.preparation, **fields}
    return (SetData(changes), *_without_weights(project), *loss_for(spec.task, project))


def _without_weights(project: Project) -> tuple[Edit, ...]:
    """The edit that takes away what each class of the set before counts; none where there is no such thing."""
    recipe = project.recipe
    weights = names_of_weights(LOSSES.get(recipe.loss))
    kept = {name: one for name, one in recipe.loss_options.items() if name not in weights}
    return (SetRecipe({"loss_options": kept}),) if kept != recipe.loss_options else ()


def loss_for(task: str, project: Project) -> tuple[Edit, ...]:
    """The edit that changes the loss where the task is another one, or the loss does not fit; else none."""
    known, before = LOSSES.get(project.recipe.loss), DATASETS.get(project.data.dataset)
    if known is None or (task in known.tasks and (before is None or before.task == task)):
        return ()
    fitting = next((one.name for one in LOSSES.values() if task in one.tasks), known.name)
    return (SetRecipe({"loss": fitting}),) if fitting != known.name else ()


def preparation_for(spec: DatasetSpec, old: Data) -> Steps:
    """The preparation to begin a data set with, made of the one before: steps that still make sense are kept.

    Pictures after pictures keep their size where the set before was larger, so that the network still fits, and get a
    range where no step scales them. Everything else begins with the steps that the set declares.
    """
    before = DATASETS.get(old.dataset)
    if spec.kind != "picture" or before is None or before.kind != "picture":
        return tuple(dict(step) for step in spec.preparation)
    steps = [dict(step) for step in old.preparation if _fits(next(iter(step), ""), spec)]
    larger = len(before.sample_shape) == len(spec.sample_shape) == 3 and before.sample_shape[-1] > spec.sample_shape[-1]
    if larger and not any("resize" in step for step in steps):
        steps.insert(0, {"resize": before.sample_shape[-1]})
    if not any({"normalize", "standardize"} & set(step) for step in steps):
        place = next((number for number, step in enumerate(steps) if _is_random(step)), len(steps))
        steps[place:place] = [dict(step) for step in spec.preparation if "normalize" in step or "standardize" in step]
    return tuple(steps)


def _fits(name: str, dataset: DatasetSpec) -> bool:
    if name == "grayscale" and dataset.sample_shape[:1] == (1,):
        return False
    spec = PREPARATIONS.get(name)
    return spec is None or not spec.kinds or dataset.kind in spec.kinds


def _is_random(step: Mapping[str, Any]) -> bool:
    spec = PREPARATIONS.get(next(iter(step), ""))
    return spec is not None and spec.random
