"""The page "Preparation": the steps between the stored sample and the network, the parts, and the batches."""

from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from playground.core.data import ALL, Data
from playground.core.edit import SetData
from playground.core.messages import Surveyed
from playground.core.problem import Problem
from playground.core.spec import Argument, DatasetSpec
from playground.core.text import _, plural
from playground.session.session import Session
from playground.window.data.step_rows import StepRows, Steps
from playground.window.field_grid import FieldGrid
from playground.window.layouts import take_widgets
from playground.window.scrolling import ScrollArea

WHY = _(
    "Mean and deviation are measured on the training part only. Measured on all samples they would tell the network "
    "something of the test samples, and the test would promise more than new data keep."
)
_FIELD = 104


def part_arguments(spec: DatasetSpec | None) -> tuple[Argument, ...]:
    """How the samples are parted. spec: of the data set in effect"""
    found = [
        Argument(
            name="validation_fraction", kind="float", default=0.0, low=0, high=0.99,
            help=_("is the share of the training samples held back to choose by"),
        ),
        Argument(
            name="subset", kind="int", default=None, low=2, high=1_000_000_000,
            help=_("is how many training samples are used, a fair share of each class; empty is all"),
        ),
    ]  # fmt: skip
    if spec is None or spec.test is None:
        found.insert(
            0,
            Argument(
                name="test_fraction", kind="float", default=0.2, low=0, high=0.99, open_low=True,
                help=_("is the share of the samples held back for the test"),
            ),
        )  # fmt: skip
    if spec is None or spec.task == "classification":
        found.append(
            Argument(
                name="stratify", kind="bool", default=True, help=_("gives every class its fair share of each part")
            )
        )
    return tuple(found)


BATCH_ARGUMENTS = (
    Argument(
        name="batch_size", kind="int", default=64, low=1, high=1_000_000, choices=(ALL,),
        help=_("is the number of samples in one step; 1 is stochastic gradient descent, all is full gradient descent"),
    ),
    Argument(name="shuffle", kind="bool", default=True, help=_("gives every epoch an order of its own")),
)  # fmt: skip
TITLES = {
    "test_fraction": _("test share"), "validation_fraction": _("validation share"), "subset": _("subset"),
    "stratify": _("stratify"), "batch_size": _("batch size"), "shuffle": _("shuffle"),
}  # fmt: skip
_RELEASED = ("subset",)  # fields that may be empty


class PreparationPage(QWidget):
    """Needs no survey: it is where a preparation that does not fit is mended."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self._shape: tuple[Any, ...] | None = None
        self._trouble = ""
        self.steps = StepRows()
        self.steps.changed.connect(self._on_steps)
        self.fault, self.help, self.batches = QLabel(), QLabel(), QLabel()
        self.grids: dict[str, FieldGrid] = {}
        self._arguments: dict[str, Argument] = {}
        self._holder = QWidget()
        self._inner = QVBoxLayout(self._holder)
        self._lay_out()
        session.document.project_changed.connect(self._on_project_changed)

    def _lay_out(self) -> None:
        inner = self._inner
        inner.setContentsMargins(0, 8, 0, 12)
        inner.setSpacing(4)
        head = QHBoxLayout()
        head.setContentsMargins(16, 0, 12, 0)
        head.addWidget(_heading(_("Steps, in this order")))
        head.addStretch(1)
        head.addWidget(self.steps.add)
        inner.addLayout(head)
        self.fault.setProperty("role", "error")
        why = QLabel(WHY)
        self.batches.setProperty("role", "small")
        self.help.setProperty("role", "small")
        why.setProperty("role", "small-quiet")
        for label in (self.fault, why, self.batches, self.help):
            label.setWordWrap(True)
            label.setContentsMargins(16, 4, 16, 4)
            label.setTextFormat(Qt.TextFormat.PlainText)
        inner.addWidget(self.fault)
        inner.addWidget(self.steps)
        inner.addWidget(why)
        self._places = QVBoxLayout()
        self._places.setSpacing(4)
        inner.addLayout(self._places)
        inner.addWidget(self.batches)
        inner.addStretch(1)
        scroll = ScrollArea(self._holder, keyboard=True)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(scroll, 1)
        column.addWidget(self.help)

    def refresh(self, survey: Surveyed | None) -> None:
        """survey: of the data at hand, None where they cannot be read"""
        data, looking = self._session.document.project.data, self._session.looking
        spec = looking.dataset
        self._make_grids(spec)
        self.steps.show_steps(data.preparation, spec.kind if spec else "")
        values = {name: getattr(data, name) for name in self._arguments if name in Data.__struct_fields__}
        for key, grid in self.grids.items():
            if key == "options":
                grid.show_values({one.name: one.default for one in spec.arguments} if spec else {}, data.options)
            else:
                grid.show_values({}, {name: one for name, one in values.items() if one is not None})
        fault = self._trouble or (str(looking.fault) if survey is None and looking.fault else "")
        self.fault.setText(fault)
        self.fault.setVisible(bool(fault))
        self.batches.setText(batch_sentence(data, survey) if survey else "")

    def _on_project_changed(self, _project: object = None) -> None:
        """What was typed is shown at once; the rest of the room waits for the answer of the workbench."""
        self._trouble = ""
        if self.isVisible():
            self.refresh(self._session.looking.survey())

    def _make_grids(self, spec: DatasetSpec | None) -> None:
        options = tuple(one for one in spec.arguments if one.kind != "path") if spec and not spec.own else ()
        parts = part_arguments(spec)
        shape = (options, tuple(one.name for one in parts))
        if shape == self._shape:
            return
        self._shape = shape
        for widget in take_widgets(self._places):
            widget.hide()
            widget.deleteLater()
        self.grids, self._arguments = {}, {}
        if options:
            title = _("Arguments of {title}").format(title=spec.title if spec else "")
            self._add_grid("options", title, options)
        self._add_grid("parts", _("Parts"), parts)
        self._add_grid("batches", _("Batches"), BATCH_ARGUMENTS)

    def _add_grid(self, key: str, title: str, arguments: tuple[Argument, ...]) -> None:
        grid = self.grids[key] = FieldGrid(_FIELD)
        grid.setMaximumWidth(640)
        for argument in arguments:
            can_release = key == "options" or argument.name in _RELEASED
            grid.add(argument, TITLES.get(argument.name, ""), can_release=can_release)
            self._arguments[argument.name] = argument
        is_option = key == "options"
        grid.set_requested.connect(lambda name, value: self._set(name, value, is_option))
        grid.release_requested.connect(lambda name: self._release(name, is_option))
        grid.entered.connect(self._on_entered)
        heading = _heading(title)
        heading.setContentsMargins(16, 8, 16, 0)
        self._places.addWidget(heading)
        self._places.addWidget(grid)

    def _set(self, name: str, value: Any, is_option: bool) -> None:
        options = self._session.document.project.data.options
        self._attempt({"options": {**options, name: value}} if is_option else {name: value})

    def _release(self, name: str, is_option: bool) -> None:
        options = self._session.document.project.data.options
        kept = {key: one for key, one in options.items() if key != name}
        self._attempt({"options": kept} if is_option else {name: None})

    def _on_steps(self, steps: Steps, text: str) -> None:
        self._attempt({"preparation": steps}, text)

    def _attempt(self, changes: dict[str, Any], text: str = "") -> None:
        """Apply one edit; a value that the project cannot hold is said, and kept in its field."""
        try:
            self._session.document.apply(SetData(changes), text=text)
        except Problem as problem:
            self._trouble = f"{problem.fault.what}."
            self.fault.setText(self._trouble)
            self.fault.show()

    def _on_entered(self, name: str) -> None:
        argument = self._arguments.get(name)
        if argument is not None:
            self.help.setText(f"{TITLES.get(name, name)} {argument.help}.")


def batch_sentence(data: Data, survey: Surveyed) -> str:
    """How many steps an epoch has, and what is left for the last of them."""
    size = survey.sizes.get("train", 0)
    in_batch = min(data.batch_of(size), max(1, size))
    steps, rest = -(-size // in_batch), size % in_batch
    text = _("{size:,} training samples in batches of {batch:,}: {steps} an epoch").format(
        size=size, batch=in_batch, steps=plural("{n} step", "{n} steps", steps)
    )
    if rest:
        text = _("{text}, the last one of {rest}").format(text=text, rest=plural("{n} sample", "{n} samples", rest))
    if steps == 1:
        text = _("{text}, which is full gradient descent").format(text=text)
    return f"{text}."


def _heading(text: str) -> QLabel:
    label = QLabel(text)
    label.setProperty("role", "title")
    return label
