"""The page "Data" of the form: the data set, and how its samples become batches."""

import html
from typing import Any

import msgspec
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QMenu, QToolButton, QVBoxLayout, QWidget

from playground.core.choosing import edits_for
from playground.core.data import ALL, Data
from playground.core.datasets import DATASETS
from playground.core.edit import SetData
from playground.core.messages import DatasetState
from playground.core.preparations import PREPARATIONS
from playground.core.problem import Fault
from playground.core.spec import Argument, DatasetSpec
from playground.core.text import _
from playground.session.session import Session
from playground.window import icons
from playground.window.field_grid import FieldGrid
from playground.window.form_page import FIELD, Page
from playground.window.layouts import take_widgets
from playground.window.scrolling import BAR


def data_arguments(spec: DatasetSpec | None) -> tuple[Argument, ...]:
    """The fields of `core.data.Data` as declarations. spec: of the data set, to leave out what it does not need."""
    fields = [
        Argument(
            name="dataset", kind="choice", default=Data().dataset, choices=tuple(DATASETS),
            help=_("is what the network learns from"),
        ),
        Argument(
            name="batch_size", kind="int", default=Data().batch_size, low=1, high=1_000_000, choices=(ALL,),
            help=_("is the number of samples in one step, or all"),
        ),
    ]  # fmt: skip
    if spec is None or spec.test is None:
        fields.append(
            Argument(
                name="test_fraction", kind="float", default=Data().test_fraction, low=0, high=0.99, open_low=True,
                help=_("is the share of the samples that is held back for the test"),
            )
        )  # fmt: skip
    return tuple(fields)


class DataPage(Page):
    """The data set, how its samples are prepared, and how many make a batch."""

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._shape: tuple[Any, ...] | None = None
        self._grid = FieldGrid()
        self._steps = QWidget()
        self._state = QLabel()
        session.document.project_changed.connect(self._on_project_changed)
        session.client.datasets_changed.connect(self._on_datasets_changed)
        session.client.fetch_progressed.connect(self._on_fetch_progressed)
        session.client.fetch_failed.connect(lambda _name, _fault: self._on_datasets_changed())
        self._on_project_changed()

    @property
    def grid(self) -> FieldGrid:
        return self._grid

    def _on_project_changed(self, _project: object = None) -> None:
        data = self._session.document.project.data
        spec = DATASETS.get(data.dataset)
        shape = (spec.test is None if spec else True, tuple(next(iter(step)) for step in data.preparation))
        if shape != self._shape:
            self._shape = shape
            self._make(data, spec)
        self._grid.show_values({}, msgspec.structs.asdict(data))
        self._prepared.show_values({}, {name: value for step in data.preparation for name, value in step.items()})
        self._on_datasets_changed()
        self.show_help()

    def _make(self, data: Data, spec: DatasetSpec | None) -> None:
        for widget in take_widgets(self.box):
            widget.hide()
            widget.deleteLater()
        self._grid = FieldGrid(FIELD)
        titles = {"dataset": {one.name: one.title for one in DATASETS.values()}}
        self._grid_of(self._grid, data_arguments(spec), titles)
        self._grid.set_requested.connect(self._on_set_requested)
        declared = {one.name: one for one in data_arguments(spec)}
        self._grid.entered.connect(lambda name: self.enter(declared[name]))
        self.box.addWidget(self._grid)
        self._state = self._make_state()
        self.box.addWidget(self._state)
        self.box.addWidget(self._make_preparation(data))
        self.resized.emit()

    def _on_set_requested(self, name: str, value: Any) -> None:
        if name == "dataset" and value in DATASETS and DATASETS[value].own:
            from playground.window.data.own import OwnFiles  # few sessions need it

            OwnFiles.of(self._session, self).ask("folder" if DATASETS[value].kind == "picture" else "file")
            self._on_project_changed()  # the field goes back to what counts until a file is chosen
        elif name == "dataset" and value in DATASETS:
            edits = edits_for(DATASETS[value], self._session.document.project)
            self.attempt(*edits, text=_("choose {title}").format(title=DATASETS[value].title))
        else:
            self.attempt(SetData({name: value}))

    def _make_state(self) -> QLabel:
        label = QLabel()
        label.setProperty("role", "warning")
        label.setWordWrap(True)
        label.setContentsMargins(16, 4, 12 - BAR, 4)
        label.setTextFormat(Qt.TextFormat.RichText)
        label.linkActivated.connect(lambda _link: self._on_fetch_clicked())
        label.hide()
        return label

    def _make_preparation(self, data: Data) -> QWidget:
        holder = QWidget()
        layout = QVBoxLayout(holder)
        layout.setContentsMargins(0, 4, 0, 0)
        layout.setSpacing(2)
        head = QHBoxLayout()
        head.setContentsMargins(16, 0, 12 - BAR, 0)
        title = QLabel(_("Preparation, in this order"))
        title.setProperty("role", "tick")
        head.addWidget(title)
        head.addStretch(1)
        head.addWidget(self._add_button(data))
        layout.addLayout(head)
        self._prepared = FieldGrid(FIELD)
        names = [name for step in data.preparation for name in step]
        for name in names:
            if spec := PREPARATIONS.get(name):
                self._prepared.add(spec.argument, spec.title, removable=True)
        self._prepared.set_requested.connect(self._on_step_changed)
        self._prepared.release_requested.connect(self._on_step_removed)
        self._prepared.entered.connect(lambda name: self.enter(PREPARATIONS[name].argument))
        layout.addWidget(self._prepared)
        return holder

    def _add_button(self, data: Data) -> QToolButton:
        button = QToolButton()
        button.setProperty("kind", "quiet")
        button.setText(_("Add a step"))
        button.setIcon(icons.icon("plus", "text_secondary"))
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        used = {name for step in data.preparation for name in step}
        menu = QMenu(button)
        for name, spec in PREPARATIONS.items():
            if name not in used:
                action = menu.addAction(spec.title)
                action.setToolTip(spec.summary)
                action.triggered.connect(
                    lambda _checked=False, name=name, spec=spec: self._on_step_added(name, spec.argument.default)
                )
        button.setMenu(menu)
        button.setEnabled(not menu.isEmpty())
        return button

    def _preparation(self) -> tuple[dict[str, Any], ...]:
        return self._session.document.project.data.preparation

    def _on_step_added(self, name: str, value: Any) -> None:
        self.attempt(SetData({"preparation": [*self._preparation(), {name: value}]}))

    def _on_step_changed(self, name: str, value: Any) -> None:
        changed = [{name: value} if name in step else step for step in self._preparation()]
        self.attempt(SetData({"preparation": changed}))

    def _on_step_removed(self, name: str) -> None:
        self.attempt(SetData({"preparation": [step for step in self._preparation() if name not in step]}))

    def _dataset_state(self) -> DatasetState | None:
        wanted = self._session.document.project.data.dataset
        return next((one for one in self._session.client.datasets if one.name == wanted), None)

    def _on_datasets_changed(self) -> None:
        state = self._dataset_state()
        known = DATASETS.get(state.name) if state is not None else None
        own = known is not None and known.own  # whose files the check looks for
        missing = state is not None and not state.available and not own
        if missing and state is not None:
            fault: Fault | None = state.fault
            text = html.escape(f"{fault.what}." if fault else _("This data set is not on this machine."))
            spec = DATASETS.get(state.name)
            if spec and spec.bytes:
                size = _("Download {n} MB").format(n=max(1, round(spec.bytes / 1e6)))
                text += f' <a href="fetch">{size}</a>'
            self._state.setText(text)
        if self._state.isHidden() == missing:
            self._state.setVisible(missing)
            self.resized.emit()

    def _on_fetch_clicked(self) -> None:
        self._session.client.fetch(self._session.document.project.data.dataset)

    def _on_fetch_progressed(self, progress: Any) -> None:
        if progress.name == self._session.document.project.data.dataset and progress.total:
            share = _("Downloading: {percent} %").format(percent=100 * progress.done // progress.total)
            self._state.setText(share)

    def _summary(self) -> str:
        spec = DATASETS.get(self._session.document.project.data.dataset)
        return spec.summary if spec else ""

    def _choice_summary(self, argument: Argument) -> str:
        if argument.name == "dataset":
            return self._summary()
        spec = PREPARATIONS.get(argument.name)
        return spec.summary if spec else ""
