"""What the loss itself says of an output that is not as large as it needs."""

import math
import warnings
from collections.abc import Sequence

import torch

from playground.core.problem import Problem
from playground.core.project import Project
from playground.core.report import Misfit, Row
from playground.core.spec import DatasetSpec, Shape
from playground.engine import losses
from playground.engine.check_recipe import more_scores
from playground.engine.parts import sizes_of

_MOST = 1_000_000  # numbers of a batch that is made to ask: the check has to stay quick


def misfit_of(project: Project, rows: Sequence[Row], dataset: DatasetSpec, level: str) -> Misfit | None:
    """What the network gives and what the loss needs, with PyTorch's words for it; None where that is not at fault, or
    the loss cannot be asked. dataset: in effect;  level: of what is told, "error" or "warning" """
    last = (len(project.network) - 1,)
    given = next((row.output_shape for row in rows if row.path == last), None)
    needed = (len(dataset.classes) or 1,)
    if given is None or given == needed or (level == "error" and more_scores(project, given, dataset)):
        return None
    try:
        labels = torch.arange(len(dataset.classes))  # which balance each other
        loss = losses.make(project.recipe, dataset.task, len(dataset.classes), labels)
    except Problem:  # the recipe is at fault, and says so
        return None
    batch = _batch(project, given, dataset)
    return Misfit(given=given, needed=needed, torch_message=_said(loss, batch, given) if batch else None)


def _batch(project: Project, given: Shape, dataset: DatasetSpec) -> int:
    """The samples of a batch to ask with: as many as a run has, two where these are too many, 0 where two are."""
    samples = sizes_of(project.data, dataset)[0]
    sizes = (project.data.batch_of(samples), min(2, samples))
    return next((one for one in sizes if one * math.prod(given) <= _MOST), 0)


def _said(loss: losses.Loss, batch: int, given: Shape) -> str:
    """What PyTorch raises or, where it raises nothing, warns of; empty where it does neither.

    Each class is among the targets, as it is in the data, the last one first.
    """
    outputs = torch.zeros(batch, *given)
    classes = loss.classes
    targets = (classes - 1 - torch.arange(batch)) % classes if classes else torch.zeros(batch, 1)
    with warnings.catch_warnings(record=True) as warned:
        warnings.simplefilter("always")
        try:
            loss(outputs, loss.targets(targets))
        except (RuntimeError, ValueError, IndexError) as error:
            return str(error)
    return str(warned[0].message) if warned else ""
