"""The inside of the data panel: its pages, of which only the one that is seen asks for anything."""

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QPushButton, QStackedWidget, QVBoxLayout, QWidget

from playground.core.messages import Surveyed
from playground.core.text import _
from playground.session.session import Session
from playground.window.data.balance_page import BalancePage
from playground.window.data.batch_page import BatchPage
from playground.window.data.preparation_page import PreparationPage
from playground.window.data.samples_page import SamplesPage
from playground.window.data.scatter import ScatterPage
from playground.window.data.values_page import ValuesPage

PAGES: dict[str, tuple[str, Callable[[Session], Any]]] = {
    "samples": (_("Samples"), SamplesPage),
    "scatter": (_("Scatter"), ScatterPage),
    "classes": (_("Classes"), BalancePage),
    "values": (_("Values"), ValuesPage),
    "batch": (_("Next batch"), BatchPage),
    "preparation": (_("Preparation"), PreparationPage),
}


class DataRoom(QStackedWidget):
    """Shows one page, or a sentence why there is none."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self._pages: dict[str, Any] = {}
        self._message = QLabel()
        self._message.setProperty("role", "secondary")
        self._message.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._message.setWordWrap(True)
        self._message.setContentsMargins(24, 0, 24, 0)
        self._fetch = QPushButton(_("Download"))
        self._fetch.clicked.connect(lambda: session.client.fetch(session.document.project.data.dataset))
        self._fetch.hide()
        empty = QWidget()
        column = QVBoxLayout(empty)
        column.addStretch(1)
        column.addWidget(self._message)
        column.addWidget(self._fetch, 0, Qt.AlignmentFlag.AlignCenter)
        column.addStretch(1)
        self._empty = empty
        self.addWidget(empty)
        self.name = "samples"

    def page(self, name: str) -> Any:
        """A page, made when it is asked for first."""
        if name not in self._pages:
            self._pages[name] = PAGES[name][1](self._session)
            self.addWidget(self._pages[name])
        return self._pages[name]

    def show_page(self, name: str) -> None:
        self.name = name
        self.refresh()

    def refresh(self) -> None:
        """Draw what is known of the data now, and ask for the rest."""
        looking = self._session.looking
        survey = looking.survey()
        if survey is None and self.name != "preparation":
            self._say_why()
            return
        self._fetch.hide()
        if self.name == "scatter" and survey is not None and not has_scatter(survey):
            self.name = "samples"
        page = self.page(self.name)
        if self.currentWidget() is not page:
            self.setCurrentWidget(page)
        page.refresh(survey)

    def _say_why(self) -> None:
        fault = self._session.looking.fault
        if fault is None and self.currentWidget() is not self._empty and self._is_waiting():
            return  # the answer is under way; what was shown before may stay until then
        data = self._session.document.project.data
        state = next((one for one in self._session.client.datasets if one.name == data.dataset), None)
        self._message.setText(str(fault) if fault else _("Reading the data …"))
        self._fetch.setVisible(bool(fault and state and not state.available and state.bytes))
        self.setCurrentWidget(self._empty)

    def _is_waiting(self) -> bool:
        return self._session.client.ready


def has_scatter(survey: Surveyed) -> bool:
    """Whether there are two columns to draw against each other."""
    return len(survey.columns) > 1
