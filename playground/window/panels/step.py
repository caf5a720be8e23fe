"""One step, seen: the mini-batch that comes next, walked through from the batch to the new weights.

It is looked at while a training is paused, on copies; while one runs, nothing is watched.
"""

from typing import TYPE_CHECKING, Any

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLabel, QPushButton, QStackedWidget, QVBoxLayout, QWidget

from playground.core.messages import Picture, Watch
from playground.core.spec import PanelSpec
from playground.core.text import _
from playground.window.layer_list.panel import hairline
from playground.window.panels.base import Panel

if TYPE_CHECKING:
    from playground.window.panels._step_pages import Page, Seen

PROBE = "one_step"
MORE_STEPS = 30  # that are taken to see what comes of a mistake
STAGES = {
    "batch": _("Take a batch"),
    "forward": _("Forward"),
    "loss": _("Loss"),
    "zero_grad": _("zero_grad"),
    "backward": _("Backward"),
    "step": _("Update"),
}
_PARTS = {"forward": "model(x)"}  # of the lines, what the stage does


class StepPanel(Panel):
    """Six stages, one at a time. layer, weight: what a person chose, as the probe's options; None for any"""

    def __init__(self, session: Any) -> None:
        super().__init__(session)
        from playground.window.panels._step_bar import CodeLines, StageBar
        from playground.window.panels._step_consequence import Mistakes

        self.layer: tuple[int, ...] | None = None
        self.weight: dict[str, Any] | None = None
        self._mode = "train"
        self._shown: Picture | None = None
        self.bar, self.code = StageBar(list(STAGES.values())), CodeLines()
        self.bar.chosen.connect(self.go)
        self.mistakes = Mistakes(self.rewatch)
        self.pages: dict[str, Page] = {}
        self.stack = QStackedWidget()
        self._make_buttons()
        self._lay_out()
        session.training.state_changed.connect(self.rewatch)
        self.go(0)

    # Parts --------------------------------------------------------------------------------------------------------

    def _page(self, stage: str) -> "Page":
        """Made when it is seen first."""
        if stage not in self.pages:
            from playground.window.panels import _step_pages as pages
            from playground.window.panels._step_update import UpdatePage

            kinds = (pages.BatchPage, pages.ForwardPage, pages.LossPage, pages.ZeroGradPage, pages.BackwardPage)
            made = dict(zip(STAGES, (*kinds, UpdatePage), strict=True))[stage]()
            if isinstance(made, pages.ForwardPage):
                made.layer_chosen.connect(self._choose_layer)
                made.mode_chosen.connect(self._choose_mode)
            if isinstance(made, pages.ParameterPage):
                made.weight_chosen.connect(self._choose_weight)
            self.pages[stage] = made
            self.stack.addWidget(made)
        return self.pages[stage]

    def _make_buttons(self) -> None:
        self.back = self._button(_("Back"), _("The stage before (←)"), lambda: self.go(self.bar.current - 1))
        self.next = self._button(_("Next"), _("The next stage (→)"), lambda: self.go(self.bar.current + 1))
        tip = _("The training takes it, and pauses before the next")
        self.take = self._button(_("Take this step"), tip, self._take)
        self.begin = self._button("", "", self._on_begin)

    @staticmethod
    def _button(text: str, tip: str, do: Any) -> QPushButton:
        button = QPushButton(text)
        button.setToolTip(tip)
        button.clicked.connect(lambda _checked=False: do())
        return button

    def _lay_out(self) -> None:
        self.message = QLabel()
        self.message.setProperty("role", "quiet")
        self.message.setWordWrap(True)
        self.message.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.message.setContentsMargins(24, 0, 24, 0)
        empty = QVBoxLayout()
        empty.setSpacing(12)
        empty.addStretch(1)
        empty.addWidget(self.message)
        empty.addWidget(self.begin, 0, Qt.AlignmentFlag.AlignHCenter)
        empty.addStretch(1)
        self.walk, self.empty = QWidget(), QWidget()
        self.empty.setLayout(empty)
        inner = QVBoxLayout(self.walk)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.setSpacing(4)
        for widget, share in ((self.bar, 0), (self.code, 0), (self.stack, 1), (hairline(), 0), (self.mistakes, 0)):
            inner.addWidget(widget, share)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.walk)
        column.addWidget(self.empty)

    def header_widgets(self) -> list[QWidget]:
        return [self.back, self.next, self.take]

    # Where one is -------------------------------------------------------------------------------------------------

    @property
    def stage(self) -> str:
        """A key of STAGES."""
        return list(STAGES)[self.bar.current]

    def go(self, place: int) -> None:
        """Show a stage. place: from 0; there is none before the first and none behind the last"""
        if 0 <= place < len(STAGES):
            self.bar.go(place)
            self._enable()
            if self._shown is not None:
                self._show_stage(self._seen(self._shown))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """The arrows walk wherever the keyboard is in the panel, but in a field."""
        self.bar.keyPressEvent(event)

    def _enable(self) -> None:
        here = self._shown is not None and not self.walk.isHidden()
        self.back.setEnabled(here and self.bar.current > 0)
        self.next.setEnabled(here and self.bar.current < len(STAGES) - 1)
        self.take.setEnabled(here and self.session.training.state == "paused")

    # What is chosen -----------------------------------------------------------------------------------------------

    def _choose_layer(self, path: tuple[int, ...]) -> None:
        self.layer = path
        self.rewatch()

    def _choose_mode(self, mode: str) -> None:
        self._mode = mode
        self.rewatch()

    def _choose_weight(self, name: str, index: Any) -> None:
        """index: a list, a place among all values, or None for the one with the largest gradient"""
        if isinstance(index, int) and self._shown is not None:
            shape = tuple(self._shown.facts["weight"]["shape"])
            index = [int(one) for one in np.unravel_index(index, shape or (1,))] if shape else []
        self.weight = {"name": name, "index": index}
        self.rewatch()

    def _take(self) -> None:
        self.session.training.step()

    def _on_begin(self) -> None:
        training = self.session.training
        order = {"running": training.pause, "paused": training.step}.get(training.state, training.start_paused)
        order()

    # What is seen -------------------------------------------------------------------------------------------------

    def watches(self) -> tuple[Watch, ...]:
        training = self.session.training
        if training.state != "paused" or not training.shows_run:
            return ()
        options: dict[str, Any] = self.mistakes.options
        if self._mode == "eval":
            options["mode"] = "eval"
        if options.keys() & {"zero_grad", "sign", "mode"}:
            options["steps"] = MORE_STEPS
        if self.layer is not None:
            options["layer"] = list(self.layer)
        if self.weight is not None:
            options["weight"] = self.weight
        return (Watch(PROBE, options),)

    def refresh(self) -> None:
        training, watches = self.session.training, self.watches()
        picture = training.picture(watches[0]) if watches else None
        if picture is not None and not picture.fault:
            self._shown = picture
        elif not self._keeps(picture):
            self._shown = None
        self.walk.setVisible(self._shown is not None)
        self.empty.setVisible(self._shown is None)
        self._enable()
        if self._shown is None:
            self._say(picture)
        else:
            self._show(self._seen(self._shown))

    def _keeps(self, picture: Picture | None) -> bool:
        """Whether what is shown stays until an answer comes: to another question, or of the step that is being taken."""
        training, shown = self.session.training, self._shown
        if picture is not None or shown is None or not training.shows_run:
            return False
        only_one = training.frame is not None and training.frame.step <= shown.step + 1
        return training.state == "paused" or (training.state == "running" and only_one)

    def _seen(self, picture: Picture) -> "Seen":
        from playground.window.panels._step_pages import Seen

        return Seen.of(picture, self.session.looking.dataset)

    def _show(self, seen: "Seen") -> None:
        facts = seen.facts
        text = _("step {step:,}: {position:,} of {steps:,} in epoch {epoch:,}")
        self.set_subtitle(
            text.format(
                step=facts["step"], position=facts["position"] + 1, steps=facts["steps_per_epoch"],
                epoch=facts["epoch"] + 1,
            )
        )  # fmt: skip
        self.mistakes.show_step(facts, seen.arrays, self._mode == "eval")
        self._show_stage(seen)

    def _show_stage(self, seen: "Seen") -> None:
        from playground.window.panels._step_pages import ForwardPage, ZeroGradPage

        page = self._page(self.stage)
        if isinstance(page, ForwardPage):
            page.modes.choose(self._mode)
        if isinstance(page, ZeroGradPage):
            page.skipped = self.mistakes.skip.isChecked()
        code = next(stage["code"] for stage in seen.facts["stages"] if stage["name"] == self.stage)
        self.code.show_lines(code, _PARTS.get(self.stage, ""))
        page.show_step(seen)
        self.stack.setCurrentWidget(page)

    def _say(self, picture: Picture | None) -> None:
        """Why there is nothing to walk through, and a way to it."""
        training = self.session.training
        state, words, way = training.state, "", ""
        if picture is not None:
            words, way = picture.fault, _("Take a step")
        elif state == "running":
            words, way = _("Pause to walk through a step."), _("Pause")
        elif state == "paused" and not training.shows_run:
            words = _("The network was edited since. Undo the edit, or train again, to walk through a step.")
        elif state in ("paused", "preparing", "stopping"):
            words = _("A moment…")
        else:
            words = _(
                "A step is walked through while a training is paused. Begin one that waits before its first step."
            )
            way = _("Begin")
        self.message.setText(words)
        self.begin.setText(way)
        self.begin.setVisible(bool(way))
        report = self.session.client.report
        self.begin.setEnabled(state == "running" or report is None or report.fits)
        self.set_subtitle("")

    def dress(self) -> None:
        for page in self.pages.values():
            page.update()


SPEC = PanelSpec(name="step", title=_("One step"), make=StepPanel, room="step", order=10, lab=("autograd", "descent"))
