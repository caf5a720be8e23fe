"""The rooms right of the list, one a tab, each with docks of its own, made when it is seen or asked for first."""

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QStackedWidget, QWidget

from playground.core.spec import PanelSpec
from playground.core.text import _
from playground.window.docks import DockArea

ROOMS = {
    "training": _("Training"),
    "results": _("Results"),
    "step": _("Step"),
    "convolution": _("Convolution"),
    "draw": _("Draw"),
    "runs": _("Runs"),
    "data": _("Data"),
    "code": _("Code"),
    "devices": _("Devices"),
    "lab": _("Lab"),
}
FIRST = "training"
ALONE = ("lab",)  # has nothing to do with the network: the list is folded away
BUILDING = ("training", "code")  # where one drags layers in and sees what becomes of it


class Rooms(QStackedWidget):
    """made: a DockArea that was made just now;  entered: name of the room that is seen now"""

    made = Signal(object)
    entered = Signal(str)

    def __init__(self, session: Any, specs: Sequence[PanelSpec], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._specs = {name: [spec for spec in specs if spec.room == name] for name in ROOMS}
        self._areas: dict[str, DockArea] = {}
        self.name = FIRST

    @property
    def areas(self) -> list[DockArea]:
        """Of the rooms that were entered so far."""
        return list(self._areas.values())

    def has(self, name: str) -> bool:
        """Whether this room was made already."""
        return name in self._areas

    def area(self, name: str) -> DockArea:
        """The docks of a room, made when they are asked for first."""
        if name not in self._areas:
            area = self._areas[name] = DockArea(self._session, self._specs[name], self)
            self.addWidget(area)
            self.made.emit(area)
        return self._areas[name]

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.enter(self.name)

    def enter(self, name: str) -> None:
        """Show a room."""
        self.setCurrentWidget(self.area(name))
        if name != self.name:
            self.name = name
            self.entered.emit(name)
