"""Descent: gradient descent on a function of one number, and optimizers that race down a surface."""

from typing import Any

import msgspec
import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QStackedWidget, QVBoxLayout, QWidget

from playground.core.lab.functions import FUNCTIONS, SURFACES
from playground.core.lab.messages import Ask, ShowPage, WriteScript
from playground.core.lab.page import racers_on
from playground.core.lab.scripts import descent_script, has_samples
from playground.core.lab.told import Path, Races, Refused, Told
from playground.core.lab.topics import Descent, Racer
from playground.core.problem import Fault
from playground.core.text import _
from playground.session.history import numbers
from playground.session.lab import Lab
from playground.window.data.segments import Segments
from playground.window.lab.descent_head import DescentHead
from playground.window.lab.descent_plot import DescentPlot
from playground.window.lab.descent_side import SEVERAL, SIZES, RaceSide, StepSide, is_several
from playground.window.lab.loss_curves import LossCurves, Losses
from playground.window.lab.marks import runners
from playground.window.lab.surface_map import SurfaceMap
from playground.window.lab.surface_relief import SurfaceRelief
from playground.window.lab.view import TopicView
from playground.window.theme import theme

_FIRST = 0  # steps that are taken when a page begins, in one dimension
_SIDE = 336  # px


class View(TopicView):
    """position: how many steps are looked at; None for all of them"""

    def __init__(self, lab: Lab, parent: QWidget | None = None) -> None:
        super().__init__(lab, parent)
        self.position: int | None = _FIRST
        self._told: Path | Races | None = None
        self._seen: tuple[str, str] | None = None
        self.head = DescentHead()
        self.plot, self.map, self.relief = DescentPlot(), SurfaceMap(), SurfaceRelief()
        self.looks = Segments({"above": _("From above"), "relief": _("In relief")}, _("How the surface is seen"))
        self.losses = LossCurves()
        self.step_side, self.race_side = StepSide(), RaceSide()
        self.fault = QLabel()
        self.fault.setProperty("role", "error")
        self.fault.setWordWrap(True)
        self.fault.setTextFormat(Qt.TextFormat.PlainText)
        self.fault.setContentsMargins(16, 0, 16, 4)
        self.fault.hide()
        self._lay_out()
        self._connect()

    # Parts --------------------------------------------------------------------------------------------------------

    def _lay_out(self) -> None:
        self.pictures, self.sides = QStackedWidget(), QStackedWidget()
        for stack, widgets in (
            (self.pictures, (self.plot, self.map, self.relief)),
            (self.sides, (self.step_side, self.race_side)),
        ):
            for widget in widgets:
                stack.addWidget(widget)
        left = QVBoxLayout()
        left.setSpacing(8)
        left.addWidget(self.looks, 0, Qt.AlignmentFlag.AlignRight)
        left.addWidget(self.pictures, 3)
        left.addWidget(self.losses, 1)
        row = QHBoxLayout()
        row.setContentsMargins(16, 0, 16, 12)
        row.setSpacing(24)
        row.addLayout(left, 1)
        row.addWidget(self.sides)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.head)
        column.addWidget(self.fault)
        column.addLayout(row, 1)

    def _connect(self) -> None:
        self.head.function_chosen.connect(self._choose_function)
        self.head.surface_chosen.connect(self._choose_surface)
        self.head.start_chosen.connect(self._set_start)
        self.head.steps_chosen.connect(lambda count: self._put(_("change the number of steps"), "steps", steps=count))
        self.head.walk.stepped.connect(self._walk)
        self.head.walk.rewound.connect(lambda: self._look_at(0))
        self.looks.chosen.connect(lambda _look: self._show_picture())
        self.plot.start_chosen.connect(lambda w: self._set_start((w,)))
        self.map.start_chosen.connect(lambda x, y: self._set_start((x, y)))
        self.step_side.rate_chosen.connect(lambda rate: self._put(_("change the learning rate"), "lr", lr=rate))
        for side in (self.step_side, self.race_side):
            side.ascend_chosen.connect(self._ascend)
        self.race_side.table.changed.connect(lambda racers, text: self._put(text, text, racers=racers))
        self.race_side.batch_chosen.connect(self._choose_batch)
        self.losses.by_chosen.connect(self._show_losses)

    # The page -----------------------------------------------------------------------------------------------------

    @property
    def state(self) -> Descent:
        found = self.lab.page.state
        return found if isinstance(found, Descent) else Descent()

    def questions(self, state: Any) -> tuple[Ask, ...]:
        return (ShowPage(descent=state),)

    def show_page(self, state: Any) -> None:
        seen = (state.function, state.surface)
        begins = not self.lab.is_running  # another page, or this one once more
        if seen != self._seen:
            begins = begins or self._seen is None or bool(self._seen[1]) != bool(state.surface)
            self._seen, self._told = seen, None
        if begins:
            self.head.walk.stop()
            self.position = None if state.surface else _FIRST
        surface = SURFACES.get(state.surface)
        start = surface.start if surface is not None and len(state.start) < 2 else state.start
        self.head.show_state(state, start)
        self._show_picture()
        self.looks.setVisible(surface is not None)
        self.sides.setCurrentIndex(1 if surface is not None else 0)
        if surface is not None:
            self.map.show_start((start[0], start[1]), surface.axes)
            self.race_side.show_state(state, surface)
        else:
            self.plot.show_start(start[0])
            self.step_side.show_state(state)

    def told(self, answer: Told) -> None:
        fault = answer.fault if isinstance(answer, Refused) else None
        self._say(f"{fault.sentence}. {fault.fix}" if fault is not None else "")
        if isinstance(answer, Path) and not self.state.surface:
            self._told = answer
            self.plot.show_path(answer)
            self.step_side.show_path(answer, self.state.steps)
            values = [step.loss for step in answer.steps] + [step.loss_after for step in answer.steps[-1:]]
            self.losses.show_losses([Losses("J", -1, np.array(values, np.float64))])
        elif isinstance(answer, Races) and self.state.surface:
            self._told = answer
            self.map.show_races(answer)
            self.relief.show_races(answer, SURFACES[self.state.surface].axes)
            self._show_losses()
        self._show_position()

    def _show_picture(self) -> None:
        """The curve, or the surface from above or in relief."""
        looks = {"above": 1, "relief": 2}
        self.pictures.setCurrentIndex(looks[self.looks.current] if self.state.surface in SURFACES else 0)

    def _show_losses(self) -> None:
        """Of a race: over steps, or over the seconds that they took."""
        if isinstance(self._told, Races):
            named = runners(self._told)
            found = [
                Losses(name, number, numbers(race.losses), race.seconds)
                for race, (name, number) in zip(self._told.races, named, strict=True)
            ]
            self.losses.show_losses(found, timed=True)

    def failed(self, fault: Fault) -> None:
        self._say(f"{fault.what}. {fault.fix}")

    def code(self) -> str | WriteScript:
        if has_samples(self.state):
            return WriteScript(ShowPage(descent=self.state))
        return descent_script(self.state)

    def dress(self) -> None:
        self.map.dress()
        self.relief.dress()
        self.losses.dress()
        self.step_side.dress()
        self.race_side.dress()
        self._share_width()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._share_width()

    def _share_width(self) -> None:
        """The numbers take what their text asks for, and leave the picture the larger part."""
        self.sides.setFixedWidth(max(_SIDE, min(round(_SIDE * theme().text_scale), round(0.4 * self.width()))))

    def _say(self, text: str) -> None:
        self.fault.setText(text)
        self.fault.setVisible(bool(text))

    # Steps --------------------------------------------------------------------------------------------------------

    @property
    def count(self) -> int:
        """Steps that were told."""
        if isinstance(self._told, Path):
            return len(self._told.steps)
        if isinstance(self._told, Races):
            return max((one.losses.shape[0] - 1 for one in self._told.races), default=0)
        return 0

    def _walk(self, steps: int) -> None:
        now = self.count if self.position is None else min(self.position, self.count)
        self._look_at(now + steps)

    def _look_at(self, position: int) -> None:
        self.position = min(max(0, position), self.count)
        self._show_position()

    def _show_position(self) -> None:
        now = self.count if self.position is None else min(self.position, self.count)
        self.head.walk.show_place(now, self.count)
        self.losses.show_position(self.position if self.position is None else now)
        if isinstance(self._told, Races):
            self.map.show_position(self.position)
            self.relief.show_position(self.position)
            self.race_side.show_races(self._told, self.position)
        elif isinstance(self._told, Path):
            self.plot.show_position(now)
            self.step_side.show_step(self.state.function, self.plot.step, self.state.lr, now, self.state.steps)

    # What a person does -------------------------------------------------------------------------------------------

    def _put(self, text: str, merge_key: Any = None, **changes: Any) -> None:
        self.change(msgspec.structs.replace(self.state, **changes), text, merge_key)

    def _choose_function(self, function: str) -> None:
        known = FUNCTIONS.get(function)
        start = self.state.start[:1]
        if known is not None and not known.low <= start[0] <= known.high:
            start = (known.high,)
        self._put(_("descend on another function"), function=function, surface="", start=start)

    def _choose_surface(self, name: str) -> None:
        taking = {one.name for one in self.state.racers if one.batch is None}
        racers = tuple(one for one in racers_on(name) if not taking or one.name in taking)
        self._put(_("race on another surface"), surface=name, start=SURFACES[name].start, racers=racers)

    def _choose_batch(self, key: str) -> None:
        racers = self.state.racers
        if key == SEVERAL:
            lr = next((one.lr for one in racers if one.name == "SGD"), 0.1)
            racers = tuple(Racer("SGD", lr, batch=size) for size in SIZES)
            self._put(_("let batches race"), racers=racers, batch=0)
            return
        if is_several(self.state):
            racers = racers_on(self.state.surface)
        self._put(_("change the batch"), racers=racers, batch=int(key))

    def _set_start(self, start: tuple[float, ...]) -> None:
        if all(abs(one) <= 1e12 for one in start):
            self._put(_("begin elsewhere"), "start", start=tuple(float(one) for one in start))

    def _ascend(self, on: bool) -> None:
        self._put(_("turn the sign of the step"), ascend=on)
