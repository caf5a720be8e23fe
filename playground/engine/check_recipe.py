"""What can be wrong with a project beside its rows: the recipe, an empty network, an output that fits no target."""

import math
from collections.abc import Sequence

from playground.core.arguments import did_you_mean, faults_of, shown_shape
from playground.core.edit import InsertLayers, SetArgument, SetRecipe
from playground.core.layer import Layer
from playground.core.losses import LOSSES
from playground.core.optimizers import OPTIMIZERS
from playground.core.problem import Fault
from playground.core.project import Project
from playground.core.report import Fix, Row
from playground.core.spec import DatasetSpec, Shape
from playground.core.text import _


def project_faults(project: Project, rows: Sequence[Row], dataset: DatasetSpec) -> tuple[list[Fault], list[Fix]]:
    """The faults, and ways out that are yet to be tried. dataset: in effect"""
    faults: list[Fault] = []
    ways: list[Fix] = []
    for found, fixes in (_network(project, rows, dataset), _loss(project, dataset), _optimizer(project)):
        faults += found
        ways += fixes
    return faults, ways


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
    if output is None or output == (wanted,):
        return _nothing_to_train(rows)
    ways = []
    rowwise = next((row for row in rows if works_on_rows(row)), None)
    if rowwise is not None:
        label = _("Insert Flatten before row {n}").format(n=rowwise.index)
        ways.append(Fix(label, (InsertLayers(rowwise.path, (Layer("Flatten"),)),)))
    last = rows[-1]
    if last.layer == "Linear" and len(output) == 1:
        label = _("Set out_features of row {n} to {value}").format(n=last.index, value=wanted)
        ways.append(Fix(label, (SetArgument(last.path, "out_features", wanted),)))
    label = _("Add Linear with {n} outputs").format(n=wanted)
    ways.append(Fix(label, (InsertLayers(end, head[1:]),)))
    ways.append(Fix(_("Add Flatten and Linear with {n} outputs").format(n=wanted), (InsertLayers(end, head),)))
    return [_wrong_output(dataset, output, wanted)], ways


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
    fitting = [loss.name for loss in LOSSES.values() if task in loss.tasks]
    if name in fitting:
        return [], []
    if name not in LOSSES:
        what = _("there is no loss {name}").format(name=name) + did_you_mean(name, LOSSES)
    else:
        what = _("{name} is for classes, but {title} has numbers as targets").format(name=name, title=dataset.title)
    fault = Fault(where=_("Recipe, loss"), what=what, fix=_("Choose one of {names}").format(names=", ".join(fitting)))
    return [fault], [Fix(_("Use {name}").format(name=fitting[0]), (SetRecipe({"loss": fitting[0]}),))]


def _optimizer(project: Project) -> tuple[list[Fault], list[Fix]]:
    name, arguments = project.recipe.optimizer_name, project.recipe.optimizer_arguments
    where = _("Recipe, optimizer")
    spec = OPTIMIZERS.get(name)
    if spec is None:
        what = _("there is no optimizer {name}").format(name=name) + did_you_mean(name, OPTIMIZERS)
        fault = Fault(where=where, what=what, fix=_("Choose one of {names}").format(names=", ".join(OPTIMIZERS)))
        return [fault], [Fix(_("Use SGD"), (SetRecipe({"optimizer": {"SGD": {}}}),))]
    wrong = faults_of(name, spec.arguments, arguments)
    if wrong:
        kept = {key: value for key, value in arguments.items() if key not in dict(wrong)}
        label = _("Put {names} on auto").format(names=", ".join(key for key, _fault in wrong))
        way = Fix(label, (SetRecipe({"optimizer": {name: kept}}),))
        return [Fault(where=where, what=what, fix=_("Correct it in the recipe")) for _key, what in wrong], [way]
    if arguments.get("nesterov") and not arguments.get("momentum"):
        fault = Fault(
            where=where,
            what=_("nesterov looks ahead along the momentum, but momentum is 0"),
            fix=_("Set momentum to 0.9"),
        )
        way = Fix(_("Set momentum to 0.9"), (SetRecipe({"optimizer": {name: {**arguments, "momentum": 0.9}}}),))
        return [fault], [way]
    return [], []
