"""Says where the data of a lesson are not on this machine, and fetches them when somebody presses the button."""

from PySide6.QtWidgets import QFrame, QLabel, QProgressBar, QPushButton, QVBoxLayout

from playground.core.datasets import DATASETS
from playground.core.messages import DatasetState, FetchProgress
from playground.core.text import _
from playground.session.session import Session
from playground.window.data.gallery_card import size_text


class DataStrip(QFrame):
    """wanted: whether there is a lesson whose data count"""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session, self._fetching, self.wanted = session, "", False
        self.setProperty("role", "notice")
        self.setProperty("level", "info")
        self.said, self.button, self.progress = QLabel(), QPushButton(), QProgressBar()
        self.said.setWordWrap(True)
        self.progress.setTextVisible(False)
        self.progress.setAccessibleName(_("Download"))
        self.button.clicked.connect(self._on_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 8, 16, 10)
        column.setSpacing(8)
        for widget in (self.said, self.progress, self.button):
            column.addWidget(widget)
        client = session.client
        client.datasets_changed.connect(self.refresh)
        client.fetch_progressed.connect(self._on_progress)
        client.fetched.connect(self._on_ended)
        client.fetch_failed.connect(self._on_ended)
        session.document.project_changed.connect(self.refresh)
        self.refresh()

    @property
    def state(self) -> DatasetState | None:
        """Of the project's data set, None where nobody knows yet."""
        name = self._session.document.project.data.dataset
        return next((one for one in self._session.client.datasets if one.name == name), None)

    def refresh(self, *_news: object) -> None:
        state = self.state
        missing = self.wanted and state is not None and not state.available
        self.setVisible(missing)
        if not missing or state is None:
            return
        spec = DATASETS.get(state.name)
        size, title = state.bytes or (spec.bytes if spec else 0), spec.title if spec else state.name
        fetching = self._fetching == state.name
        said = _("{title} is being downloaded.") if fetching else _("{title} is not on this machine yet.")
        self.said.setText(said.format(title=title) if size or state.fault is None else str(state.fault))
        self.progress.setVisible(fetching)
        self.button.setVisible(bool(size))
        self.button.setText(_("Cancel") if fetching else _("Download {size}").format(size=size_text(size)))

    def _on_button(self) -> None:
        state = self.state
        if state is None:
            return
        if self._fetching == state.name:
            self._session.client.cancel_fetch(state.name)
        else:
            self._fetching = state.name
            self.progress.setRange(0, 0)
            self.refresh()
            self._session.client.fetch(state.name)

    def _on_progress(self, progress: FetchProgress) -> None:
        if progress.name == self._fetching:
            self.progress.setRange(0, 1000 if progress.total else 0)
            self.progress.setValue(1000 * progress.done // progress.total if progress.total else 0)

    def _on_ended(self, *_news: object) -> None:
        self._fetching = ""
        self.refresh()
