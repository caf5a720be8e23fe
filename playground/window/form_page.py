"""What the pages "Data" and "Recipe" of the form share. Both are made from declarations, like every form."""

import html
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from playground.core.edit import Edit
from playground.core.problem import Problem
from playground.core.spec import Argument
from playground.core.steered import STEERED
from playground.core.text import _
from playground.session.session import Session
from playground.window.field_grid import FieldGrid
from playground.window.fields import range_sentence

FIELD = 96  # px of a field, for words

TITLES = {
    "dataset": _("data set"), "batch_size": _("batch size"), "test_fraction": _("test share"),
    "loss": _("loss"), "optimizer": _("optimizer"), "epochs": _("epochs"), "seed": _("seed"),
    "schedule": _("schedule"), "patience": _("patience"), "l1": _("L1"), "clip_norm": _("clip norm"),
    "precision": _("precision"),
}  # fmt: skip


class Page(QWidget):
    """helped: rich text for the help line;  resized: it wants another height"""

    helped = Signal(str)
    resized = Signal()

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self._focused: Argument | None = None
        self._trouble = ""
        self.box = QVBoxLayout(self)
        self.box.setContentsMargins(0, 0, 0, 0)
        self.box.setSpacing(2)
        session.training.state_changed.connect(self.show_help)

    def _grid_of(self, grid: FieldGrid, arguments: tuple[Argument, ...], titles: dict[str, dict[Any, str]]) -> None:
        for argument in arguments:
            grid.add(argument, TITLES.get(argument.name, ""), titles.get(argument.name), can_release=False)

    def attempt(self, *edits: Edit, text: str = "") -> None:
        """Apply edits as one step; a value that the project cannot hold is said in the help line and kept in its field."""
        try:
            self._session.document.apply(*edits, text=text)
            self._trouble = ""
        except Problem as problem:
            self._trouble = problem.fault.what
        self.show_help()

    def refuse(self, fault: str) -> None:
        """Say why a value cannot be; it stays in its field. fault: a sentence without full stop"""
        self._trouble = fault
        self.show_help()

    def enter(self, argument: Argument | None) -> None:
        self._focused, self._trouble = argument, ""
        self.show_help()

    def show_help(self, *_news: object) -> None:
        """Say again what stands in the help line."""
        self.helped.emit(self._help())

    def _help(self) -> str:
        if self._trouble:
            return f"<b>{html.escape(self._trouble)}.</b>"
        argument = self._focused
        if argument is None:
            return html.escape(self._summary())
        title = html.escape(TITLES.get(argument.name, argument.name))
        # what matters for the run that goes on comes first: two lines are seen
        text = f"<b>{title}</b> {html.escape(self._reach(argument) + argument.help)}."
        if detail := self._choice_summary(argument):
            return f"{text} {html.escape(detail)}"
        bounds = range_sentence(argument)
        return f"{text} {html.escape(bounds)}" if bounds else text

    def _reach(self, argument: Argument) -> str:
        """What an edit means for the run that goes on, as words behind its name; nothing where there is none."""
        training, recipe = self._session.training, self._session.document.project.recipe
        if not training.is_active or training.project is None:
            return ""
        if argument.name in STEERED and training.project.recipe.optimizer_name == recipe.optimizer_name:
            return _("is followed by the run that goes on; it") + " "
        return _("counts from the next run on; it") + " "

    def _summary(self) -> str:
        return ""

    def _choice_summary(self, argument: Argument) -> str:
        return ""
