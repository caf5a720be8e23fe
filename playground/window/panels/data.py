"""The data panel: samples, classes, values, the next batch. Its inside is made when it is seen first."""

from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from playground.core.arguments import shown_shape
from playground.core.spec import PanelSpec
from playground.core.text import _
from playground.window.panels.base import Panel

if TYPE_CHECKING:
    from playground.window.data.room import DataRoom
    from playground.window.data.segments import Segments


class DataPanel(Panel):
    def __init__(self, session: Any) -> None:
        super().__init__(session)
        self._room: DataRoom | None = None
        self._pages: Segments | None = None
        self._stale = True
        self._controls = QWidget()
        self._bar = QHBoxLayout(self._controls)
        self._bar.setContentsMargins(0, 0, 0, 0)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        looking = session.looking
        for signal in (looking.changed, looking.forgotten, session.client.datasets_changed):
            signal.connect(self._on_news)

    @property
    def room(self) -> "DataRoom":
        """The inside."""
        if self._room is None:
            from playground.window.data.room import PAGES, DataRoom
            from playground.window.data.segments import Segments

            self._room = DataRoom(self.session)
            self._column.addWidget(self._room)
            self._pages = Segments({name: title for name, (title, _make) in PAGES.items()}, _("What to look at"))
            self._pages.chosen.connect(self.show_page)
            self._bar.addWidget(self._pages)
        return self._room

    def header_widgets(self) -> list[QWidget]:
        return [self._controls]

    def show_page(self, name: str) -> None:
        """name: a key of `window.data.room.PAGES`"""
        room = self.room
        room.show_page(name)
        self._describe()

    def refresh(self) -> None:
        if self._stale:
            self._stale = False
            self.room.refresh()
            self._describe()

    def request_refresh(self, *_ignored: Any) -> None:
        """Frames of a run change nothing here."""
        if self._stale or self._room is None:
            super().request_refresh()

    def dress(self) -> None:
        self._stale = True

    def _on_news(self, *_news: Any) -> None:
        self._stale = True
        super().request_refresh()

    def rewatch(self, *_ignored: Any) -> None:
        self._stale = True
        super().rewatch()

    def _describe(self) -> None:
        room, pages, looking = self.room, self._pages, self.session.looking
        survey, spec = looking.survey(), looking.dataset
        if pages is not None:
            from playground.window.data.room import has_scatter

            pages.say("classes", _("Target") if spec and not spec.classes else _("Classes"))
            pages.offer("scatter", survey is not None and has_scatter(survey))
            pages.choose(room.name)
        title = spec.title if spec else self.session.document.project.data.dataset
        shape = f" · {shown_shape(survey.input_shape)}" if survey else ""
        self.set_subtitle(f"{title}{shape}")


SPEC = PanelSpec(name="data", title=_("Data"), make=DataPanel, room="data", order=10, lab=("tensors",))
