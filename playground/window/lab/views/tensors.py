"""Tensors: a bench of named tensors, typed line by line; what each is, and whose memory it shares."""

from collections.abc import Callable
from typing import Any

import msgspec
import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSplitter,
    QWidget,
)

from playground.core.lab.lines import set_cell
from playground.core.lab.messages import Ask, Glance, ShowBench
from playground.core.lab.new_tensors.lines import names_given
from playground.core.lab.told import Bench, Cells, TensorFacts, Told
from playground.core.lab.topics import MOST_LINES, Tensors
from playground.core.problem import Fault, Problem
from playground.core.text import _
from playground.session.lab import Lab
from playground.window.flow import FlowLayout
from playground.window.lab.boxes import column_in
from playground.window.lab.tensors import card, places, words
from playground.window.lab.tensors.card import Card, Shown
from playground.window.lab.tensors.detail import MOST_BLOCKS, Detail
from playground.window.lab.tensors.editor import LineEditor
from playground.window.lab.tensors.misfit import Misfit
from playground.window.lab.tensors.new_tensor import NewTensor, Place
from playground.window.lab.tensors.pair import PairPanel
from playground.window.lab.tensors.refusals import HelpLine
from playground.window.lab.view import TopicView
from playground.window.layer_list.panel import hairline
from playground.window.scrolling import ScrollArea
from playground.window.theme import theme

MOST_CARDS = 40
_KINDS = {"tensor": "Tensor", "array": "ndarray"}


class View(TopicView):
    """bench: what the workbench told last, None before;  cards: one for each value"""

    def __init__(self, lab: Lab, parent: QWidget | None = None) -> None:
        super().__init__(lab, parent)
        self.bench: Bench | None = None
        self._state = Tensors()
        self._watched = 0  # the line whose changes are told
        self._asked: tuple[str, ...] = ()  # the lines that were asked about last
        self._missed: frozenset[tuple[str, places.Place]] = frozenset()  # cells that were asked for once more
        self.cards: list[Card] = []
        self.editor = LineEditor(_("Lines of PyTorch"))
        self.misfit, self.detail, self.pair = Misfit(), Detail(), PairPanel(self._ask_for)
        self.help = HelpLine(self.misfit, self._ask_for)
        self.new = QPushButton(_("New tensor"))
        self.new.setToolTip(_("Write the line of a new tensor by a form"))
        self.form: NewTensor | None = None  # made when it is first wanted
        self._lay_out()
        self._connect()
        self.home = self.editor
        self.detail.hide()

    # Parts --------------------------------------------------------------------------------------------------------

    def _lay_out(self) -> None:
        left = QWidget(self)
        column = column_in(left)
        column.addLayout(_head(_("Lines"), _("each makes a tensor, or looks at one"), self.new))
        column.addWidget(self.editor)
        column.addWidget(self.help)
        column.addWidget(hairline())
        below = QWidget()
        inside = column_in(below)
        inside.addWidget(self.misfit)
        inside.addWidget(self.detail)
        column.addWidget(ScrollArea(below), 1)
        right = QWidget(self)
        beside = column_in(right)
        holder, cards = QWidget(), QWidget()
        self._flow = FlowLayout(cards, gap=8)
        inner = column_in(holder)
        inner.setContentsMargins(16, 4, 16, 8)
        self.nothing = QLabel(_("No tensor yet: type a line, or make one with “New tensor”."))
        self.nothing.setProperty("role", "secondary")
        self.nothing.setWordWrap(True)
        inner.addWidget(self.nothing)
        inner.addWidget(cards)
        inner.addStretch(1)
        beside.addLayout(_head(_("Tensors"), _("the number in hand is marked in all that share it")))
        beside.addWidget(ScrollArea(holder), 5)
        beside.addWidget(hairline())
        beside.addWidget(self.pair, 6)
        self.columns = QSplitter(Qt.Orientation.Horizontal, self)
        self.columns.setHandleWidth(1)
        self.columns.setChildrenCollapsible(False)
        for widget in (left, right):
            widget.setMinimumWidth(320)
            self.columns.addWidget(widget)
        self.columns.setSizes([470, 530])
        column_in(self).addWidget(self.columns)

    def _connect(self) -> None:
        self.new.clicked.connect(lambda _on=False: self.open_form())
        self.editor.edited.connect(self._on_edited)
        self.editor.line_entered.connect(self._on_line_entered)
        self.editor.hinted.connect(
            lambda word: self.help.show_word(word, always=self.editor.completer.popup().isVisible())
        )
        self.detail.cell_chosen.connect(lambda place: self._look_at(self.shown, place))
        self.detail.number_given.connect(self.set_number)
        self.detail.line_wanted.connect(self.toggle_line)
        self.detail.window_wanted.connect(super().ask_all)
        self.misfit.way_chosen.connect(self._take_way)
        self.pair.pair_chosen.connect(lambda left, right: self._set(_("choose two tensors"), left=left, right=right))
        self.pair.line_wanted.connect(self.add_line)

    # The page -----------------------------------------------------------------------------------------------------

    def show_page(self, state: Tensors) -> None:
        self._state = state
        self.editor.show_lines(state.lines)
        self.pair.show_page(state)
        if not self.lab.is_running:  # what is known is of another page
            self.bench = None
            self._clear()
        elif self.bench is not None and state.lines == self._asked:  # else the answer to come shows it
            self._show_bench()

    def _clear(self) -> None:
        self.editor.show_faults({}, {})
        self.help.show_faults(self._state, {}, self.editor.line)
        self.detail.hide()
        self.nothing.hide()
        for one in self.cards:
            one.hide()

    def code(self) -> str:
        return words.script(self._state.lines, self._state.seed)

    @property
    def shown(self) -> str:
        """The label of the value that is looked at."""
        labels = [one.label for one in self.bench.values] if self.bench else []
        return self._state.shown if self._state.shown in labels or not labels else labels[0]

    def _set(self, text: str, merge_key: Any = None, **fields: Any) -> None:
        self.change(msgspec.structs.replace(self._state, **fields), text, merge_key)

    # Questions ----------------------------------------------------------------------------------------------------

    def questions(self, state: Tensors) -> tuple[Ask, ...]:
        self._asked = state.lines
        return (ShowBench(state.lines, state.seed, tuple(self._glances()), self._watched),)

    def ask_all(self) -> None:
        """The bench first: the hand is there."""
        super().ask_all()
        self.pair.ask_all()

    def _glances(self) -> list[Glance]:
        """The cells that are to be seen: all matrices of what is looked at, the first ones of the rest."""
        facts = {one.label: one for one in self.bench.values} if self.bench else {}
        found = [Glance(self._state.shown, size=(24, 24))] if self._state.shown not in facts else []
        for number, leading in enumerate(self.detail.leading(facts[self.shown]) if self.shown in facts else ()):
            first, size = self.detail.window_of(number)
            found.append(Glance(self.shown, leading, first, size))
        labels = [label for label in facts if label != self.shown][: MOST_CARDS - MOST_BLOCKS]
        labels += [one for one in self._new_labels() if one not in labels and one != self.shown]
        small = (card.MOST_ROWS, card.MOST_COLUMNS)
        return (found + [Glance(label, size=small) for label in labels])[:64]

    def _new_labels(self) -> list[str]:
        """Of lines that the bench has not told of yet, as they will probably be called."""
        found = []
        for line in self._state.lines:
            name, equals, _rest = line.partition("=")
            plain = " ".join(line.partition("#")[0].split())
            found.append(name.strip() if equals and name.strip().isidentifier() else plain)
        return [one for one in found if one][:MOST_CARDS]

    def _ask_for(self, question: Ask, then: Callable[[Any], None], kind: str) -> None:
        if self.lab.is_running:
            self.lab.ask(question, then, kind)

    # Answers ------------------------------------------------------------------------------------------------------

    def told(self, answer: Told) -> None:
        if isinstance(answer, Bench):
            self.bench = answer
            self._show_bench()
            self._ask_for_missing()

    def failed(self, fault: Fault) -> None:
        self.help.refuse(fault)

    def _ask_for_missing(self) -> None:
        """Cells that could not be asked for before it was known what there is; once for the same ones."""
        assert self.bench is not None
        there = {(one.label, one.leading) for one in self.bench.cells}
        kinds = {one.label: one for one in self.bench.values if one.kind in _KINDS}
        asked = [one for one in self._glances() if one.label in kinds]
        wanted = {(one.label, places.whole(kinds[one.label], one.leading)) for one in asked}
        missing = frozenset(wanted - there)
        if missing and missing != self._missed and self._asked == self._state.lines:
            self._missed = missing
            super().ask_all()
        elif not missing:
            self._missed = missing

    def _show_bench(self) -> None:
        assert self.bench is not None
        names = {
            one.label: _KINDS[one.kind] for one in self.bench.values if one.kind in _KINDS and one.label.isidentifier()
        }
        faults = {one.line: one.fault for one in self.bench.lines if one.fault is not None}
        self.editor.show_faults(faults, names)
        self.pair.offer(list(names))
        self.help.show_faults(self._state, self.editor.faults, self.editor.line)
        facts = {one.label: one for one in self.bench.values}
        self.detail.setVisible(self.shown in facts)
        self.nothing.setVisible(not facts)
        if self.shown in facts:
            self._show_detail(facts[self.shown])
        self._show_cards(facts)

    def _show_detail(self, facts: TensorFacts) -> None:
        assert self.bench is not None
        cells = {one.leading: one for one in self.bench.cells if one.label == facts.label}
        self.detail.show_value(facts, cells, self._place(facts), self.bench, self._watched)
        known = frozenset(" ".join(line.split()) for line in self._state.lines)
        self.detail.show_chips(words.derived(facts.label, facts.shape) if facts.kind == "tensor" else [], known)

    def _place(self, facts: TensorFacts) -> places.Place:
        """The chosen cell; the first where none is chosen, or it is gone."""
        place = tuple(self._state.cell)
        return place if places.is_in(facts, place) else (0,) * len(facts.shape)

    def _show_cards(self, facts: dict[str, TensorFacts]) -> None:
        assert self.bench is not None
        chosen = facts.get(self.shown)
        cells: dict[str, Cells] = {}
        for one in self.bench.cells:
            cells.setdefault(one.label, one)
        changed = {one.label: frozenset(one.places) for one in self.bench.changes}
        shown = list(facts.values())[:MOST_CARDS]
        while len(self.cards) < len(shown):
            made = Card()
            made.wanted.connect(self._look_at)
            self.cards.append(made)
            self._flow.addWidget(made)
        for made, value in zip(self.cards, shown, strict=False):
            window = cells.get(value.label)
            same = np.zeros((0, 0), np.bool_)
            if window is not None and chosen is not None:
                same = places.same_memory(value, window, chosen, self._place(chosen))
            made.show_value(
                Shown(value, window, value.label == self.shown, same, changed.get(value.label, frozenset()))
            )
        for number, made in enumerate(self.cards):
            made.setVisible(number < len(shown))

    # The hand -----------------------------------------------------------------------------------------------------

    def _on_edited(self, lines: tuple[str, ...]) -> None:
        if lines != self._state.lines:
            self._watched = 0
            self._set(_("type lines"), "lines", lines=lines)
        else:
            self.lab.run()
            self.help.show_faults(self._state, self.editor.faults, self.editor.line)

    def _on_line_entered(self, line: int) -> None:
        """The value of the line that the caret is in is looked at."""
        told = self.bench.lines[line - 1] if self.bench and line <= len(self.bench.lines) else None
        if self.editor.hasFocus() and told is not None and told.label and told.label != self._state.shown:
            self._look_at(told.label, ())
        if self.bench is not None:
            self.help.show_faults(self._state, self.editor.faults, self.editor.line)

    def _look_at(self, label: str, place: places.Place) -> None:
        """Choose a value, and a cell of it; () keeps the one that is chosen where the value is the same."""
        cell = place if place or label != self._state.shown else self._state.cell
        self.look(msgspec.structs.replace(self._state, shown=label, cell=cell))

    def _take_way(self, way: str) -> None:
        """Put a way out that was tried in the place of what does not fit."""
        lines = self.help.lines_with(way)
        if lines is not None:
            self._set(_("make the shapes fit"), lines=lines)
            self.editor.setFocus(Qt.FocusReason.OtherFocusReason)

    def add_line(self, line: str) -> None:
        """One more line, whose value is looked at."""
        if len(self._state.lines) < MOST_LINES:
            name = line.partition("=")[0].strip()
            shown = name if name.isidentifier() else " ".join(line.split())
            self._set(_("add {line}").format(line=line), lines=(*self._state.lines, line), shown=shown, cell=())

    def open_form(self) -> None:
        """A new tensor by a form."""
        if self.form is None:
            self.form = NewTensor(self.lab.ask, self)
            self.form.line_wanted.connect(self.add_tensor)
        self.form.begin(self._place_of_new())

    def _place_of_new(self) -> Place:
        state, values = self._state, self.bench.values if self.bench else ()
        of_kind = {kind: [one.label for one in values if one.kind == kind] for kind in _KINDS}
        tensors = of_kind["tensor"]
        names = (*(one.label for one in values), *names_given(state.lines))
        return Place(
            lines=state.lines,
            computed=state.lines if self.lab.is_running else (),
            seed=state.seed,
            taken=names,
            name=words.free_name(names),
            tensor=self.shown if self.shown in tensors else next(iter(tensors), ""),
            array=next(iter(of_kind["array"]), ""),
        )

    def add_tensor(self, line: str) -> None:
        """A line that makes a new tensor, and the keyboard behind it."""
        self.add_line(line)
        self.editor.go_to(len(self._state.lines))
        self.editor.setFocus(Qt.FocusReason.OtherFocusReason)

    def toggle_line(self, line: str) -> None:
        """Add a line worth trying, or take it away where it is there."""
        kept = tuple(one for one in self._state.lines if " ".join(one.split()) != line)
        if len(kept) < len(self._state.lines):
            self._set(_("take {line} away").format(line=line), lines=kept)
        else:
            shown, cell = self.shown, self._state.cell
            self._set(_("add {line}").format(line=line), lines=(*kept, line), shown=shown, cell=cell)

    def set_number(self, place: places.Place, value: float) -> None:
        """Write the line that sets a cell; a second number for the same cell changes that line."""
        try:
            line = set_cell(self.shown, place, value)
        except Problem as problem:
            self.help.refuse(problem.fault)
            return
        lines = self._state.lines
        head = line.partition("=")[0]
        if lines and lines[-1].partition("=")[0] == head:
            lines = lines[:-1]
        if len(lines) < MOST_LINES:
            self._watched = len(lines) + 1
            self._set(_("set a cell"), lines=(*lines, line), shown=self.shown, cell=place)

    def dress(self) -> None:
        self.editor.setFixedHeight(6 * QFontMetrics(theme().font("base", mono=True)).lineSpacing() + 20)
        self.editor.dress()
        self.detail.dress()
        self.misfit.dress()
        self.pair.dress()
        for one in self.cards:
            one.dress()


def _head(title: str, subtitle: str, *widgets: QWidget) -> QHBoxLayout:
    row = QHBoxLayout()
    row.setContentsMargins(16, 6, 12, 4)
    row.setSpacing(8)
    for text, role in ((title, "title"), (subtitle, "small")):
        label = QLabel(text)
        label.setProperty("role", role)
        label.setMinimumHeight(theme().size("hit_min"))
        row.addWidget(label)
    row.addStretch(1)
    for widget in widgets:
        row.addWidget(widget)
    return row
