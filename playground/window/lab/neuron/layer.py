"""A layer: ten neurons as one matrix product, W times x plus b."""

from typing import Any

import msgspec
import numpy as np
from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtWidgets import QBoxLayout, QPushButton, QVBoxLayout, QWidget

from playground.core.lab.functions import ACTIVATIONS
from playground.core.lab.neurons import MOST_INPUTS, MOST_NEURONS, grown, put, with_weight
from playground.core.lab.told import BoundaryTold, NeuronTold
from playground.core.lab.topics import Neuron
from playground.core.spec import Argument
from playground.core.text import _
from playground.session.history import numbers
from playground.window.data.segments import Segments
from playground.window.lab.figures import Figures
from playground.window.lab.neuron.layer_picture import Cell, LayerPicture, listed
from playground.window.lab.neuron.section import Section, head_row, label, lines_above, number_field
from playground.window.lab.neuron.words import neuron_words
from playground.window.lab.tensors.words import figure
from playground.window.scrolling import ScrollArea
from playground.window.theme import theme

_INPUTS = Argument(name="in_features", kind="int", default=2, help=_("how many numbers come in"), low=1, high=MOST_INPUTS)  # fmt: skip
_NEURONS = Argument(name="out_features", kind="int", default=10, help=_("how many neurons"), low=1, high=MOST_NEURONS)
_TABLE = 420  # px of the products
_WORDS = 480  # px that the words need to stand beside the picture


class Layer(Section):
    def __init__(self) -> None:
        super().__init__()
        self.picture = LayerPicture()
        self.picture.pointed.connect(lambda row: self.looked.emit(msgspec.structs.replace(self.state, row=row)))
        self.picture.number_given.connect(self._set_number)
        self.inputs, self.neurons = number_field(_INPUTS, 56), number_field(_NEURONS, 56)
        self.inputs.editor.setAccessibleName(_("Number of inputs"))
        self.neurons.editor.setAccessibleName(_("Number of neurons"))
        self.inputs.set_requested.connect(lambda count: self._grow("inputs", count, MOST_INPUTS))
        self.neurons.set_requested.connect(lambda count: self._grow("neurons", count, MOST_NEURONS))
        self.draw = QPushButton(_("New weights"))
        self.draw.setToolTip(_("Draw all weights and biases anew, from the next seed"))
        self.draw.clicked.connect(lambda _on=False: self._draw())
        titles = {name: _("none") if name == "none" else name for name in ACTIVATIONS}
        self.activation = Segments(titles, _("Activation"))
        self.activation.chosen.connect(lambda name: self.put(_("choose an activation"), activation=name))
        self.row_title, self.row_words = label(role="title"), label(role="heading", wraps=True)
        self.products = Figures(_("Products of the row"), ("", "w", "x", "w·x"))
        self.linear, self.code = label(role="title", wraps=True), label(wraps=True)
        self.row_words.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.code.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._lay_out()

    def _lay_out(self) -> None:
        head = head_row()
        for name, field in ((_("Inputs"), self.inputs), (_("Neurons"), self.neurons)):
            head.addWidget(label(name))
            head.addWidget(field)
            head.addSpacing(8)
        head.addWidget(self.draw)
        head.addStretch(1)
        head.addWidget(label(_("Activation")))
        head.addWidget(self.activation)
        inside = QWidget()
        self._halves = QBoxLayout(QBoxLayout.Direction.TopToBottom, inside)
        self._halves.setContentsMargins(16, 4, 16, 12)
        self._halves.setSpacing(24)
        self._halves.addWidget(self.picture, 0, Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
        words = QVBoxLayout()
        words.setSpacing(8)
        for widget in (self.row_title, self.products, self.row_words):
            words.addWidget(widget)
        words.addSpacing(16)
        words.addWidget(self.linear)
        words.addWidget(self.code)
        words.addStretch(1)
        self._halves.addLayout(words, 1)
        area = ScrollArea(inside, sideways=True)
        area.viewport().installEventFilter(self)
        whole = lines_above(self)
        whole.setSpacing(0)
        whole.addLayout(head)
        whole.addWidget(area, 1)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize:
            self._place_words()
        return super().eventFilter(watched, event)

    def _place_words(self) -> None:
        """Beside the picture where there is room, else below it."""
        beside = self.width() - self.picture.sizeHint().width() >= _WORDS * theme().text_scale
        self._halves.setDirection(QBoxLayout.Direction.LeftToRight if beside else QBoxLayout.Direction.TopToBottom)

    # The page -------------------------------------------------------------------------------------------------------

    def show_state(self, state: Neuron) -> None:
        super().show_state(state)
        if not state.weights or any(len(row) != len(state.inputs) for row in state.weights):
            return  # the answer says what is wrong with it
        weights, x, biases = (np.array(one, np.float64) for one in (state.weights, state.inputs, state.biases))
        self.picture.show_given(weights, x, biases, min(state.row, len(weights) - 1))
        self.inputs.show_value(len(x), True)
        self.neurons.show_value(len(weights), True)
        if state.activation in ACTIVATIONS:
            self.activation.choose(state.activation)
        wide, high = len(x), len(weights)
        said = _("This is Linear({wide}, {high}): {high} × {wide} weights + {high} biases = {all} parameters")
        self._place_words()
        self.linear.setText(said.format(wide=wide, high=high, all=high * wide + high))
        lines = [
            f"x = torch.tensor({listed(state.inputs)})",
            f"layer = nn.Linear({wide}, {high})  # W: layer.weight, b: layer.bias",
            f"z = x @ W.T + b  # ({wide}) @ ({wide}, {high}) + ({high}) → ({high})",
        ]
        if state.activation != "none":
            lines.append(f"a = {ACTIVATIONS.get(state.activation, 'z')}")
        self.code.setText("\n".join(lines))

    def show_told(self, told: NeuronTold | BoundaryTold) -> None:
        state = self.state
        if not self.is_about(told):
            return
        z, a = numbers(told.z), numbers(told.a)
        self.picture.show_made(z, a, "" if state.activation == "none" else state.activation)
        row = min(state.row, len(z) - 1)
        self.row_title.setText(_("Row {row} is one neuron: its products and their sum").format(row=row))
        self.products.show_rows(product_rows(state, told, row))
        words = neuron_words(
            state.inputs, state.weights[row], state.biases[row], float(z[row]), float(a[row]), state.activation
        )
        self.row_words.setText(words)

    def dress(self) -> None:
        self.code.setFont(theme().font("small", mono=True))
        self.products.dress()
        self.products.setMaximumWidth(round(_TABLE * theme().text_scale))
        for field in (self.inputs, self.neurons):
            field.setFixedWidth(round(56 * theme().text_scale))
        self.picture.updateGeometry()
        self.picture.update()

    # What a person does ---------------------------------------------------------------------------------------------

    def _set_number(self, cell: Cell, value: float) -> None:
        state, key = self.state, ("neuron layer", *cell)
        if cell.part == "W":
            self.wanted.emit(with_weight(state, cell.row, cell.column, value), _("change a weight"), key)
        elif cell.part == "x":
            self.put(_("change an input"), key, inputs=put(state.inputs, cell.row, value))
        else:
            self.put(_("change a bias"), key, biases=put(state.biases, cell.row, value))

    def _grow(self, what: str, count: Any, most: int) -> None:
        if 1 <= count <= most:
            text = _("change the number of inputs") if what == "inputs" else _("change the number of neurons")
            self.wanted.emit(grown(self.state, **{what: int(count)}), text, f"neuron {what}")

    def _draw(self) -> None:
        state = self.state
        empty = msgspec.structs.replace(state, weights=(), biases=(), seed=(state.seed + 1) % 2**63)
        self.wanted.emit(grown(empty, neurons=len(state.weights)), _("draw new weights"), None)


def product_rows(state: Neuron, told: NeuronTold, row: int) -> list[tuple[str, ...]]:
    """Every product of a neuron, and what they add up to with the bias."""
    found: list[tuple[str, ...]] = []
    products = numbers(told.products)[row].tolist()
    for place, (weight, x, product) in list(enumerate(zip(state.weights[row], state.inputs, products, strict=True)))[
        :MOST_INPUTS
    ]:
        found.append((str(place), figure(weight), figure(x), figure(product)))
    if len(products) > MOST_INPUTS:
        found.append(("…", "", "", _("{n} more").format(n=len(products) - MOST_INPUTS)))
    found.append((f"b[{row}]", "", "", figure(state.biases[row])))
    found.append((f"z[{row}]", "", "", figure(float(numbers(told.z)[row]))))
    return found
