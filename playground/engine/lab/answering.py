"""The workbench's answers about pages of the lab."""

from collections.abc import Callable

from playground.core.lab.messages import Ask, ShowBench, ShowNetwork, ShowPage, ShowPair, TryLines, WriteScript
from playground.core.lab.told import Refused, Told, Written
from playground.core.problem import Problem
from playground.core.project import Project, read_project
from playground.core.text import _
from playground.engine.lab import boundaries, comparisons, graphs, neurons, races, sliders, slopes, trials
from playground.engine.lab.bench import Computed
from playground.engine.lab.refusal import LineProblem
from playground.engine.loader import Prepared, prepare


def _prepared(project: Project) -> Prepared:
    return prepare(project.data, project.recipe.seed)


def answer(ask: Ask, samples: Callable[[Project], Prepared] = _prepared) -> Told:
    """What is told of a page. samples: of a project whose network is looked at

    raises Problem: it asks for what there is not
    """
    try:
        match ask:
            case ShowBench():
                return Computed(ask.lines, ask.seed, ask.watched).told(ask.glances)
            case ShowPair():
                return _pair(ask)
            case TryLines():
                return trials.tried(ask)
            case ShowPage():
                return _page(ask)
            case ShowNetwork():
                from playground.engine.lab.network_graphs import network_graph  # with what names the layers of a script

                project = read_project(ask.project, _("Project"))
                return network_graph(project, ask.page, samples(project))
            case WriteScript():
                from playground.engine.lab.scripts import script  # with what writes scripts of projects

                return Written(script(ask.of))
    except LineProblem as problem:
        return Refused(problem.line_fault)


def _pair(ask: ShowPair) -> Told:
    values = Computed(ask.lines, ask.seed).values
    match ask.view:
        case "kinds":
            return comparisons.side_by_side(ask.left, ask.right, values)
        case "ways out":
            return comparisons.ways_out(ask.left, ask.right, values, ask.sign)
    left, right = (comparisons.operand(text, values) for text in (ask.left, ask.right))
    if ask.view == "broadcast":
        return comparisons.broadcast(tuple(left.shape), tuple(right.shape))
    return comparisons.product(left, right, ask.place)


def _page(ask: ShowPage) -> Told:
    if ask.slopes is not None:
        return slopes.curves(ask.slopes)
    if ask.descent is not None:
        return races.races(ask.descent) if ask.descent.surface else slopes.descend(ask.descent)
    if ask.autograd is not None:
        return graphs.graph(ask.autograd)
    if ask.neuron is not None:
        return boundaries.boundary(ask.neuron) if ask.neuron.section == "line" else neurons.neuron(ask.neuron)
    if ask.convolution is not None:
        return sliders.windowed(ask.convolution, ask.script)
    raise Problem(where=_("Lab"), what=_("no page was asked about"), fix=_("Open a page"))
