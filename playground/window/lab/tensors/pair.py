"""Two tensors side by side: how they are broadcast, what their product is made of, and what each kind of product does."""

from collections.abc import Callable
from typing import Any

import numpy as np
from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QStackedWidget, QVBoxLayout, QWidget

from playground.core.lab.messages import Ask, Glance, ShowBench, ShowPair
from playground.core.lab.told import Attempts, Bench, Broadcast, Product, Refused, TensorFacts
from playground.core.lab.topics import LONGEST_LINE, MOST_LINES, Tensors
from playground.core.problem import Fault
from playground.core.text import _
from playground.session.history import numbers
from playground.window.data.segments import Segments
from playground.window.lab.tensors.broadcast import Alignment, BroadcastPicture, Side
from playground.window.lab.tensors.kinds import KindTable
from playground.window.lab.tensors.misfit import Misfit
from playground.window.lab.tensors.painting import Tint
from playground.window.lab.tensors.product import ProductView
from playground.window.scrolling import ScrollArea
from playground.window.theme import theme

_PAGES = {"broadcast": _("Broadcasting"), "product": _("Matrix product"), "kinds": _("matmul, mm, dot, *")}
_SIGNS = {"+": "+", "-": "−", "*": "×", "/": "÷"}
_SIZE = (12, 12)  # rows and columns that are fetched of each
Asker = Callable[[Ask, Callable[[Any], None], str], None]


class PairPanel(QWidget):
    """pair_chosen: left and right, as typed;  line_wanted: a line that fits, to be put on the bench"""

    pair_chosen = Signal(str, str)
    line_wanted = Signal(str)

    def __init__(self, ask: Asker) -> None:
        super().__init__()
        self._ask = ask
        self._state = Tensors()
        self._broadcast: Broadcast | None = None
        self._bench: Bench | None = None
        self.pages, self.signs = Segments(_PAGES, _("Two tensors")), Segments(_SIGNS, _("Sign"))
        self.left, self.right = (self._field(name) for name in (_("Left tensor"), _("Right tensor")))
        self.sign = QLabel("@")
        self.picture, self.alignment, self.rule = BroadcastPicture(), Alignment(), QLabel()
        self.product, self.kinds, self.misfit, self.refusal = ProductView(), KindTable(), Misfit(), QLabel()
        self._lay_out()
        self.pages.chosen.connect(lambda _key: self.ask_all())
        self.signs.chosen.connect(lambda _key: self.ask_all())
        self.product.picture.pointed.connect(lambda _row, _column: self._ask_for_cell())
        self.misfit.way_chosen.connect(self.line_wanted)
        for chip in self.signs.findChildren(QWidget):
            chip.setMinimumWidth(28)

    # Parts --------------------------------------------------------------------------------------------------------

    def _field(self, name: str) -> QComboBox:
        field = QComboBox()
        field.setEditable(True)
        field.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        field.setAccessibleName(name)
        field.setMinimumContentsLength(6)
        field.setMinimumWidth(120)
        edit = field.lineEdit()
        assert edit is not None
        edit.setMaxLength(LONGEST_LINE)
        edit.editingFinished.connect(self._on_chosen)
        field.activated.connect(lambda _place: self._on_chosen())
        return field

    def _lay_out(self) -> None:
        head, fields = QHBoxLayout(), QHBoxLayout()
        head.setContentsMargins(16, 8, 12, 4)
        head.addWidget(self.pages)
        head.addStretch(1)
        fields.setContentsMargins(16, 0, 12, 4)
        fields.setSpacing(8)
        for widget in (self.left, self.sign, self.signs, self.right):
            fields.addWidget(widget)
        fields.addStretch(1)
        self.rule.setWordWrap(True)
        self.rule.setProperty("role", "small")
        self.refusal.setWordWrap(True)
        self.refusal.setProperty("role", "secondary")
        self.refusal.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.refusal.setContentsMargins(16, 8, 16, 8)
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(16, 4, 16, 8)
        column.setSpacing(8)
        for part in (self.picture, self.rule, self.alignment):
            column.addWidget(part)
        column.addStretch(1)
        misfit = QWidget()
        holder = QVBoxLayout(misfit)
        holder.setContentsMargins(0, 0, 0, 0)
        holder.addWidget(self.misfit)
        holder.addStretch(1)
        self.stack = QStackedWidget()
        self._pages = {
            "broadcast": page,
            "product": self.product,
            "kinds": self.kinds,
            "misfit": misfit,
            "said": self.refusal,
        }
        for one in self._pages.values():
            self.stack.addWidget(ScrollArea(one, sideways=True))
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addLayout(head)
        whole.addLayout(fields)
        whole.addWidget(self.stack, 1)

    def _show(self, name: str) -> None:
        self.stack.setCurrentIndex(list(self._pages).index(name))

    # What is asked ------------------------------------------------------------------------------------------------

    @property
    def page(self) -> str:
        """A key of _PAGES."""
        return self.pages.current

    def show_page(self, state: Tensors) -> None:
        self._state = state
        for field, text in ((self.left, state.left), (self.right, state.right)):
            if field.currentText() != text:
                field.setEditText(text)
        self._dress_head()

    def offer(self, names: list[str]) -> None:
        """Names of tensors, for both fields."""
        for field in (self.left, self.right):
            if [field.itemText(place) for place in range(field.count())] != names:
                text = field.currentText()
                field.blockSignals(True)
                field.clear()
                field.addItems(names)
                field.setEditText(text)
                field.blockSignals(False)

    def ask_all(self) -> None:
        """Ask what the open page wants to know."""
        self._dress_head()
        state = self._state
        if not state.left or not state.right:
            self._say(_("Choose two tensors above, by name or as an expression."))
            return
        if self.page == "kinds":
            self._ask_pair("kinds", self._on_kinds)
            return
        if self.page == "broadcast":
            self._ask_pair("broadcast", self._on_broadcast)
        lines = (*state.lines[: MOST_LINES - 3], state.left, state.right, self.expression)
        glances = tuple(Glance(_label(text), size=_SIZE) for text in lines[-3:])
        self._ask(ShowBench(lines, state.seed, glances), self._on_bench, "pair")

    @property
    def expression(self) -> str:
        """What the page computes."""
        sign = "@" if self.page == "product" else self.signs.current
        return f"{_bracketed(self._state.left)} {sign} {_bracketed(self._state.right)}"[:LONGEST_LINE]

    def _ask_pair(self, view: Any, then: Callable[[Any], None], place: tuple[int, ...] = ()) -> None:
        state = self._state
        sign: Any = "@" if self.page == "product" else self.signs.current
        self._ask(ShowPair(state.lines, state.left, state.right, view, place, sign, state.seed), then, view)

    def _ask_for_cell(self) -> None:
        if self._bench is None:
            return
        facts = {one.label: one for one in self._bench.values}
        left, right = (facts.get(_label(text)) for text in (self._state.left, self._state.right))
        row, column = self.product.picture.cell
        place = [row] if left is not None and len(left.shape) == 2 else []
        if right is not None and len(right.shape) == 2:
            place.append(column)
        self._ask_pair("product", self._on_product, tuple(place))

    # What is told -------------------------------------------------------------------------------------------------

    def _on_bench(self, told: Any) -> None:
        if not isinstance(told, Bench):
            self._on_other(told)
            return
        self._bench = told
        for number, line in enumerate(told.lines[-3:]):
            if line.fault is not None:
                if number < 2:
                    self._say(line.fault.sentence + ".", line.fault.torch_message)
                else:
                    self._ask_pair("ways out", self._on_ways_out)
                return
        sides = self._sides(told)
        if sides is None:
            self._say(_("These are not two tensors."))
        elif self.page == "product":
            self._show_product(sides)
        elif self._broadcast is not None:
            self._show_broadcast(sides)

    def _sides(self, told: Bench) -> tuple[Side, Side, Side] | None:
        facts = {one.label: one for one in told.values}
        cells = {one.label: one for one in told.cells}
        sides = []
        for text in (self._state.left, self._state.right, self.expression):
            label = _label(text)
            if label not in facts or label not in cells:
                return None
            values = numbers(cells[label].values)
            sides.append(Side(text, values, Tint.of(facts[label])))
        return sides[0], sides[1], sides[2]

    def _show_broadcast(self, sides: tuple[Side, Side, Side]) -> None:
        told = self._broadcast
        if told is None or told.result is None:
            return
        self.picture.show_pair(told, sides, self.signs.current)
        self.rule.setText(told.sentence)
        self.alignment.show_axes(told, (self._state.left, self._state.right))
        self._show("broadcast")

    def _show_product(self, sides: tuple[Side, Side, Side]) -> None:
        facts = {one.label: one for one in self._bench.values} if self._bench else {}
        left, right = (facts[_label(text)] for text in (self._state.left, self._state.right))
        if max(len(left.shape), len(right.shape)) > 2 or not _is_drawn(left, right):
            self._say(_("The product of stacks of matrices: choose two matrices, or vectors, to see a cell of it."))
            return
        first, second, result = sides
        if len(right.shape) == 1:  # a vector on the right is a column, and so is what it makes
            second = second._replace(values=second.values.T)
            result = result._replace(values=result.values.T if len(left.shape) == 2 else result.values)
        self.product.picture.show_pair((first, second, result))
        self._show("product")
        self._ask_for_cell()

    def _on_broadcast(self, told: Any) -> None:
        if isinstance(told, Broadcast):
            self._broadcast = told
        else:
            self._on_other(told)

    def _on_product(self, told: Any) -> None:
        if isinstance(told, Product):
            self.product.show_product(told)

    def _on_kinds(self, told: Any) -> None:
        if isinstance(told, Attempts):
            self.kinds.show_told(told)
            self._show("kinds")
        else:
            self._on_other(told)

    def _on_ways_out(self, told: Any) -> None:
        sign = "@" if self.page == "product" else self.signs.current
        if isinstance(told, Attempts) and self.misfit.show_told(told, (self._state.left, self._state.right), sign):
            self._show("misfit")
        elif not isinstance(told, Attempts):
            self._on_other(told)

    def _on_other(self, told: Any) -> None:
        if isinstance(told, Refused):
            self._say(told.fault.sentence + ".", told.fault.torch_message)
        elif isinstance(told, Fault):
            self._say(f"{told.what}. {told.fix}.")

    def _say(self, sentence: str, torch_message: str = "") -> None:
        self.refusal.setText("\n".join(filter(None, (sentence[:1].upper() + sentence[1:], torch_message))))
        self._show("said")

    # The hand -----------------------------------------------------------------------------------------------------

    def _on_chosen(self) -> None:
        left, right = (" ".join(field.currentText().split()) for field in (self.left, self.right))
        if (left, right) != (self._state.left, self._state.right):
            self.pair_chosen.emit(left, right)

    def _dress_head(self) -> None:
        self.signs.setVisible(self.page == "broadcast")
        self.sign.setVisible(self.page != "broadcast")
        self.sign.setText("@" if self.page == "product" else _("and"))

    def dress(self) -> None:
        for field in (self.left, self.right):
            field.setFont(theme().font("small", mono=True))
        self.kinds.dress()
        self.misfit.dress()
        for widget in (self.picture, self.alignment, self.product.picture):
            widget.updateGeometry()
        if self._bench is not None:
            self._on_bench(self._bench)  # the widths of cells are made when they are told


def _is_drawn(left: TensorFacts, right: TensorFacts) -> bool:
    return bool(left.shape and right.shape and np.prod(left.shape) and np.prod(right.shape))


def _label(text: str) -> str:
    return " ".join(text.partition("#")[0].split())


def _bracketed(text: str) -> str:
    return text if text.isidentifier() else f"({text})"
