"""matmul, mm, dot and * side by side: what each makes of two tensors, or what it refuses."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QLabel, QWidget

from playground.core.lab.told import Attempt, Attempts
from playground.core.text import _
from playground.session.history import numbers
from playground.window.lab.tensors.words import figure, sizes
from playground.window.theme import theme

MOST_NUMBERS = 6  # that are written out


class KindTable(QWidget):
    """A row a product: its line, the shape of what it makes, and its numbers; or PyTorch's refusal."""

    def __init__(self) -> None:
        super().__init__()
        self._table = QGridLayout(self)
        self._table.setContentsMargins(16, 4, 16, 8)
        self._table.setHorizontalSpacing(16)
        self._table.setVerticalSpacing(6)
        self._table.setColumnStretch(2, 1)
        self.rows: list[tuple[QLabel, QLabel, QLabel]] = []

    def show_told(self, told: Attempts) -> None:
        while len(self.rows) < len(told.attempts):
            row = (QLabel(), QLabel(), QLabel())
            for column, label in enumerate(row):
                label.setTextFormat(Qt.TextFormat.PlainText)
                label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
                self._table.addWidget(label, len(self.rows), column, Qt.AlignmentFlag.AlignTop)
            row[2].setWordWrap(True)
            self.rows.append(row)
            self._table.setRowStretch(len(self.rows), 1)
            self._table.setRowStretch(len(self.rows) - 1, 0)
        for row, attempt in zip(self.rows, told.attempts, strict=False):
            _fill(row, attempt)
        self.dress()

    def dress(self) -> None:
        for line, _shape, _said in self.rows:
            line.setFont(theme().font("small", mono=True))


def _fill(row: tuple[QLabel, QLabel, QLabel], attempt: Attempt) -> None:
    line, shape, said = row
    fits = attempt.shape is not None
    line.setText(attempt.line)
    shape.setText(("✓ " if fits else "✗ ") + (sizes(attempt.shape or ()) if fits else _("refused")))
    role = "" if fits else "error"
    for label in (shape, said):
        if label.property("role") != role:
            label.setProperty("role", role)
            label.style().polish(label)
    said.setText(f"{attempt.help}{_numbers(attempt)}" if fits else attempt.torch_message)


def _numbers(attempt: Attempt) -> str:
    if attempt.values is None:
        return ""
    values = numbers(attempt.values).reshape(-1).tolist()
    shown = ", ".join(figure(one) for one in values[:MOST_NUMBERS])
    return f": {shown}{', …' if len(values) > MOST_NUMBERS else ''}"
