"""Slopes: functions side by side, each with a tangent at the same x, and their slopes compared."""

from typing import Any

import msgspec
from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QMenu,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from playground.core.lab.functions import FUNCTIONS
from playground.core.lab.messages import Ask, ShowPage
from playground.core.lab.scripts import line_of, slopes_script, title_of
from playground.core.lab.told import Curve, Curves, Told
from playground.core.lab.topics import LONGEST_LINE, Slopes
from playground.core.spec import Argument
from playground.core.text import _
from playground.session.lab import Lab
from playground.window import icons
from playground.window.fields import ArgumentField
from playground.window.lab.figures import Figures
from playground.window.lab.slope_card import SlopeCard
from playground.window.lab.view import TopicView
from playground.window.panels.base import toggle
from playground.window.plots.axis import figure_text
from playground.window.scrolling import ScrollArea
from playground.window.theme import theme

MOST = 12  # functions
_CARD = 250  # px, the least width of a card
_LOWER = 1000  # px of width, from which on the tables stand beside each other with the code
_X = Argument(name="x", kind="float", default=1.0, help=_("where the tangents lie"), low=-1e12, high=1e12)
_H = Argument(name="h", kind="float", default=1.0, help=_("width of the triangle"), low=0.0, high=1e12, open_low=True)


class View(TopicView):
    """derivative: whether f′ is drawn;  chosen: number of the function whose difference quotients are shown"""

    def __init__(self, lab: Lab, parent: QWidget | None = None) -> None:
        super().__init__(lab, parent)
        self.derivative, self.chosen = False, 1
        self.cards: list[SlopeCard] = []
        self._curves: tuple[Curve, ...] = ()
        self._columns = 0
        self._make_head()
        self._make_tables()
        self._lay_out()

    # Parts --------------------------------------------------------------------------------------------------------

    def _make_head(self) -> None:
        self.add = QPushButton(_("Add a function"))
        menu = QMenu(self.add)
        for name, one in FUNCTIONS.items():
            menu.addAction(one.title).setData(name)
        menu.triggered.connect(lambda action: self._add(action.data()))
        self.add.setMenu(menu)
        self.add.setIcon(icons.icon("chevron-down"))
        self.add.setLayoutDirection(Qt.LayoutDirection.RightToLeft)  # the arrow behind the words
        self.line = QLineEdit()
        self.line.setPlaceholderText(_("or type one, e.g. x**2 + 1"))
        self.line.setAccessibleName(_("A function of x, as a line of PyTorch; Enter adds it"))
        self.line.setMaxLength(LONGEST_LINE)
        self.line.setFont(theme().font("small", mono=True))
        self.line.setMaximumWidth(260)
        self.line.returnPressed.connect(self._add_typed)
        self.slope_of = toggle(_("Derivative"), _("Draw the derivative of every function, dashed"), False, self._derive)
        self.x_field = ArgumentField(_X, can_release=False)
        self.h_field = ArgumentField(_H, can_release=False)
        self.x_field.set_requested.connect(self._set_x)
        self.h_field.set_requested.connect(self._set_h)
        for field, tip in (
            (self.x_field, _("Where the tangents lie; ↑ and ↓ change its last digit")),
            (self.h_field, _("Width of the triangle, and h of the difference quotient")),
        ):
            field.setFixedWidth(80)
            field.setToolTip(tip)

    def _make_tables(self) -> None:
        self.table = Figures(_("Slopes at the same x"), (_("function"), "y", _("slope"), _("× above")), chosen=True)
        self.table.currentCellChanged.connect(lambda row, *_rest: self._choose(row))
        self.quotients = Figures(_("Difference quotients"), ("h", _("quotient"), _("off by")))
        self.quotients.setToolTip(_("(f(x + h) − f(x)) / h, and how far it is from the slope"))
        self.sentence, self.quotient_title, self.code_title, self.code_label = (QLabel() for _number in range(4))
        self.table_title = QLabel()
        for label in (self.table_title, self.quotient_title, self.code_title, self.code_label):
            label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)  # it must not widen the page
        for label in (self.table_title, self.quotient_title, self.code_title):
            label.setProperty("role", "title")
            label.setTextFormat(Qt.TextFormat.PlainText)
        self.sentence.setProperty("role", "secondary")
        self.sentence.setWordWrap(True)
        self.code_title.setText(_("What PyTorch was asked"))
        self.code_label.setTextFormat(Qt.TextFormat.PlainText)
        self.code_label.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.code_label.setAccessibleName(_("Lines of PyTorch"))

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setContentsMargins(16, 8, 16, 8)
        head.setSpacing(8)
        head.addWidget(self.add)
        head.addWidget(self.line, 1)
        head.addWidget(self.slope_of)
        head.addStretch(1)
        for name, field in (("x", self.x_field), ("h", self.h_field)):
            head.addWidget(QLabel(name))
            head.addWidget(field)
        self._inside = QWidget()
        self._grid = QGridLayout()
        self._grid.setSpacing(24)
        self._grid.setVerticalSpacing(12)
        self._lower = QGridLayout()
        self._lower.setHorizontalSpacing(32)
        self._lower.setVerticalSpacing(4)
        rule = QFrame()
        rule.setProperty("role", "hairline")
        column = QVBoxLayout(self._inside)
        column.setContentsMargins(16, 4, 16, 12)
        column.setSpacing(12)
        column.addLayout(self._grid, 1)
        column.addWidget(rule)
        column.addLayout(self._lower)
        area = ScrollArea(self._inside)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addLayout(head)
        whole.addWidget(area, 1)
        self._place_tables(True)

    def _place_tables(self, wide: bool) -> None:
        places = (
            ((self.table_title, 0, 0), (self.table, 1, 0), (self.sentence, 2, 0)),
            ((self.quotient_title, 0, 1), (self.quotients, 1, 1)),
            ((self.code_title, 0, 2), (self.code_label, 1, 2))
            if wide
            else ((self.code_title, 3, 0), (self.code_label, 4, 0)),
        )
        for group in places:
            for widget, row, column in group:
                self._lower.removeWidget(widget)
                spans = 2 if row == 1 and widget is self.quotients else 1
                across = 2 if row > 2 else 1
                self._lower.addWidget(widget, row, column, spans, across, Qt.AlignmentFlag.AlignTop)
        for column in range(3):
            self._lower.setColumnStretch(column, 1 if wide or column < 2 else 0)

    # The page -----------------------------------------------------------------------------------------------------

    @property
    def state(self) -> Slopes:
        found = self.lab.page.state
        return found if isinstance(found, Slopes) else Slopes()

    def questions(self, state: Any) -> tuple[Ask, ...]:
        return (ShowPage(slopes=state),)

    def show_page(self, state: Any) -> None:
        self._have_cards(state.functions)
        for card in self.cards:
            card.show_state(state, self.derivative)
        self.x_field.show_value(state.x, True)
        self.h_field.show_value(state.width, True)
        self.add.setEnabled(len(state.functions) < MOST)
        self.line.setEnabled(len(state.functions) < MOST)
        self._show_code()

    def told(self, answer: Told) -> None:
        if not isinstance(answer, Curves):
            return
        self._curves = answer.curves
        for card, curve in zip(self.cards, answer.curves, strict=False):
            card.show_curve(curve, answer.x)
        at = _("At x = {x}").format(x=figure_text(answer.x))
        self.table_title.setText(at)
        self.table.show_rows(table_rows(answer.curves))
        self.sentence.setText(comparison(answer))
        self._show_quotients()
        self._show_code()

    def code(self) -> str:
        return slopes_script(self.state)

    def dress(self) -> None:
        for card in self.cards:
            card.dress()
        for table in (self.table, self.quotients):
            table.dress()
        self.code_label.setFont(theme().font("small", mono=True))

    def _have_cards(self, functions: tuple[str, ...]) -> None:
        while len(self.cards) > len(functions):
            card = self.cards.pop()
            self._grid.removeWidget(card)
            card.hide()
            card.deleteLater()
        while len(self.cards) < len(functions):
            number = len(self.cards)
            card = SlopeCard(functions[number])
            card.x_chosen.connect(self._set_x)
            card.plot.range_chosen.connect(self._set_range)
            card.removed.connect(lambda number=number: self._remove(number))
            card.entered.connect(lambda number=number: self._choose(number))
            self.cards.append(card)
            self._columns = 0
        for card, function in zip(self.cards, functions, strict=True):
            card.show_function(function, len(functions) > 1)
        self._place_cards()

    def _place_cards(self) -> None:
        columns = max(1, min(len(self.cards), (self.width() - 32) // _CARD))
        if len(self.cards) > columns:  # rows of about the same length
            columns = -(-len(self.cards) // -(-len(self.cards) // columns))
        if columns == self._columns and self._grid.count() == len(self.cards):
            return
        for column in range(self._columns):
            self._grid.setColumnStretch(column, 0)
        self._columns = columns
        for number, card in enumerate(self.cards):
            self._grid.removeWidget(card)
            self._grid.addWidget(card, *divmod(number, columns))
        for column in range(columns):
            self._grid.setColumnStretch(column, 1)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place_cards()
        self._place_tables(self.width() >= _LOWER * theme().text_scale)

    # The chosen function ------------------------------------------------------------------------------------------

    def _choose(self, number: int) -> None:
        if number >= 0 and number != self.chosen:
            self.chosen = number
            self._show_quotients()
            self._show_code()

    def _show_quotients(self) -> None:
        if not self._curves:
            return
        curve = self._curves[min(self.chosen, len(self._curves) - 1)]
        self.quotient_title.setText(_("Difference quotient of {title}: the dashed line to □").format(title=curve.title))
        rows = [(width_text(one.h), figure_text(one.value, 6), figure_text(one.error, 6)) for one in curve.quotients]
        self.quotients.show_rows(rows)

    def _show_code(self) -> None:
        functions = self.state.functions
        line = line_of(functions[min(self.chosen, len(functions) - 1)])
        lines = [f"x = torch.tensor({self.state.x!r}, requires_grad=True)", f"y = {line}", "y.backward()", "x.grad"]
        at = self._curves[min(self.chosen, len(self._curves) - 1)].at if self._curves else None
        if at is not None:
            lines[-1] += f"  # {figure_text(at[1])}"
        self.code_label.setText("\n".join(lines))

    # What a person does -------------------------------------------------------------------------------------------

    def _put(self, text: str, merge_key: Any = None, **changes: Any) -> None:
        self.change(msgspec.structs.replace(self.state, **changes), text, merge_key)

    def _set_x(self, x: float) -> None:
        if abs(x) <= 1e12:
            ends = _reaching(self.state, float(x))  # a typed one may lie beside the axis
            self._put(_("move the tangent"), "slopes x", x=float(x), low=ends[0], high=ends[1])

    def _set_range(self, low: float, high: float) -> None:
        if -1e12 <= low < high <= 1e12:
            self._put(_("move the axis"), "slopes axis", low=low, high=high)

    def _set_h(self, width: float) -> None:
        if 0 < width <= 1e12:
            self._put(_("change h"), "slopes h", width=float(width))

    def _derive(self, on: bool) -> None:
        self.derivative = on
        for card in self.cards:
            card.show_state(self.state, on)

    def _add(self, name: str) -> None:
        if len(self.state.functions) < MOST:
            self.chosen = len(self.state.functions)
            text = _("add {function}").format(function=title_of(name))
            known, state = FUNCTIONS.get(name), self.state
            low, high = (known.low, known.high) if known is not None else (state.low, state.high)
            ends = {"low": min(low, state.low), "high": max(high, state.high)}
            self._put(text, functions=(*state.functions, name), **ends)

    def _add_typed(self) -> None:
        line = self.line.text().strip()
        if line:
            self._add(line)
            self.line.clear()

    def _remove(self, number: int) -> None:
        functions = self.state.functions
        if len(functions) > 1:
            self.chosen = min(self.chosen, len(functions) - 2)
            text = _("remove {function}").format(function=title_of(functions[number]))
            self._put(text, functions=(*functions[:number], *functions[number + 1 :]))


def _reaching(state: Slopes, x: float) -> tuple[float, float]:
    """The axis, made longer where x and its triangle lie beside it."""
    if state.low <= x <= state.high:
        return state.low, state.high
    room = max(0.1 * abs(x), 1.0)
    return max(-1e12, min(state.low, x - room)), min(1e12, max(state.high, x + room))


def table_rows(curves: tuple[Curve, ...]) -> list[tuple[str, ...]]:
    """function, y, slope, and how many times as steep it is as the one above."""
    rows: list[tuple[str, ...]] = []
    above: float | None = None
    for curve in curves:
        if curve.at is None:
            rows.append((curve.title, "–", "–", ""))
            above = None
            continue
        y, slope = curve.at
        times = f"{slope / above:.4g} ×".replace("-", "−") if above else ""
        rows.append((curve.title, figure_text(y), figure_text(slope), times))
        above = slope
    return rows


def width_text(width: float) -> str:
    """An h: 1, 0.1 … and below a thousandth as a power of ten."""
    return f"{width:.4g}" if width >= 1e-3 else figure_text(width)


def comparison(answer: Curves) -> str:
    """What the slopes mean, in a sentence: of the steepest one against the flattest."""
    known = [(abs(curve.at[1]), curve) for curve in answer.curves if curve.at is not None]
    rising = sorted(((slope, curve) for slope, curve in known if 0 < slope < float("inf")), key=lambda one: one[0])
    if len(rising) < 2 or rising[0][0] == rising[-1][0]:
        return ""
    (low, flat), (high, steep) = rising[0], rising[-1]
    said = _("Here {steep} is {times} times as steep as {flat}. A small step Δx changes y by about slope · Δx.")
    return said.format(steep=steep.title, flat=flat.title, times=f"{high / low:.4g}")
