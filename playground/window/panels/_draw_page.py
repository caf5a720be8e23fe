"""The inside of "Draw your own": the canvas, what the network gets of it, and what it says."""

from typing import Any

import numpy as np
from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from playground.core.messages import DrawingFitted, Picture
from playground.core.text import _
from playground.session.history import numbers
from playground.window.canvas.answer_bars import AnswerBars, percent
from playground.window.canvas.canvas import HINT, Canvas
from playground.window.canvas.input_view import InputView
from playground.window.canvas.tools import Tools
from playground.window.scrolling import ScrollArea
from playground.window.theme import theme
from playground.window.words import Words

_ROOMY = 760  # px, below which the picture that the network gets is small
_LARGE, _SMALL = 168, 104  # px, of that picture


class DrawPage(QWidget):
    """canvas: to draw on;  given: what the network gets;  bars: its answer;  subtitle: for the title bar
    shown: the newest answer
    """

    def __init__(self, session: Any) -> None:
        super().__init__()
        self._session = session
        self.subtitle = ""
        self.shown: Picture | None = None
        self._given_shown: DrawingFitted | None = None
        self._answered: Picture | None = None  # whose shares are shown
        self.canvas = Canvas(session.drawing)
        self.tools = Tools(self.canvas)
        self.given, self.bars = InputView(), AnswerBars()
        self.given_words = _label("small", wrap=True)
        self.best, self.note = Words("heading", weight="semibold"), Words("small", "text_secondary", wrap=True)
        self.message = _label("quiet", wrap=True)
        self.message.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.hint = _label("small-quiet", wrap=True)
        self.hint.setText(HINT)
        self._lay_out()
        theme().changed.connect(self._share_out)

    def _lay_out(self) -> None:
        left = QVBoxLayout()
        left.setSpacing(6)
        bar = QHBoxLayout()
        bar.addWidget(self.tools)
        bar.addStretch(1)
        left.addLayout(bar)
        left.addWidget(self.canvas, 1)
        self._given = QWidget()
        given = QVBoxLayout(self._given)
        given.setContentsMargins(0, 0, 0, 0)
        given.setSpacing(6)
        self._title = _label("small")
        given.addWidget(self._title)
        given.addWidget(self.given)
        given.addWidget(self.given_words)
        given.addWidget(self.hint)
        given.addStretch(1)
        right = QVBoxLayout()
        right.setSpacing(4)
        right.addWidget(self.best)
        right.addWidget(self.note)
        right.addWidget(ScrollArea(self.bars, keyboard=True), 1)
        self._drawable = QWidget()
        self._row = QHBoxLayout(self._drawable)
        self._row.setContentsMargins(16, 4, 16, 12)
        self._row.setSpacing(20)
        self._row.addLayout(left, 5)
        self._row.addWidget(self._given)
        self._row.addLayout(right, 4)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self._drawable, 1)
        whole.addWidget(self.message)
        self.message.setContentsMargins(16, 8, 16, 8)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._share_out()

    def _share_out(self) -> None:
        """Where there is little room, the picture is smaller, and words give way."""
        roomy = self.width() >= _ROOMY * theme().text_scale
        self._row.setSpacing(20 if roomy else 12)
        self.tools.set_short(not roomy)
        self.given.set_side(_LARGE if roomy and self.height() >= 300 else _SMALL)
        width = max(self.given.width(), round(_SMALL * theme().text_scale)) + 8
        self._title.setText(_("What the network gets") if roomy else _("It gets"))
        room = self.height() - self.given.height() - round(40 * theme().text_scale)
        room -= self.given_words.heightForWidth(width)
        self.given_words.setVisible(room >= 0)
        self._given.setFixedWidth(width if room >= 0 else self.given.width())
        self.hint.setVisible(room >= self.hint.heightForWidth(width) + 12)
        self.note.set_least_lines(2 if roomy else 0)

    def minimumSizeHint(self) -> QSize:
        return QSize(420, 220)

    def show_state(self, picture: Picture | None) -> None:
        """picture: what the network says of the drawing, None where that is not known"""
        self.shown = picture
        drawable = self._session.drawing.channels > 0
        self._drawable.setVisible(drawable)
        self.message.setVisible(not drawable)
        if not drawable:
            self.message.setText(self._why_not())
            self.subtitle = ""
            return
        self._show_given()
        self._show_answer(picture)

    def _why_not(self) -> str:
        spec = self._session.looking.dataset
        if spec is None:
            return _("Choose a data set of pictures to draw for a network.")
        return _(
            "A drawing can be a sample where the samples are pictures of one or three channels, and those of {title} are "
            "none. Choose digits, or another set of pictures."
        ).format(title=spec.title)

    def _show_given(self) -> None:
        drawing, spec = self._session.drawing, self._session.looking.dataset
        fitted = drawing.fitted
        before = self.given_words.text()
        if fitted is not self._given_shown:
            self._given_shown = fitted
            self.given.show_values(numbers(fitted.input) if fitted is not None else None)
        if drawing.fault:
            self.given_words.setText(drawing.fault)
        elif fitted is not None and spec is not None:
            height, width = fitted.input.shape[-2:]
            text = _("{width} × {height}, as the samples of {title} are: as large, centred alike, strokes as thick")
            plain = _("{width} × {height}: the whole canvas at the size of {title}")
            self.given_words.setText(
                (text if fitted.written else plain).format(width=width, height=height, title=spec.title)
            )
        else:
            self.given_words.setText("")
        if self.given_words.text() != before:
            self.given.setToolTip(self.given_words.text())
            self._share_out()

    def _show_answer(self, picture: Picture | None) -> None:
        names = self._classes()
        shares = np.empty(0, np.float32)
        if picture is not None and not picture.fault and "probabilities" in picture.arrays:
            shares = numbers(picture.arrays["probabilities"])
        if picture is not self._answered or picture is None or names != self.bars.names:
            self.bars.show_shares(names, shares)
            self._answered = picture
        self.best.setText(self._headline(picture, shares, names))
        self.note.setText(self._age(picture))
        self.subtitle = self.best.text() if shares.size else ""

    def _headline(self, picture: Picture | None, shares: np.ndarray, names: tuple[str, ...]) -> str:
        if shares.size:
            best = int(np.argmax(shares))
            name = names[best] if best < len(names) else str(best)
            return _("{name}, with {percent}").format(name=name, percent=percent(float(shares[best])))
        if self._session.drawing.is_empty:
            return _("Draw something")
        prediction = picture.facts.get("prediction") if picture is not None and not picture.fault else None
        if prediction is not None and not names:
            return f"{prediction:.4g}".replace("-", "−")
        return _("No answer") if picture is not None or self._session.drawing.fault else _("A moment…")

    def _age(self, picture: Picture | None) -> str:
        """Which network has answered, and why none has."""
        training = self._session.training
        report = self._session.client.report
        if picture is not None and picture.fault:
            return picture.fault
        if report is not None and not report.fits:
            return _("The network does not fit; it answers once it does.")
        step = (
            picture.step if picture is not None else training.frame.step if training.shows_run and training.frame else 0
        )
        if step:  # known before the first stroke, too
            old = picture is not None and training.is_from_before(picture.watch)
            return _("the network after step {step:,}").format(step=step) + (_(", before the edit") if old else "")
        if training.shows_run and training.is_active:
            return _("the network as it begins to learn")
        return _("The network is untrained, and guesses. Train it first, and its answer means something.")

    def _classes(self) -> tuple[str, ...]:
        spec = self._session.looking.dataset
        return spec.classes if spec is not None else ()


def _label(role: str, wrap: bool = False) -> QLabel:
    label = QLabel()
    label.setProperty("role", role)
    label.setWordWrap(wrap)
    if not wrap:
        label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
    return label
