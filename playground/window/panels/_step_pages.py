"""What is seen of each stage of a step."""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import numpy as np
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from playground.core.arguments import shown_shape
from playground.core.messages import Picture
from playground.core.spec import DatasetSpec
from playground.core.text import _, plural
from playground.session.history import numbers
from playground.window.data import drawing
from playground.window.data.batch_page import BatchStrip
from playground.window.data.segments import Segments
from playground.window.layer_list.panel import hairline
from playground.window.panels._maps_view import MapsView, Section
from playground.window.panels._step_table import Entry, StageTable
from playground.window.panels._step_values import ValuesView
from playground.window.plots.axis import figure_text
from playground.window.scrolling import ScrollArea


class Seen(NamedTuple):
    """What the probe `one_step` told. spec: of the data set, None where it is not known"""

    facts: Mapping[str, Any]
    arrays: Mapping[str, np.ndarray]
    spec: DatasetSpec | None

    @classmethod
    def of(cls, picture: Picture, spec: DatasetSpec | None) -> "Seen":
        return cls(picture.facts, {name: numbers(one) for name, one in picture.arrays.items()}, spec)


class Page(QWidget):
    """A sentence, and what is seen."""

    def __init__(self) -> None:
        super().__init__()
        self.said = QLabel()
        self.said.setProperty("role", "secondary")
        self.said.setWordWrap(True)
        self.said.setContentsMargins(16, 4, 16, 4)
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(0, 0, 0, 0)
        self.column.setSpacing(4)
        self.column.addWidget(self.said)

    def add_table(self, table: StageTable) -> None:
        """Its cells have a margin of their own."""
        holder = QVBoxLayout()
        holder.setContentsMargins(9, 0, 6, 0)
        holder.addWidget(table)
        self.column.addLayout(holder, 3)
        self.rule = hairline()
        self.column.addWidget(self.rule)

    def show_step(self, seen: Seen) -> None:
        """Draw what this stage does."""


def tensor_text(told: Mapping[str, Any]) -> str:
    """A tensor in a line: shape, type and its figures."""
    parts = [shown_shape(tuple(told["shape"])), told["dtype"]]
    for name, title in (("min", _("min")), ("mean", _("mean")), ("max", _("max")), ("std", _("std"))):
        if name in told:
            parts.append(f"{title} {figure_text(told[name], 3)}")
    return "  ".join(parts)


def parameter_title(told: Mapping[str, Any]) -> str:
    """ "1 Conv2d · weight" """
    return f"{told['index']} {told['layer']} · {told['name'].rpartition('.')[2]}"


class _Strip(QWidget):
    """Samples of the batch with a text each, and a line of facts below."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.strip = BatchStrip(name)
        self.facts = QLabel()
        self.facts.setProperty("role", "small")
        self.facts.setWordWrap(True)
        self.facts.setContentsMargins(16, 4, 16, 8)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 4, 0, 0)
        column.setSpacing(4)
        column.addWidget(self.strip)
        column.addWidget(self.facts)
        column.addStretch(1)

    def show_samples(self, seen: Seen, chosen: np.ndarray, labels: list[str]) -> None:
        """chosen: places of samples in the batch;  labels: a text for each"""
        inputs = seen.arrays["inputs"]
        scale = drawing.Scale(0.0, 1.0)
        if "min" in seen.facts["inputs"]:
            low, high = seen.facts["inputs"]["min"], seen.facts["inputs"]["max"]
            scale = drawing.Scale(low, high) if low < high else drawing.Scale(low - 0.5, low + 0.5)
        if seen.spec is not None:
            self.strip.show_batch(inputs[chosen], labels, seen.spec, scale)


class BatchPage(Page):
    """Stage 1: the samples and what is right for each."""

    def __init__(self) -> None:
        super().__init__()
        self._strip = _Strip(_("The batch of this step"))
        self.column.addWidget(ScrollArea(self._strip, keyboard=True), 1)

    def show_step(self, seen: Seen) -> None:
        facts, shown = seen.facts, len(seen.arrays["inputs"])
        count = facts["inputs"]["shape"][0]
        text = _("{samples} of epoch {epoch:,}, as the network gets them, each with what is right for it.")
        samples = plural("{n} sample", "{n} samples", count)
        if shown < count:
            text = _("{samples} of epoch {epoch:,}, as the network gets them; the first {shown} are shown.")
        self.said.setText(text.format(samples=samples, epoch=facts["epoch"] + 1, shown=shown))
        labels = [drawing.class_name(float(one), seen.spec) for one in seen.arrays["targets"][:shown]]
        self._strip.show_samples(seen, np.arange(shown), labels)
        told = facts["targets"]
        if told["dtype"].startswith("int"):  # the mean of labels says nothing
            told = {"shape": told["shape"], "dtype": told["dtype"]}
        inputs, targets = tensor_text(facts["inputs"]), tensor_text(told)
        self._strip.facts.setText(_("x: {inputs}\ny: {targets}").format(inputs=inputs, targets=targets))


class ForwardPage(Page):
    """Stage 2. layer_chosen: path of the layer whose output is to be seen;  mode_chosen: "train" or "eval" """

    layer_chosen = Signal(object)
    mode_chosen = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self._paths: list[tuple[int, ...]] = []
        self.modes = Segments({"train": _("train mode"), "eval": _("eval mode")}, _("Mode of the network in this step"))
        self.modes.setToolTip(_("In train mode Dropout drops values, and BatchNorm takes the figures of this batch"))
        self.modes.chosen.connect(self.mode_chosen)
        head = QHBoxLayout()
        head.setContentsMargins(0, 0, 16, 0)
        self.column.removeWidget(self.said)
        head.addWidget(self.said, 1)
        head.addWidget(self.modes)
        self.column.addLayout(head)
        self.table = StageTable(
            _("What each layer makes of the batch"),
            (_("Layer"), _("Output"), _("Mean"), _("Std"), _("Mode")), _("Values"),
        )  # fmt: skip
        self.table.chosen.connect(lambda row: self.layer_chosen.emit(self._paths[row]))
        self.output = MapsView()
        self.add_table(self.table)
        self.column.addWidget(ScrollArea(self.output, keyboard=True), 2)

    def show_step(self, seen: Seen) -> None:
        layers, chosen = seen.facts["layers"], seen.facts["layer"]
        self._paths = [tuple(one["path"]) for one in layers]
        self.said.setText(_("What each layer makes of the batch. Choose one to see its output for the first sample."))
        entries = [
            Entry(
                (f"{one['index']} {one['name']}", shown_shape(tuple(one["shape"])), _figure(one, "mean"),
                 _figure(one, "std"), one["mode"]), tuple(one.get("counts", ())),
            )
            for one in layers
        ]  # fmt: skip
        self.table.show_entries(entries, self._paths.index(tuple(chosen["path"])))
        maps = seen.arrays["output"]
        title = f"{chosen['index']} {chosen['name']}  {shown_shape(maps.shape)}"
        if len(maps) < chosen["total"]:
            title += _("  of {total:,}").format(total=chosen["total"])
        self.output.show_maps(None, [Section(title, maps)], True, "")


class LossPage(Page):
    """Stage 3: one number, and what each sample adds to it."""

    def __init__(self) -> None:
        super().__init__()
        self._strip = _Strip(_("The samples of the batch, the largest loss first"))
        self.column.addWidget(ScrollArea(self._strip, keyboard=True), 1)

    def show_step(self, seen: Seen) -> None:
        loss, each = seen.facts["loss"], seen.arrays["losses"]
        text = _("{name} = {value}: the mean over {samples}, the largest first.")
        if not len(each):
            text = _("{name} = {value}")
        samples = plural("{n} sample", "{n} samples", len(each))
        value = figure_text(loss["value"], 4)
        self.said.setText(text.format(name=loss["name"], value=value, samples=samples))
        shown = min(len(seen.arrays["inputs"]), len(each))
        order = np.argsort(-np.nan_to_num(each[:shown], nan=np.inf), kind="stable")
        self._strip.show_samples(seen, order, [self._label(seen, place, shown <= 32) for place in order])
        self._strip.facts.setText(self._facts(seen))

    @staticmethod
    def _label(seen: Seen, place: int, wide: bool) -> str:
        """The loss of a sample; where there is room also for what it was taken, where that is wrong."""
        value = figure_text(float(seen.arrays["losses"][place]), 2)
        if not wide or "predictions" not in seen.arrays:
            return value
        right, found = seen.arrays["targets"][place], seen.arrays["predictions"][place]
        names = [drawing.class_name(float(one), seen.spec) for one in (right, found)]
        return f"{names[0]}→{names[1]}  {value}" if right != found and max(map(len, names)) <= 2 else value

    def _facts(self, seen: Seen) -> str:
        text = _("loss of each sample: {tensor}").format(tensor=tensor_text(seen.facts["loss"]))
        if "predictions" in seen.arrays:
            right = int((seen.arrays["predictions"] == seen.arrays["targets"]).sum())
            total = len(seen.arrays["targets"])
            text += "\n" + _("right: {right} of {total} samples").format(right=right, total=total)
        return text


class ParameterPage(Page):
    """A table of all parameters. weight_chosen: name of the one that is chosen, and the place in it or None"""

    weight_chosen = Signal(str, object)

    def __init__(self, name: str, headings: tuple[str, ...], picture: str = "") -> None:
        super().__init__()
        self._names: list[str] = []
        self.table = StageTable(name, headings, picture)
        self.table.chosen.connect(lambda row: self.weight_chosen.emit(self._names[row], None))
        self.add_table(self.table)

    def show_rows(self, seen: Seen, cells: Callable[[Mapping[str, Any]], tuple[str, ...]]) -> None:
        """cells: of a parameter, behind its title"""
        parameters = seen.facts["parameters"]
        self._names = [one["name"] for one in parameters]
        entries = [Entry((parameter_title(one), *cells(one)), tuple(one.get("counts", ()))) for one in parameters]
        self.table.show_entries(entries, self._names.index(seen.facts["weight"]["name"]))


class ZeroGradPage(ParameterPage):
    """Stage 4: what stood in `.grad`, and what stands there now."""

    def __init__(self) -> None:
        super().__init__(
            _("Gradients before and after zero_grad"),
            (_("Parameter"), _("Shape"), _("‖grad‖ before"), _("‖grad‖ after")),
        )
        self.skipped = False
        self.rule.hide()  # nothing stands below the table

    def show_step(self, seen: Seen) -> None:
        if seen.facts["weight"]["kept"] is None:
            text = _("The gradients of the last step were not looked at; take one step to see them here.")
        elif self.skipped:
            text = _("Skipped: the gradients of the last step stay, and the new ones are added to them.")
        else:
            text = _("PyTorch adds each new gradient to what stands in .grad, so the old ones are forgotten first.")
        self.said.setText(text)
        self.show_rows(seen, self._cells)

    def _cells(self, told: Mapping[str, Any]) -> tuple[str, ...]:
        before = "–" if told["kept"] is None else figure_text(told["kept"], 4)
        return shown_shape(tuple(told["shape"])), before, before if self.skipped else "0"


class BackwardPage(ParameterPage):
    """Stage 5: how the loss changes with each weight."""

    def __init__(self) -> None:
        super().__init__(_("Gradients of the loss"), (_("Parameter"), _("Shape"), _("‖grad‖"), _("Std")), _("Values"))
        self._name = ""
        self.values, self.facts = ValuesView(), QLabel()
        self.facts.setProperty("role", "small")
        self.facts.setContentsMargins(16, 2, 16, 6)
        self.values.chosen.connect(lambda flat: self.weight_chosen.emit(self._name, flat))
        self.column.addWidget(self.values, 2)
        self.column.addWidget(self.facts)

    def show_step(self, seen: Seen) -> None:
        self.said.setText(_("How the loss changes with each weight. Choose a parameter, and a weight in its picture."))
        self.show_rows(
            seen,
            lambda one: (shown_shape(tuple(one["shape"])), figure_text(one["norm"], 4), _figure(one, "std")),
        )
        self._name = seen.facts["weight"]["name"]
        told = next(one for one in seen.facts["parameters"] if one["name"] == self._name)
        self.facts.setText(f"{parameter_title(told)}:  {tensor_text(told)}")
        show_values(self.values, seen, "gradient")


def show_values(view: ValuesView, seen: Seen, name: str) -> None:
    """The parameter of the chosen weight as a picture. name: of the array"""
    weight = seen.facts["weight"]
    shape = tuple(weight["shape"])
    flat = int(np.ravel_multi_index(tuple(weight["index"]), shape)) if shape else 0
    view.show_values(seen.arrays[name], tuple(seen.facts["part"]), shape, seen.arrays["places"], flat)


def _figure(told: Mapping[str, Any], name: str) -> str:
    return figure_text(told[name], 3) if name in told else "–"
