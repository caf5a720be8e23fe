"""One neuron: its drawing, its arithmetic, and sliders for every number of it."""

from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from playground.core.lab.functions import ACTIVATIONS
from playground.core.lab.neurons import MOST_INPUTS, grown, put, with_weight
from playground.core.lab.told import BoundaryTold, NeuronTold
from playground.core.lab.topics import Neuron
from playground.core.spec import Argument
from playground.core.text import _
from playground.session.history import numbers
from playground.window.data.segments import Segments
from playground.window.lab.figures import Figures
from playground.window.lab.neuron.drawing import NeuronDrawing
from playground.window.lab.neuron.knob import Knob
from playground.window.lab.neuron.section import Section, body_row, head_row, label, lines_above, number_field
from playground.window.lab.neuron.words import activation_title, named, neuron_words
from playground.window.lab.tensors.words import figure
from playground.window.scrolling import ScrollArea
from playground.window.theme import theme

_INPUTS = Argument(name="inputs", kind="int", default=2, help=_("how many numbers come in"), low=1, high=MOST_INPUTS)


class OneNeuron(Section):
    """A knob for each input, each weight and the bias."""

    def __init__(self) -> None:
        super().__init__()
        self.drawing, self.arithmetic = NeuronDrawing(), label(role="heading", wraps=True)
        self.arithmetic.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.input_knobs: list[Knob] = []
        self.weight_knobs: list[Knob] = []
        self.bias_knob = Knob("b", _("Bias b"))
        self.bias_knob.turned.connect(self._turn_bias)
        self.inputs = number_field(_INPUTS, 56)
        self.inputs.editor.setAccessibleName(_("Number of inputs"))
        self.inputs.set_requested.connect(self._set_inputs)
        self.of = label(role="secondary")
        titles = {name: _("none") if name == "none" else name for name in ACTIVATIONS}
        self.activation = Segments(titles, _("Activation"))
        self.activation.chosen.connect(lambda name: self.put(_("choose an activation"), activation=name))
        self.slopes = Figures(_("Slopes of z and of a"), (_("by"), _("value"), "∂z", "∂a"))
        self.slopes_note, self.more = label(role="small", wraps=True), label(role="small", wraps=True)
        self._lay_out()

    def _lay_out(self) -> None:
        head = head_row()
        head.addWidget(label(_("Inputs")))
        head.addWidget(self.inputs)
        head.addSpacing(8)
        head.addWidget(self.of)
        head.addStretch(1)
        head.addWidget(label(_("Activation")))
        head.addWidget(self.activation)
        inner = QWidget()
        self._knobs = QVBoxLayout()
        self._knobs.setSpacing(0)
        knobs = QVBoxLayout(inner)
        knobs.setContentsMargins(0, 0, 8, 0)
        knobs.setSpacing(8)
        knobs.addLayout(self._knobs)
        knobs.addWidget(self.bias_knob)
        knobs.addWidget(self.more)
        knobs.addSpacing(4)
        knobs.addWidget(label(_("Slopes, by autograd"), "title"))
        knobs.addWidget(self.slopes)
        knobs.addWidget(self.slopes_note)
        knobs.addStretch(1)
        aside = lines_above(self.side)
        aside.addWidget(ScrollArea(inner), 1)
        left = QVBoxLayout()
        left.setSpacing(8)
        left.addWidget(self.drawing, 1)
        left.addWidget(self.arithmetic)
        body = body_row()
        body.addLayout(left, 1)
        body.addWidget(self.side)
        column = lines_above(self)
        column.setSpacing(0)
        column.addLayout(head)
        column.addLayout(body, 1)

    # The page -------------------------------------------------------------------------------------------------------

    @property
    def row(self) -> int:
        """The neuron in hand."""
        return min(self.state.row, len(self.state.weights) - 1)

    def show_state(self, state: Neuron) -> None:
        super().show_state(state)
        if not state.weights or len(state.weights) != len(state.biases):
            return  # the answer says what is wrong with it
        weights = state.weights[self.row]
        count = min(len(state.inputs), len(weights), MOST_INPUTS)
        self._have_knobs(count)
        for number in range(count):
            self.input_knobs[number].show_value(state.inputs[number])
            self.weight_knobs[number].show_value(weights[number])
        self.bias_knob.show_value(state.biases[self.row])
        self.inputs.show_value(len(state.inputs), True)
        many = len(state.weights) > 1
        self.of.setText(_("neuron {row} of the layer").format(row=self.row) if many else "")
        if state.activation in ACTIVATIONS:
            self.activation.choose(state.activation)
        hidden = len(state.inputs) - count
        self.more.setText(_("{n} more inputs are turned in “A layer”.").format(n=hidden))
        self.more.setVisible(hidden > 0)

    def show_told(self, told: NeuronTold | BoundaryTold) -> None:
        state = self.state
        if not self.is_about(told):
            return
        self.drawing.show_told(state, told)
        row = told.row
        z, a = float(numbers(told.z)[row]), float(numbers(told.a)[row])
        self.arithmetic.setText(
            neuron_words(state.inputs, state.weights[row], state.biases[row], z, a, state.activation)
        )
        self.slopes.show_rows(slope_rows(state, told))
        title = activation_title(state.activation)
        said = _("∂z/∂w is the input; ∂a/∂w is that times {slope}, the slope of {name} at z.")
        self.slopes_note.setText(said.format(slope=figure(told.slopes[1].by_z), name=title))

    def _have_knobs(self, count: int) -> None:
        """As many as there are inputs; a knob that was made stays."""
        while len(self.input_knobs) < count:
            number = len(self.input_knobs)
            for name, row, purpose, turn in (
                ("x", self.input_knobs, _("Input {name}"), self._turn_input),
                ("w", self.weight_knobs, _("Weight {name}"), self._turn_weight),
            ):
                short = named(name, number + 1)
                knob = Knob(short, purpose.format(name=short))
                knob.turned.connect(lambda value, number=number, turn=turn: turn(number, value))
                row.append(knob)
                self._knobs.addWidget(knob)
        for number, pair in enumerate(zip(self.input_knobs, self.weight_knobs, strict=True)):
            for knob in pair:
                knob.setVisible(number < count)

    def dress(self) -> None:
        for knob in (*self.input_knobs, *self.weight_knobs, self.bias_knob):
            knob.dress()
        self.slopes.dress()
        self.inputs.setFixedWidth(round(56 * theme().text_scale))
        self.drawing.update()

    # What a person does ---------------------------------------------------------------------------------------------

    def _turn_input(self, number: int, value: float) -> None:
        self.put(_("turn an input"), ("neuron x", number), inputs=put(self.state.inputs, number, value))

    def _turn_weight(self, number: int, value: float) -> None:
        key = ("neuron w", self.row, number)
        self.wanted.emit(with_weight(self.state, self.row, number, value), _("turn a weight"), key)

    def _turn_bias(self, value: float) -> None:
        self.put(_("turn the bias"), ("neuron b", self.row), biases=put(self.state.biases, self.row, value))

    def _set_inputs(self, count: Any) -> None:
        if 1 <= count <= MOST_INPUTS:
            self.wanted.emit(grown(self.state, inputs=int(count)), _("change the number of inputs"), "neuron inputs")


def slope_rows(state: Neuron, told: NeuronTold) -> list[tuple[str, ...]]:
    """By every weight, the bias and every input: its number, the slope of z and that of a."""
    of_z, of_a = told.slopes
    found: list[tuple[str, ...]] = []
    weights = state.weights[told.row]
    by = [(numbers(one.by_weights).tolist(), numbers(one.by_inputs).tolist()) for one in told.slopes]
    for place, value in list(enumerate(weights))[:MOST_INPUTS]:
        found.append((named("w", place + 1), figure(value), figure(by[0][0][place]), figure(by[1][0][place])))
    found.append(("b", figure(state.biases[told.row]), figure(of_z.by_bias), figure(of_a.by_bias)))
    for place, value in list(enumerate(state.inputs))[:MOST_INPUTS]:
        found.append((named("x", place + 1), figure(value), figure(by[0][1][place]), figure(by[1][1][place])))
    return found
