"""A line in the plane: a neuron of two features that parts two classes, moved by hand and by gradient descent."""

from typing import Any

import msgspec
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from playground.core.lab.told import BoundaryTold, NeuronTold
from playground.core.lab.topics import Boundary, Neuron
from playground.core.spec import Argument
from playground.core.text import _
from playground.session.history import numbers
from playground.window import icons
from playground.window.data.segments import Segments
from playground.window.lab.figures import Figures
from playground.window.lab.loss_curves import LossCurves, Losses
from playground.window.lab.neuron.halves import Line
from playground.window.lab.neuron.knob import Knob
from playground.window.lab.neuron.line_plane import LinePlane
from playground.window.lab.neuron.section import Section, body_row, head_row, label, lines_above, number_field
from playground.window.lab.neuron.words import boundary_words
from playground.window.lab.rate_slider import RateSlider
from playground.window.lab.tensors.words import figure
from playground.window.lab.walk_bar import WalkBar
from playground.window.scrolling import ScrollArea
from playground.window.theme import theme
from playground.window.turns import turns

_DATA = {"blobs": _("Blobs"), "moons": _("Moons"), "circles": _("Circles"), "xor": _("XOR")}
_LOSSES = {"cross-entropy": _("Cross-entropy"), "MSE": _("MSE")}
_MOST_STEPS, _MOST_SPREAD = 500, 10
_WIDE = 1100  # px
_STEPS = Argument(name="steps", kind="int", default=60, help=_("how many steps"), low=1, high=_MOST_STEPS)
_SPREAD = Argument(name="spread", kind="float", default=3.0, help=_("of a blob"), low=0, high=_MOST_SPREAD)
_RATE = Argument(name="lr", kind="float", default=0.5, help=_("learning rate"), low=0.0, high=1e12, open_low=True)


class LineSection(Section):
    """position: step of the walk that is looked at; 0 is the page's own line"""

    def __init__(self) -> None:
        super().__init__()
        self.position = 0
        self.told: BoundaryTold | None = None
        self.plane, self.losses, self.walk = LinePlane(), LossCurves(), WalkBar()
        self.plane.line_chosen.connect(lambda line: self._move(line, "line"))
        self.walk.stepped.connect(lambda steps: self._look_at(self.position + steps))
        self.walk.rewound.connect(lambda: self._look_at(0))
        self.reset = QPushButton(_("Reset"))
        self.reset.setIcon(icons.icon("refresh"))
        self.reset.setToolTip(_("Back to before the first step"))
        self.reset.clicked.connect(lambda _on=False: self._reset())
        self.reset.setEnabled(False)
        self.walk.show_place(0, 0)
        self._make_head()
        self._make_side()
        self._lay_out()

    # Parts ----------------------------------------------------------------------------------------------------------

    def _make_head(self) -> None:
        self.data = Segments(_DATA, _("Points"))
        self.data.chosen.connect(lambda name: self._set(_("take other points"), data=name))
        self.spread_name, self.spread = label(_("spread")), number_field(_SPREAD, 56)
        self.spread.editor.setAccessibleName(_("Spread of a blob"))
        self.spread.set_requested.connect(self._set_spread)
        self.draw = QPushButton(_("New points"))
        self.draw.setToolTip(_("Draw others, from the next seed"))
        self.draw.clicked.connect(lambda _on=False: self._draw())
        self.steps = number_field(_STEPS, 56)
        self.steps.editor.setAccessibleName(_("Number of steps"))
        self.steps.set_requested.connect(self._set_steps)

    def _make_side(self) -> None:
        self.z_words, self.line_words = label(role="title", wraps=True), label(role="secondary", wraps=True)
        self.knobs = (
            Knob("w₁", _("Weight {name}").format(name="w₁")),
            Knob("w₂", _("Weight {name}").format(name="w₂")),
            Knob("b", _("Bias b")),
        )
        for place, knob in enumerate(self.knobs):
            knob.turned.connect(lambda value, place=place: self._turn(place, value))
        self.score, self.of = label(role="heading"), label(role="small", wraps=True)
        self.figures = Figures(_("The step in numbers"), ("", _("now"), _("slope"), _("after a step")))
        self.loss = Segments(_LOSSES, _("Loss"))
        self.loss.chosen.connect(lambda name: self._set(_("choose another loss"), loss=name))
        self.slider, self.rate = RateSlider(), number_field(_RATE, 72)
        self.slider.chosen.connect(self._set_rate)
        self.rate.editor.setAccessibleName(_("Learning rate, typed"))
        self.rate.set_requested.connect(self._set_rate)

    def _lay_out(self) -> None:
        head = head_row()
        for control in (self.data, self.spread_name, self.spread, self.draw):
            head.addWidget(control)
        head.addStretch(1)
        walk = QHBoxLayout()
        walk.setSpacing(8)
        walk.addWidget(label(_("Train"), "title"))
        walk.addWidget(self.steps)
        walk.addWidget(label(_("steps")))
        walk.addStretch(1)
        walk.addWidget(self.reset)
        walk.addWidget(self.walk)
        self._pictures = QBoxLayout(QBoxLayout.Direction.TopToBottom)
        self._pictures.setSpacing(8)
        self._pictures.addWidget(self.plane, 5)
        self._pictures.addWidget(self.losses, 2)
        left = QVBoxLayout()
        left.setSpacing(8)
        left.addLayout(self._pictures, 1)
        left.addLayout(walk)
        inner = QWidget()
        lines_above(self.side).addWidget(ScrollArea(inner))
        side = lines_above(inner)
        side.setSpacing(6)
        for widget in (self.z_words, self.line_words, *self.knobs, self.score, self.of, self.figures):
            side.addWidget(widget)
        rate = QHBoxLayout()
        rate.addWidget(label(_("Learning rate"), "title"), 1)
        rate.addWidget(self.rate)
        side.addSpacing(4)
        side.addLayout(rate)
        side.addWidget(self.slider)
        loss = QHBoxLayout()
        loss.addWidget(label(_("Loss"), "title"), 1)
        loss.addWidget(self.loss)
        side.addLayout(loss)
        side.addStretch(1)
        body = body_row()
        body.addLayout(left, 1)
        body.addWidget(self.side)
        column = lines_above(self)
        column.setSpacing(0)
        column.addLayout(head)
        column.addLayout(body, 1)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The losses stand beside the plane where there is room: the plane is best as high as it is wide."""
        super().resizeEvent(event)
        wide = self.width() >= _WIDE * theme().text_scale
        self._pictures.setDirection(QBoxLayout.Direction.LeftToRight if wide else QBoxLayout.Direction.TopToBottom)
        self._pictures.setStretch(1, 3 if wide else 2)

    # The page -------------------------------------------------------------------------------------------------------

    def show_state(self, state: Neuron) -> None:
        before = self.state
        super().show_state(state)
        asked = state.boundary
        if _begins(before.boundary) != _begins(asked):  # other points, or another line: the walk is another
            self.walk.stop()
            self.position = 0
        self.data.choose(asked.data)
        for widget in (self.spread_name, self.spread):
            widget.setVisible(asked.data == "blobs")
        self.spread.show_value(asked.spread, True)
        self.steps.show_value(asked.steps, True)
        self.loss.choose(asked.loss)
        self.rate.show_value(asked.lr, True)
        self.slider.show_rate(asked.lr)
        if not self.position:
            self._show_line(Line(*asked.weights, asked.bias))

    def show_told(self, told: NeuronTold | BoundaryTold) -> None:
        if isinstance(told, BoundaryTold):
            self.told = told
            self._show_position()
            turns().ask(self.losses, self._show_losses)  # after what the hand is at: the line and its numbers

    def _show_losses(self) -> None:
        if self.told is not None:
            name = _("BCE") if "cross_entropy" in self.told.line else _("MSE")
            self.losses.show_losses([Losses(name, -1, numbers(self.told.losses))])

    @property
    def count(self) -> int:
        """Steps that were told."""
        return self.told.losses.shape[0] - 1 if self.told is not None else 0

    @property
    def line(self) -> Line:
        """That is drawn."""
        return self.plane.line

    def _look_at(self, position: int) -> None:
        self.position = min(max(0, position), self.count)
        self._show_position()

    def _reset(self) -> None:
        self.walk.stop()
        self._look_at(0)

    def _show_position(self) -> None:
        told = self.told
        if told is None:
            return
        now = self.position = min(self.position, self.count)
        self.walk.show_place(now, self.count)
        self.reset.setEnabled(now > 0)
        self.losses.show_position(now)
        asked = self.state.boundary
        if now:
            first, second = numbers(told.weights)[now].tolist()
            self._show_line(Line(first, second, float(numbers(told.biases)[now])))
        else:
            self._show_line(Line(*asked.weights, asked.bias))
        self.plane.show_told(told, now)
        self._show_numbers(told, now)

    def _show_line(self, line: Line) -> None:
        self.plane.show_line(line)
        for knob, value in zip(self.knobs, line, strict=True):
            knob.show_value(float(f"{value:.4g}"))
        z, where = boundary_words(line[:2], line.bias)
        self.z_words.setText(z)
        self.line_words.setText(_("The line, where z = 0: {where}").format(where=where))

    def _show_numbers(self, told: BoundaryTold, now: int) -> None:
        right = numbers(told.right)[now]
        loss = float(numbers(told.losses)[now])
        count, all_of = int(right.sum()), len(right)
        said = _("Accuracy {share}   Loss {loss}")
        self.score.setText(
            said.format(share=f"{count / all_of:.3f}", loss=f"{loss:.4f}" if loss < 1e4 else figure(loss))
        )
        taken = _("Step {n} of {count}: {right} of {all} points on their side")
        self.of.setText(taken.format(n=now, count=self.count, right=count, all=all_of))
        before = [*numbers(told.weights)[now].tolist(), float(numbers(told.biases)[now])]
        slopes = numbers(told.slopes)[now].tolist()
        after = ["–"] * 3
        if now < self.count:
            after = [
                *map(figure, numbers(told.weights)[now + 1].tolist()),
                figure(float(numbers(told.biases)[now + 1])),
            ]
        rows = zip(("w₁", "w₂", "b"), before, slopes, after, strict=True)
        self.figures.show_rows([(name, figure(one), figure(slope), then) for name, one, slope, then in rows])

    def dress(self) -> None:
        for knob in self.knobs:
            knob.dress()
        for field in (self.spread, self.steps):
            field.setFixedWidth(round(56 * theme().text_scale))
        self.rate.setFixedWidth(round(72 * theme().text_scale))
        self.plane.dress()
        self.losses.dress()
        self.figures.dress()

    # What a person does ---------------------------------------------------------------------------------------------

    def _set(self, text: str, merge_key: Any = None, **changes: Any) -> None:
        self.put(text, merge_key, boundary=msgspec.structs.replace(self.state.boundary, **changes))

    def _move(self, line: Line, key: Any) -> None:
        """The hand takes the line from where it is drawn."""
        self._set(_("move the line"), ("neuron", key), weights=(line.first, line.second), bias=line.bias)

    def _turn(self, place: int, value: float) -> None:
        now = [*self.line]
        now[place] = value
        self._move(Line(*now), ("knob", place))

    def _draw(self) -> None:
        self._set(_("draw new points"), seed=(self.state.boundary.seed + 1) % 2**63)

    def _set_spread(self, spread: float) -> None:
        if 0 <= spread <= _MOST_SPREAD:
            self._set(_("spread the blobs"), "neuron spread", spread=float(spread))

    def _set_steps(self, steps: Any) -> None:
        if steps >= 1:
            self._set(_("change the number of steps"), "neuron steps", steps=int(min(steps, _MOST_STEPS)))

    def _set_rate(self, rate: float) -> None:
        if 0 < rate <= 1e12:
            self._set(_("change the learning rate"), "neuron lr", lr=float(rate))


def _begins(asked: Boundary) -> tuple[Any, ...]:
    """What a walk begins with."""
    return asked.weights, asked.bias, asked.data, asked.samples, asked.spread, asked.seed
