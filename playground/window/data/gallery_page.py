"""The right column of the gallery: one data set, its facts, its arguments, and the button that takes it."""

import html
from typing import Any

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QImage, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from playground.core.arguments import shown_shape
from playground.core.messages import DatasetState, FetchProgress
from playground.core.spec import DatasetSpec
from playground.core.text import _, plural
from playground.session.session import Session
from playground.window.data.gallery_card import draw_picture, picture_of, place_text, size_text
from playground.window.field_grid import FieldGrid
from playground.window.layer_list.panel import hairline
from playground.window.scrolling import ScrollArea
from playground.window.theme import theme

_MOST_NAMES = 12  # of classes that are listed


class Banner(QWidget):
    """The picture of a data set, wide."""

    def __init__(self) -> None:
        super().__init__()
        self._spec: DatasetSpec | None = None
        self._picture = QImage()
        self.setFixedHeight(132)

    def show_dataset(self, spec: DatasetSpec) -> None:
        self._spec, self._picture = spec, picture_of(spec)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._spec is not None:
            draw_picture(QPainter(self), QRectF(self.rect()), self._spec, self._picture)


class GalleryPage(QWidget):
    """use_requested: a set and its pinned arguments;  fetch_requested: the same, to be downloaded first
    own_requested: "file" or "folder", to be chosen
    """

    use_requested = Signal(object, object)
    fetch_requested = Signal(object, object)
    own_requested = Signal(str)

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self._spec: DatasetSpec | None = None
        self._options: dict[str, Any] = {}
        self._faults: dict[str, str] = {}
        self._fetching: FetchProgress | None = None
        self._form: FieldGrid | None = None
        self.banner, self.title, self.summary = Banner(), QLabel(), QLabel()
        self.help, self.trouble = QLabel(), QLabel()
        self._facts = QFormLayout()
        self._lay_out()
        client = session.client
        client.fetch_progressed.connect(self._on_progress)
        client.fetched.connect(self._on_ended)  # methods: a lambda would be called after the gallery's end
        client.fetch_failed.connect(self._on_ended)
        theme().changed.connect(self.refresh)

    def _lay_out(self) -> None:
        holder = QWidget()
        self._inner = inner = QVBoxLayout(holder)
        inner.setContentsMargins(16, 16, 16, 12)
        inner.setSpacing(8)
        self.title.setProperty("role", "heading")
        for label, role in ((self.summary, "secondary"), (self.help, "small"), (self.trouble, "warning")):
            label.setProperty("role", role)
            label.setWordWrap(True)
        self.trouble.hide()
        self._facts.setHorizontalSpacing(16)
        self._facts.setVerticalSpacing(4)
        self._facts.setRowWrapPolicy(QFormLayout.RowWrapPolicy.DontWrapRows)
        for widget in (self.banner, self.title, self.summary):
            inner.addWidget(widget)
        inner.addLayout(self._facts)
        self._form_at = inner.count()
        inner.addWidget(self.help)
        inner.addWidget(self.trouble)
        inner.addStretch(1)
        scroll = ScrollArea(holder, keyboard=True)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(scroll, 1)
        column.addWidget(hairline())
        column.addWidget(self._make_foot())

    def _make_foot(self) -> QWidget:
        foot = QWidget()
        row = QVBoxLayout(foot)
        row.setContentsMargins(16, 12, 16, 12)
        row.setSpacing(8)
        self.progress = QProgressBar()
        self.progress.setTextVisible(False)
        self.progress.setAccessibleName(_("Download"))
        self.how_far = QLabel()
        self.how_far.setProperty("role", "small")
        self.cancel = QPushButton(_("Cancel the download"))
        self.cancel.clicked.connect(self._on_cancel)
        self.use = QPushButton(_("Use it"))
        self.use.setProperty("kind", "main")
        self.use.setDefault(True)
        self.use.clicked.connect(self._on_use)
        self.file, self.folder = QPushButton(_("Choose a file …")), QPushButton(_("Choose a folder …"))
        self.file.clicked.connect(lambda: self.own_requested.emit("file"))
        self.folder.clicked.connect(lambda: self.own_requested.emit("folder"))
        own = QHBoxLayout()
        own.addWidget(self.file)
        own.addWidget(self.folder)
        for widget in (self.progress, self.how_far, self.cancel):
            row.addWidget(widget)
        row.addLayout(own)
        row.addWidget(self.use)
        return foot

    def show_dataset(self, spec: DatasetSpec) -> None:
        """Show one; its arguments are those in use where it is the one that is used."""
        self._spec = spec
        data = self._session.document.project.data
        self._options = dict(data.options) if data.dataset == spec.name else {}
        self.banner.show_dataset(spec)
        self.title.setText(spec.title)
        self.summary.setText(spec.summary)
        self._make_form(spec)
        self.refresh()

    def refresh(self) -> None:
        """Show where it is now, and what can be done with it."""
        spec = self._spec
        if spec is None:
            return
        state = self._state()
        while self._facts.rowCount():
            self._facts.removeRow(0)
        for title, value in facts_of(spec, state):
            self._add_fact(title, value)
        missing = not spec.own and state is not None and not state.available
        size = (state.bytes if state else 0) or spec.bytes
        fetching = self._fetching is not None and self._fetching.name == spec.name
        self.trouble.setText(str(state.fault) if missing and state and state.fault and not size else "")
        self.trouble.setVisible(bool(self.trouble.text()))
        self._show_progress(fetching)
        for button in (self.file, self.folder):
            button.setVisible(spec.own)
        self.use.setVisible(not spec.own and not fetching)
        self.use.setEnabled(not (missing and not size) and not self._faults)
        text = _("Download {size} and use it").format(size=size_text(size)) if missing and size else _("Use it")
        self.use.setText(text)

    def _show_progress(self, fetching: bool) -> None:
        for widget in (self.progress, self.how_far, self.cancel):
            widget.setVisible(fetching)
        one = self._fetching
        if not fetching or one is None:
            return
        self.progress.setRange(0, 1000 if one.total else 0)
        self.progress.setValue(1000 * one.done // one.total if one.total else 0)
        done = f"{one.done / 1e6:,.1f}"
        text = _("{done} of {total} MB") if one.total else _("{done} MB")
        self.how_far.setText(text.format(done=done, total=f"{one.total / 1e6:,.1f}"))

    def _add_fact(self, title: str, value: str) -> None:
        name, text = QLabel(title), QLabel(value)
        name.setProperty("role", "small-quiet")
        name.setAlignment(Qt.AlignmentFlag.AlignTop)
        text.setProperty("role", "small")
        text.setWordWrap(True)
        text.setOpenExternalLinks(True)
        self._facts.addRow(name, text)

    def _make_form(self, spec: DatasetSpec) -> None:
        if self._form is not None:
            self._inner.removeWidget(self._form)
            self._form.hide()
            self._form.deleteLater()
            self._form = None
        self._faults = {}
        shown = [one for one in spec.arguments if one.kind != "path"]
        self.help.setVisible(bool(shown) and not spec.own)
        if not shown or spec.own:
            return
        form = self._form = FieldGrid()
        form.layout().setContentsMargins(0, 4, 0, 4)
        for argument in shown:
            form.add(argument)
        form.set_requested.connect(self._on_set)
        form.release_requested.connect(self._on_release)
        form.entered.connect(self._on_entered)
        self._inner.insertWidget(self._form_at, form)
        self._on_entered(shown[0].name)
        self._show_options()

    @property
    def form(self) -> FieldGrid | None:
        """The arguments of a generated set."""
        return self._form

    def _show_options(self) -> None:
        if self._form is not None and self._spec is not None:
            defaults = {one.name: one.default for one in self._spec.arguments}
            self._faults = self._form.show_values(defaults, self._options)
            self.use.setEnabled(not self._faults)

    def _on_set(self, name: str, value: Any) -> None:
        self._options[name] = value
        self._show_options()

    def _on_release(self, name: str) -> None:
        self._options.pop(name, None)
        self._show_options()

    def _on_entered(self, name: str) -> None:
        argument = next((one for one in self._spec.arguments if one.name == name), None) if self._spec else None
        if argument is not None:
            self.help.setText(f"<b>{html.escape(argument.name)}</b> {html.escape(argument.help)}.")

    def _on_use(self) -> None:
        spec, state = self._spec, self._state()
        if spec is None:
            return
        if state is not None and not state.available:
            self._fetching = FetchProgress(0, spec.name, 0, state.bytes or spec.bytes)
            self.fetch_requested.emit(spec, dict(self._options))
            self.refresh()
        else:
            self.use_requested.emit(spec, dict(self._options))

    def _on_cancel(self) -> None:
        if self._fetching is not None:
            self._session.client.cancel_fetch(self._fetching.name)

    def _on_progress(self, progress: FetchProgress) -> None:
        self._fetching = progress
        self._show_progress(self._spec is not None and progress.name == self._spec.name)

    def _on_ended(self, *_news: object) -> None:
        self._fetching = None
        self.refresh()

    def _state(self) -> DatasetState | None:
        name = self._spec.name if self._spec else ""
        return next((state for state in self._session.client.datasets if state.name == name), None)


def facts_of(spec: DatasetSpec, state: DatasetState | None) -> list[tuple[str, str]]:
    """What one should know of a data set before one chooses it."""
    found = []
    if spec.sample_shape and spec.train:
        count = f"{spec.train:,} + {spec.test:,}" if spec.test is not None else f"{spec.train:,}"
        found.append((_("samples"), count))
        found.append((_("shape"), shown_shape(spec.sample_shape)))
    if spec.classes:
        names = ", ".join(spec.classes[:_MOST_NAMES]).replace("\n", "↵")
        more = " …" if len(spec.classes) > _MOST_NAMES else ""
        found.append((plural("{n} class", "{n} classes", len(spec.classes)), html.escape(names) + more))
    elif spec.task == "regression" and not spec.own:
        found.append((_("predicts"), html.escape(spec.target or _("a number"))))
    place = place_text(spec, state)
    if state is not None and state.available and state.where and not spec.own and spec.bytes:
        place = f"{place}: {state.where}"
    found.append((_("where"), html.escape(place)))
    if spec.licence:
        found.append((_("licence"), html.escape(spec.licence)))
    if spec.source:
        host = spec.source.split("//")[-1].split("/")[0]
        found.append((_("source"), f'<a href="{html.escape(spec.source)}">{html.escape(host)}</a>'))
    return found
