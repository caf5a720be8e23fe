"""What may be wrong with a run, told from its figures: quietly, the worst first, with the reason and ways out."""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from playground.core.arguments import in_effect, shown_power
from playground.core.edit import Edit, ReplaceKind, SetArgument, SetData, SetRecipe
from playground.core.layer import Layer
from playground.core.layers import LAYERS
from playground.core.network import Path, working
from playground.core.optimizers import OPTIMIZERS
from playground.core.problem import DIVERGED, MEMORY, PRECISION, Fault
from playground.core.project import Project
from playground.core.report import Fix
from playground.core.text import _
from playground.core.trouble import (
    LOOKS,
    WAITED,
    explodes,
    exploding,
    overfits_since,
    overfitting,
    stands_still,
    vanishes,
    vanishing,
)
from playground.session.history import History

DEAD, LEAST_DEAD = 0.5, 2  # share of a layer's units, and how many


class Trouble(NamedTuple):
    """text: one line;  short: where there is no room;  why: what it means and where it comes from;  fixes: of the project"""

    text: str
    short: str
    why: str
    fixes: tuple[Fix, ...] = ()


def troubles(edited: Project, history: History, classes: int, fastest: float) -> list[Trouble]:
    """edited: the document's project, which fixes change;  classes: 0 for numbers
    fastest: the largest update ratio that is healthy
    """
    checks = (
        _exploding(edited, history),
        _dead(edited, history),
        _vanishing(edited, history),
        _still(edited, history, classes),
        _overfitting(edited, history),
        _fast(edited, history, fastest),
    )
    return [found for found in checks if found is not None]


def ways_out(edited: Project, fault: Fault) -> tuple[Fix, ...]:
    """Of what ended a run by itself."""
    if fault.kind == DIVERGED:
        clip = () if edited.recipe.clip_norm else (_fix(_("Set clip norm to 1"), SetRecipe({"clip_norm": 1.0})),)
        return (*_other_rate(edited, 0.1), *clip)
    if fault.kind == PRECISION and edited.recipe.precision != "float32":
        return (_fix(_("Set precision to float32"), SetRecipe({"precision": "float32"})),)
    return _smaller_batch(edited, fault.batch_size) if fault.kind == MEMORY else ()


def short(fault: Fault) -> str:
    """What ended a run, where there is no room for the sentence."""
    if fault.kind == MEMORY and fault.batch_size:
        return _("Out of memory: batches of {n:,} would fit").format(n=fault.batch_size)
    if fault.kind == MEMORY:
        return _("Out of memory") if fault.batch_size is None else _("Out of memory: no batch size fits")
    return _("{where}: {what}").format(where=fault.where, what=fault.what.partition(";")[0])


def reason(fault: Fault) -> str:
    """Where what ended a run comes from, and what to do."""
    causes = _(
        "Causes: a learning rate or first weights that are too large, inputs or targets that are not scaled, a division by "
        "0 or a root or logarithm of it."
    )
    return f"{causes} {fault.fix}." if fault.kind == DIVERGED else f"{fault.fix}."


def _smaller_batch(edited: Project, fitting: int | None) -> tuple[Fix, ...]:
    """fitting: the largest that would fit; 0 where none does, None where nobody knows"""
    batch = edited.data.batch_size
    if fitting is None:
        fitting = 64 if batch == "all" else int(batch) // 2
    if not fitting or (batch != "all" and int(batch) <= fitting):
        return ()
    return (_fix(_("Set the batch size to {n}").format(n=fitting), SetData({"batch_size": fitting})),)


def _exploding(edited: Project, history: History) -> Trouble | None:
    means, first = _means(history.gradient_norms, _recent(history)), _means(history.gradient_norms, slice(0, LOOKS))
    path = exploding(means, first)
    if path is None:
        return None
    text = explodes(_called(history, path), means[path])
    why = _(
        "A step against such slopes throws the weights far off. Causes: a learning rate that is too large, weights that "
        "begin too large, or inputs and targets that are not scaled."
    )
    clip = () if edited.recipe.clip_norm else (_fix(_("Set clip norm to 1"), SetRecipe({"clip_norm": 1.0})),)
    return Trouble(text, _("slopes explode"), why, (*clip, *_other_rate(edited, 0.1)))


def _dead(edited: Project, history: History) -> Trouble | None:
    """Units that were 0 for every sample of every look since a setting was changed, in the layer with the most."""
    if not history.enough_looks:
        return None
    looks = history.recent_looks
    samples = sum(one.samples for one in looks)
    silent = {path: ~np.any([one.fired[path] for one in looks], axis=0) for path in looks[-1].fired}
    dead = {path: one for path, one in silent.items() if one.mean() >= DEAD and one.sum() >= LEAST_DEAD}
    if not dead:
        return None
    layer = max(
        (one for one in looks[-1].layers if tuple(one["path"]) in dead), key=lambda one: dead[tuple(one["path"])].mean()
    )
    units = dead[tuple(layer["path"])]
    figures = {"layer": f"{layer['index']} {layer['name']}", "n": int(units.sum()), "total": units.size}
    text = _("{layer}: {n} of {total} units are dead, 0 for each of {samples} samples").format(
        **figures, samples=samples
    )
    why = _(
        "A unit that is never above zero lets no slope through, so the weights in front of it no longer change. Causes: a "
        "learning rate that is too large threw them far below zero, first weights or a bias that are too low, inputs that "
        "are not scaled. What is dead stays so: train anew after a change."
    )
    return Trouble(text, _("{layer}: {n} of {total} units dead").format(**figures), why, _to_revive(edited))


def _to_revive(edited: Project) -> tuple[Fix, ...]:
    layers = [(path, layer) for _n, path, layer in working(edited.network)]
    leaky = tuple(ReplaceKind(path, "LeakyReLU") for path, layer in layers if layer.layer == "ReLU")
    drawn = tuple(SetArgument(path, "init", "kaiming_normal") for path, layer in _rectified(layers) if _is_drawn(layer))
    return (
        *_other_rate(edited, 0.1),
        *((_fix(_("Use LeakyReLU in place of ReLU"), *leaky),) if leaky else ()),
        *((_fix(_("Draw the first weights by kaiming_normal"), *drawn),) if drawn else ()),
    )


def _rectified(layers: Sequence[tuple[Path, Layer]]) -> list[tuple[Path, Layer]]:
    """The last layer that has first weights, in front of each ReLU."""
    found: dict[Path, Layer] = {}
    newest: tuple[Path, Layer] | None = None
    for path, layer in layers:
        if layer.layer in LAYERS and LAYERS[layer.layer].argument("init") is not None:
            newest = path, layer
        elif layer.layer == "ReLU" and newest is not None:
            found[newest[0]] = newest[1]
    return list(found.items())


def _is_drawn(layer: Layer) -> bool:
    """Whether its first weights are not drawn for a ReLU already."""
    return not str(layer.arguments.get("init", "default")).startswith("kaiming")


def _vanishing(edited: Project, history: History) -> Trouble | None:
    means = _means(history.gradient_norms, _recent(history))
    path = vanishing(means)
    if path is None:
        return None
    text = vanishes(_called(history, path), means[path])
    why = _(
        "This layer learns next to nothing, while others do. Slopes shrink on their way through many layers whose "
        "activation is flat (Sigmoid, Tanh), and stop at a ReLU that is never above zero: steps that were too large throw "
        "weights so far that nothing comes back."
    )
    flat = [(place, layer) for _n, place, layer in working(edited.network) if layer.layer in ("Sigmoid", "Tanh")]
    replaced = tuple(ReplaceKind(place, "ReLU") for place, _layer in flat)
    fixes: tuple[Fix, ...] = (_fix(_("Use ReLU in place of Sigmoid and Tanh"), *replaced),) if replaced else ()
    if not means[path]:  # thrown there, rather than worn away
        fixes += _other_rate(edited, 1 / 10)
    return Trouble(text, _("slopes vanish"), why, fixes)


def _still(edited: Project, history: History, classes: int) -> Trouble | None:
    text = stands_still(history.epochs, classes)
    if not text:
        return None
    why = _(
        "Causes: a learning rate that is much too small, or so large that every ReLU was pushed below zero at once; "
        "inputs that are not scaled; labels that have nothing to do with the inputs."
    )
    return Trouble(text, _("loss does not move"), why, (*_other_rate(edited, 10.0), *_other_rate(edited, 0.1)))


def _overfitting(edited: Project, history: History) -> Trouble | None:
    since = 0 if history.best_is_back else overfits_since(history.epochs)  # those weights are from before it
    if not since:
        return None
    why = _(
        "The network learns its training samples by heart, and gets worse on others. More or augmented samples help, a "
        "smaller network, Dropout, weight decay, or to stop at the best epoch."
    )
    fixes = []
    if not edited.recipe.patience:
        fixes.append(
            _fix(
                _("Set patience to {n}: stop, and keep the best weights").format(n=WAITED),
                SetRecipe({"patience": WAITED}),
            )
        )
    decay = _setting(edited, "weight_decay")
    if decay is not None and decay < 0.01:
        fixes.append(_fix(_("Set weight_decay to 0.01"), _with_setting(edited, "weight_decay", 0.01)))
    return Trouble(overfitting(since), _("overfitting since epoch {n}").format(n=since), why, tuple(fixes))


def _fast(edited: Project, history: History, fastest: float) -> Trouble | None:
    means = {path: mean for path, mean in _means(history.update_ratios, _recent(history)).items() if mean > fastest}
    if not means:
        return None
    path = max(means, key=lambda one: means[one])
    layer, ratio = _called(history, path), shown_power(means[path])
    text = _("{layer}: update ratio {ratio} is above the healthy band").format(layer=layer, ratio=ratio)
    short = _("{layer}: update ratio {ratio}, too high").format(layer=layer, ratio=ratio)
    why = _("Each step changes the weights by more than {high} of their size. A lower learning rate helps.")
    return Trouble(text, short, why.format(high=shown_power(fastest)), _other_rate(edited, 1 / 3))


def _recent(history: History) -> slice:
    """The newest looks, without those before a setting was changed: what was mended is not told any longer."""
    since = history.steered[-1].step if history.steered else -1
    first = int(np.searchsorted(history.slope_steps, since, side="right"))
    return slice(max(first, len(history.slope_steps) - LOOKS), None)


def _means(values: dict[Path, Any], part: slice) -> dict[Path, float]:
    chosen = {path: part_of for path, one in values.items() if (part_of := one[part]).size}
    # `np.mean` takes four times as long for a few numbers, and a long network has hundreds of layers
    return {path: float(np.add.reduce(one, dtype=np.float64)) / one.size for path, one in chosen.items()}


def _called(history: History, path: Path) -> str:
    layer = next(one for one in history.slope_layers if tuple(one["path"]) == path)
    return f"{layer['index']} {layer['name']}"


def _setting(edited: Project, name: str) -> float | None:
    """What an argument of the optimizer is; None where it has no such one, or it is none that can be."""
    spec = OPTIMIZERS.get(edited.recipe.optimizer_name)
    value = in_effect(spec.arguments, edited.recipe.optimizer_arguments, None).get(name) if spec else None
    return float(value) if isinstance(value, (int, float)) and not isinstance(value, bool) else None


def _with_setting(edited: Project, name: str, value: float) -> SetRecipe:
    recipe = edited.recipe
    return SetRecipe({"optimizer": {recipe.optimizer_name: {**recipe.optimizer_arguments, name: value}}})


def _other_rate(edited: Project, times: float) -> tuple[Fix, ...]:
    rate = _setting(edited, "lr")
    if not rate:
        return ()
    rate = float(f"{rate * times:.1g}")
    return (_fix(_("Set lr to {rate:g}").format(rate=rate), _with_setting(edited, "lr", rate)),)


def _fix(label: str, *edits: Edit) -> Fix:
    return Fix(label, edits)
