"""A project as a complete PyTorch script, which needs nothing of this program.

It reads the same samples, draws the same numbers from the same seed, and so starts from the same weights and sees the
same batches. What a layer, a data set or a preparation looks like in it follows from its declaration and its reader.
"""

from collections.abc import Callable
from pathlib import Path

from playground.core.class_weights import faults_of_options, names_of_weights
from playground.core.code import ANY, STYLES, Numerics, Script
from playground.core.layers import LAYERS
from playground.core.losses import LOSSES
from playground.core.network import Path as LayerPath, working
from playground.core.optimizers import OPTIMIZERS
from playground.core.problem import Problem
from playground.core.project import Project
from playground.core.report import Report, Row
from playground.core.schedules import SCHEDULES
from playground.core.text import _
from playground.engine.check import check
from playground.engine.code import layout, processes, recipe, scratch, training
from playground.engine.code.data import DataCode, data_code
from playground.engine.code.lines import Line, plain, spans_of
from playground.engine.code.network import NETWORKS, Made

Rows = dict[LayerPath, Row]
_DEVICE = 'DEVICE = "cuda" if torch.cuda.is_available() else "cpu"'


def write(project: Project, style: str, folder: Path | None = None, numerics: Numerics = ANY) -> Script:
    """The script of a project.

    style: a key of `core.code.STYLES`;  folder: looked in first for the files of the data set
    numerics: of the run that it is to repeat
    raises Problem: a row does not fit, the style does not go with the network, or nothing is known of the data
    """
    if style not in STYLES:
        raise Problem(
            where=_("Script"),
            what=_("there is no style {style}").format(style=style),
            fix=_("Choose one of {names}").format(names=", ".join(STYLES)),
        )
    report = check(project)
    rows = fitting_rows(report)
    refuse_unknown(project, report)
    refused = scratch.refusal(project, rows)
    if style == "scratch" and refused:
        raise Problem(where=_("Script"), what=refused.rstrip("."), fix=_("Choose another style"))
    assert report.dataset is not None
    data = data_code(project.data, report.dataset, project.recipe.seed, folder)
    lines = (
        _scratch(project, report, rows, data, numerics)
        if style == "scratch"
        else _modules(project, report, rows, data, style, numerics)
    )
    text = "\n".join(line.text for line in lines) + "\n"
    return Script(text, style, spans_of(lines), {"scratch": refused} if refused else {})


def fitting_rows(report: Report) -> Rows:
    """The rows of a check by their path. raises Problem: the first fault that a script would run into"""
    for row in report.rows:
        if row.error is not None:
            raise Problem(
                where=_("Row {n}, {layer}").format(n=row.index, layer=row.layer),
                what=row.error.sentence.rstrip("."),
                fix=_("Mend this row to have a script"),
            )
    if report.dataset is None or not any(not row.disabled for row in report.rows):
        fault = report.faults[0] if report.faults else None
        raise (
            Problem.from_fault(fault)
            if fault
            else Problem(where=_("Network"), what=_("it has no layer"), fix=_("Add a layer"))
        )
    return {row.path: row for row in report.rows}


def refuse_unknown(project: Project, report: Report) -> None:
    """raises Problem: a loss, an optimizer or a schedule that the program does not know, or weights of other classes"""
    asked = project.recipe
    known = asked.loss in LOSSES and asked.optimizer_name in OPTIMIZERS
    if report.faults and not (known and asked.schedule_name in ("", *SCHEDULES)):
        raise Problem.from_fault(report.faults[0])
    assert report.dataset is not None
    spec = LOSSES[asked.loss]
    for name, fault in faults_of_options(spec, asked.loss_options, len(report.dataset.classes)):
        if name in ("balance", *names_of_weights(spec)):
            raise Problem(where=_("Recipe, loss"), what=fault, fix=_("Correct it in the recipe"))


def _modules(
    project: Project, report: Report, rows: Rows, data: DataCode, style: str, numerics: Numerics
) -> list[Line]:
    made: Made = NETWORKS[style](project.network, rows)
    dataset = report.dataset
    assert dataset is not None
    labels = "y" if LOSSES[project.recipe.loss].targets == "index" else "y.argmax(1)"
    several = style == "processes"
    pictures = report.input_shape is not None and len(report.input_shape) == 3
    place = training.PLACE if numerics.layout == "channels_last" and pictures else "DEVICE"
    network = [Line('torch.manual_seed(seed_for("weights"))'), *made.model, Line(f"model.to({place})")]
    network += map(Line, processes.NETWORK) if several else ()
    if _draws(project):
        network.append(Line('torch.manual_seed(seed_for("torch"))'))
    return layout.script(
        title=_title(report, project),
        imports=[*data.imports, *made.imports, "from torch import nn", *(processes.IMPORTS if several else ())],
        settings=[*training.settings(project), *(processes.SETTINGS if several else (_DEVICE,)),
                  *training.numerics(numerics, several, place)],
        functions=[*map(plain, data.functions), *made.definitions,
                   plain(training.measuring(project, dataset, data, labels, scratch=False, place=place))],
        sections=[
            plain("\n".join([*data.body, *targets_in_form(project, report, data, scratch_style=False)])),
            [Line("# The network"), *network],
            [Line("# Train it"), *recipe.definitions(project, dataset)],
            training.epochs(project, data, style, place),
        ],
    )  # fmt: skip


def _scratch(project: Project, report: Report, rows: Rows, data: DataCode, numerics: Numerics) -> list[Line]:
    parameters, model = scratch.network(project, rows)
    dataset = report.dataset
    assert dataset is not None
    labels = "y" if LOSSES[project.recipe.loss].targets == "index" else "y.argmax(1)"
    return layout.script(
        title=_title(report, project),
        imports=data.imports,
        settings=[*training.settings(project), *training.numerics(numerics)],
        functions=[*map(plain, data.functions), *map(plain, scratch.functions(project, rows)), model,
                   plain(training.measuring(project, dataset, data, labels, scratch=True))],
        sections=[
            plain("\n".join([*data.body, *targets_in_form(project, report, data, scratch_style=True)])),
            [Line("# The network"), Line('torch.manual_seed(seed_for("weights"))'), *parameters],
            [Line("# Train it"), *recipe.class_weights(project.recipe, dataset), *training.epochs(project, data, "scratch")],
        ],
    )  # fmt: skip


def targets_in_form(project: Project, report: Report, data: DataCode, *, scratch_style: bool) -> list[str]:
    """Statements that bring the targets of each part into the form of the loss."""
    dataset = report.dataset
    assert dataset is not None
    form: Callable[[str], str] = lambda targets: training.target_of(project, dataset, targets)  # noqa: E731
    if scratch_style and dataset.classes and LOSSES[project.recipe.loss].targets != "index":
        form = lambda targets: scratch.target_form(dataset).format(targets=targets)  # noqa: E731
    names = [f"{part}_targets" for part in data.parts]
    return [f"{name} = {form(name)}" for name in names if form(name) != name]


def _title(report: Report, project: Project) -> str:
    assert report.dataset is not None
    return f"{report.dataset.title}, {len(project.network)} layers: written by Torch Playground."


def _draws(project: Project) -> bool:
    """Whether a layer draws random numbers while it trains."""
    names = {"p", "dropout"}
    return any(one.name in names for _n, _p, layer in working(project.network) for one in LAYERS[layer.layer].arguments)
