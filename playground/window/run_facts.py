"""The second line of the run bar: where the run is, its newest figures, and the one remark that matters most.

Every figure has room for the widest value it can take, so nothing moves while training. In a narrow window the
progress shrinks and the rate goes, then the remark is shortened (its tool tip has all of it).
"""

import math
import time
from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QSizePolicy, QWidget

from playground.core.data import Data
from playground.core.datasets import DATASETS
from playground.core.text import _, plural
from playground.session.session import Session
from playground.window import icons
from playground.window.theme import theme

MOST_SEGMENTS = 20  # epochs; more are one bar
SMOOTHED_LOOKS = 16  # an update ratio is judged by its mean over so many looks, or the remark would flicker
REMARK_EVERY_S = 0.5
TIME_LEFT_EVERY_S = 1.0
NARROW_BELOW = 1180  # px of width
UNKNOWN = "–"


@dataclass(frozen=True)
class Said:
    """A remark. level: "error", "warning" or "info";  detail: the whole of it;  do: what a click does
    short: the words where there is no room for `text`
    """

    text: str
    level: str
    detail: str = ""
    do: Callable[[], None] | None = None
    short: str = ""


class Fact(QWidget):
    """Words around one figure: "Epoch **3** of 10". reserved: the widest (before, figure, after) it must hold."""

    def __init__(self, accessible: str, tip: str = "") -> None:
        super().__init__()
        self.parts = ("", "", "")
        self._name = accessible
        self._reserved: tuple[str, str, str] = ("", "", "")
        self.setToolTip(tip)
        self.setAccessibleName(accessible)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding)

    @property
    def text(self) -> str:
        return "".join(self.parts)

    def reserve(self, before: str, figure: str, after: str) -> None:
        """Make room for these words; it never shrinks below them."""
        if (before, figure, after) != self._reserved:
            self._reserved = (before, figure, after)
            self.fit()

    def show_parts(self, before: str, figure: str, after: str = "") -> None:
        """Show these words; nothing is done where they are shown already."""
        if (before, figure, after) != self.parts:
            self.parts = (before, figure, after)
            self.setAccessibleName(self.text.strip() or self._name)
            self.update()

    def fit(self) -> None:
        """Take the width that the reserved words need in the fonts of now."""
        plain, bold = QFontMetrics(theme().font()), QFontMetrics(theme().font(weight="semibold"))
        before, figure, after = self._reserved
        width = plain.horizontalAdvance(before) + bold.horizontalAdvance(figure) + plain.horizontalAdvance(after)
        self.setFixedWidth(width + 2)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        left, flags = 0, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
        for text, weight, token in zip(
            self.parts, ("regular", "semibold", "regular"), ("text_secondary", "text", "text_secondary"), strict=True
        ):
            painter.setFont(theme().font(weight=weight))
            painter.setPen(theme().color(token))
            painter.drawText(QRect(left, 0, self.width() - left, self.height()), flags, text)
            left += painter.fontMetrics().horizontalAdvance(text)


class EpochProgress(QWidget):
    """One segment an epoch, filled as far as the run is. done: epochs, with their fraction;  epochs: of the run"""

    def __init__(self) -> None:
        super().__init__()
        self.done, self.epochs, self.active = 0.0, 1, False
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding)
        self.setAccessibleName(_("Progress of the run"))

    def show_progress(self, done: float, epochs: int, active: bool) -> None:
        """Painted again only where a pixel would change."""
        wanted = (round(done, 3), epochs, active)
        if wanted != (self.done, self.epochs, self.active):
            self.done, self.epochs, self.active = wanted
            self.update()

    def segments(self) -> list[tuple[QRectF, float]]:
        """Each segment's place and how much of it is filled, 0 to 1."""
        count = self.epochs if self.epochs <= MOST_SEGMENTS else 1
        gap = 3.0 if self.width() / count > 8 else 1.0
        width = (self.width() - gap * (count - 1)) / count
        done = self.done if count > 1 or self.epochs == 1 else self.done / self.epochs
        top = round(self.height() / 2 - 1.5)
        return [
            (QRectF(number * (width + gap), top, width, 3), min(1.0, max(0.0, done - number)))
            for number in range(count)
        ]

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        empty = theme().color("line")
        filled = theme().color("accent" if self.active else "text_quiet")
        for place, share in self.segments():
            painter.fillRect(place, empty)
            if share > 0:
                painter.fillRect(QRectF(place.x(), place.y(), place.width() * share, place.height()), filled)


class Remark(QAbstractButton):
    """One line at the right edge, with its icon; a click does what the remark says can be done."""

    ICONS = {"error": "error", "warning": "warning", "info": "info"}
    COLORS = {"error": "error", "warning": "warning", "info": "accent"}

    def __init__(self) -> None:
        super().__init__()
        self.said: Said | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumWidth(80)
        self.clicked.connect(self._do)
        self.say(None)

    def say(self, said: Said | None) -> None:
        """Show a remark, or nothing."""
        known = self.said and (self.said.text, self.said.level, self.said.detail)
        if said is not None and known == (said.text, said.level, said.detail):
            self.said = said
            return
        self.said = said
        acts = said is not None and said.do is not None
        self.setText(said.text if said else "")
        self.setToolTip((said.detail or said.text) if said else "")
        self.setAccessibleName(said.text if said else _("No remark"))
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus if acts else Qt.FocusPolicy.NoFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor if acts else Qt.CursorShape.ArrowCursor)
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(200, theme().size("hit_min"))

    def _do(self) -> None:
        if self.said and self.said.do:
            self.said.do()

    def paintEvent(self, event: QPaintEvent) -> None:
        if self.said is None:
            return
        painter = QPainter(self)
        painter.setFont(theme().font())
        color = self.COLORS[self.said.level]
        metrics = painter.fontMetrics()
        room = self.width() - theme().size("icon") - 8
        words = self.said.text
        if self.said.short and metrics.horizontalAdvance(words) > room:
            words = self.said.short
        text = metrics.elidedText(words, Qt.TextElideMode.ElideRight, room)
        left = self.width() - metrics.horizontalAdvance(text)
        side = theme().size("icon")
        picture = icons.pixmap(self.ICONS[self.said.level], side, color, self.devicePixelRatioF())
        painter.drawPixmap(left - side - 8, (self.height() - side) // 2, picture)
        painter.setPen(theme().color(color))
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, text)


class RunFacts(QWidget):
    """The line. It reads the session's training and report, and keeps nothing of them."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self._remark_at = self._left_at = -math.inf
        self._left = ""
        self.epoch = Fact(_("Epoch"))
        self.progress = EpochProgress()
        self.step = Fact(_("Step"), _("Steps done in this epoch, and steps in an epoch"))
        self.test = Fact(_("Test accuracy"), _("Measured on the test part at the end of each epoch"))
        self.loss = Fact(_("Train loss"), _("Of the newest step's batch"))
        self.rate = Fact(_("Samples per second"), _("Over the last second or so, without the time for watching"))
        self.state = Fact(_("State of the run"))
        self.remark = Remark()
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 0, 16, 0)
        for fact in (self.epoch, self.progress, self.step, self.test, self.loss, self.rate, self.state):
            row.addWidget(fact)
        row.addWidget(self.remark, 1)
        self._connect()
        self.on_theme_changed()
        self.refresh()

    def _connect(self) -> None:
        training, client = self._session.training, self._session.client
        training.frame_received.connect(self._on_frame)
        training.state_changed.connect(self.refresh)
        training.history_reset.connect(self.refresh)
        client.report_changed.connect(self.refresh)
        self._session.document.project_changed.connect(self.refresh)

    def minimumSizeHint(self) -> QSize:
        return QSize(0, self.height())  # it gives way; the window decides how narrow it gets

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._give_way()

    def _give_way(self) -> None:
        narrow = self.width() < NARROW_BELOW * theme().text_scale
        self.progress.setFixedWidth(72 if narrow else 240)
        self.rate.setVisible(not narrow)
        self.layout().setSpacing(14 if narrow else 20)

    def on_theme_changed(self) -> None:
        """Take the sizes and fonts of now."""
        self.setFixedHeight(theme().size("run_facts"))
        for fact in (self.epoch, self.step, self.test, self.loss, self.rate, self.state):
            fact.fit()
        self._give_way()

    def refresh(self, *_news: object) -> None:
        """Everything, at once."""
        self._remark_at = self._left_at = -math.inf
        self._on_frame()

    def _on_frame(self, _frame: object = None) -> None:
        self._reserve()
        self._show_place()
        self._show_figures()
        self._show_state()
        now = time.monotonic()
        if now - self._remark_at >= REMARK_EVERY_S:
            self._remark_at = now
            self.remark.say(self._worst())

    # The run's place and figures ----------------------------------------------------------------------------------

    def _reserve(self) -> None:
        training = self._session.training
        epochs = f"{self._epochs():,}"
        steps = (
            training.facts.steps_per_epoch if training.facts else expected_steps(self._session.document.project.data)
        )
        per_epoch = f"{steps:,}"
        self.epoch.reserve(_("Epoch") + " ", epochs, _(" of {epochs}").format(epochs=epochs))
        self.step.reserve(_("Step") + " ", per_epoch, f"/{per_epoch}")
        self.test.reserve((_("Test accuracy") if self._classifies() else _("Test loss")) + " ", "0.0000", "")
        self.loss.reserve(_("Train loss") + " ", "0.0000", "")
        self.rate.reserve("", "000,000", " " + _("samples/s"))
        self.state.reserve("", "", max(*_STATES().values(), _("{n} min left").format(n="00"), key=len) + " ")

    def _show_place(self) -> None:
        training, epochs = self._session.training, self._epochs()
        step = training.frame.step if training.frame else 0
        per_epoch = training.facts.steps_per_epoch if training.facts else 0
        # A step that ends an epoch still belongs to it.
        epoch = min(epochs, max(1, -(-step // per_epoch))) if per_epoch and training.frame else 0
        self.epoch.show_parts(_("Epoch") + " ", f"{epoch:,}" if epoch else UNKNOWN, _(" of {epochs}").format(
            epochs=f"{epochs:,}"))  # fmt: skip
        within = f"{step - (epoch - 1) * per_epoch:,}" if epoch else UNKNOWN
        self.step.show_parts(_("Step") + " ", within, f"/{per_epoch:,}" if per_epoch else "")
        self.progress.show_progress(step / per_epoch if per_epoch else 0.0, epochs, training.is_active)

    def _show_figures(self) -> None:
        training = self._session.training
        last = training.history.epochs[-1] if training.history.epochs else None
        if self._classifies():
            accuracy = last.test_accuracy if last else None
            self.test.show_parts(_("Test accuracy") + " ", UNKNOWN if accuracy is None else f"{accuracy:.3f}")
        else:
            self.test.show_parts(_("Test loss") + " ", shown_loss(last.test_loss) if last else UNKNOWN)
        losses = training.history.losses
        self.loss.show_parts(_("Train loss") + " ", shown_loss(float(losses[-1])) if losses.size else UNKNOWN)
        rate = training.frame.samples_per_second if training.frame and training.state in ("running", "paused") else 0.0
        self.rate.show_parts("", shown_rate(rate) if rate > 0 else UNKNOWN, " " + _("samples/s"))

    def _show_state(self) -> None:
        training = self._session.training
        text = _STATES()[training.state]
        if training.state == "idle" and training.project is not None and training.frame is not None:
            text = _("stopped")
        now = time.monotonic()
        if training.state == "running":
            if now - self._left_at >= TIME_LEFT_EVERY_S:
                self._left_at, self._left = now, self._time_left()
            text = self._left or text
        note = training.frame.note if training.frame else ""
        self.state.setToolTip(note or _("State of the run: {state}").format(state=_STATES()[training.state]))
        self.state.show_parts("", "", text)

    def _time_left(self) -> str:
        training = self._session.training
        frame, facts = training.frame, training.facts
        if frame is None or facts is None or frame.samples_per_second <= 0:
            return ""
        steps = facts.epochs * facts.steps_per_epoch - frame.step
        samples = steps * facts.train_samples / max(1, facts.steps_per_epoch)
        return shown_time_left(samples / frame.samples_per_second)

    def _epochs(self) -> int:
        training = self._session.training
        return training.facts.epochs if training.facts else self._session.document.project.recipe.epochs

    def _classifies(self) -> bool:
        history = self._session.training.history
        if history.epochs:
            return history.epochs[-1].test_accuracy is not None
        return _has_classes(self._session)

    # The remark ---------------------------------------------------------------------------------------------------

    def _worst(self) -> Said | None:
        """The one thing to say: what does not fit, why the run failed, a layer that learns too fast, a way on."""
        return self._misfit() or self._failure() or self._fast_layer() or self._way_on()

    def _misfit(self) -> Said | None:
        session = self._session
        report = session.client.report
        row = next((row for row in report.rows if row.error is not None), None) if report else None
        if row is not None and row.error is not None:
            path, detail = row.path, "\n".join(filter(None, (row.error.sentence, row.error.torch_message)))
            text = _("Row {n} does not fit").format(n=row.index)
            return Said(text, "error", detail, lambda: session.document.select((path,)))
        if report and report.faults:
            fault = report.faults[0]
            return Said(_("{where}: {what}").format(where=fault.where, what=fault.what), "error", str(fault))
        return None

    def _failure(self) -> Said | None:
        training = self._session.training
        if training.state != "failed" or training.fault is None:
            return None
        fault = training.fault
        return Said(_("{where}: {what}").format(where=fault.where, what=fault.what), "error", str(fault))

    def _fast_layer(self) -> Said | None:
        training = self._session.training
        if not training.is_active and training.state != "finished":
            return None
        history = training.history
        high = theme().tokens["plots"]["healthy_update_ratio"]["high"]
        means = {
            path: float(values[-SMOOTHED_LOOKS:].mean())
            for path, values in history.update_ratios.items()
            if values.size
        }
        above = {path: mean for path, mean in means.items() if mean > high}
        if not above:
            return None
        path = max(above, key=lambda one: above[one])
        layer = next(one for one in history.slope_layers if tuple(one["path"]) == path)
        text = _("{n} {layer}: update ratio {ratio} is above the healthy band").format(
            n=layer["index"], layer=layer["name"], ratio=shown_power(above[path])
        )
        detail = _(
            "Each step changes the weights by more than {high} of their size. A lower learning rate helps."
        ).format(high=shown_power(high))
        short = _("{n} {layer}: update ratio {ratio}, too high").format(
            n=layer["index"], layer=layer["name"], ratio=shown_power(above[path])
        )
        return Said(text, "warning", f"{text}.\n{detail}", short=short)

    def _way_on(self) -> Said | None:
        training = self._session.training
        if not training.can_resume or training.state != "idle":
            return None
        text = _("Go on from the checkpoint at step {step}").format(step=f"{training.checkpoint:,}")
        return Said(text, "info", text, training.resume_from_checkpoint)


def shown_loss(value: float) -> str:
    """A loss in at most six characters: 0.079, 12.34, 3e+05, NaN."""
    if not math.isfinite(value):
        return "NaN" if math.isnan(value) else "∞"
    return f"{value:.3f}" if abs(value) < 10 else f"{value:.4g}" if abs(value) < 10_000 else f"{value:.0e}"


def shown_rate(value: float) -> str:
    """Samples a second in at most seven characters: 2,150, 1.25 M."""
    return f"{value:,.0f}" if value < 999_999.5 else f"{value / 1e6:,.3g} M"


def shown_power(value: float) -> str:
    """One digit times a power of ten: 6·10⁻³."""
    digit, _e, exponent = f"{value:.0e}".partition("e")
    return f"{digit}·10{str(int(exponent)).translate(_RAISED)}"


def shown_time_left(seconds: float) -> str:
    """ "38 s left", "12 min left", "5 h left", "3 days left" """
    if seconds < 100:
        return _("{n} s left").format(n=max(0, round(seconds)))
    minutes = round(seconds / 60)
    if minutes < 100:
        return _("{n} min left").format(n=minutes)
    if minutes < 48 * 60:
        return _("{n} h left").format(n=round(minutes / 60))
    return plural("{n} day left", "{n} days left", round(minutes / 1440))


_RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def _STATES() -> dict[str, str]:
    return {
        "idle": _("idle"),
        "preparing": _("preparing"),
        "running": _("running"),
        "paused": _("paused"),
        "stopping": _("stopping"),
        "finished": _("finished"),
        "failed": _("failed"),
    }


def expected_steps(data: Data) -> int:
    """Steps in an epoch as the declaration of the data set has it, before a run says so."""
    spec = DATASETS.get(data.dataset)
    samples = spec.train * (1 - (data.test_fraction if spec.test is None else 0)) if spec else 0
    return math.ceil(samples / data.batch_size)


def _has_classes(session: Session) -> bool:
    spec = DATASETS.get(session.document.project.data.dataset)
    return spec is None or spec.task == "classification"
