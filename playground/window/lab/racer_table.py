"""The optimizers of a race: which take part, their learning rates, and where they got."""

from collections.abc import Sequence
from typing import NamedTuple

import msgspec
from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QCheckBox, QGridLayout, QLabel, QWidget

from playground.core.lab.page import default_page
from playground.core.lab.told import Race
from playground.core.lab.topics import Descent, Racer
from playground.core.spec import Argument
from playground.core.text import _
from playground.session.history import numbers
from playground.window.fields import ArgumentField
from playground.window.lab.marks import RACERS, Mark
from playground.window.plots.axis import figure_text
from playground.window.theme import theme

_LR = Argument(name="lr", kind="float", default=0.1, help=_("learning rate"), low=0.0, high=1e12, open_low=True)


def loss_text(loss: float) -> str:
    """With as many digits as there is room for."""
    return figure_text(loss, 3 if abs(loss) < 100 else 0)


class _Row(NamedTuple):
    on: QCheckBox
    lr: ArgumentField
    loss: QLabel
    seconds: QLabel


class RacerTable(QWidget):
    """changed: the racers that a person wants, and how they came about, for Undo"""

    changed = Signal(object, str)

    def __init__(self) -> None:
        super().__init__()
        self.rows: dict[str, _Row] = {}
        self._racers: tuple[Racer, ...] = ()
        state = default_page("descent").state
        first = state.racers if isinstance(state, Descent) else ()
        self._last: dict[str, Racer] = {name: Racer(name) for name in RACERS}  # also of those left out
        self._last |= {one.name: one for one in first}
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(6)
        self._grid.setVerticalSpacing(4)
        self._grid.setColumnStretch(1, 1)
        heads = ((1, _("optimizer")), (2, _("lr")), (3, _("loss")), (4, _("time")))
        for column, text in heads:
            label = QLabel(text)
            label.setProperty("role", "tick")
            if column > 2:
                label.setAlignment(Qt.AlignmentFlag.AlignRight)
            self._grid.addWidget(label, 0, column)
        for number, name in enumerate(RACERS):
            self._add_row(number, name)

    def _add_row(self, number: int, name: str) -> None:
        on = QCheckBox(name)
        on.setAccessibleName(_("{name} takes part").format(name=name))
        on.toggled.connect(lambda wanted, name=name: self._on_toggled(name, wanted))
        field = ArgumentField(_LR, can_release=False)
        field.editor.setAccessibleName(_("Learning rate of {name}").format(name=name))
        field.setFixedWidth(66)
        field.set_requested.connect(lambda value, name=name: self._on_rate(name, value))
        loss, seconds = QLabel(), QLabel()
        for label in (loss, seconds):
            label.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        seconds.setProperty("role", "secondary")
        for column, widget in enumerate((Mark(number), on, field, loss, seconds)):
            self._grid.addWidget(widget, number + 1, column)
        self.rows[name] = _Row(on, field, loss, seconds)

    def dress(self) -> None:
        """Room for the widest numbers, so that nothing moves while they change."""
        for row in self.rows.values():
            for label, font, widest in (
                (row.loss, theme().font("small", "semibold"), "8.8·10⁻¹⁸"),
                (row.seconds, theme().font("small"), _("{ms:.3g} ms").format(ms=88.8)),
            ):
                label.setFont(font)
                label.setFixedWidth(QFontMetrics(font).horizontalAdvance(widest))

    def show_racers(self, racers: Sequence[Racer]) -> None:
        """Those that the page has."""
        self._racers = tuple(racers)
        taking = {one.name: one for one in racers}
        for name, row in self.rows.items():
            racer = taking.get(name)
            if racer is not None:
                self._last[name] = racer
            before = row.on.blockSignals(True)
            row.on.setChecked(racer is not None)
            row.on.blockSignals(before)
            row.lr.show_value(self._last[name].lr, True)
            row.lr.setEnabled(racer is not None)
            if racer is None:
                row.loss.setText("")
                row.seconds.setText("")

    def show_races(self, races: Sequence[Race], position: int | None) -> None:
        """Where they are. position: steps done, None for all"""
        for race in races:
            row = self.rows.get(race.name)
            if row is not None:
                losses = numbers(race.losses)
                place = len(losses) - 1 if position is None else min(position, len(losses) - 1)
                row.loss.setText(loss_text(float(losses[place])))
                row.seconds.setText(_("{ms:.3g} ms").format(ms=round(1e3 * race.seconds, 1)))
                row.on.setToolTip(race.line)

    def _on_toggled(self, name: str, wanted: bool) -> None:
        kept = [one for one in self._racers if one.name != name]
        if not wanted and not kept:  # somebody has to run
            self.show_racers(self._racers)
            return
        if wanted:
            kept.append(self._last[name])
        kept.sort(key=lambda one: RACERS.index(one.name))
        text = _("let {name} race") if wanted else _("leave {name} out")
        self.changed.emit(tuple(kept), text.format(name=name))

    def _on_rate(self, name: str, value: float) -> None:
        if 0 < value <= 1e12:
            new = tuple(
                msgspec.structs.replace(one, lr=float(value)) if one.name == name else one for one in self._racers
            )
            self.changed.emit(new, _("change the learning rate of {name}").format(name=name))
