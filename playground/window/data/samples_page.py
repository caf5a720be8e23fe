"""The page "Samples": a grid (or the rows of a table), and one sample large beside it."""

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QStackedWidget, QVBoxLayout, QWidget

from playground.core.messages import Part, Samples, Surveyed
from playground.core.text import _
from playground.session.session import Session
from playground.window.data import drawing
from playground.window.data.detail import Detail
from playground.window.data.segments import Segments
from playground.window.data.table import MOST_ROWS, RowsView
from playground.window.data.tiles import TileGrid
from playground.window.flow import FlowLayout
from playground.window.layer_list.panel import hairline
from playground.window.positions import PositionField
from playground.window.theme import theme

PARTS = {"train": _("Train"), "validation": _("Validation"), "test": _("Test")}

_DETAIL, _WIDE = 220, 900  # px of the right column at least, and from where on it is wider
_MOST_CLASSES = 1_000  # that are offered to filter by


class SamplesPage(QWidget):
    """Looks at one part, of all classes or of one, as it is stored or as the network gets it."""

    shown = Signal()

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self._survey: Surveyed | None = None
        self._rows_of: Samples | None = None
        self._wanted = 0
        self.part = Segments(PARTS, _("Part"))
        self.classes = QComboBox()
        self.classes.setAccessibleName(_("Class"))
        self.form = Segments({"stored": _("As stored"), "prepared": _("As the network gets it")}, _("Form"))
        self.number = PositionField()
        self.number.setFixedWidth(84)
        self.number.setPlaceholderText(_("position"))
        self.number.setToolTip(_("Go to a position in this list, from 0"))
        self.number.setAccessibleName(_("Position in this list"))
        self.grid, self.table, self.detail = TileGrid(), RowsView(), Detail()
        self._lay_out()
        self.part.chosen.connect(lambda _key: self._begin())
        self.form.chosen.connect(lambda _key: self._begin())
        self.classes.activated.connect(lambda _row: self._begin())
        self.number.returnPressed.connect(self._on_number)
        self.grid.chosen.connect(self._show_detail)
        self.table.chosen.connect(lambda _row: self._show_detail())
        theme().changed.connect(self._on_theme_changed)

    def _lay_out(self) -> None:
        flow = FlowLayout()
        bar = QVBoxLayout()
        bar.setContentsMargins(12, 8, 12, 8)
        bar.addLayout(flow)
        self.classes.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.classes.setMaximumWidth(180)
        for widget in (self.part, self.classes, self.form, self.number):
            flow.addWidget(widget)
        self._stack = QStackedWidget()
        self._stack.addWidget(self.grid)
        self._stack.addWidget(self.table)
        self._note = QLabel()
        self._note.setProperty("role", "small-quiet")
        self._note.setContentsMargins(16, 4, 16, 6)
        self._note.hide()
        left = QVBoxLayout()
        left.setSpacing(0)
        left.addWidget(self._stack, 1)
        left.addWidget(self._note)
        body = QHBoxLayout()
        body.setSpacing(0)
        body.addLayout(left, 1)
        body.addWidget(hairline("vertical"))
        body.addWidget(self.detail)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(bar)
        column.addWidget(hairline())
        column.addLayout(body, 1)

    # What is shown ------------------------------------------------------------------------------------------------

    @property
    def _part(self) -> Part:
        return part_of(self.part.current)

    @property
    def _stored(self) -> bool:
        return self.form.current == "stored"

    @property
    def _label(self) -> int | None:
        found = self.classes.currentData()
        return found if isinstance(found, int) else None

    @property
    def _is_table(self) -> bool:
        return self._survey is not None and self._survey.dataset.kind in ("table", "plane")

    def refresh(self, survey: Surveyed) -> None:
        """Draw what is known now. survey: of the data at hand"""
        if survey is not self._survey:
            self._survey = survey
            self._offer(survey)
            self._begin()
            return
        if self._is_table:
            self._fill_table()
        else:
            self.grid.refresh()
        self._show_detail()

    def _offer(self, survey: Surveyed) -> None:
        """The parts and classes that there are."""
        for part, title in PARTS.items():
            self.part.say(part, f"{title} {survey.sizes.get(part, 0):,}")
            self.part.offer(part, survey.sizes.get(part, 0) > 0)
        if not survey.sizes.get(self._part, 0):
            self.part.choose("train")
        chosen, spec = self._label, survey.dataset
        self.classes.clear()
        self.classes.addItem(_("All classes"), None)
        for label in range(min(len(spec.classes), _MOST_CLASSES)):
            self.classes.addItem(drawing.class_name(label, spec), label)
        self.classes.setCurrentIndex(max(0, self.classes.findData(chosen)) if chosen is not None else 0)
        self.classes.setVisible(bool(spec.classes))
        self.form.setVisible(not spec.tokens)

    def _begin(self) -> None:
        """Show another list of samples."""
        survey = self._survey
        if survey is None:
            return
        self._stack.setCurrentWidget(self.table if self._is_table else self.grid)
        self._rows_of = None
        if self._is_table:
            self._fill_table()
        else:
            part, stored, label = self._part, self._stored, self._label
            looking = self._session.looking
            scale = drawing.scale_of(survey.stored if stored else survey.prepared)
            self.grid.show_samples(
                survey.dataset,
                self._total(survey),
                scale,
                lambda first, count: looking.samples(part, first, count, stored, label),
            )
        self._show_detail()

    def _total(self, survey: Surveyed) -> int:
        if self._label is None:
            return survey.sizes.get(self._part, 0)
        counts = survey.classes.get(self._part, ())
        return counts[self._label] if self._label < len(counts) else 0

    def _fill_table(self) -> None:
        survey = self._survey
        answer = self._session.looking.samples(self._part, 0, MOST_ROWS, self._stored, self._label)
        if survey is None or answer is None or answer is self._rows_of:
            return
        self._rows_of = answer
        self.table.show_rows(answer, survey.dataset)
        count = self.table.rows.rowCount()
        text = _("The first {count:,} of {total:,} rows are shown.").format(count=count, total=answer.total)
        self._note.setText(text)
        self._note.setVisible(count < answer.total)
        if count:
            self.table.selectRow(min(self._wanted, count - 1))

    def _show_detail(self, position: int | None = None) -> None:
        survey = self._survey
        if survey is None:
            self.detail.clear()
            return
        if self._is_table:
            row = self.table.currentIndex().row()
            self._wanted = max(0, row)
            one = self.table.rows.at(row)
        else:
            one = self.grid.at(self.grid.current if position is None else position)
        scale = drawing.scale_of(survey.stored if self._stored else survey.prepared)
        self.detail.show_sample(one, self._part, survey.dataset, scale, stored=self._stored)

    def _on_number(self) -> None:
        position = self.number.position
        if self._is_table:
            self.table.selectRow(min(position, self.table.rows.rowCount() - 1))
        else:
            self.grid.choose(min(position, self.grid.total - 1))
            self._show_detail()

    def _on_theme_changed(self) -> None:
        if self._survey is not None:
            self._begin()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.detail.setFixedWidth(340 if self.width() >= _WIDE else _DETAIL)
        self.number.setVisible(self.width() >= _WIDE)


def part_of(key: str) -> Part:
    """The part that a choice stands for."""
    return "train" if key == "train" else "validation" if key == "validation" else "test"
