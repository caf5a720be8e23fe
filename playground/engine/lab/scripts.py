"""Pages of the lab with samples or a network as scripts of Python that need nothing of this program: the samples are read
and the network is built as in the script of a project."""

from collections.abc import Sequence

from playground.core.data import Data
from playground.core.lab.functions import SURFACES
from playground.core.lab.messages import ShowNetwork, ShowPage
from playground.core.lab.neuron_scripts import line_training
from playground.core.lab.page import TOPICS
from playground.core.lab.scripts import race_parts
from playground.core.lab.topics import Autograd, Descent, Neuron
from playground.core.problem import Problem
from playground.core.project import Project, read_project
from playground.core.text import _
from playground.engine import code
from playground.engine.check import check
from playground.engine.code import recipe
from playground.engine.code.data import DRAWS, SEED_FOR, DataCode, data_code, reading_of
from playground.engine.code.layout import script as laid_out
from playground.engine.code.lines import Line, plain
from playground.engine.code.network import class_net
from playground.engine.lab import boundaries, samples
from playground.engine.lab.network_graphs import samples_of_batch
from playground.engine.loader import described


def script(of: ShowPage | ShowNetwork) -> str:
    """raises Problem: the page has no such script, or its project has none"""
    if isinstance(of, ShowNetwork):
        return _of_network(read_project(of.project, _("Project")), of.page)
    if of.descent is not None and of.descent.surface in SURFACES:
        return _of_race(of.descent)
    if of.neuron is not None:
        return _of_line(of.neuron)
    raise Problem(where=_("Lab"), what=_("this page has no script with samples"), fix=_("Copy another page"))


def _of_race(state: Descent) -> str:
    """On the loss of Linear(1, 1)."""
    if SURFACES[state.surface].samples == "california":
        data = data_code(samples.HOUSING, described(samples.HOUSING), 0, None)
        seed, made = 0, f"inputs, targets = train_inputs[:, {samples.INCOME}].double(), train_targets.double()"
    else:
        seed, data = state.seed, _drawn(Data(dataset="line"), state.seed)
        made = "inputs, targets = inputs.double().reshape(-1), targets.double()"
    height, race = race_parts(state)
    return _text("descent", data, seed, [made], race, functions=[height])


def _of_line(state: Neuron) -> str:
    asked = state.boundary
    options = boundaries.options_of(asked.data, asked.samples, asked.spread)
    data = _drawn(Data(dataset=asked.data, options=options), asked.seed)
    made = [
        "points, labels = inputs.double(), targets.double()",
        "points = (points - points.mean(0)) / points.std(0, correction=0).clamp_min(1e-12)",
    ]
    return _text("neuron", data, asked.seed, made, line_training(state))


def _drawn(data: Data, seed: int) -> DataCode:
    """Samples that the program makes, all of them, as they are made."""
    reading = reading_of(data, described(data), seed)
    functions = [SEED_FOR, DRAWS, *([reading.functions] if reading.functions else [])]
    return DataCode(
        ["import hashlib", "import torch", *reading.imports], functions, reading.body.strip("\n").split("\n")
    )


def _of_network(project: Project, state: Autograd) -> str:
    """backward() from the loss of the first samples of the first batch, and the norm of each slope after it."""
    report = check(project)
    rows = code.fitting_rows(report)
    code.refuse_unknown(project, report)
    assert report.dataset is not None
    data = data_code(project.data, report.dataset, project.recipe.seed, None)
    net = class_net(project.network, rows)
    targets = code.targets_in_form(project, report, data, scratch_style=False)[:1]  # those of the training part
    shuffled = 'torch.randperm(len(train_inputs), generator=draws_for("order", 0))'
    order = shuffled if project.data.shuffle else "torch.arange(len(train_inputs))"
    count = samples_of_batch(project, report.dataset.train)
    zero = "model.zero_grad()" if state.zero_grad else "pass  # model.zero_grad() is forgotten"
    body = [
        Line("# The network, and the loss of its first samples"),
        Line('torch.manual_seed(seed_for("weights"))'),
        *net.model,
        *recipe.loss(project.recipe, report.dataset),
        Line(f"chosen = {order}[:{count}]"),
        Line("x, y = train_inputs[chosen], train_targets[chosen]"),
        *([Line(f"x = {data.late}")] if data.late else []),
        Line("torch.manual_seed(SEED)"),
        Line("loss = loss_function(model(x), y)"),
        Line(f"for number in range({state.rounds}):"),
        Line(f"    {zero}"),
        Line("    loss.backward(retain_graph=True)"),
        Line("    for name, parameter in model.named_parameters():"),
        Line('        print(number + 1, f"{name}.grad", parameter.grad.norm().item())'),
    ]
    lines = laid_out(
        title=_title("autograd"),
        imports=[*data.imports, *net.imports, "from torch import nn"],
        settings=[f"SEED = {project.recipe.seed}", *(['DEVICE = "cpu"'] if recipe.weighs(project.recipe) else [])],
        functions=[*map(plain, data.functions), *net.definitions],
        sections=[plain("\n".join([*data.body, *targets])), body],
    )
    return "\n".join(line.text for line in lines) + "\n"


def _text(topic: str, data: DataCode, seed: int, made: list[str], body: str, functions: Sequence[str] = ()) -> str:
    """made: statements behind those that read the samples"""
    lines = laid_out(
        title=_title(topic),
        imports=data.imports,
        settings=[f"SEED = {seed}"],
        functions=[plain(one) for one in (*data.functions, *functions)],
        sections=[plain("\n".join([*data.body, *made])), plain(body.rstrip("\n"))],
    )
    return "\n".join(line.text for line in lines) + "\n"


def _title(topic: str) -> str:
    return f"{TOPICS[topic]}, a page of the lab: written by Torch Playground."
