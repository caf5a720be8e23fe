"""One step of gradient descent in numbers: forward, backward, the step itself."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QLabel, QSizePolicy, QWidget

from playground.core.lab.functions import FUNCTIONS, of_weight
from playground.core.lab.scripts import title_of
from playground.core.lab.told import Step
from playground.core.text import _
from playground.window.plots.axis import figure_text
from playground.window.theme import theme

_ROWS = ("w", "loss", "slope", "lr", "after", "loss after")
_HEADS = {"w": _("Forward"), "slope": _("Backward"), "lr": _("Step")}


class StepArithmetic(QWidget):
    """values: name of a row -> its label with the number"""

    def __init__(self) -> None:
        super().__init__()
        self.values: dict[str, QLabel] = {}
        self._names: dict[str, QLabel] = {}
        self._rules: dict[str, QLabel] = {}
        self._heads: dict[str, QLabel] = {}
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(4)
        grid.setColumnStretch(1, 1)
        line = 0
        for row in _ROWS:
            if row in _HEADS:
                self._heads[row] = head = QLabel(_HEADS[row])
                head.setProperty("role", "title")
                head.setContentsMargins(0, 8 if line else 0, 0, 0)
                grid.addWidget(head, line, 0, 1, 3)
                line += 1
            labels = self._names[row], self._rules[row], self.values[row] = QLabel(), QLabel(), QLabel()
            for column, (label, role) in enumerate(zip(labels, ("secondary", "small-quiet", ""), strict=True)):
                label.setProperty("role", role)
                label.setTextFormat(Qt.TextFormat.PlainText)
                grid.addWidget(label, line, column)
            self._rules[row].setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
            self.values[row].setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            line += 1
        self._say_names()
        self.dress()

    def _say_names(self) -> None:
        for row, text in {
            "w": "w",
            "lr": _("learning rate"),
            "loss": _("loss J"),
            "slope": "dJ/dw",
            "after": _("new w"),
            "loss after": _("new loss"),
        }.items():
            self._names[row].setText(text)

    def show_step(self, function: str, step: Step | None, lr: float, number: int, count: int) -> None:
        """number: of the step, from 1; 0 where none is taken yet;  count: of all that were told"""
        if step is None:
            for label in self.values.values():
                label.setText("–")
            return
        known = FUNCTIONS.get(function)
        self._heads["lr"].setText(_("Step {n} of {count}").format(n=max(1, number), count=count))
        title = title_of(function)
        self._rules["loss"].setText(of_weight(title) if known else title)
        self._rules["slope"].setText(of_weight(known.derivative) if known else _("by autograd"))
        self._rules["after"].setText(step.text.rpartition(" = ")[0])
        for rule in self._rules.values():
            rule.setToolTip(rule.text())
        taken = number > 0
        for row, value in {"w": step.w, "loss": step.loss, "slope": step.slope, "after": step.w_after}.items():
            self.values[row].setText(figure_text(value))
        self.values["lr"].setText(f"{lr:.4g}")
        self.values["loss after"].setText(figure_text(step.loss_after))
        for row in ("after", "loss after"):
            self.values[row].setEnabled(taken)
        said = _("Step {n}: {text}; the loss goes from {before} to {after}")
        self.setAccessibleName(
            said.format(
                n=max(1, number), text=step.text, before=figure_text(step.loss), after=figure_text(step.loss_after)
            )
        )

    def dress(self) -> None:
        """Take fonts and colours of the theme."""
        for row, label in self.values.items():
            label.setFont(theme().font("heading" if row == "slope" else "base", "semibold"))
        accent = theme().color("accent").name()
        self.values["slope"].setStyleSheet(f"color: {accent};")
        self._names["slope"].setStyleSheet(f"color: {accent};")
