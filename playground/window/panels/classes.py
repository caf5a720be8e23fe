"""How good the network is: confusion, accuracy of each class, ROC; for numbers how far off they are."""

from typing import TYPE_CHECKING, Any

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QMenu, QPushButton, QVBoxLayout, QWidget

from playground.core.messages import Picture, Watch
from playground.core.spec import PanelSpec
from playground.core.text import _
from playground.session.evaluating import has_result
from playground.window import result_orders
from playground.window.data.segments import Segments
from playground.window.panels._done_button import DoneButton
from playground.window.panels.base import Panel

if TYPE_CHECKING:
    from playground.window.panels._evaluation_pages import EvaluationView

PARTS = {"test": _("Test"), "validation": _("Validation")}
BRIEF = 440  # px, below which the button that tests is an icon


class ClassesPanel(Panel):
    """What `session.evaluating` looks at. Its inside is made when it is seen first."""

    def __init__(self, session: Any) -> None:
        super().__init__(session)
        self._view: EvaluationView | None = None
        self._was_testing = False
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        evaluating = session.evaluating
        self.parts = Segments(PARTS, _("Part of the data that is tested"))
        self.parts.chosen.connect(lambda key: evaluating.choose_part("validation" if key == "validation" else "test"))
        self.test_button = DoneButton(_("Test now"), _("Tested"), "refresh")
        self.test_button.clicked.connect(lambda _checked=False: evaluating.test())
        self.save_button = QPushButton(_("Save"))
        menu = QMenu(self.save_button)
        self.save_csv = menu.addAction(_("Save as CSV …"))
        self.save_csv.triggered.connect(lambda _checked=False: result_orders.save_csv(session, self))
        self.save_summary = menu.addAction(_("Save summary as CSV …"))
        self.save_summary.triggered.connect(lambda _checked=False: result_orders.save_summary(session, self))
        self.save_png = menu.addAction(_("Save as PNG …"))
        self.save_png.triggered.connect(lambda _checked=False: result_orders.save_png(session, self, _("evaluation")))
        self.save_button.setMenu(menu)
        evaluating.changed.connect(self.rewatch)

    @property
    def view(self) -> "EvaluationView":
        """The inside."""
        if self._view is None:
            from playground.window.panels._evaluation_pages import EvaluationView

            evaluating = self.session.evaluating
            self._view = EvaluationView(lambda row, column: evaluating.choose_cell((row, column)))
            self._column.addWidget(self._view)
        return self._view

    def header_widgets(self) -> list[QWidget]:
        return [self.parts, self.test_button, self.save_button]

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.test_button.be_brief(self.width() < BRIEF)

    def watches(self) -> tuple[Watch, ...]:
        return (self.session.evaluating.watch,)

    def refresh(self) -> None:
        from playground.window.panels._evaluation_words import why_empty

        evaluating, spec = self.session.evaluating, self.session.looking.dataset
        picture = evaluating.picture
        self._show_controls(picture)
        if picture is None or not has_result(picture):
            self.view.show_nothing(why_empty(self.session, picture))
            return
        self.view.show_result(picture, spec, evaluating.is_from_before)
        self.view.classes.matrix.mark(evaluating.cell if evaluating.which == "cell" else None)

    def _show_controls(self, picture: Picture | None) -> None:
        evaluating = self.session.evaluating
        self.parts.setVisible(len(evaluating.parts) > 1)
        self.parts.choose(evaluating.part)
        refusal = evaluating.refusal
        self.test_button.setEnabled(not refusal)
        self.test_button.setToolTip(refusal or _("Test the network as it is now; the run is not changed by it"))
        if self._was_testing and not evaluating.is_testing and not refusal:
            self.test_button.say_done()
        self._was_testing = evaluating.is_testing
        there = result_orders.has_table(picture)
        self.save_button.setEnabled(there)
        self.save_button.setToolTip("" if there else _("There is nothing to save yet"))


SPEC = PanelSpec(
    name="classes", title=_("Evaluation"), make=ClassesPanel, room="results", area="top", order=10, lab=("neuron",)
)
