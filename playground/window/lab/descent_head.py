"""What is descended, from where, and the buttons that walk along the path."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QMenu, QPushButton, QWidget

from playground.core.lab.functions import FUNCTIONS, SURFACES, of_weight
from playground.core.lab.scripts import title_of
from playground.core.lab.topics import LONGEST_LINE, Descent
from playground.core.spec import Argument
from playground.core.text import _
from playground.window import icons
from playground.window.fields import ArgumentField
from playground.window.lab.walk_bar import WalkBar
from playground.window.theme import theme

_MOST = 500  # steps of a path that are taken at once
_START = Argument(name="start", kind="float", default=2.0, help=_("where it begins"), low=-1e12, high=1e12)
_STEPS = Argument(name="steps", kind="int", default=20, help=_("how many steps"), low=1, high=_MOST)


class DescentHead(QWidget):
    """function_chosen: a name, or an expression in x;  surface_chosen: a name;  start_chosen: one number, or two"""

    function_chosen = Signal(str)
    surface_chosen = Signal(str)
    start_chosen = Signal(object)
    steps_chosen = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self._start: tuple[float, ...] = (0.0,)
        self.choice = QPushButton()
        self.choice.setAccessibleName(_("What is descended"))
        menu = QMenu(self.choice)
        for name, one in FUNCTIONS.items():
            menu.addAction(_written(one.title)).setData(("function", name))
        menu.addSeparator()
        for name, surface in SURFACES.items():
            menu.addAction(f"{surface.title}:  {surface.formula}").setData(("surface", name))
        menu.triggered.connect(self._on_chosen)
        self.choice.setMenu(menu)
        self.choice.setIcon(icons.icon("chevron-down"))
        self.choice.setLayoutDirection(Qt.LayoutDirection.RightToLeft)  # the arrow behind the words
        self.line = QLineEdit()
        self.line.setPlaceholderText(_("or type one, e.g. (2*x - 3)**2"))
        self.line.setAccessibleName(_("A function of x, as a line of PyTorch; Enter takes it"))
        self.line.setMaxLength(LONGEST_LINE)
        self.line.setMaximumWidth(240)
        self.line.setMinimumWidth(80)
        self.line.returnPressed.connect(self._on_typed)
        self.starts = [ArgumentField(_START, can_release=False) for _number in range(2)]
        self._start_names = [QLabel() for _number in range(2)]
        for number, field in enumerate(self.starts):
            field.set_requested.connect(lambda value, number=number: self._on_start(number, value))
            field.setFixedWidth(72)
        self.steps = ArgumentField(_STEPS, can_release=False)
        self.steps.setFixedWidth(60)
        self.steps.set_requested.connect(self._on_steps)
        self.walk = WalkBar()
        self._lay_out()

    def _lay_out(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 8, 16, 8)
        row.setSpacing(8)
        row.addWidget(self.choice)
        row.addWidget(self.line, 1)
        row.addStretch(1)
        for name, field in zip(self._start_names, self.starts, strict=True):
            row.addWidget(name)
            row.addWidget(field)
        row.addWidget(QLabel(_("steps")))
        row.addWidget(self.steps)
        row.addSpacing(8)
        row.addWidget(self.walk)

    def show_state(self, state: Descent, start: tuple[float, ...]) -> None:
        """start: where it begins in effect"""
        self._start = start
        surface = SURFACES.get(state.surface)
        known = FUNCTIONS.get(state.function)
        title = title_of(state.function)
        written = _written(known.title) if known else f"J = {title}"
        text = surface.title if surface is not None else written
        self.choice.setText(text if len(text) <= 28 else f"{text[:27]}…")
        self.choice.setToolTip(f"{surface.title}: {surface.formula}" if surface is not None else written)
        axes = surface.axes if surface is not None else ("w", "")
        for number, (label, field) in enumerate(zip(self._start_names, self.starts, strict=True)):
            used = number < (2 if surface is not None else 1)
            label.setVisible(used)
            field.setVisible(used)
            if used:
                label.setText(_("start {axis}").format(axis=axes[number]) if not number else axes[number])
                field.editor.setAccessibleName(_("Start, {axis}").format(axis=axes[number]))
                field.show_value(start[number], True)
        self.steps.show_value(state.steps, True)

    def dress(self) -> None:
        self.line.setFont(theme().font("small", mono=True))

    def _on_chosen(self, action: object) -> None:
        kind, name = action.data()  # type: ignore[attr-defined]
        (self.function_chosen if kind == "function" else self.surface_chosen).emit(name)

    def _on_typed(self) -> None:
        line = self.line.text().strip()
        if line:
            self.function_chosen.emit(line)

    def _on_start(self, number: int, value: float) -> None:
        wanted = list(self._start)
        wanted[number] = value
        self.start_chosen.emit(tuple(wanted))

    def _on_steps(self, value: int) -> None:
        if value >= 1:
            self.steps_chosen.emit(int(min(value, _MOST)))  # what was typed beyond it gives way on leaving the field


def _written(title: str) -> str:
    """A function of x as one of the weight. title: as it is written in mathematics"""
    return _("J(w) = {formula}").format(formula=of_weight(title))
