"""The page "Values": how the values are spread, as stored and as the network gets them; of a table, column by column."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from playground.core.arguments import shown_shape
from playground.core.messages import Surveyed
from playground.core.text import _
from playground.session.session import Session
from playground.window.data import drawing
from playground.window.data.bars import HistogramBars
from playground.window.data.detail import memory_text
from playground.window.panels.base import toggle


class ValuesPage(QWidget):
    def __init__(self, session: Session) -> None:
        super().__init__()
        self._survey: Surveyed | None = None
        self.column = QComboBox()
        self.column.setAccessibleName(_("Column"))
        self.column.activated.connect(lambda _row: self._draw())
        self.log = toggle(_("Log"), _("Heights as logarithms of the counts"), False, lambda _on: self._draw())
        self.stored, self.prepared = HistogramBars(), HistogramBars()
        self._heads = (QLabel(), QLabel())
        self._foot = QLabel()
        self._lay_out()

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 8, 0, 8)
        column.setSpacing(4)
        bar = QHBoxLayout()
        bar.setContentsMargins(12, 0, 12, 4)
        bar.addWidget(self.column)
        bar.addStretch(1)
        bar.addWidget(self.log)
        column.addLayout(bar)
        for head, bars in zip(self._heads, (self.stored, self.prepared), strict=True):
            head.setProperty("role", "small")
            head.setContentsMargins(16, 6, 16, 0)
            head.setTextFormat(Qt.TextFormat.RichText)
            bars.setMaximumHeight(280)
            column.addWidget(head)
            column.addWidget(bars, 1)
        self._foot.setProperty("role", "small-quiet")
        self._foot.setContentsMargins(16, 6, 16, 0)
        self._foot.setWordWrap(True)
        column.addWidget(self._foot)
        column.addStretch(0)

    def refresh(self, survey: Surveyed) -> None:
        if survey is self._survey:
            return
        self._survey = survey
        chosen = self.column.currentText()
        self.column.clear()
        self.column.addItem(_("All values"), None)
        for place, one in enumerate(survey.columns):
            self.column.addItem(one.name, place)
        self.column.setCurrentIndex(max(0, self.column.findText(chosen)))
        self.column.setVisible(bool(survey.columns))
        self._draw()

    def _draw(self) -> None:
        survey, log = self._survey, self.log.isChecked()
        if survey is None:
            return
        place = self.column.currentData()
        one = survey.columns[place] if isinstance(place, int) else None
        self.stored.show_histogram(one.histogram if one else survey.stored, log)
        self.prepared.show_histogram(survey.prepared, log)
        whole = _("all values of the training part") if one is None else one.name
        self._heads[0].setText(f"<b>{_('As stored')}</b> &nbsp; {whole}")
        self._heads[1].setText(f"<b>{_('As the network gets it')}</b> &nbsp; {_('all values, without augmentation')}")
        for widget in (self._heads[1], self.prepared):
            widget.setVisible(one is None)
        self._foot.setText(self._facts(survey) if one is None else self._column_facts(one))

    def _facts(self, survey: Surveyed) -> str:
        sizes = " + ".join(f"{size:,}" for size in survey.sizes.values() if size)
        text = _("{sizes} samples of {shape}, {memory} as the network gets them; {where}.")
        shape, memory = shown_shape(survey.input_shape), memory_text(survey.memory)
        return text.format(sizes=sizes, shape=shape, memory=memory, where=survey.where or _("in memory"))

    def _column_facts(self, one: object) -> str:
        figures = {key: drawing.value_text(getattr(one, key)) for key in ("low", "high", "mean", "std")}
        return _("from {low} to {high}, mean {mean}, deviation {std}, over the training part").format(**figures)
