"""The page "Classes": whether the classes are balanced, in every part; for regression how the target is spread."""

from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from playground.core.messages import Surveyed
from playground.core.text import _
from playground.session.session import Session
from playground.window.data import drawing
from playground.window.data.bars import ClassBars, HistogramBars
from playground.window.data.samples_page import PARTS
from playground.window.scrolling import ScrollArea

_UNBALANCED = 3  # times


class BalancePage(QWidget):
    def __init__(self, session: Session) -> None:
        super().__init__()
        self._survey: Surveyed | None = None
        self.sentence = QLabel()
        self.sentence.setProperty("role", "secondary")
        self.sentence.setContentsMargins(16, 12, 16, 8)
        self.sentence.setWordWrap(True)
        self.bars, self.spread = ClassBars(), HistogramBars()
        self.spread.setMaximumHeight(320)
        holder = QWidget()
        inner = QVBoxLayout(holder)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.addWidget(self.bars)
        inner.addWidget(self.spread)
        inner.addStretch(1)
        scroll = ScrollArea(holder, keyboard=True)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.sentence)
        column.addWidget(scroll, 1)

    def refresh(self, survey: Surveyed) -> None:
        if survey is self._survey:
            return
        self._survey = survey
        spec = survey.dataset
        self.bars.setVisible(bool(spec.classes))
        target = survey.columns[-1] if survey.columns and not spec.classes else None
        self.spread.setVisible(target is not None)
        if spec.classes:
            names = tuple(drawing.class_name(label, spec) for label in range(len(spec.classes)))
            counts = {title.lower(): survey.classes[part] for part, title in PARTS.items() if survey.sizes.get(part)}
            self.bars.show_counts(names, counts)
            self.sentence.setText(balance_sentence(survey.classes.get("train", ())))
        elif target is not None:
            self.spread.show_histogram(target.histogram, False)
            text = _("{name}: from {low} to {high}, mean {mean}, deviation {std}, over the training part.")
            figures = {key: drawing.value_text(getattr(target, key)) for key in ("low", "high", "mean", "std")}
            self.sentence.setText(text.format(name=target.name, **figures))
        else:
            self.sentence.setText(_("This data set has no classes: its targets are numbers."))


def balance_sentence(counts: tuple[int, ...]) -> str:
    """Whether the classes are balanced, in words."""
    empty = sum(count == 0 for count in counts)
    if empty:
        return _("{empty} of {all} classes have no training sample; the network cannot learn them.").format(
            empty=empty, all=len(counts)
        )
    if not counts:
        return ""
    ratio = max(counts) / min(counts)
    if ratio < 1.005:
        return _("Balanced: every class has {count:,} training samples.").format(count=counts[0])
    text = (
        _(
            "Not balanced: the largest class has {ratio:.3g} times the samples of the smallest, so accuracy alone misleads."
        )
        if ratio >= _UNBALANCED
        else _("Balanced: the largest class has {ratio:.3g} times the samples of the smallest.")
    )
    return text.format(ratio=ratio)
