"""The run: orders to the runner, what it answers, and what it left behind when it died."""

from collections.abc import Hashable, Iterable, Sequence
from typing import Any

from PySide6.QtCore import QObject, Signal

from playground.core.drawing import is_awaited
from playground.core.messages import (
    Draw,
    Evaluate,
    Frame,
    Pause,
    Picture,
    Pull,
    Ready,
    Resume,
    SetSpeed,
    Start,
    State,
    Steer,
    StepEpoch,
    StepOnce,
    Stop,
    Watch,
)
from playground.core.project import Project, write_project
from playground.disk.kept_runs import Kept
from playground.session.after_run import AfterRun
from playground.session.client import EngineClient
from playground.session.document import Document
from playground.session.pictures import Pictures
from playground.session.process import ENGINE, Ending, KeptEngine
from playground.session.pulls import Pulls
from playground.session.run import Run
from playground.session.runs import Earlier, as_fork, death, gave_up, newest_checkpoint
from playground.session.settings import Settings
from playground.session.steering import Steering
from playground.session.timers import one_shot
from playground.session.training_thread import ACTIVE, BeginRun, TrainingThread

UNACKNOWLEDGED_MS = 250  # a window that draws nothing (hidden, or none) does not stop the record of the run
STOP_WITHIN_S = 15  # a runner that does not stop by then is ended


class Training(Run):
    """device: that the next run starts on;  speed: steps a second, None is full speed;  ready: whether a runner is warm"""

    frame_received = Signal(object)  # Frame
    pictures_changed = Signal()  # of a frame with only what a drawing hand waits for, `frame_received` alone tells
    run_failed = Signal(object)  # Fault, from the runner: NaN, out of memory, ...
    engine_died = Signal(object)  # Fault: the process is gone; another one is being started
    history_reset = Signal()
    noticed = Signal(object)  # Fault, for people
    current_changed = Signal()  # is_current is another
    ready_changed = Signal()
    speed_changed = Signal()
    folder_made = Signal(str)  # of the run that is being started, "" where it cannot be kept

    def __init__(
        self,
        document: Document,
        client: EngineClient,
        settings: Settings,
        engine: Sequence[str] = ENGINE,
        parent: QObject | None = None,
    ):
        super().__init__(document, parent)
        self._settings, self._engine = settings, engine
        self.speed: float | None = None
        self.ready = self._unacknowledged = self._was_current = False
        self._pulls = Pulls()
        self._afterwards = AfterRun(self)
        self._process = KeptEngine(self._make_thread, self)
        self._process.received.connect(self._on_message)
        self._process.died.connect(self._on_died)
        self._process.gave_up.connect(lambda ending: self.noticed.emit(gave_up(ending, KeptEngine.TOO_OFTEN)))
        self._pictures = Pictures(document, client, lambda: self.project, lambda: self.is_active, self)
        self._pictures.changed.connect(self.pictures_changed)
        self._pictures.watched.connect(self._on_watched)
        self._patience = one_shot(self, UNACKNOWLEDGED_MS, self.acknowledge)
        self._stop_by = one_shot(self, STOP_WITHIN_S * 1_000, self._process.kill)
        self.state_changed.connect(self._on_state_changed)
        Steering(document, self)  # first: it may make the edited project that of the run
        document.project_changed.connect(self._look_whether_current)

    # What it is ---------------------------------------------------------------------------------------------------

    @property
    def pid(self) -> int | None:
        """Of the runner; None while there is none."""
        return self._process.pid

    @property
    def device(self) -> str:
        return self._settings.device

    # Orders -------------------------------------------------------------------------------------------------------

    def start(self) -> None:
        """Train the document's project from its first step. Nothing happens while a run is active."""
        self._begin(paused=False)

    def start_paused(self) -> None:
        """The same, but it waits before its first step."""
        self._begin(paused=True)

    def resume_from_checkpoint(self) -> None:
        """Go on with the run that ended, from its newest checkpoint; figures behind it are forgotten."""
        if self.can_resume and self.project is not None:
            facts = self.facts  # with other threads the bits would be others
            more = {"threads": facts.threads, "layout": facts.layout} if facts is not None else {}
            self._forget_figures("preparing")
            self._launch(self._start(self.project, folder=self.folder, resume=True, **more))

    def resume_unfinished(self, run: Earlier) -> None:
        """Go on with a run of an earlier session, as it was set up. Nothing happens while a run is active."""
        self._take_up(run)

    def look_at(self, run: Earlier) -> None:
        """Show what a kept run came to: its figures, and its network as it was left. No step is taken, and nothing written
        to its folder. Nothing happens while a run is active."""
        self._take_up(run, look=True)

    def fork(self, run: Kept, step: int) -> None:
        """Train the document's project on from a checkpoint of a kept run. Nothing happens while a run is active. Where it
        has other layers, those that are unchanged keep their weights."""
        self._begin(paused=False, **as_fork(run, step, self._document.project))

    def carry_on(self) -> None:
        """Train the document's project on from the newest state of this run, which ends: a fork. Where it has other
        layers, those that are unchanged keep their weights."""
        self._afterwards.do(self._carry_on)

    def reset(self) -> None:
        """Let go of the run, so that the next one begins from the first weights. It ends, and stays kept."""
        self._afterwards.do(self._reset)

    def forget(self, folder: str) -> None:
        """The run's folder was deleted: there is nothing to go on from, its figures stay to be looked at."""
        if folder == self.folder and not self.is_active:
            self.folder, self._checkpoint = "", None
            self.state_changed.emit(self.state)

    def pause(self) -> None:
        self._order(Pause())

    def resume(self) -> None:
        self._order(Resume())

    def step(self) -> None:
        """One step, then pause; begins a run where there is none."""
        self._begin(paused=True)
        self._order(StepOnce())

    def step_epoch(self) -> None:
        """To the end of the epoch, then pause; begins a run where there is none."""
        self._begin(paused=True)
        self._order(StepEpoch())

    def stop(self) -> None:
        """End the run after the step it is at; its checkpoint and figures stay."""
        if self.is_active and self.state != "stopping":
            self._set_state("stopping")
            self._process.send(Stop())
            self._pull()
            self._stop_by.start()

    def steer(self, project: Project, **changed: float) -> None:
        """Change settings of the optimizer for the run that goes on. project: of the run, with them"""
        self.project = project
        self._order(Steer(**changed))
        self._look_whether_current()

    def set_speed(self, steps_per_second: float | None) -> None:
        """None: as fast as it can."""
        self.speed = steps_per_second
        self.speed_changed.emit()
        self._order(SetSpeed(steps_per_second))

    def evaluate(self) -> None:
        """Evaluate the network of the run as it is now, beside the training; the probe "evaluation" then tells of it.
        Nothing happens where there is no network that a run has trained."""
        if self.can_test:
            self._process.send(Evaluate())
            if not self.is_active:  # else a pull is on its way
                self._pull(again=True)

    def set_device(self, name: str) -> None:
        """PyTorch's name or "auto", for the next run; it is remembered."""
        self._settings.device = name

    def acknowledge(self) -> None:
        """The newest frame is drawn: the next one may come. Without it the next is asked for after a while."""
        self._patience.stop()
        is_news, self._unacknowledged = self._unacknowledged, False
        looks_elsewhere = self._pictures.watches() != self._pulls.about
        is_tested = self.frame is not None and self.frame.testing
        # a run's last frame may have crossed a new watch, and a test at rest has its result later
        if is_news and (self.is_active or (self._process.is_there and (looks_elsewhere or is_tested))):
            self._pull()

    # Watching -----------------------------------------------------------------------------------------------------

    def watch(self, owner: Hashable, watches: Iterable[Watch]) -> None:
        """Set what an owner (a panel) wants to see from now on."""
        self._pictures.watch(owner, watches)

    def unwatch(self, owner: Hashable) -> None:
        self._pictures.unwatch(owner)

    def draw(self, order: Draw) -> None:
        """The sample DRAWING is another one."""
        self._pictures.draw(order.drawing)
        self._process.send(order)
        if self.project is not None and self._pictures.watches_drawing:
            # Of a run that is under way a pull may wait for its answer. Where none does, the hand does not wait until the
            # last frame is on the screen.
            self._pull(again=not self.is_active)

    def picture(self, watch: Watch) -> Picture | None:
        """The newest picture: of the run where it trains what the document shows, else of the untrained network."""
        return self._pictures.newest(watch)

    def is_from_before(self, watch: Watch) -> bool:
        """Whether the newest picture is from before an edit after which the network does not fit."""
        return self._pictures.is_from_before(watch)

    @property
    def shows_run(self) -> bool:
        """Whether pictures are the run's: the document has its network and data, whatever became of the recipe."""
        return self._pictures.shows_run

    # The process --------------------------------------------------------------------------------------------------

    def open(self) -> None:
        """Start a warm runner. Returns at once."""
        self._process.start()

    def close(self) -> None:
        """Stop the run and ask the runner to end. Returns at once."""
        self._afterwards.forget()
        self._patience.stop()
        self.stop()
        self._stop_by.stop()
        self._process.close()

    def wait_closed(self) -> None:
        """Wait for it, after `close`."""
        self._process.wait_closed()
        if self.is_active:
            self._set_state("idle")

    def _make_thread(self) -> TrainingThread:
        thread = TrainingThread(self._engine)
        thread.kept.connect(self._on_kept)
        thread.unkept.connect(self.noticed)
        return thread

    def _begin(self, *, paused: bool, **more: Any) -> None:
        if self.is_active:
            return
        project = self._document.project
        self._let_go("preparing", project, "", None)
        self._launch(BeginRun(project, self._document.name, self._start(project, paused=paused, **more)))

    def _take_up(self, run: Earlier, **more: Any) -> None:
        if not self.is_active:
            self._let_go("preparing", run.project, run.folder, run.step)
            more |= {"folder": run.folder, "threads": run.threads, "layout": run.layout}
            self._launch(self._start(run.project, resume=True, **more))

    def _launch(self, order: Any) -> None:
        self._process.start()  # another try, where it was given up
        self._process.send(order)
        self._pull(again=True)

    def _carry_on(self) -> None:
        if self.folder and (facts := self.facts) is not None and self.project is not None:
            more = {"carry": self.project.network != self._document.project.network, "fork_of": self.folder}
            self._begin(paused=False, threads=facts.threads, layout=facts.layout, **more)

    def _reset(self) -> None:
        self._let_go("idle", None, "", None)
        self._pictures.preview()
        self.pictures_changed.emit()

    def _let_go(self, state: State, project: Project | None, folder: str, checkpoint: int | None) -> None:
        """Of the run so far, for another one or for none. checkpoint: of the other one"""
        self._forget_figures(state)
        self.history.clear()
        self.project, self.folder, self._checkpoint = project, folder, checkpoint
        self._pictures.forget_run()
        self.history_reset.emit()
        self._look_whether_current()

    def _forget_figures(self, state: State) -> None:
        self._pulls.begin_run(self.fault)
        self.frame, self.facts, self.fault = None, None, None
        self._unacknowledged = self._died = False
        self._set_state(state)

    def _start(self, project: Project, **more: Any) -> Start:
        return Start(write_project(project), device=self.device, steps_per_second=self.speed, **more)

    def _order(self, command: Any) -> None:
        if self.is_active and self.state != "stopping":
            self._process.send(command)

    def _pull(self, *, again: bool = False) -> None:
        """again: also where a pull waits for its answer already"""
        if not self._pulls.owed or again:
            self._pulls.asked(self._pictures.watches())
            self._process.send(Pull(self._pulls.about))

    def _on_watched(self) -> None:
        """Ask at once where no frame is on its way that would show it: the run rests."""
        if self.project is not None and self.state in ("paused", "finished", "idle") and self._process.is_there:
            self._pull(again=True)

    def _on_kept(self, folder: str) -> None:
        self.folder = folder
        self.folder_made.emit(folder)

    def _on_message(self, message: Frame | Ready) -> None:
        if isinstance(message, Ready):
            self.ready = True
            self.ready_changed.emit()
        else:
            self._on_frame(message)

    def _on_frame(self, frame: Frame) -> None:
        self._pulls.answered()
        if self._pulls.is_of_before(frame, self.state, frame.state in ACTIVE) or self.project is None:
            return
        self.frame, self.facts = frame, frame.facts or self.facts
        self._checkpoint = frame.checkpoint if frame.checkpoint is not None else self._checkpoint
        self.history.append(frame)
        failed = frame.state == "failed" and self.state != "failed"
        self.fault = frame.fault or self.fault
        if not (self.state == "stopping" and frame.state in ACTIVE):
            self._set_state(frame.state)
        self._pictures.take(frame.pictures)
        if not all(is_awaited(one.watch) for one in frame.pictures):
            self.pictures_changed.emit()
        self._unacknowledged = True
        self._patience.start()
        self.frame_received.emit(frame)
        if failed and self.fault is not None:
            self.run_failed.emit(self.fault)

    def _on_died(self, ending: Ending) -> None:
        self.ready = False
        self.ready_changed.emit()
        was_active = self.is_active
        self._unacknowledged = False
        self._pulls.lose()
        self._patience.stop()
        if was_active:
            self._died = True
            self._checkpoint = newest_checkpoint(self.folder)
        fault = death(ending, self._checkpoint, was_active)
        if was_active:
            self.fault = fault
            self._set_state("failed")
        self.engine_died.emit(fault)

    def _on_state_changed(self, state: State) -> None:
        if state != "stopping":
            self._stop_by.stop()

    def _look_whether_current(self) -> None:
        if self.is_current != self._was_current:
            self._was_current = not self._was_current
            self.current_changed.emit()
            self.pictures_changed.emit()
