"""The loss: every step, its average, and the test part after each epoch; the validation part, where there is one."""

from typing import Any

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtGui import QPen, QResizeEvent
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from playground.core.messages import EpochReport
from playground.core.spec import PanelSpec
from playground.core.text import _
from playground.session.history import History
from playground.window.panels._end_marks import EndMarks
from playground.window.panels._steered_marks import SteeredMarks
from playground.window.panels.base import Panel, hundredths, toggle
from playground.window.plots.axis import figure_text, shown_until
from playground.window.plots.legend import GivingLabel, Legend
from playground.window.plots.plot import Plot, cosmetic, span_of
from playground.window.plots.pyramid import Pyramid, Smoother
from playground.window.plots.readout import Crosshair, Line, Mark
from playground.window.theme import theme

AT_ONCE = 50_000  # steps that one drawing takes in, so that a long history never blocks the window
FIRST_FACTOR = 0.9
ROOMY, SHORT = 400, 280  # px, below which the title bar has no room for the names of the curves; for a figure
VALIDATION = 92  # px, that one more name takes


class LossPanel(Panel):
    """Train loss of every step (thin), its moving average, and the test loss of every epoch (dashed); dotted that of the
    validation part, which early stopping, the schedule on a plateau and the remark on overfitting judge by."""

    def __init__(self, session: Any) -> None:
        super().__init__(session)
        self._factor, self._by_epoch, self._is_validated = FIRST_FACTOR, False, False
        self.plot = Plot()
        self._raw = self.plot.curve(self._pen("raw"))
        self._smooth = self.plot.curve(self._pen("smooth"), antialias=True)
        self._test = self.plot.curve(self._pen("test"), antialias=True)
        self._validation = self.plot.curve(self._pen("validation"), antialias=True)
        self.ends = EndMarks(self.plot)
        self.changes = SteeredMarks(self.plot)
        self._empty = QLabel(_("Press Train to see the loss fall."), self.plot)
        self._empty.setProperty("role", "quiet")
        self._empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._readout = Crosshair(self.plot, self._read, self._marks)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 8)
        layout.addWidget(self.plot)
        self._figure = QLabel(figure_text(FIRST_FACTOR))
        self._figure.setMinimumWidth(28)
        self._legend, self._legend_inside = Legend(self._names()), Legend(self._names())
        self._legend_inside.setParent(self.plot)
        self._forget()
        session.training.history_reset.connect(self._forget)

    def header_widgets(self) -> list[QWidget]:
        name = GivingLabel(_("Smooth"))
        self._figure.setProperty("role", "small")
        tip = _("Moving average: each point keeps this share of the one before it.")
        slider = hundredths(self._factor, _("Smoothing of the train loss"), self._set_factor)
        for one in (name, slider):
            one.setToolTip(tip)
        by_epoch = toggle(_("Epochs"), _("One point an epoch: mean train loss, test loss"), False, self._set_by_epoch)
        log = toggle(_("Log"), _("Logarithmic axis: each line is ten times the one below"), True, self._set_log)
        return [self._legend, name, slider, self._figure, by_epoch, log]

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Where the title bar is short, the names of the curves stand in the corner that a falling loss leaves free."""
        super().resizeEvent(event)
        self._place_legend()
        self.request_refresh()  # in as many stretches as it is wide

    def _place_legend(self) -> None:
        roomy = self.width() >= (ROOMY + VALIDATION * self._is_validated) * theme().text_scale
        if self._legend.parentWidget() is not None:  # it stands in a title bar
            self._legend.setVisible(roomy)
            self._figure.setVisible(self.width() >= SHORT * theme().text_scale)
        self._legend_inside.setVisible(not roomy)
        self._legend_inside.resize(self._legend_inside.sizeHint())
        margins = theme().tokens["plots"]["margins"]
        bottom = self.plot.height() - margins["bottom"] - self._legend_inside.height() - 4
        self._legend_inside.move(margins["left"] + 8, bottom)

    def _names(self) -> list[tuple[str, QPen]]:
        """What the legend says."""
        names = [(_("train"), self._pen("smooth")), (_("test"), self._pen("test"))]
        if self._is_validated:
            names.append((_("validation"), self._pen("validation")))
        return names

    def _look_whether_validated(self, history: History) -> None:
        found = any(epoch.validation_loss is not None for epoch in history.epochs[-1:])
        if found != self._is_validated:
            self._is_validated = found
            for legend in (self._legend, self._legend_inside):
                legend.set_entries(self._names())
            self._place_legend()

    def curve_names(self) -> list[str]:
        """The curves that have something to show."""
        named = {_("train, each step"): self._raw, _("train"): self._smooth, _("test"): self._test,
                 _("validation"): self._validation}  # fmt: skip
        return [name for name, curve in named.items() if curve.getData()[0] is not None and len(curve.getData()[0])]

    def refresh(self) -> None:
        training = self.session.training
        history, facts = training.history, training.facts
        self._take_in(history.losses)
        self._look_whether_validated(history)
        steps = len(self._losses)
        self._empty.setVisible(not steps and not history.epochs)
        self._empty.setGeometry(self.plot.rect())
        per_epoch = facts.steps_per_epoch if facts is not None and facts.is_even else 0
        self.plot.steps.per_epoch = per_epoch
        validated = history.epochs if self._is_validated else []
        self.plot.draw(self._validation, *_points(validated, "validation_loss"))
        if self._by_epoch:
            self._draw_epochs(history.epochs)
        else:
            self._draw_steps(history.epochs)
        whole = facts.whole if facts is not None else steps
        right = shown_until(steps, per_epoch, whole)
        self._set_range((0.0, float(right)))
        self.changes.show(history.steered)
        stopped = training.state in ("idle", "failed") and 0 < steps < whole
        waits = training.project is not None and training.project.recipe.patience > 0
        self.ends.show(history, steps, stopped, waits)

    def dress(self) -> None:
        self.plot.dress()
        curves = {"raw": self._raw, "smooth": self._smooth, "test": self._test, "validation": self._validation}
        for name, curve in curves.items():
            curve.setPen(self._pen(name))
        for legend in (self._legend, self._legend_inside):
            legend.set_entries(self._names())
        self._readout.dress()
        self.changes.dress()
        self.ends.dress()

    def _pen(self, name: str) -> Any:
        tokens = theme().tokens
        match name:
            case "raw":
                return cosmetic("accent", tokens["line_width"]["raw"], tokens["opacity"]["raw_curve"])
            case "smooth":
                return cosmetic("accent", tokens["line_width"]["curve_main"])
            case "validation":
                return cosmetic("text", tokens["line_width"]["curve"], dash=tokens["dash"]["validation_curve"])
        return cosmetic("text", tokens["line_width"]["curve"], dash=tokens["dash"]["test_curve"])

    def _forget(self) -> None:
        self._losses, self._averages = Pyramid(), Pyramid()
        self._smoother = Smoother(self._factor)
        self._low = self._high = float("nan")

    def _take_in(self, losses: np.ndarray) -> None:
        """Append what is new; where steps were taken back (a resumed run), begin anew."""
        known = len(self._losses)
        if len(losses) < known or (known and not _same(losses[known - 1], self._losses.values[-1])):
            self._forget()
            known = 0
        fresh = losses[known : known + AT_ONCE]
        if len(fresh):
            self._losses.append(fresh)
            self._widen(fresh)
        averaged = len(self._averages)
        self._averages.append(self._smoother.append(self._losses.values[averaged : averaged + AT_ONCE]))
        if len(self._losses) < len(losses) or len(self._averages) < len(self._losses):
            self.request_refresh()

    def _widen(self, fresh: np.ndarray) -> None:
        usable = fresh[np.isfinite(fresh) & (fresh > 0)]
        if len(usable):
            self._low = float(np.fmin(self._low, usable.min()))
            self._high = float(np.fmax(self._high, usable.max()))

    def _draw_steps(self, epochs: list[Any]) -> None:
        steps = len(self._losses)
        self.plot.draw(self._raw, *self._losses.slice(0, steps, self.plot.buckets))
        x: np.ndarray
        y: np.ndarray
        x, y = self._averages.slice(0, steps, self.plot.buckets)
        if len(x) < len(self._averages):  # the middle of each stretch: a wide pen is slow on its zigzag, and hides it
            x, y = x[1::2], (y[0::2] + y[1::2]) / 2
        self.plot.draw(self._smooth, x, y)
        self.plot.draw(self._test, *_points(epochs, "test_loss"))

    def _draw_epochs(self, epochs: list[Any]) -> None:
        self.plot.draw(self._raw, np.empty(0), np.empty(0, np.float32))
        self.plot.draw(self._smooth, *_points(epochs, "train_loss"))
        self.plot.draw(self._test, *_points(epochs, "test_loss"))

    def _set_range(self, x: tuple[float, float]) -> None:
        ends = np.array([self._low, self._high], np.float32)
        shown = [self.plot.scaled(ends)] if not self._by_epoch else []
        shown += [
            curve.getData()[1]
            for curve in (self._smooth, self._test, self._validation)
            if curve.getData()[1] is not None
        ]
        y = span_of(*shown, least=0.3 if self.plot.logarithmic else 1e-3)
        if y is None:
            y = (-2.0, 0.5) if self.plot.logarithmic else (0.0, 2.5)
        elif not self.plot.logarithmic:
            y = (0.0, y[1])
        self.plot.set_range(x, y)

    def _read(self, x: float) -> tuple[float, str, list[Line]] | None:
        history = self.session.training.history
        if self._by_epoch:
            return self._read_epoch(x)
        if not len(self._averages):
            return None
        step = int(np.clip(round(x), 0, len(self._averages) - 1))
        lines: list[Line] = [(_("train"), figure_text(float(self._averages.values[step]), 3), "accent")]
        lines.append((_("this step"), figure_text(float(self._losses.values[step]), 3), "text_secondary"))
        if history.epochs:
            nearest = min(history.epochs, key=lambda epoch: abs(epoch.step - step))
            lines.append((_("test"), figure_text(nearest.test_loss, 3), "text"))
            lines += _validation_line(nearest)
        return float(step), _("step {step:,}").format(step=step + 1), lines

    def _marks(self, x: float) -> list[Mark]:
        """The points whose values the card says."""
        epochs = self.session.training.history.epochs
        nearest = min(epochs, key=lambda epoch: abs(epoch.step - x)) if epochs else None
        marks: list[Mark] = []
        if self._by_epoch and nearest is not None:
            marks.append((nearest.step, nearest.train_loss, "accent"))
        elif not self._by_epoch and len(self._averages):
            marks.append((x, float(self._averages.values[round(x)]), "accent"))
        if nearest is not None:
            marks.append((nearest.step, nearest.test_loss, "text"))
            if nearest.validation_loss is not None:
                marks.append((nearest.step, nearest.validation_loss, "text"))
        return marks

    def _read_epoch(self, x: float) -> tuple[float, str, list[Line]] | None:
        epochs = self.session.training.history.epochs
        if not epochs:
            return None
        nearest = min(epochs, key=lambda epoch: abs(epoch.step - x))
        lines: list[Line] = [
            (_("train"), figure_text(nearest.train_loss, 3), "accent"),
            (_("test"), figure_text(nearest.test_loss, 3), "text"),
            *_validation_line(nearest),
        ]
        if nearest.test_accuracy is not None:
            lines.append((_("accuracy"), figure_text(nearest.test_accuracy, 3), "text"))
        return float(nearest.step), _("epoch {epoch:,}").format(epoch=nearest.epoch), lines

    def _set_factor(self, factor: float) -> None:
        self._factor = factor
        self._figure.setText(figure_text(factor))
        self._smoother, self._averages = Smoother(factor), Pyramid()
        self.request_refresh()

    def _set_by_epoch(self, on: bool) -> None:
        self._by_epoch = on
        self._readout.hide()
        self.request_refresh()

    def _set_log(self, on: bool) -> None:
        self.plot.set_logarithmic(on)
        self._readout.hide()
        self.request_refresh()


def _validation_line(epoch: EpochReport) -> list[Line]:
    loss = epoch.validation_loss
    return [] if loss is None else [(_("validation"), figure_text(loss, 3), "text")]


def _points(epochs: list[Any], name: str) -> tuple[np.ndarray, np.ndarray]:
    x = np.array([epoch.step for epoch in epochs], np.float64)
    return x, np.array([getattr(epoch, name) for epoch in epochs], np.float32)


def _same(one: float, other: float) -> bool:
    return one == other or (np.isnan(one) and np.isnan(other))


SPEC = PanelSpec(name="loss", title=_("Loss"), make=LossPanel, area="top", order=10, lab=("descent",))
