"""An evaluation in figures and words."""

from typing import Any

from playground.core.messages import Picture
from playground.core.spec import DatasetSpec
from playground.core.text import _, plural
from playground.session.history import numbers
from playground.window.data import drawing
from playground.window.panels._class_bars import ClassFigure, share_text
from playground.window.panels._figures import Figure
from playground.window.plots.axis import figure_text

_NAMES = {  # part -> names of its accuracy, its loss
    "test": (_("Test accuracy"), _("Test loss")),
    "validation": (_("Validation accuracy"), _("Validation loss")),
}


def why_empty(session: Any, picture: Picture | None) -> str:
    """Why there is no result, a sentence."""
    if picture is not None and picture.fault:
        return picture.fault
    report = session.client.report
    if report is not None and not report.fits:
        return _("The network does not fit yet. Once it does and is trained, you see here how good it is.")
    return _("The network is tested at the end of each epoch, and whenever you press Test now.")


def class_names(picture: Picture, spec: DatasetSpec | None) -> list[str]:
    """The classes as people can see them: of a text they are characters."""
    names = picture.facts["classes"]
    is_text = spec is not None and spec.kind == "text" and len(spec.classes) == len(names)
    return [drawing.character(number, tuple(names)) for number in range(len(names))] if is_text else list(names)


def figures_of(picture: Picture, spec: DatasetSpec | None) -> list[Figure]:
    """The figures above all others. spec: of the data set"""
    facts = picture.facts
    accuracy, loss = _NAMES[facts["part"]]
    found = []
    if "accuracy" in facts:
        found.append(Figure(accuracy, share_text(facts["accuracy"])))
    if "r2" in facts:
        names = {"r2": _("R²"), "rmse": _("RMSE"), "mae": _("MAE")}
        found += [Figure(name, figure_text(facts[key], 3)) for key, name in names.items()]
    found.append(Figure(loss, figure_text(facts["loss"], 3)))
    if "top_k" in facts:
        top = facts["top_k"]
        found.append(Figure(_("Top-{k} accuracy").format(k=top["k"]), share_text(top["accuracy"])))
    return [*found, *_of_classes(picture, spec)] if "confusion" in picture.arrays else found


def _of_classes(picture: Picture, spec: DatasetSpec | None) -> list[Figure]:
    figures = class_figures(picture, spec)
    samples = _("of {n:,}").format(n=picture.facts["samples"])
    right = Figure(_("Correct"), f"{sum(one.found for one in figures):,}", samples)
    known = [one for one in figures if one.recall is not None]
    if not known:
        return [right]
    weakest = min(known, key=lambda one: one.recall or 0.0)
    return [right, Figure(_("Weakest class"), weakest.name, share_text(weakest.recall))]


def class_figures(picture: Picture, spec: DatasetSpec | None) -> list[ClassFigure]:
    """What is known of each class. spec: of the data set"""
    facts, counts = picture.facts, numbers(picture.arrays["confusion"])
    shares = zip(class_names(picture, spec), facts["recall"], facts["precision"], strict=True)
    return [
        ClassFigure(name, recall, precision, int(counts[number, number]), int(counts[number].sum()))
        for number, (name, recall, precision) in enumerate(shares)
    ]


def note_of(picture: Picture) -> str:
    """When the network was tested."""
    facts = picture.facts
    epochs = plural("after {n} epoch", "after {n} epochs", facts["epoch"])
    return _("{epochs}, at step {step:,}").format(epochs=epochs, step=facts["step"])
