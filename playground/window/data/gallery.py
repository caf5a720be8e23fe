"""The gallery: every data set there is, in groups, with what one should know before one chooses."""

from typing import Any, Protocol

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QButtonGroup,
    QDialog,
    QHBoxLayout,
    QLabel,
    QVBoxLayout,
    QWidget,
)

from playground.core.datasets import GROUPS, by_group
from playground.core.spec import DatasetSpec
from playground.core.text import _
from playground.session.session import Session
from playground.window.data.gallery_card import Card
from playground.window.data.gallery_page import GalleryPage
from playground.window.flow import FlowLayout
from playground.window.layer_list.panel import hairline
from playground.window.scrolling import ScrollArea

_PAGE = 300  # px of the right column


class Chooses(Protocol):
    """What the gallery does with a choice; the data set chooser of the run bar does it."""

    def choose(self, spec: DatasetSpec, options: dict[str, Any] | None = None) -> None: ...

    def fetch(self, spec: DatasetSpec, options: dict[str, Any] | None = None) -> None: ...


class Gallery(QDialog):
    """Cards at the left, the chosen one with its facts and arguments at the right."""

    def __init__(self, session: Session, chooser: Chooses, parent: QWidget) -> None:
        super().__init__(parent)
        self._session, self._chooser, self._window = session, chooser, parent.window()
        self.setWindowModality(Qt.WindowModality.WindowModal)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(_("Data sets"))
        self.cards: dict[str, Card] = {}
        self._group = QButtonGroup(self)
        self.page = GalleryPage(session)
        self.page.setFixedWidth(_PAGE)
        self.page.use_requested.connect(self._on_use)
        self.page.fetch_requested.connect(self._chooser.fetch)
        self.page.own_requested.connect(self._on_own)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self._make_cards(), 1)
        row.addWidget(hairline("vertical"))
        row.addWidget(self.page)
        self.resize(min(1060, self._window.width() - 64), min(720, self._window.height() - 64))
        session.client.datasets_changed.connect(self._show_states)
        session.document.project_changed.connect(self._show_states)
        self._show_states()
        in_use = self.cards.get(session.document.project.data.dataset) or next(iter(self.cards.values()))
        in_use.setChecked(True)
        in_use.setFocus()
        self.look_at(in_use.spec)

    def look_at(self, spec: DatasetSpec) -> None:
        """Show a data set at the right."""
        self.cards[spec.name].setChecked(True)
        self.page.show_dataset(spec)

    def _make_cards(self) -> ScrollArea:
        holder = QWidget()
        column = QVBoxLayout(holder)
        column.setContentsMargins(20, 16, 12, 16)
        column.setSpacing(8)
        for group, specs in by_group().items():
            column.addWidget(self._heading(GROUPS[group]))
            column.addWidget(self._flow(specs))
            column.addSpacing(8)
        column.addStretch(1)
        scroll = ScrollArea(holder, keyboard=True)
        return scroll

    def _heading(self, title: str) -> QLabel:
        label = QLabel(title)
        label.setProperty("role", "title")
        return label

    def _flow(self, specs: list[DatasetSpec]) -> QWidget:
        holder = QWidget()
        flow = FlowLayout(holder, gap=10)
        for spec in specs:
            card = self.cards[spec.name] = Card(spec)
            card.clicked.connect(lambda _on=False, spec=spec: self.look_at(spec))
            self._group.addButton(card)
            flow.addWidget(card)
        policy = holder.sizePolicy()
        policy.setHeightForWidth(True)
        holder.setSizePolicy(policy)
        return holder

    def _show_states(self, *_news: object) -> None:
        states = {state.name: state for state in self._session.client.datasets}
        chosen = self._session.document.project.data.dataset
        for name, card in self.cards.items():
            card.show_state(states.get(name), name == chosen)
        self.page.refresh()

    def _on_use(self, spec: DatasetSpec, options: dict[str, Any]) -> None:
        self._chooser.choose(spec, options)
        self.accept()

    def _on_own(self, what: str) -> None:
        from playground.window.data.own import OwnFiles

        self.accept()
        OwnFiles.of(self._session, self._window).ask(what)
