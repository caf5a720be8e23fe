"""A convolution, seen: the window slides, and each number of the map is worked out. Its inside is made when it is seen."""

from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from playground.core.messages import Watch
from playground.core.spec import PanelSpec
from playground.core.text import _
from playground.window.panels._sample_chooser import SampleChooser
from playground.window.panels._use_drawing import UseDrawing
from playground.window.panels.base import Panel

if TYPE_CHECKING:
    from playground.window.convolution.room import Room


class ConvolutionPanel(Panel):
    def __init__(self, session: Any) -> None:
        super().__init__(session)
        self._room: Room | None = None
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self.canvas = UseDrawing(session, _("Canvas"), _("Draw the input yourself, in place of a sample"))
        self.sample = SampleChooser()
        self.sample.set_value(session.document.sample)
        self.sample.chosen.connect(session.document.set_sample)
        session.document.sample_changed.connect(self.sample.set_value)
        session.client.ready_changed.connect(self.request_refresh)

    @property
    def room(self) -> "Room":
        """The inside."""
        if self._room is None:
            from playground.window.convolution.room import Room

            self._room = Room(self.session)
            self._room.rewatch_requested.connect(self.rewatch)
            self._room.described.connect(self.set_subtitle)
            self._column.addWidget(self._room)
        return self._room

    def header_widgets(self) -> list[QWidget]:
        self.lab = QPushButton(_("To the lab"))
        self.lab.setToolTip(_("Take what slides here, and what it slides over, to a page of the lab"))
        self.lab.clicked.connect(lambda _on=False: self._explain())
        return [self.lab, self.canvas, self.sample]

    def _explain(self) -> None:
        page = self.room.lab_page()
        if page is not None:
            self.session.lab.explain("convolution", page)

    def watches(self) -> tuple[Watch, ...]:
        return self.room.watches()

    def refresh(self) -> None:
        survey = self.session.looking.survey()
        if survey is not None:
            self.sample.set_total(survey.sizes.get("test", 1))
        self.canvas.setVisible(self.session.drawing.channels > 0)
        self.room.refresh()


SPEC = PanelSpec(
    name="convolution",
    title=_("Convolution"),
    make=ConvolutionPanel,
    room="convolution",
    order=10,
    lab=("convolution",),
)
