"""The settings of projects as people read them, and which of them differ: for comparing runs, and before a fork."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from playground.core.arguments import in_effect, shown
from playground.core.class_weights import shown_weights
from playground.core.data import Data
from playground.core.datasets import DATASETS
from playground.core.layer import Layer
from playground.core.losses import LOSSES
from playground.core.network import walk
from playground.core.optimizers import OPTIMIZERS
from playground.core.preparations import PREPARATIONS
from playground.core.project import Project
from playground.core.recipe import Recipe
from playground.core.schedules import SCHEDULES
from playground.core.spec import Argument
from playground.core.text import _

DATA, NETWORK, RECIPE = _("Data"), _("Network"), _("Recipe")


class Setting(NamedTuple):
    """group: DATA, NETWORK or RECIPE;  name: of the field in it, as in forms and files;  value: for people"""

    group: str
    name: str
    value: str


class Compared(NamedTuple):
    """One setting of several projects. values: one for each, "" where it has no such setting"""

    group: str
    name: str
    values: tuple[str, ...]

    @property
    def differs(self) -> bool:
        """Whether they are not all the same."""
        return len(set(self.values)) > 1


def settings_of(project: Project) -> list[Setting]:
    """Every setting of a project, what is on its default included."""
    data = [Setting(DATA, name, value) for name, value in _data(project.data)]
    layers = [Setting(NETWORK, _layer_name(place), text) for place, text in enumerate(_layers(project))]
    return [*data, *layers, *(Setting(RECIPE, name, value) for name, value in _recipe(project.recipe))]


def compare(projects: Sequence[Project]) -> list[Compared]:
    """Every setting that one of the projects has, in order."""
    return [
        *_joined(DATA, [dict(_data(one.data)) for one in projects]),
        *_network([_layers(one) for one in projects]),
        *_joined(RECIPE, [dict(_recipe(one.recipe)) for one in projects]),
    ]


def changes(before: Project, after: Project) -> list[str]:
    """What was changed, each as "batch_size 64 → 32", layers that only one of them has beside a dash.

    Arguments that come and go with an optimizer or a loss are left out: its name says so.
    """
    differing = [one for one in compare([before, after]) if one.differs and (all(one.values) or one.group == NETWORK)]
    return [f"{one.name} {one.values[0] or '–'} → {one.values[1] or '–'}" for one in differing]


def _joined(group: str, columns: Sequence[Mapping[str, str]]) -> list[Compared]:
    names = dict.fromkeys(name for column in columns for name in column)
    return [Compared(group, name, tuple(column.get(name, "") for column in columns)) for name in names]


def _network(columns: Sequence[Sequence[str]]) -> list[Compared]:
    """Layers beside each other: those at the beginning that all have, those at the end that all have, and the rest."""
    if not columns:
        return []
    shortest, longest = min(map(len, columns)), max(map(len, columns))
    tail = 0
    if shortest != longest:
        head = _common([column[:shortest] for column in columns])
        tail = _common([column[head:][::-1] for column in columns])
    rows = []
    for place in range(longest):
        values = []
        for column in columns:
            behind = place - (longest - len(column))  # as counted from the end, where the last layers stand
            here = place if place < len(column) - tail else behind if place >= longest - tail else -1
            values.append(column[here] if here >= 0 else "")
        rows.append(Compared(NETWORK, _layer_name(place), tuple(values)))
    return rows


def _common(columns: Sequence[Sequence[str]]) -> int:
    """How many entries all begin with."""
    count = 0
    for entries in zip(*columns, strict=False):
        if len(set(entries)) > 1:
            break
        count += 1
    return count


def _layer_name(place: int) -> str:
    return _("layer {n}").format(n=place + 1)


def _layers(project: Project) -> list[str]:
    return [_layer_text(layer) for _path, layer in walk(project.network)]


def _layer_text(layer: Layer) -> str:
    arguments = ", ".join(f"{name} {shown(value)}" for name, value in layer.arguments.items())
    off = _("switched off") if layer.disabled else ""
    return " ".join(one for one in (layer.layer, arguments, f"({off})" if off else "") if one)


def _data(data: Data) -> Iterator[tuple[str, str]]:
    spec = DATASETS.get(data.dataset)
    yield "dataset", spec.title if spec else data.dataset
    yield from _arguments(spec.arguments if spec else (), data.options)
    steps = [(name, value) for step in data.preparation for name, value in step.items()]
    titles = {name: spec.title for name, spec in PREPARATIONS.items()}
    yield "preparation", ", ".join(_step(titles.get(name, name), value) for name, value in steps) or _("none")
    yield "subset", _("all") if data.subset is None else f"{data.subset:,}"
    yield "batch_size", shown(data.batch_size)
    yield "shuffle", shown(data.shuffle)
    yield "validation_fraction", shown(data.validation_fraction)
    yield "test_fraction", shown(data.test_fraction)
    yield "stratify", shown(data.stratify)


def _step(title: str, value: Any) -> str:
    return title if value is True else f"{title} {shown(value)}"


def _recipe(recipe: Recipe) -> Iterator[tuple[str, str]]:
    loss, optimizer = LOSSES.get(recipe.loss), OPTIMIZERS.get(recipe.optimizer_name)
    schedule = SCHEDULES.get(recipe.schedule_name)
    yield "loss", recipe.loss
    yield from _arguments(loss.arguments if loss else (), recipe.loss_options)
    yield "optimizer", recipe.optimizer_name
    yield from _arguments(optimizer.arguments if optimizer else (), recipe.optimizer_arguments)
    yield "schedule", recipe.schedule_name or _("none")
    for name, value in _arguments(schedule.arguments if schedule else (), recipe.schedule_arguments):
        yield f"schedule {name}", value
    yield "l1", shown(recipe.l1)
    yield "clip_norm", _("off") if recipe.clip_norm is None else shown(recipe.clip_norm)
    yield "patience", shown(recipe.patience) if recipe.patience else _("off")
    yield "precision", recipe.precision
    yield "epochs", f"{recipe.epochs:,}"
    yield "seed", str(recipe.seed)


def _arguments(declared: Sequence[Argument], pinned: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Arguments in effect, and pinned ones that nobody declared."""
    values = {**in_effect(declared, pinned, None), **pinned}
    weights = [one.name for one in declared if one.kind == "weights"]
    for name, value in values.items():
        if name in weights and isinstance(value, (list, tuple)):
            yield name, shown_weights(value)
        elif value is None:
            yield name, _("none") if name in weights else _("auto")
        else:
            yield name, shown(value)
