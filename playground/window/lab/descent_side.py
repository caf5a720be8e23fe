"""Beside the picture: the arithmetic of a step and its learning rate, or the optimizers of a race."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from playground.core.lab.functions import Surface
from playground.core.lab.told import Path, Race, Races, Step, Verdict
from playground.core.lab.topics import Descent, Racer
from playground.core.spec import Argument
from playground.core.text import _
from playground.session.history import numbers
from playground.window.data.segments import Segments
from playground.window.fields import ArgumentField
from playground.window.lab.figures import Figures
from playground.window.lab.racer_table import RacerTable, loss_text
from playground.window.lab.rate_slider import RateSlider
from playground.window.lab.step_arithmetic import StepArithmetic

VERDICTS: dict[Verdict, str] = {
    "arrives": _("It arrives: the slope at the end is nearly 0."),
    "too small": _("Small steps: it is still on its way when they end."),
    "swings": _("It swings: every step jumps over the lowest point."),
    "runs away": _("It runs away: every step lands higher than the one before."),
    "climbs": _("It climbs: with the wrong sign every step goes uphill."),
    "stands still": _("It stands still: the slope is 0 here, whatever the learning rate."),
}
SEVERAL = "several"
BATCHES = {"0": _("all"), "16": "16", "1": "1", SEVERAL: _("side by side")}
SIZES = (0, 16, 1)  # samples in a step, side by side
_LR = Argument(name="lr", kind="float", default=0.1, help=_("learning rate"), low=0.0, high=1e12, open_low=True)


def _sign_box(column: QVBoxLayout) -> QCheckBox:
    box = QCheckBox(_("Wrong sign: w + lr · dJ/dw"))
    box.setToolTip(_("Add the slope instead of subtracting it: the loss goes up"))
    column.addWidget(box)
    return box


class StepSide(QWidget):
    """Of one dimension."""

    rate_chosen = Signal(float)
    ascend_chosen = Signal(bool)

    def __init__(self) -> None:
        super().__init__()
        self.arithmetic, self.slider, self.verdict = StepArithmetic(), RateSlider(), QLabel()
        self.verdict.setWordWrap(True)
        self.verdict.setProperty("role", "title")
        self.rate = ArgumentField(_LR, can_release=False)
        self.rate.editor.setAccessibleName(_("Learning rate, typed"))
        self.rate.setFixedWidth(80)
        self.rate.set_requested.connect(self._on_rate)
        self.slider.chosen.connect(self.rate_chosen)
        row = QHBoxLayout()
        name = QLabel(_("Learning rate"))
        name.setProperty("role", "title")
        row.addWidget(name)
        row.addStretch(1)
        row.addWidget(self.rate)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 4, 0, 0)
        column.setSpacing(8)
        column.addWidget(self.arithmetic)
        column.addSpacing(8)
        column.addLayout(row)
        column.addWidget(self.slider)
        self.ascend = _sign_box(column)
        self.ascend.toggled.connect(self.ascend_chosen)
        column.addWidget(self.verdict)
        column.addStretch(1)

    def show_state(self, state: Descent) -> None:
        self.slider.show_rate(state.lr)
        self.rate.show_value(state.lr, True)
        _check(self.ascend, state.ascend)

    def show_path(self, path: Path, wanted: int) -> None:
        """wanted: steps that the page asks for; it ends earlier where the numbers become too large"""
        self.slider.show_limit(path.limit)
        said = VERDICTS[path.verdict]
        if len(path.steps) < wanted:
            said += " " + _("It ends after {n} steps: the numbers become too large.").format(n=len(path.steps))
        self.verdict.setText(said)
        role = "error" if path.verdict in ("runs away", "climbs") else "title"
        if role != self.verdict.property("role"):
            self.verdict.setProperty("role", role)
            self.verdict.style().polish(self.verdict)

    def show_step(self, function: str, step: Step | None, lr: float, number: int, count: int) -> None:
        self.arithmetic.show_step(function, step, lr, number, count)

    def dress(self) -> None:
        self.arithmetic.dress()

    def _on_rate(self, value: float) -> None:
        if 0 < value <= 1e12:
            self.rate_chosen.emit(float(value))


class RaceSide(QWidget):
    """Of two dimensions."""

    ascend_chosen = Signal(bool)
    batch_chosen = Signal(str)  # a key of BATCHES

    def __init__(self) -> None:
        super().__init__()
        self.table = RacerTable()
        self.formula, self.note, self._batch_name = QLabel(), QLabel(), QLabel(_("Samples in a step"))
        self.formula.setWordWrap(True)
        self.formula.setProperty("role", "secondary")
        self.note.setWordWrap(True)
        self.note.setProperty("role", "small")
        self.batch = Segments(BATCHES, _("Samples in a step"))
        self.batch.chosen.connect(self.batch_chosen)
        self.sizes = Figures(_("Batches side by side"), (_("samples"), _("loss"), _("time"), _("a step")))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 4, 0, 0)
        column.setSpacing(8)
        column.addWidget(self.formula)
        column.addWidget(self.table)
        column.addWidget(self.sizes)
        self.ascend = _sign_box(column)
        self.ascend.toggled.connect(self.ascend_chosen)
        column.addWidget(self._batch_name)
        column.addWidget(self.batch)
        column.addWidget(self.note)
        column.addStretch(1)

    def show_state(self, state: Descent, surface: Surface) -> None:
        self.formula.setText(f"{surface.title}: {surface.formula}")
        racers = state.racers or (Racer(lr=state.lr),)
        several = is_several(state)
        self.table.setVisible(not several)
        self.sizes.setVisible(several)
        if not several:
            self.table.show_racers(racers)
        _check(self.ascend, state.ascend)
        samples = bool(surface.samples)
        self._batch_name.setVisible(samples)
        self.batch.setVisible(samples)
        key = SEVERAL if several else str(state.batch)
        if key in BATCHES:
            self.batch.choose(key)

    def dress(self) -> None:
        self.table.dress()
        self.sizes.dress()

    def show_races(self, told: Races, position: int | None) -> None:
        if self.sizes.isHidden():
            self.table.show_races(told.races, position)
        else:
            self.sizes.show_rows([_batch_row(race, position) for race in told.races])
        lowest = "; ".join(f"({x:.3g}, {y:.3g})".replace("-", "−") for x, y in told.lowest)
        self.note.setText(_("+ marks the lowest: {points}").format(points=lowest) if lowest else "")


def is_several(state: Descent) -> bool:
    """Whether batches race, and not optimizers."""
    return any(one.batch is not None for one in state.racers)


def _batch_row(race: Race, position: int | None) -> tuple[str, ...]:
    losses = numbers(race.losses)
    last = len(losses) - 1
    loss = float(losses[last if position is None else min(position, last)])
    each = 1e3 * race.seconds / max(1, last)
    times = _("{ms:.3g} ms").format(ms=1e3 * race.seconds), _("{ms:.2g} ms").format(ms=each)
    return (str(race.batch) if race.batch else _("all"), loss_text(loss), *times)


def _check(box: QCheckBox, on: bool) -> None:
    before = box.blockSignals(True)
    box.setChecked(on)
    box.blockSignals(before)
