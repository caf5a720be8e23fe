"""The second line of the run bar: where the run is, its newest figures, and the one remark that matters most.

Every figure has room for the widest value it can take, so nothing moves while training. In a narrow window the
memory goes, progress shrinks and the rate goes, then the remark is shortened (its tool tip has all of it); with large
text progress, loss and step go, in this order.
"""

import math
import time

from PySide6.QtCore import QSize, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from playground.core import edit
from playground.core.data import Data
from playground.core.datasets import DATASETS
from playground.core.problem import Problem
from playground.core.report import Fix
from playground.core.text import _
from playground.session.session import Session
from playground.session.steering import reaches, waiting
from playground.session.trouble import reason, short, troubles, ways_out
from playground.window.form_page import TITLES
from playground.window.run_parts import (
    EpochProgress,
    Fact,
    Remark,
    Said,
    shown_loss,
    shown_rate,
    shown_time_left,
)
from playground.window.run_words import how_it_ended, longer_words, shown_memory, what_goes_on, what_is_kept
from playground.window.theme import theme

REMARK_EVERY_S = 0.5
TIME_LEFT_EVERY_S = 1.0
NARROW_BELOW, NO_MEMORY_BELOW, ROOMY_FROM = 1180, 1320, 1600  # px of width
NAMED_IN_LINE = 3  # settings, in the remark
UNKNOWN = "–"
STATES = {
    "idle": _("idle"),
    "preparing": _("preparing"),
    "running": _("running"),
    "paused": _("paused"),
    "stopping": _("stopping"),
    "finished": _("finished"),
    "failed": _("failed"),
}


class RunFacts(QWidget):
    """The line. It reads the session's training and report, and keeps nothing of them.

    told: what came of a click, as a sentence
    """

    told = Signal(str)

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
        self.lr = Fact(_("Learning rate"), _("Learning rate of the newest step; shown where it varies"))
        self.rate = Fact(_("Samples per second"), _("Over the last second or so, without the time for watching"))
        self.memory = Fact(_("Memory"))
        self.state = Fact(_("State of the run"))
        self.remark = Remark()
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 0, 16, 0)
        facts = (
            self.epoch,
            self.progress,
            self.step,
            self.test,
            self.loss,
            self.lr,
            self.rate,
            self.memory,
            self.state,
        )
        for fact in facts:
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
        self._session.carrying.changed.connect(self.refresh)
        self._session.going_on.changed.connect(self.refresh)
        self.remark.fix_chosen.connect(self._on_fix_chosen)

    def minimumSizeHint(self) -> QSize:
        return QSize(0, self.height())  # it gives way; the window decides how narrow it gets

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._give_way()

    def _give_way(self) -> None:
        narrow = self.width() < NARROW_BELOW * theme().text_scale
        self.progress.setFixedWidth(72 if narrow else 120 if self.width() < ROOMY_FROM * theme().text_scale else 240)
        self.layout().setSpacing(14 if narrow else 20)
        self.rate.setVisible(not narrow)
        self.memory.setVisible(self.width() >= NO_MEMORY_BELOW * theme().text_scale)
        droppable = (self.lr, self.progress, self.loss, self.step)  # where the text is large, too
        for one in droppable:
            one.setVisible(one is not self.lr or (self._rate_varies() and not narrow))
        for one in droppable:
            if self.layout().totalMinimumSize().width() > self.width():
                one.setVisible(False)

    def on_theme_changed(self) -> None:
        """Take the sizes and fonts of now."""
        self.setFixedHeight(theme().size("run_facts"))
        for fact in (self.epoch, self.step, self.test, self.loss, self.lr, self.rate, self.memory, self.state):
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
        test = _("Test accuracy") if self._classifies() else _("Test loss")
        state = max(*STATES.values(), _("{n} min left").format(n="00"), self._ending(), key=len)
        changed = [
            self.epoch.reserve(_("Epoch") + " ", epochs, _(" of {epochs}").format(epochs=epochs)),
            self.step.reserve(_("Step") + " ", per_epoch, f"/{per_epoch}"),
            self.test.reserve(test + " ", "0.0000", ""),
            self.loss.reserve(_("Train loss") + " ", "0.0000", ""),
            self.lr.reserve(*(("lr ", "0.00e-00", "") if self._rate_varies() else ("", "", ""))),
            self.rate.reserve("", "000,000", " " + _("samples/s")),
            self.memory.reserve(*self._memory_room()),
            self.state.reserve("", "", state + " "),
        ]
        if any(changed):
            self._give_way()

    def _show_place(self) -> None:
        training, epochs = self._session.training, self._epochs()
        step = training.frame.step if training.frame else 0
        step = training.facts.counted(step) if training.facts else step
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
        held = training.history.held
        if self._classifies():
            accuracy = held.test_accuracy if held else None
            self.test.show_parts(_("Test accuracy") + " ", UNKNOWN if accuracy is None else f"{accuracy:.3f}")
        else:
            self.test.show_parts(_("Test loss") + " ", shown_loss(held.test_loss) if held else UNKNOWN)
        tip = _("Measured on the test part at the end of each epoch")
        if held is not None and training.history.weights_epoch:
            tip = _("Of epoch {n:,}, the best, whose weights the network has again").format(n=held.epoch)
        self.test.setToolTip(tip)
        losses = training.history.losses
        self.loss.show_parts(_("Train loss") + " ", shown_loss(float(losses[-1])) if losses.size else UNKNOWN)
        lr = training.frame.lr if training.frame and self._rate_varies() else 0.0
        self.lr.show_parts("lr ", f"{lr:.3g}" if lr else UNKNOWN)
        tip = _("Of the newest step's batch")
        self.loss.setToolTip(_("{tip}; its learning rate: {lr}").format(tip=tip, lr=f"{lr:.3g}") if lr else tip)
        rate = training.frame.samples_per_second if training.frame and training.state in ("running", "paused") else 0.0
        self.rate.show_parts("", shown_rate(rate) if rate > 0 else UNKNOWN, " " + _("samples/s"))
        self._show_memory()

    def _rate_varies(self) -> bool:
        """Whether the learning rate of the run is not plain from its recipe."""
        training = self._session.training
        return training.project is not None and bool(training.history.steered or training.project.recipe.schedule)

    def _memory_room(self) -> tuple[str, str, str]:
        """The widest that memory is shown: with the device's own, where the run is on another than the processor."""
        facts = self._session.training.facts
        on_cpu = facts is None or facts.device == "cpu"
        return _("Memory") + " ", "0000 MiB", "" if on_cpu else " / 000 GiB"

    def _show_memory(self) -> None:
        frame = self._session.training.frame
        memory = frame.memory if frame else None
        if memory is None:
            self.memory.show_parts(_("Memory") + " ", UNKNOWN)
            self.memory.setToolTip(_("What a run takes; known while there is one"))
        elif memory.device == "cpu":
            self.memory.show_parts(_("Memory") + " ", shown_memory(memory.used))
            tip = _("The training process takes {used} of this machine's {total}: PyTorch, data, network and batches")
            self.memory.setToolTip(tip.format(used=shown_memory(memory.used), total=shown_memory(memory.total)))
        else:
            total = f" / {shown_memory(memory.total)}"
            self.memory.show_parts(_("Memory") + " ", shown_memory(memory.used), total)
            tip = _("Tensors of this run on {device}: {used} of its {total}")
            figures = {"used": shown_memory(memory.used), "total": shown_memory(memory.total)}
            self.memory.setToolTip(tip.format(device=memory.device, **figures))

    def _show_state(self) -> None:
        training = self._session.training
        text = STATES[training.state]
        if training.state == "idle" and training.project is not None and training.frame is not None:
            text = _("stopped")
        now = time.monotonic()
        if training.state == "running":
            if now - self._left_at >= TIME_LEFT_EVERY_S:
                self._left_at, self._left = now, self._time_left()
            text = self._left or text
        note = training.frame.note if training.frame else ""
        said = how_it_ended(training.history) if training.state == "finished" else ""
        self.state.setToolTip(said or note or _("State of the run: {state}").format(state=STATES[training.state]))
        self.state.show_parts("", "", self._ending() or text)

    def _ending(self) -> str:
        """What a run came to that looked for its best epoch; "" before its end, where nothing may move."""
        training = self._session.training
        history = training.history
        if training.state != "finished" or not history.weights_epoch:
            return ""
        text = _("finished, best: epoch {n:,}")
        if history.best_is_back:
            late = _("finished, back to best epoch {n:,}")
            text = _("stopped by itself, back to best epoch {n:,}") if history.stopped_early else late
        return text.format(n=history.weights_epoch)

    def _time_left(self) -> str:
        training = self._session.training
        frame, facts = training.frame, training.facts
        if frame is None or facts is None or frame.samples_per_second <= 0:
            return ""
        steps = facts.whole - frame.step
        samples = steps * facts.train_samples / max(1, facts.steps_per_epoch)
        return shown_time_left(samples / frame.samples_per_second)

    def _epochs(self) -> int:
        training = self._session.training
        return training.facts.epochs if training.facts else self._session.document.project.recipe.epochs

    def _classifies(self) -> bool:
        epochs = self._session.training.history.epochs
        return epochs[-1].test_accuracy is not None if epochs else _has_classes(self._session)

    def _on_fix_chosen(self, fix: Fix) -> None:
        document = self._session.document
        before = document.project
        document.apply(*fix.edits, text=fix.label)
        run = self._session.training.project
        if self._session.training.is_active and run is not None and not reaches(run, before, document.project):
            self.told.emit(_("{fix}: this counts from the next run on.").format(fix=fix.label))

    # The remark ---------------------------------------------------------------------------------------------------

    def _worst(self) -> Said | None:
        """The one thing to say: what does not fit, why the run failed, what is wrong with its figures, a way on."""
        way_on = self._carrying() or self._longer()
        found = self._misfit() or self._failure() or way_on or self._trouble() or self._later()
        return found or self._best_back() or self._way_on()

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
        fixes = ways_out(self._session.document.project, fault)
        text = _("{where}: {what}").format(where=fault.where, what=fault.what)
        return Said(text, "error", str(fault), short=short(fault), why=reason(fault), fixes=fixes)

    def _carrying(self) -> Said | None:
        """The network was edited: the run goes on with its own, unless somebody wants it to take the new one."""
        offer = self._session.carrying.offer
        if offer is None:
            return None
        figures = {"kept": offer.kept, "n": offer.of}
        text = _("Go on with the changed network: keeps the weights of {kept} of {n} layers").format(**figures)
        short = _("Go on: keeps {kept} of {n} layers").format(**figures)
        return Said(text, "info", what_is_kept(offer), self._session.carrying.go_on, short)

    def _longer(self) -> Said | None:
        """The recipe was changed behind the end of a run, so that there is more to train."""
        offer = self._session.going_on.offer
        if offer is None or not offer.asked:
            return None
        short = _("Go on to epoch {epochs:,}").format(epochs=offer.epochs)
        return Said(longer_words(offer), "info", what_goes_on(offer), self._session.going_on.go_on, short)

    def _trouble(self) -> Said | None:
        session, training = self._session, self._session.training
        if not training.is_active and training.state != "finished":
            return None
        high = theme().tokens["plots"]["healthy_update_ratio"]["high"]
        spec = session.looking.dataset
        found = troubles(session.document.project, training.history, len(spec.classes) if spec else 0, high)
        if not found:
            return None
        worst = found[0]
        detail = "\n".join([worst.text + ".", worst.why])
        later = tuple(fix for fix in worst.fixes if not self._reaches(fix)) if training.is_active else ()
        return Said(worst.text, "warning", detail, None, worst.short, worst.why, worst.fixes, later)

    def _reaches(self, fix: Fix) -> bool:
        """Whether it mends the run that goes on."""
        run, before = self._session.training.project, self._session.document.project
        after = before
        try:
            for change in fix.edits:
                after = edit.apply(after, change)
        except (Problem, IndexError):
            return False
        return run is not None and reaches(run, before, after)

    def _later(self) -> Said | None:
        """Data or recipe were edited beside the run, which goes on with its own."""
        training, project = self._session.training, self._session.document.project
        if not training.is_active or training.project is None or training.is_current:
            return None
        if training.project.data.dataset != project.data.dataset:
            return None  # hardly an edit: another document was opened
        names = [TITLES.get(name, name) for name in waiting(training.project, project)]
        if not names:
            return None
        listed = ", ".join(names[:NAMED_IN_LINE]) + (" …" if len(names) > NAMED_IN_LINE else "")
        text = _("From the next run on: {names}").format(names=listed)
        detail = _("The run goes on as it began. What was edited since counts from the next run on: {names}.")
        return Said(text, "info", detail.format(names=", ".join(names)), short=_("Edits are for the next run"))

    def _best_back(self) -> Said | None:
        """Why the run ended before its last epoch, and which weights the network has now."""
        training = self._session.training
        text = how_it_ended(training.history) if training.state == "finished" else ""
        short = _("Weights of epoch {n:,}, the best").format(n=training.history.weights_epoch)
        return Said(text, "info", short=short) if text else None

    def _way_on(self) -> Said | None:
        training = self._session.training
        if not training.can_resume or training.state != "idle" or not training.shows_run:
            return None  # with other data or another network, it would go on with its own
        text = _("Go on from the checkpoint at step {step}").format(step=f"{training.checkpoint:,}")
        return Said(text, "info", text, training.resume_from_checkpoint)


def expected_steps(data: Data) -> int:
    """Steps in an epoch as the declaration of the data set has it, before a run says so."""
    spec = DATASETS.get(data.dataset)
    samples = spec.train * (1 - (data.test_fraction if spec.test is None else 0)) if spec else 0
    return math.ceil(samples / data.batch_of(math.ceil(samples)))


def _has_classes(session: Session) -> bool:
    spec = DATASETS.get(session.document.project.data.dataset)
    return spec is None or spec.task == "classification"
