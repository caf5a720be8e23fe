"""The drawings of an evaluation: one page for classes, one for numbers. They show a picture of the probe `evaluation`."""

from collections.abc import Callable
from typing import Any

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtGui import QFontMetrics, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QStackedWidget, QVBoxLayout, QWidget

from playground.core.messages import Picture
from playground.core.spec import DatasetSpec
from playground.core.text import _
from playground.session.history import numbers
from playground.window.data.segments import Segments
from playground.window.layer_list.panel import hairline
from playground.window.panels._class_bars import ClassBars
from playground.window.panels._confusion import ConfusionMatrix
from playground.window.panels._diagonal_plots import PairsPlot, ResidualBars, RocPlot
from playground.window.panels._evaluation_words import class_figures, class_names, figures_of, note_of
from playground.window.panels._figures import Figures
from playground.window.panels.base import AgeLine, toggle
from playground.window.theme import theme
from playground.window.words import Words

_MOST_POINTS = 2_000  # of a scatter plot
FIGURES = {"counts": _("Counts"), "rates": _("Rates")}


class EvaluationView(QWidget):
    """The large figures, and below them the page that fits, or a sentence."""

    def __init__(self, choose_cell: Callable[[int, int], Any]) -> None:
        super().__init__()
        self._shown: Picture | None = None
        self._spec: DatasetSpec | None = None
        self.figures, self.age = Figures(), AgeLine()
        self.classes, self.numbers = ClassesPage(choose_cell), NumbersPage()
        self.message = QLabel()
        self.message.setProperty("role", "quiet")
        self.message.setWordWrap(True)
        self.message.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.message.setContentsMargins(24, 0, 24, 0)
        self._line = hairline()
        self._stack = QStackedWidget()
        for page in (self.message, self.classes, self.numbers):
            self._stack.addWidget(page)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for widget in (self.age, self.figures, self._line):
            column.addWidget(widget)
        column.addWidget(self._stack, 1)

    def show_result(self, picture: Picture, spec: DatasetSpec | None, old: bool) -> None:
        """Draw it, unless it is there already. spec: of the data set;  old: it is from before an edit"""
        self.age.show_age(picture if old else None)
        if spec != self._spec or not _same(picture, self._shown):
            self._draw(picture, spec)
        self._shown, self._spec = picture, spec

    def show_nothing(self, why: str) -> None:
        """Show a sentence instead."""
        self._shown = None
        self.age.show_age(None)
        self._show_figures(False)
        self.message.setText(why)
        self._stack.setCurrentWidget(self.message)

    def _draw(self, picture: Picture, spec: DatasetSpec | None) -> None:
        self.figures.show_figures(figures_of(picture, spec), note_of(picture))
        self._show_figures(True)
        if "confusion" in picture.arrays:
            self.classes.show_result(picture, spec)
            self._stack.setCurrentWidget(self.classes)
        elif "true" in picture.arrays:
            self.numbers.show_result(picture, spec.target if spec is not None else "")
            self._stack.setCurrentWidget(self.numbers)
        else:
            text = _("Only the loss is known: the outputs are too many to keep, or there is not one for each class.")
            self.message.setText(text)
            self._stack.setCurrentWidget(self.message)

    def _show_figures(self, shown: bool) -> None:
        for widget in (self.figures, self._line):
            widget.setVisible(shown)


class ClassesPage(QWidget):
    """Confusion matrix, accuracy of each class, and for two classes the ROC curve."""

    def __init__(self, choose_cell: Callable[[int, int], Any]) -> None:
        super().__init__()
        self.matrix, self.bars, self.roc = ConfusionMatrix(), ClassBars(), RocPlot()
        self.matrix.chosen.connect(choose_cell)
        self.figures = Segments(FIGURES, _("Figures of the confusion matrix"))
        self.figures.chosen.connect(lambda key: self.matrix.show_rates(key == "rates"))
        tip = _("Classes that are found least on top; off: in the order of their labels")
        self.worst_first = toggle(_("Worst first"), tip, False, self.bars.show_worst_first)
        self.auc = Note()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        short = _("rows true, columns predicted")
        rule = Note(_("rows true, columns predicted; only mistakes are coloured"), short)
        row.addLayout(_column((_heading(_("Confusion"), rule, self.figures), 0), (self.matrix, 1)), 1)
        row.addWidget(hairline("vertical"))
        guess = Note(_("the dashed line is what guessing finds"), _("dashed: guessing"))
        self._roc_head = _heading(_("ROC"), self.auc)
        right = _column(
            (_heading(_("Accuracy per class"), guess, self.worst_first), 0),
            (self.bars, 1),
            (self._roc_head, 0),
            (self.roc, 1),
        )
        row.addLayout(right, 1)

    def show_result(self, picture: Picture, spec: DatasetSpec | None) -> None:
        """spec: of the data set"""
        facts, counts = picture.facts, numbers(picture.arrays["confusion"])
        names = class_names(picture, spec)
        self.matrix.show_counts(counts, names)
        self.bars.show_figures(class_figures(picture, spec), 1 / max(1, len(names)))
        curve = picture.arrays.get("roc")
        for widget in (self._roc_head, self.roc):
            widget.setVisible(curve is not None)
        self.worst_first.setVisible(len(names) > 2)
        few = curve is not None
        self.bars.setMaximumHeight(self.bars.height_of_all if few else 1 << 20)
        if curve is not None:
            self.roc.show_curve(numbers(curve))
            area = _("area {area:.3f}").format(area=facts["auc"])
            text = _("{area}; “{name}” found, over those wrongly taken for it").format(area=area, name=names[1])
            self.auc.say(text, area)


class NumbersPage(QWidget):
    """Numbers predicted against true, and how far off they are."""

    def __init__(self) -> None:
        super().__init__()
        self.pairs, self.residuals = PairsPlot(), ResidualBars()
        self._shown = Note()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addLayout(_column((_heading(_("Predicted against true"), self._shown), 0), (self.pairs, 1)), 1)
        row.addWidget(hairline("vertical"))
        rule = Note(_("true − predicted; none at the dashed line"), _("true − predicted"))
        row.addLayout(_column((_heading(_("Residuals"), rule), 0), (self.residuals, 1)), 1)

    def show_result(self, picture: Picture, target: str) -> None:
        """target: name and unit of what is predicted"""
        true, predicted = numbers(picture.arrays["true"]), numbers(picture.arrays["predicted"])
        some = np.linspace(0, len(true) - 1, min(len(true), _MOST_POINTS)).round().astype(np.int64)
        true, predicted = true[some], predicted[some]
        self.pairs.show_pairs(true, predicted, target)
        counts, edges = numbers(picture.arrays["counts"]), numbers(picture.arrays["edges"])
        self.residuals.show_residuals(counts, edges)
        samples = _("{shown:,} of {samples:,} samples").format(shown=len(true), samples=picture.facts["samples"])
        self._shown.say(_("equal on the dashed line; {samples}").format(samples=samples), samples)


class Note(Words):
    """A quiet text beside a title: the longest of its wordings that has room, or none."""

    def __init__(self, *wordings: str) -> None:
        super().__init__("small", "text_secondary")
        self._wordings: tuple[str, ...] = ()
        self.say(*wordings)

    def say(self, *wordings: str) -> None:
        """wordings: longest first"""
        self._wordings = wordings
        self.setToolTip(wordings[0] if wordings else "")
        self._choose()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._choose()

    def _choose(self) -> None:
        metrics = QFontMetrics(theme().font("small"))
        fitting = (one for one in self._wordings if metrics.horizontalAdvance(one) <= self.width())
        self.setText(next(fitting, ""))

    def _cut(self) -> None:
        self._shown = self._text  # what is too long is not here; the tool tip says the longest


def _heading(title: str, *more: QWidget) -> QWidget:
    """A line above a drawing: its title, a quiet text, controls at the right."""
    line = QWidget()
    line.setMinimumHeight(theme().size("dock_header"))  # the same beside one that has a control
    row = QHBoxLayout(line)
    row.setContentsMargins(16, 0, 12, 0)
    row.setSpacing(8)
    name = QLabel(title)
    name.setProperty("role", "title")
    row.addWidget(name)
    for widget in more:
        row.addWidget(widget, 1 if isinstance(widget, Words) else 0)
    row.setAlignment(Qt.AlignmentFlag.AlignVCenter)
    return line


def _column(*parts: tuple[QWidget, int]) -> QVBoxLayout:
    """Widgets below each other, each with its share of the room."""
    column = QVBoxLayout()
    column.setContentsMargins(0, 0, 0, 8)
    column.setSpacing(0)
    for widget, share in parts:
        column.addWidget(widget, share)
    return column


def _same(picture: Picture, shown: Picture | None) -> bool:
    """Whether both say the same of the part; samples that are looked at do not matter here."""
    if shown is None or picture.facts.keys() != shown.facts.keys():
        return False
    drawn = ("confusion", "roc", "true", "predicted", "counts", "edges")
    return all(picture.facts[key] == shown.facts[key] for key in picture.facts if key != "total") and all(
        picture.arrays.get(name) == shown.arrays.get(name) for name in drawn
    )
