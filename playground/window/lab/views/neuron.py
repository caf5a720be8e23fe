"""A neuron, then a layer: z = Σ wᵢxᵢ + b and its activation, a line in the plane, a layer, and softmax."""

from collections.abc import Callable
from typing import Any

import msgspec
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QStackedWidget, QVBoxLayout, QWidget

from playground.core.lab.messages import Ask, ShowPage, WriteScript
from playground.core.lab.neuron_scripts import neuron_script
from playground.core.lab.told import BoundaryTold, NeuronTold, Refused, Told
from playground.core.lab.topics import Neuron
from playground.core.problem import Fault
from playground.core.text import _
from playground.session.lab import Lab
from playground.window.data.segments import Segments
from playground.window.lab.neuron.layer import Layer
from playground.window.lab.neuron.line import LineSection
from playground.window.lab.neuron.one import OneNeuron
from playground.window.lab.neuron.section import Section, label
from playground.window.lab.neuron.softmax import Softmax
from playground.window.lab.view import TopicView

SECTIONS = {
    "neuron": _("One neuron"),
    "line": _("A line in the plane"),
    "layer": _("A layer"),
    "softmax": _("Softmax"),
}
_MAKERS: dict[str, Callable[[], Section]] = {
    "neuron": OneNeuron, "line": LineSection, "layer": Layer, "softmax": Softmax,
}  # fmt: skip


class View(TopicView):
    """sections: those that were seen so far"""

    def __init__(self, lab: Lab, parent: QWidget | None = None) -> None:
        super().__init__(lab, parent)
        self.sections: dict[str, Section] = {}
        self.chooser = Segments(SECTIONS, _("Section"))
        self.chooser.chosen.connect(self._choose)
        self.fault: QLabel = label(role="error", wraps=True)
        self.fault.setContentsMargins(16, 0, 16, 4)
        self.fault.hide()
        self.stack = QStackedWidget()
        head = QHBoxLayout()
        head.setContentsMargins(16, 8, 16, 0)
        head.addWidget(self.chooser)
        head.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(head)
        column.addWidget(self.fault)
        column.addWidget(self.stack, 1)

    # The page -----------------------------------------------------------------------------------------------------

    @property
    def state(self) -> Neuron:
        found = self.lab.page.state
        return found if isinstance(found, Neuron) else Neuron()

    @property
    def section(self) -> Section:
        """That is seen, made when it is seen first."""
        name = self.state.section
        if name not in self.sections:
            made = self.sections[name] = _MAKERS[name]()
            made.wanted.connect(self.change)
            made.looked.connect(self.look)
            made.share_width(self.width())
            self.stack.addWidget(made)
            made.dress()  # in the window: what it gets its style sheet from takes the fonts of before away
        return self.sections[name]

    def questions(self, state: Any) -> tuple[Ask, ...]:
        return (ShowPage(neuron=state),)

    def show_page(self, state: Any) -> None:
        self.chooser.choose(state.section)
        section = self.section
        section.show_state(state)
        if self.stack.currentWidget() is not section:
            self.stack.setCurrentWidget(section)

    def told(self, answer: Told) -> None:
        fault = answer.fault if isinstance(answer, Refused) else None
        self._say(f"{fault.sentence}. {fault.fix}" if fault is not None else "")
        if isinstance(answer, (NeuronTold, BoundaryTold)):
            self.section.show_told(answer)

    def failed(self, fault: Fault) -> None:
        self._say(f"{fault.what}. {fault.fix}")

    def code(self) -> str | WriteScript:
        return WriteScript(ShowPage(neuron=self.state)) if self.state.section == "line" else neuron_script(self.state)

    def dress(self) -> None:
        for section in self.sections.values():
            section.share_width(self.width())
            section.dress()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        for section in self.sections.values():
            section.share_width(self.width())

    def _say(self, text: str) -> None:
        self.fault.setText(text)
        self.fault.setVisible(bool(text))

    def _choose(self, name: str) -> None:
        """Another section is only looked at: nothing to undo."""
        self.look(msgspec.structs.replace(self.state, section=name))
