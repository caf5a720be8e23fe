"""Autograd: the graph of typed lines, or of the project's network, and backward() through it, one node at a time."""

from collections.abc import Callable
from functools import partial
from typing import Any

import msgspec
from PySide6.QtCore import Qt
from PySide6.QtGui import QFontMetrics, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QSplitter, QWidget

from playground.core.lab.graph_examples import GraphExample
from playground.core.lab.messages import Ask, ShowBench, ShowNetwork, ShowPage, WriteScript
from playground.core.lab.scripts import autograd_script
from playground.core.lab.told import Bench, Graph, Refused, Told
from playground.core.lab.topics import Autograd, Tensors
from playground.core.problem import Fault
from playground.core.text import _
from playground.session.lab import Lab
from playground.window.lab.autograd import words
from playground.window.lab.autograd.canvas import GraphCanvas
from playground.window.lab.autograd.chain import chain
from playground.window.lab.autograd.chain_strip import ChainStrip
from playground.window.lab.autograd.drawing import Drawing
from playground.window.lab.autograd.grads import Grads
from playground.window.lab.autograd.head import GraphHead
from playground.window.lab.autograd.node_card import NodeCard
from playground.window.lab.boxes import column_in
from playground.window.lab.tensors.editor import LineEditor
from playground.window.lab.tensors.misfit import Misfit
from playground.window.lab.tensors.refusals import HelpLine
from playground.window.lab.view import TopicView
from playground.window.layer_list.panel import hairline
from playground.window.scrolling import ScrollArea
from playground.window.theme import theme
from playground.window.words import Words

_HINT = _("One line of PyTorch each. Ctrl+Space offers words; Enter or Space on the graph takes the next step.")
MOST_AT_ONCE = 60  # nodes that are laid out in the window's thread
_KINDS = {"tensor": "Tensor", "array": "ndarray"}


class View(TopicView):
    """graph: what the workbench told last of this page, None before;  chosen: the number of the node that is looked at"""

    def __init__(self, lab: Lab, parent: QWidget | None = None) -> None:
        super().__init__(lab, parent)
        self.graph: Graph | None = None
        self.chosen = 0
        self._state = Autograd()
        self._known: tuple[Autograd, str] | None = None  # what `graph` was told of
        self.head, self.canvas, self.strip = GraphHead(), GraphCanvas(), ChainStrip()
        self.editor = LineEditor(_("Lines of PyTorch"))
        self.misfit = Misfit()
        self.help = HelpLine(self.misfit, self._ask_for, _HINT)
        self.card, self.grads = NodeCard(), Grads()
        self.outside, self.about = QLabel(), QLabel()
        self.fault, self.state_line = QLabel(), Words("small", "text_secondary")
        self._refused = ""  # why the output has no graph
        self._lay_out()
        self._connect()
        self.home = self.canvas

    # Parts --------------------------------------------------------------------------------------------------------

    def _lay_out(self) -> None:
        for label, role in ((self.outside, "small"), (self.about, "secondary"), (self.fault, "error")):
            label.setProperty("role", role)
            label.setWordWrap(True)
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setContentsMargins(16, 2, 16, 4)
            label.hide()
        self.columns = QSplitter(Qt.Orientation.Horizontal, self)
        self.columns.setHandleWidth(1)
        self.columns.setChildrenCollapsible(False)
        for widget, least in ((self._left(), 300), (self._right(), 320)):
            widget.setMinimumWidth(least)
            self.columns.addWidget(widget)
        self.columns.setSizes([370, 970])
        self.columns.setStretchFactor(1, 1)
        column = column_in(self)
        column.addWidget(self.head)
        column.addWidget(hairline())
        column.addWidget(self.columns, 1)

    def _left(self) -> QWidget:
        left, below = QWidget(self), QWidget()
        column = column_in(left)
        column.addWidget(self.editor)
        column.addWidget(self.help)
        column.addWidget(self.about)
        column.addWidget(self.fault)
        column.addWidget(hairline())
        inside = column_in(below)
        for widget in (self.grads, self.misfit, self.card, self.outside):  # what changes its height comes last
            inside.addWidget(widget)
        inside.addStretch(1)
        column.addWidget(ScrollArea(below), 1)
        return left

    def _right(self) -> QWidget:
        right = QWidget(self)
        row = QHBoxLayout()
        row.setContentsMargins(16, 4, 12, 4)
        row.setSpacing(4)
        title = QLabel(_("Graph"))
        title.setProperty("role", "title")
        row.addWidget(title)
        row.addSpacing(4)
        row.addWidget(self.state_line, 1)
        for text, tip, do in (
            ("−", _("Smaller (−)"), lambda: self.canvas.zoom(1 / 1.2)),
            ("+", _("Larger (+)"), lambda: self.canvas.zoom(1.2)),
            (_("Fit"), _("All of the graph"), self.canvas.fit_all),
        ):
            row.addWidget(_small(text, tip, do))
        holder = QWidget()
        inner = column_in(holder)
        inner.setContentsMargins(16, 8, 16, 8)
        inner.addWidget(self.strip)
        inner.addStretch(1)
        self.chains = ScrollArea(holder)
        column = column_in(right)
        column.addLayout(row)
        column.addWidget(self.canvas, 1)
        column.addWidget(hairline())
        column.addWidget(self.chains)
        return right

    def _connect(self) -> None:
        self.head.source_chosen.connect(self._choose_source)
        self.head.example_chosen.connect(self._take_example)
        self.head.output_chosen.connect(lambda name: self._set(_("walk back from {name}").format(name=name), output=name, position=0))  # fmt: skip
        self.head.walk.stepped.connect(self.step)
        self.head.walk.rewound.connect(lambda: self.go_to(0))
        self.canvas.stepped.connect(self.step)
        self.canvas.rewound.connect(lambda: self.go_to(0))
        self.canvas.ended.connect(lambda: self.go_to(self.count))
        self.canvas.node_chosen.connect(self.choose)
        for widget in (self.canvas, self.card):
            widget.opened.connect(self._open)
        self.grads.rounds_chosen.connect(lambda count: self._set(_("change the rounds"), "rounds", rounds=count))
        self.grads.zero_chosen.connect(lambda on: self._set(_("switch zero_grad()"), zero_grad=on))
        self.editor.textChanged.connect(self.head.walk.stop)
        self.editor.edited.connect(self._on_edited)
        self.editor.line_entered.connect(lambda line: self._show_faults())
        self.editor.hinted.connect(
            lambda word: self.help.show_word(word, always=self.editor.completer.popup().isVisible())
        )
        self.misfit.way_chosen.connect(self._take_way)
        self.lab.project_changed.connect(self._on_project_changed)

    # The page -----------------------------------------------------------------------------------------------------

    def show_page(self, state: Autograd) -> None:
        before, self._state = self._state, state
        lines = state.source == "lines"
        self.head.show_state(state)
        self.editor.show_lines(state.lines)
        self._size_editor()
        for widget in (self.editor, self.help):
            widget.setVisible(lines)
        if not lines:
            self.misfit.hide()
        self.grads.show_state(state)
        if state.source != before.source or not self.lab.is_running:  # what is known is of another page
            self._forget()
        if state.position != before.position and state.position:
            self.chosen = state.position - 1
        self._show_walk()

    def _forget(self) -> None:
        self.graph = self._known = None
        self.chosen = 0
        self._say("")
        self.about.hide()
        self.canvas.show_graph(None)

    def code(self) -> str | WriteScript:
        if self._state.source == "network":
            return WriteScript(ShowNetwork(self.lab.project, self._state))
        return autograd_script(self._state)

    def _set(self, text: str, merge_key: Any = None, **fields: Any) -> None:
        self.change(msgspec.structs.replace(self._state, **fields), text, merge_key)

    # Questions and answers ----------------------------------------------------------------------------------------

    def questions(self, state: Autograd) -> tuple[Ask, ...]:
        if state.source == "network":
            return (ShowNetwork(self.lab.project, state),)
        return ShowBench(state.lines, state.seed), ShowPage(autograd=state)

    def ask_all(self) -> None:
        """Nothing where only the walk has gone on: all its steps are known."""
        state = self.lab.page.state
        if not self.lab.is_running or not isinstance(state, Autograd):
            return
        about = _without_walk(state), self.lab.project if state.source == "network" else ""
        if about != self._known:
            self.state_line.setText(_("Computing …"))
            for question in self.questions(about[0]):
                self.lab.ask(question, partial(self._take, about))

    def _take(self, about: tuple[Autograd, str], answer: Told | Fault) -> None:
        if about[0].source != self._state.source:
            return
        if not isinstance(answer, Bench):
            self._known = about if isinstance(answer, Graph) else None
        self._on_answer(answer)

    def told(self, answer: Told) -> None:
        if isinstance(answer, Bench):
            faults = {one.line: one.fault for one in answer.lines if one.fault is not None}
            names = {one.label: _KINDS[one.kind] for one in answer.values if one.kind in _KINDS}
            self.editor.show_faults(faults, {name: kind for name, kind in names.items() if name.isidentifier()})
            self._show_faults()
            self._show_refusal()
        elif isinstance(answer, Refused):
            self._refused = f"{answer.fault.sentence}. {answer.fault.fix}".strip()
            self._forget()
            self._show_walk()
            self._show_refusal()
        elif isinstance(answer, Graph):
            self._refused = ""
            self._show_refusal()
            self._show_graph(answer)

    def _show_refusal(self) -> None:
        """A line that is refused is told by itself: the output is missing because of it."""
        self._say("" if self.editor.faults else self._refused)

    def failed(self, fault: Fault) -> None:
        """Nothing is drawn that is of another page."""
        self._forget()
        self._show_walk()
        self._say(str(fault))

    def _say(self, text: str) -> None:
        self.fault.setText(text)
        self.fault.setVisible(bool(text))

    def _show_graph(self, graph: Graph) -> None:
        """A large graph is laid out beside the window."""
        if len(graph.nodes) <= MOST_AT_ONCE or self.canvas.is_drawn(graph):
            self._draw(graph)
            return
        about = self._known

        def then(drawing: Drawing) -> None:
            if self._known == about:
                self._draw(graph, drawing)

        self.lab.beside(lambda: Drawing(graph), then)

    def _draw(self, graph: Graph, drawing: Drawing | None = None) -> None:
        self.graph = graph
        self.canvas.show_graph(graph, drawing)
        self.outside.setText(words.outside_text(graph, self._state))
        self.outside.setVisible(bool(self.outside.text()))
        self.about.setText(_("The loss of the project's network: {about}.").format(about=graph.about))
        self.about.setVisible(bool(graph.about))
        position = self.position
        self.chosen = position - 1 if position and not self.chosen else min(self.chosen, max(0, self.count - 1))
        self._show_walk()

    def _show_faults(self) -> None:
        self.help.show_faults(
            Tensors(lines=self._state.lines, seed=self._state.seed), self.editor.faults, self.editor.line
        )

    def _ask_for(self, question: Ask, then: Callable[[Any], None], kind: str) -> None:
        if self.lab.is_running:
            self.lab.ask(question, then, kind)

    def _on_project_changed(self) -> None:
        if self.isVisible() and self._state.source == "network":
            self.ask_all()

    # The walk -----------------------------------------------------------------------------------------------------

    @property
    def count(self) -> int:
        """Nodes that backward() reaches."""
        return len(self.graph.nodes) if self.graph is not None else 0

    @property
    def position(self) -> int:
        """Nodes walked."""
        return min(self._state.position, self.count)

    def step(self, steps: int) -> None:
        self.go_to(self.position + steps)

    def go_to(self, position: int) -> None:
        wanted = min(max(0, position), self.count)
        if not wanted:
            self.chosen = 0
        self.look(msgspec.structs.replace(self._state, position=wanted))

    def choose(self, number: int) -> None:
        """Look at a node; the walk stays where it is."""
        self.chosen = number
        self._show_walk()

    def _show_walk(self) -> None:
        graph, position = self.graph, self.position
        self.head.walk.show_place(position, self.count)
        for widget in (self.card, self.grads):
            widget.setVisible(graph is not None)
        if graph is None:
            self.outside.hide()
            self.state_line.setText("")
            self.strip.show_chain(None, "")
            self.chains.hide()
            return
        self.chains.show()
        self.canvas.show_walk(position, self.chosen)
        self.grads.show_graph(graph, self._state, position)
        text = _("backward(): {done} of {n} nodes").format(n=self.count, done=position)
        self.state_line.setText(text)
        self.card.show_node(graph, self.chosen, position, self._state.opened)
        if self.chosen < position:
            self.strip.show_chain(chain(graph, self.chosen))
        elif not position:
            self.strip.show_chain(None, _("backward() begins at the output with a slope of 1. Take a step."))
        else:
            self.strip.show_chain(None, _("backward() has not reached this node yet."))
        self._give_room()

    def _give_room(self) -> None:
        """The chain takes what it needs, a third of the height at most."""
        wide = max(200, self.chains.viewport().width() - 32)
        self.chains.setFixedHeight(min(self.strip.heightForWidth(wide) + 18, max(72, self.height() // 3)))

    # What a person does -------------------------------------------------------------------------------------------

    def _choose_source(self, source: str) -> None:
        text = _("look at my network") if source == "network" else _("look at these lines")
        self._set(text, source=source, position=0)

    def _choose_output(self, name: str) -> None:
        self._set(_("walk back from {name}").format(name=name), output=name, position=0)

    def _take_example(self, example: GraphExample) -> None:
        self.chosen = 0
        self.change(example.state, _("take an example"))

    def _open(self, layer: int) -> None:
        """Show a layer's own nodes, or fold them."""
        opened = set(self._state.opened) ^ {layer}
        self.chosen = 0
        self._set(_("open a layer") if layer in opened else _("fold a layer"), opened=tuple(sorted(opened)), position=0)

    def _on_edited(self, lines: tuple[str, ...]) -> None:
        if lines != self._state.lines:
            self._set(_("type lines"), "lines", lines=lines, position=0)
        else:
            self.lab.run()

    def _take_way(self, way: str) -> None:
        lines = self.help.lines_with(way)
        if lines is not None:
            self._set(_("make the shapes fit"), lines=lines, position=0)
            self.editor.setFocus(Qt.FocusReason.OtherFocusReason)

    def dress(self) -> None:
        self._size_editor()
        for widget in (self.editor, self.misfit, self.head, self.canvas, self.grads):
            widget.dress()
        self._give_room()

    def _size_editor(self) -> None:
        """As many lines as there are, and one more, within limits."""
        lines = min(max(len(self._state.lines) + 1, 5), 10)
        self.editor.setFixedHeight(lines * QFontMetrics(theme().font("base", mono=True)).lineSpacing() + 20)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._give_room()


def _without_walk(state: Autograd) -> Autograd:
    return msgspec.structs.replace(state, position=0)


def _small(text: str, tip: str, do: Callable[[], Any]) -> QPushButton:
    button = QPushButton(text)
    button.setProperty("kind", "quiet")
    button.setToolTip(tip)
    button.setAccessibleName(tip)
    button.clicked.connect(lambda _on=False: do())
    return button
