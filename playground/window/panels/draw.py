"""Draw your own: what is drawn becomes a sample, and the network's answer follows the pen."""

from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QVBoxLayout, QWidget

from playground.core.drawing import DRAWING
from playground.core.messages import Watch
from playground.core.spec import PanelSpec
from playground.core.text import _
from playground.window.panels._use_drawing import UseDrawing
from playground.window.panels.base import Panel

if TYPE_CHECKING:
    from playground.window.panels._draw_page import DrawPage

WATCH = Watch("prediction", {"sample": DRAWING})


class DrawPanel(Panel):
    """Its inside is made when it is seen first."""

    def __init__(self, session: Any) -> None:
        super().__init__(session)
        self._page: DrawPage | None = None
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        tip = _("Rows, feature maps and the room Convolution show the drawing in place of a sample of the test part")
        self.use = UseDrawing(session, _("Use as the sample"), tip)
        drawing = session.drawing
        drawing.changed.connect(self.rewatch)
        drawing.lifted.connect(self.request_refresh)
        drawing.extended.connect(self._on_extended)
        drawing.strokes_changed.connect(self.rewatch)
        session.client.report_changed.connect(self.request_refresh)
        session.looking.changed.connect(self.request_refresh)

    @property
    def page(self) -> "DrawPage":
        """The inside."""
        if self._page is None:
            from playground.window.panels._draw_page import DrawPage

            self._page = DrawPage(self.session)
            self._column.addWidget(self._page)
        return self._page

    def header_widgets(self) -> list[QWidget]:
        return [self.use]

    def watches(self) -> tuple[Watch, ...]:
        drawing = self.session.drawing
        return () if drawing.is_empty or drawing.fitted is None else (WATCH,)

    def refresh(self) -> None:
        training, drawing = self.session.training, self.session.drawing
        self.use.setEnabled(drawing.channels > 0 and not drawing.is_empty)
        watched = bool(self.watches())
        self.page.show_state(training.picture(WATCH) if watched else None)
        self.set_subtitle(self.page.subtitle)

    def dress(self) -> None:
        if self._page is not None:
            self._page.update()

    def _on_extended(self, _stroke: object) -> None:
        """The first stroke makes the drawing what is looked at; the switch leads back."""
        if len(self.session.drawing.strokes) == 1 and self.isVisible() and not self.use.isEnabled():
            self.use.setEnabled(True)
            self.session.document.set_sample(DRAWING)


SPEC = PanelSpec(name="draw", title=_("Draw your own"), make=DrawPanel, room="draw", area="top", order=10)
