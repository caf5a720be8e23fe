"""The steps of a preparation as rows: moved, changed, removed, added. Every change is one edit of the whole list."""

from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QMenu, QToolButton, QVBoxLayout, QWidget

from playground.core.arguments import fault_of
from playground.core.preparations import PREPARATIONS
from playground.core.text import _
from playground.window import icons
from playground.window.fields import ArgumentField
from playground.window.icon_button import icon_button
from playground.window.theme import theme

Steps = tuple[dict[str, Any], ...]
_FIELD = 104  # px


class StepRow(QFrame):
    """One step: its title, its value, what it does, and buttons to move and remove it.

    changed: another value;  moved: by how many places;  removed: it is to go
    """

    changed = Signal(object)
    moved = Signal(int)
    removed = Signal()

    def __init__(self, number: int, name: str, last: bool) -> None:
        super().__init__()
        spec = PREPARATIONS.get(name)
        title = QLabel(f"{number + 1}  {spec.title if spec else name}")
        title.setFixedWidth(120)
        title.setProperty("role", "title")
        summary = QLabel(spec.summary if spec else _("There is no step of this name."))
        summary.setProperty("role", "small")
        summary.setWordWrap(True)
        self.field = ArgumentField(spec.argument, can_release=False) if spec else None
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 3, 12, 3)
        row.setSpacing(8)
        row.addWidget(title)
        if self.field is not None:
            self.field.setFixedWidth(round(_FIELD * theme().text_scale))
            self.field.explain(spec.title if spec else "")
            self.field.set_requested.connect(self.changed)
            row.addWidget(self.field)
        row.addWidget(summary, 1)
        name = spec.title if spec else name
        self.up = icon_button("chevron-up", _("Move {name} up").format(name=name), lambda: self.moved.emit(-1))
        self.down = icon_button("chevron-down", _("Move {name} down").format(name=name), lambda: self.moved.emit(1))
        self.remove = icon_button("close", _("Remove {name}").format(name=name), self.removed.emit)
        self.up.setEnabled(number > 0)
        self.down.setEnabled(not last)
        for button in (self.up, self.down, self.remove):
            row.addWidget(button, 0, Qt.AlignmentFlag.AlignVCenter)

    def show_value(self, value: Any) -> None:
        if self.field is not None:
            self.field.show_value(value, True, fault_of(self.field.argument, value))


class StepRows(QWidget):
    """changed: the new steps and what was done to them, for the Edit menu"""

    changed = Signal(object, str)

    def __init__(self) -> None:
        super().__init__()
        self._steps: Steps = ()
        self._kind = ""
        self._names: tuple[str, ...] | None = None
        self.rows: list[StepRow] = []
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self.add = QToolButton()
        self.add.setText(_("Add a step"))
        self.add.setIcon(icons.icon("plus", "text_secondary"))
        self.add.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.add.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        menu = QMenu(self.add)
        menu.setToolTipsVisible(True)
        menu.aboutToShow.connect(self.fill)
        self.add.setMenu(menu)
        self._none = QLabel(_("No step: the network gets the samples as they are stored."))
        self._none.setProperty("role", "small-quiet")
        self._none.setContentsMargins(16, 4, 16, 4)
        self._column.addWidget(self._none)

    def show_steps(self, steps: Steps, kind: str) -> None:
        """kind: of the samples, see DatasetSpec"""
        self._steps, self._kind = steps, kind
        names = tuple(next(iter(step), "") for step in steps)
        if names != self._names:
            self._names = names
            self._make(names)
        for row, step in zip(self.rows, steps, strict=True):
            row.show_value(next(iter(step.values()), None))

    def fill(self) -> None:
        """Offer the steps that work on such samples."""
        menu = self.add.menu()
        menu.clear()
        for spec in PREPARATIONS.values():
            if not spec.kinds or self._kind in spec.kinds:
                text = _("{title}   training only, anew each epoch") if spec.random else "{title}"
                action = menu.addAction(text.format(title=spec.title))
                action.setToolTip(spec.summary)
                action.triggered.connect(lambda _on=False, name=spec.name: self.append(name))

    def append(self, name: str) -> None:
        """One more step: behind the others, but augmentation stays behind what is measured or scaled once."""
        spec = PREPARATIONS[name]
        places = [place for place, step in enumerate(self._steps) if _is_late(step)]
        at = places[0] if places and not (spec.random or spec.late) else len(self._steps)
        steps = (*self._steps[:at], {name: spec.argument.default}, *self._steps[at:])
        self.changed.emit(steps, _("add {title}").format(title=spec.title))

    def _make(self, names: tuple[str, ...]) -> None:
        for row in self.rows:
            self._column.removeWidget(row)
            row.hide()
            row.deleteLater()
        self.rows = []
        self._none.setVisible(not names)
        for place, name in enumerate(names):
            row = StepRow(place, name, place == len(names) - 1)
            row.changed.connect(lambda value, place=place: self._set(place, value))
            row.moved.connect(lambda by, place=place: self._move(place, by))
            row.removed.connect(lambda place=place: self._remove(place))
            self._column.insertWidget(place, row)
            self.rows.append(row)

    def _title(self, place: int) -> str:
        name = next(iter(self._steps[place]), "")
        spec = PREPARATIONS.get(name)
        return spec.title if spec else name

    def _set(self, place: int, value: Any) -> None:
        name = next(iter(self._steps[place]))
        steps = (*self._steps[:place], {name: value}, *self._steps[place + 1 :])
        self.changed.emit(steps, _("change {title}").format(title=self._title(place)))

    def _move(self, place: int, by: int) -> None:
        steps = list(self._steps)
        to = min(max(0, place + by), len(steps) - 1)
        text = _("move {title}").format(title=self._title(place))
        steps.insert(to, steps.pop(place))
        self.changed.emit(tuple(steps), text)

    def _remove(self, place: int) -> None:
        steps = (*self._steps[:place], *self._steps[place + 1 :])
        self.changed.emit(steps, _("remove {title}").format(title=self._title(place)))


def _is_late(step: dict[str, Any]) -> bool:
    spec = PREPARATIONS.get(next(iter(step), ""))
    return spec is not None and (spec.random or spec.late)
