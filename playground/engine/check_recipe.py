"""What can be wrong with a project beside its rows: the recipe, an empty network, an output that fits no target."""

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from playground.core.arguments import did_you_mean, faults_of, shown_shape
from playground.core.class_weights import faults_of_options, weighs_classes
from playground.core.edit import InsertLayers, SetArgument, SetData, SetRecipe
from playground.core.layer import Layer
from playground.core.losses import LOSSES
from playground.core.network import working
from playground.core.optimizers import OPTIMIZERS
from playground.core.problem import Fault
from playground.core.project import Project
from playground.core.report import Fix, Row
from playground.core.schedules import SCHEDULES
from playground.core.spec import Argument, DatasetSpec, Shape
from playground.core.text import _
from playground.engine.parts import sizes_of

_USUAL_SHARE = 0.2
Changes = Callable[[dict[str, Any]], dict[str, Any]]  # pinned arguments -> fields of the recipe in which they are so


def project_faults(project: Project, rows: Sequence[Row], dataset: DatasetSpec) -> tuple[list[Fault], list[Fix]]:
    """The faults, and ways out that are yet to be tried. dataset: in effect"""
    faults: list[Fault] = []
    ways: list[Fix] = []
    checked = (
        _parts(project, dataset),
        _tokens(project, dataset),
        _network(project, rows, dataset),
        _rest_of_one(project, rows, dataset),
        _loss(project, dataset),
        _optimizer(project),
        _schedule(project),
    )
    for found, fixes in checked:
        faults += found
        ways += fixes
    return faults, ways


def project_warnings(project: Project, rows: Sequence[Row], dataset: DatasetSpec) -> tuple[list[Fault], list[Fix]]:
    """What hardly was meant, and ways out that are yet to be tried. dataset: in effect"""
    output, wanted = _output(project, rows), len(dataset.classes) or 1
    if output is None or not more_scores(project, output, dataset):
        return [], []
    what = _("the last layer gives {given} values, but {title} has {n} classes: the others will never be right")
    what = what.format(given=f"{output[0]:,}", title=dataset.title, n=wanted)
    fault = Fault(where=_("Network"), what=what, fix=_("Let the last layer give {n}").format(n=wanted))
    return [fault], _other_ends(project, rows, output, wanted)


def more_scores(project: Project, output: Shape, dataset: DatasetSpec) -> bool:
    """Whether there are scores of classes that do not exist, which PyTorch takes where no class counts more."""
    loss = LOSSES.get(project.recipe.loss)
    if loss is None or loss.targets != "index" or weighs_classes(loss, project.recipe.loss_options):
        return False
    return len(output) == 1 and output[0] > len(dataset.classes) > 0


def _network(project: Project, rows: Sequence[Row], dataset: DatasetSpec) -> tuple[list[Fault], list[Fix]]:
    wanted = len(dataset.classes) or 1
    head = (Layer("Flatten"), Layer("Linear", {"out_features": wanted}))
    end = (len(project.network),)
    if not rows:
        fault = Fault(
            where=_("Network"),
            what=_("it has no layer, so there is nothing to train"),
            fix=_("Drag a layer from the palette into the list"),
        )
        label = _("Add Flatten and Linear with {n} outputs").format(n=wanted)
        return [fault], [Fix(label, (InsertLayers(end, head),))]
    output = _output(project, rows)
    if output is None or output == (wanted,) or more_scores(project, output, dataset):
        return _nothing_to_train(rows)
    return [_wrong_output(dataset, output, wanted)], _other_ends(project, rows, output, wanted)


def _other_ends(project: Project, rows: Sequence[Row], output: Shape, wanted: int) -> list[Fix]:
    """Ways to as many outputs as are wanted."""
    head, end = (Layer("Flatten"), Layer("Linear", {"out_features": wanted})), (len(project.network),)
    ways = []
    rowwise = next((row for row in rows if works_on_rows(row)), None)
    if rowwise is not None:
        label = _("Insert Flatten before row {n}").format(n=rowwise.index)
        ways.append(Fix(label, (InsertLayers(rowwise.path, (Layer("Flatten"),)),)))
    last = next((row for row in reversed(rows) if not row.disabled), rows[-1])
    if last.layer == "Linear" and len(output) == 1:
        label = _("Set out_features of row {n} to {value}").format(n=last.index, value=wanted)
        ways.append(Fix(label, (SetArgument(last.path, "out_features", wanted),)))
    label = _("Add Linear with {n} outputs").format(n=wanted)
    ways.append(Fix(label, (InsertLayers(end, head[1:]),)))
    ways.append(Fix(_("Add Flatten and Linear with {n} outputs").format(n=wanted), (InsertLayers(end, head),)))
    return ways


def _parts(project: Project, dataset: DatasetSpec) -> tuple[list[Fault], list[Fix]]:
    """Whether every part that is asked for has a sample."""
    train, validation, test = sizes_of(project.data, dataset)
    wanted = [("test_fraction", _("Test part"), test, train + validation)]
    if project.data.validation_fraction:
        wanted.append(("validation_fraction", _("Validation part"), validation, train))
    for field, where, held_back, left in wanted:
        if dataset.train and not (held_back and left):
            what = _(
                "with a fraction of {fraction:g}, {train:,} samples are left to train on, and it has {n:,}"
            ).format(fraction=getattr(project.data, field), train=left, n=held_back)
            label = _("Set the fraction to {fraction:g}").format(fraction=_USUAL_SHARE)
            return [Fault(where=where, what=what, fix=label)], [Fix(label, (SetData({field: _USUAL_SHARE}),))]
    return [], []


def _tokens(project: Project, dataset: DatasetSpec) -> tuple[list[Fault], list[Fix]]:
    """Whether a text is made into numbers that layers can multiply."""
    steps = project.data.preparation
    if dataset.kind != "text" or any(step.get("one_hot") for step in steps):
        return [], []
    if any(layer.layer == "Embedding" for _number, _path, layer in working(project.network)):
        return [], []
    fault = Fault(
        where=_("Preparation"),
        what=_("a text is a row of tokens, whose numbers are only names: no layer can learn from them as they are"),
        fix=_("Add the step one_hot"),
    )
    return [fault], [Fix(_("Add the step one_hot"), (SetData({"preparation": ({"one_hot": True}, *steps)}),))]


def last_batch_is_one(project: Project, dataset: DatasetSpec) -> bool:
    """Whether the last batch of an epoch, or every one, is to have a single sample."""
    samples = sizes_of(project.data, dataset)[0]
    batch = project.data.batch_of(samples)
    return samples > 0 and (batch == 1 or samples % batch == 1)


def normalises_over_batch(row: Row) -> bool:
    """Whether a row takes mean and deviation of a batch."""
    return row.layer.startswith("BatchNorm") and row.input_shape is not None


def _rest_of_one(project: Project, rows: Sequence[Row], dataset: DatasetSpec) -> tuple[list[Fault], list[Fix]]:
    """PyTorch refuses to train BatchNorm on one value a channel: on one sample, unless it has many places."""
    if not last_batch_is_one(project, dataset):
        return [], []
    row = next(
        (one for one in rows if normalises_over_batch(one) and math.prod((one.input_shape or ())[1:]) == 1), None
    )
    if row is None:
        return [], []
    samples = sizes_of(project.data, dataset)[0]
    batch = project.data.batch_of(samples)
    what = _(
        "{samples:,} training samples in batches of {batch:,} leave one for the last batch, and {layer} in row {n} has no deviation over one"
    )
    if batch == 1:
        what = _("in batches of one sample, {layer} in row {n} has no deviation to divide by")
    what = what.format(samples=samples, batch=batch, layer=row.layer, n=row.index)
    near = next((size for size in _around(batch) if 2 <= size <= samples and samples % size != 1), None)
    if near is None:
        return [Fault(where=_("Batch size"), what=what, fix=_("Remove {layer}").format(layer=row.layer))], []
    label = _("Set the batch size to {n}").format(n=near)
    return [Fault(where=_("Batch size"), what=what, fix=label)], [Fix(label, (SetData({"batch_size": near}),))]


def _around(number: int) -> Iterator[int]:
    """Numbers by their distance, the smaller one first."""
    for distance in range(1, number + 3):
        yield number - distance
        yield number + distance


def works_on_rows(row: Row) -> bool:
    """Whether a Linear layer gets a picture: PyTorch then takes each of its rows by itself, which is seldom meant."""
    return row.layer == "Linear" and row.input_shape is not None and len(row.input_shape) > 1


def _output(project: Project, rows: Sequence[Row]) -> Shape | None:
    last = (len(project.network) - 1,)
    return next((row.output_shape for row in rows if row.path == last), None)


def _nothing_to_train(rows: Sequence[Row]) -> tuple[list[Fault], list[Fix]]:
    if any(row.parameters for row in rows) or any(row.error for row in rows):
        return [], []
    what = _("none of its layers has a weight, so there is nothing to train")
    return [Fault(where=_("Network"), what=what, fix=_("Add a Linear or a Conv2d layer"))], []


def _wrong_output(dataset: DatasetSpec, output: Shape, wanted: int) -> Fault:
    given = f"{output[0]:,}" if len(output) == 1 else f"{shown_shape(output)} = {math.prod(output):,}"
    if dataset.classes:
        what = _(
            "the last layer gives {given} values, but {title} has {n} classes, and the loss needs one score for each"
        )
    else:
        what = _("the last layer gives {given} values, but the target of {title} is {n} number")
    return Fault(
        where=_("Network"),
        what=what.format(given=given, title=dataset.title, n=wanted),
        fix=_("Let the last layer give {n}").format(n=wanted),
    )


def _loss(project: Project, dataset: DatasetSpec) -> tuple[list[Fault], list[Fix]]:
    name, task = project.recipe.loss, dataset.task
    where = _("Recipe, loss")
    fitting = [loss.name for loss in LOSSES.values() if task in loss.tasks]
    if name in fitting:
        spec, options = LOSSES[name], project.recipe.loss_options
        wrong = faults_of_options(spec, options, len(dataset.classes))
        return _wrong_arguments(where, wrong, options, lambda kept: {"loss_options": kept})
    if name not in LOSSES:
        what = _("there is no loss {name}").format(name=name) + did_you_mean(name, LOSSES)
    else:
        what = _("{name} is for classes, but {title} has numbers as targets").format(name=name, title=dataset.title)
    fault = Fault(where=where, what=what, fix=_("Choose one of {names}").format(names=", ".join(fitting)))
    way = SetRecipe({"loss": fitting[0], "loss_options": {}})
    return [fault], [Fix(_("Use {name}").format(name=fitting[0]), (way,))]


def _arguments(
    where: str, owner: str, declared: Sequence[Argument], given: Mapping[str, Any], changes: Changes
) -> tuple[list[Fault], list[Fix]]:
    """What is wrong with pinned arguments, each by itself."""
    return _wrong_arguments(where, faults_of(owner, declared, given), given, changes)


def _wrong_arguments(
    where: str, wrong: Sequence[tuple[str, str]], given: Mapping[str, Any], changes: Changes
) -> tuple[list[Fault], list[Fix]]:
    """wrong: (argument name, sentence);  given: all that are pinned"""
    if not wrong:
        return [], []
    kept = {key: value for key, value in given.items() if key not in dict(wrong)}
    label = _("Put {names} on auto").format(names=", ".join(key for key, _fault in wrong))
    faults = [Fault(where=where, what=what, fix=_("Correct it in the recipe")) for _key, what in wrong]
    return faults, [Fix(label, (SetRecipe(changes(kept)),))]


def _optimizer(project: Project) -> tuple[list[Fault], list[Fix]]:
    name, arguments = project.recipe.optimizer_name, project.recipe.optimizer_arguments
    where = _("Recipe, optimizer")
    spec = OPTIMIZERS.get(name)
    if spec is None:
        what = _("there is no optimizer {name}").format(name=name) + did_you_mean(name, OPTIMIZERS)
        fault = Fault(where=where, what=what, fix=_("Choose one of {names}").format(names=", ".join(OPTIMIZERS)))
        return [fault], [Fix(_("Use SGD"), (SetRecipe({"optimizer": {"SGD": {}}}),))]
    found = _arguments(where, name, spec.arguments, arguments, lambda kept: {"optimizer": {name: kept}})
    if not found[0] and arguments.get("nesterov") and not arguments.get("momentum"):
        fault = Fault(
            where=where,
            what=_("nesterov looks ahead along the momentum, but momentum is 0"),
            fix=_("Set momentum to 0.9"),
        )
        way = Fix(_("Set momentum to 0.9"), (SetRecipe({"optimizer": {name: {**arguments, "momentum": 0.9}}}),))
        return [fault], [way]
    return found


def _schedule(project: Project) -> tuple[list[Fault], list[Fix]]:
    name, arguments = project.recipe.schedule_name, project.recipe.schedule_arguments
    where = _("Recipe, schedule")
    if not name:
        return [], []
    if name not in SCHEDULES:
        what = _("there is no schedule {name}").format(name=name) + did_you_mean(name, SCHEDULES)
        fault = Fault(where=where, what=what, fix=_("Choose one of {names}").format(names=", ".join(SCHEDULES)))
        return [fault], [Fix(_("Let the learning rate stay"), (SetRecipe({"schedule": {}}),))]
    return _arguments(where, name, SCHEDULES[name].arguments, arguments, lambda kept: {"schedule": {name: kept}})
