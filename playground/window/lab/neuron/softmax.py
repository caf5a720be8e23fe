"""Softmax: scores as bars, their shares, the cross-entropy of the right class with its slopes, and MSE beside it."""

from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from playground.core.lab.neurons import MOST_SCORES, put, scored
from playground.core.lab.told import BoundaryTold, NeuronTold
from playground.core.lab.topics import Neuron
from playground.core.spec import Argument
from playground.core.text import _
from playground.session.history import numbers
from playground.window.lab.figures import Figures
from playground.window.lab.neuron.bars import Bars
from playground.window.lab.neuron.section import Section, body_row, head_row, label, lines_above, number_field
from playground.window.lab.neuron.words import cross_entropy_words, mse_words, softmax_words
from playground.window.lab.tensors.words import figure
from playground.window.scrolling import ScrollArea
from playground.window.theme import theme

_SCORES = Argument(name="classes", kind="int", default=3, help=_("how many classes"), low=2, high=MOST_SCORES)
_TARGET = Argument(name="target", kind="int", default=0, help=_("the right class"), low=0, high=MOST_SCORES - 1)


class Softmax(Section):
    side_px, side_share = 476, 0.48

    def __init__(self) -> None:
        super().__init__()
        self.bars = Bars()
        self.bars.score_given.connect(self._set_score)
        self.bars.target_chosen.connect(self._set_target)
        self.count, self.target = number_field(_SCORES, 56), number_field(_TARGET, 56)
        self.count.editor.setAccessibleName(_("Number of classes"))
        self.target.editor.setAccessibleName(_("The right class"))
        self.count.set_requested.connect(self._set_count)
        self.target.set_requested.connect(self._set_target)
        for field in (self.count, self.target):
            if isinstance(field.editor, QLineEdit):
                field.editor.editingFinished.connect(self._put_back)
        self.refusal = label(role="error")
        headings = (_("class"), _("score"), "eˢ", _("share"), _("slope"), _("MSE slope"))
        self.figures = Figures(_("Scores, shares and slopes"), headings)
        self.share_words, self.entropy_words, self.mse_words = (label(wraps=True) for _number in range(3))
        self.entropy, self.mse = label(role="heading"), label(role="heading")
        self.note = label(_("slope: of the cross-entropy by the score, share − 1 for the target, share for the others. "
                            "They add up to 0: what one score gains, the others lose."), "small", wraps=True)  # fmt: skip
        self.mse_note = label(_("MSE wants the scores themselves to be 1 and 0: it pulls down a score of 5 "
                                "that is right already."), "small", wraps=True)  # fmt: skip
        for one in (self.share_words, self.entropy_words, self.mse_words):
            one.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._lay_out()

    def _lay_out(self) -> None:
        head = head_row()
        for name, field in ((_("Classes"), self.count), (_("Target"), self.target)):
            head.addWidget(label(name))
            head.addWidget(field)
            head.addSpacing(8)
        head.addWidget(self.refusal)
        head.addStretch(1)
        inner = QWidget()
        column = QVBoxLayout(inner)
        column.setContentsMargins(0, 0, 8, 0)
        column.setSpacing(4)
        column.addWidget(self.figures)
        column.addWidget(self.note)
        for title, number, words in (
            (_("Share of the target"), None, self.share_words),
            (_("Cross-entropy"), self.entropy, self.entropy_words),
            (_("MSE, beside it"), self.mse, self.mse_words),
        ):
            column.addSpacing(10)
            column.addWidget(label(title, "title"))
            if number is not None:
                column.addWidget(number)
            column.addWidget(words)
        column.addWidget(self.mse_note)
        column.addStretch(1)
        aside = lines_above(self.side)
        aside.addWidget(ScrollArea(inner), 1)
        body = body_row()
        body.addWidget(self.bars, 1)
        body.addWidget(self.side)
        whole = lines_above(self)
        whole.setSpacing(0)
        whole.addLayout(head)
        whole.addLayout(body, 1)

    # The page -------------------------------------------------------------------------------------------------------

    def show_state(self, state: Neuron) -> None:
        super().show_state(state)
        self.bars.show_scores(state.scores, state.target)
        self.count.show_value(len(state.scores), True)
        self.target.show_value(state.target, True)

    def show_told(self, told: NeuronTold | BoundaryTold) -> None:
        scores, target = self.state.scores, self.state.target
        if not isinstance(told, NeuronTold) or told.shares.shape != (len(scores),) or target >= len(scores):
            return  # about the page as it was before it had as many classes
        shares, exps = numbers(told.shares), numbers(told.exps)
        slopes, mse_slopes = numbers(told.score_slopes), numbers(told.mse_slopes)
        self.bars.show_shares(shares)
        rows = []
        for place, score in enumerate(scores):
            made = [float(one[place]) for one in (exps, shares, slopes, mse_slopes)]
            name = _("{n} target").format(n=place) if place == target else str(place)
            rows.append((name, figure(score), *map(figure, made)))
        self.figures.show_rows(rows)
        share = float(shares[target])
        self.share_words.setText(softmax_words(exps.tolist(), target, share))
        self.entropy.setText(figure(told.cross_entropy))
        self.entropy_words.setText(cross_entropy_words(share, target, told.cross_entropy))
        self.mse.setText(figure(told.mse))
        self.mse_words.setText(mse_words(scores, target, told.mse))

    def dress(self) -> None:
        for field in (self.count, self.target):
            field.setFixedWidth(round(56 * theme().text_scale))
        self.bars.dress()
        self.figures.dress()

    def _refuse(self, why: str) -> None:
        """Say why a number that was typed is not taken; the field has the one that counts again once it is left."""
        self.refusal.setText(why)

    def _put_back(self) -> None:
        """Enter, or another place: the fields show what counts."""
        for field, value in ((self.count, len(self.state.scores)), (self.target, self.state.target)):
            line = field.editor
            if isinstance(line, QLineEdit) and line.text() != str(value):
                line.setText(str(value))
                line.selectAll()

    # What a person does ---------------------------------------------------------------------------------------------

    def _set_score(self, place: int, value: float) -> None:
        self.put(_("change a score"), ("neuron score", place), scores=put(self.state.scores, place, value))

    def _set_target(self, target: Any) -> None:
        fits = 0 <= target < len(self.state.scores)
        last = len(self.state.scores) - 1
        self._refuse("" if fits else _("The target is one of the classes 0 to {last}.").format(last=last))
        if fits:
            self.put(_("choose the target"), "neuron target", target=int(target))

    def _set_count(self, count: Any) -> None:
        fits = 2 <= count <= MOST_SCORES
        self._refuse("" if fits else _("Softmax shares among 2 to {most} classes.").format(most=MOST_SCORES))
        if fits:
            self.wanted.emit(scored(self.state, int(count)), _("change the number of classes"), "neuron classes")
