"""The runner: a process that trains one project at a time and stays warm for the next.

It takes commands between two steps and never pushes: each Pull is answered with one Frame, as soon as there is
something to tell and the books allow it. A change of state is told at once. Whatever goes wrong in a run is the
state "failed" with a Fault; the process lives on.
"""

import logging
import time
from collections.abc import Callable, Generator
from contextlib import suppress
from functools import partial
from pathlib import Path
from queue import Empty

from playground.core import messages as words
from playground.core.messages import State
from playground.core.problem import Fault, Problem
from playground.core.project import read_project
from playground.core.text import _
from playground.disk import runs, slopes
from playground.engine import launch
from playground.engine.books import Books
from playground.engine.checkpoints import Keeper
from playground.engine.frames import FrameMaker
from playground.engine.heap import keep_memory
from playground.engine.loop import Training
from playground.engine.pipe import Inbox
from playground.engine.versions import versions
from playground.engine.warm import warm_up

HAND_SHARE = 0.03  # of the running time, for frames with nothing but a drawing while a hand draws it


def run(inbox: Inbox) -> None:
    """Train what the window asks for, until the pipe closes."""
    keep_memory()
    warm_up()
    inbox.send(words.Ready(0, versions()))
    runner = Runner(inbox)
    while True:
        runner.turn()


class Runner:
    """One training at a time, moved on a step at each `turn`."""

    def __init__(self, inbox: Inbox):
        self._inbox = inbox
        self._books, self._hand = Books(), Books(HAND_SHARE)
        self._frames = FrameMaker(self._books)
        self._last_step = -1  # steps done when the last one comes whose weights stay; −1 where none is known to be
        self._pull: words.Pull | None = None
        self._redrawn: tuple[words.Watch, ...] = ()  # what the pull watches of a drawing that was not looked at yet
        self._state: State = "idle"
        self._told: tuple[State, str] = ("idle", "")
        self._fault: Fault | None = None
        self._note = ""
        self._training: Training | None = None
        self._keeper: Keeper | None = None
        self._start: words.Start | None = None
        self._stages: Generator[str, None, Training] | None = None
        self._pause_at: str = ""  # "step", "epoch", or nowhere
        self._wants_test = False  # of a run that has ended
        self._gap_s = 0.0  # between two steps, at less than full speed
        self._next_step = 0.0

    def turn(self) -> None:
        """Take a command, or do a piece of work; then answer a pull. Waits where there is nothing to do."""
        command = self._next_command()
        self._guarded(partial(self._obey, command) if command is not None else self._go_on)

    def _go_on(self) -> None:
        if self._state == "preparing":
            self._prepare()
        elif self._is_testing:
            assert self._training is not None
            self._training.advance()
        elif self._state == "running" and time.perf_counter() >= self._next_step:
            self._work()

    @property
    def _is_testing(self) -> bool:
        """Whether an evaluation is under way that somebody asked for while the training rests."""
        training = self._training
        if training is None or self._state not in ("paused", "finished", "idle"):
            return False
        return training.testing or (self._wants_test and training.evaluating)

    def _guarded(self, action: Callable[[], None]) -> None:
        """Do something, and tell what came of it."""
        try:
            action()
            self._answer_news()
        except Exception as error:  # the window is told; the log keeps what is not a Problem
            self._fail(launch.fault_from(error, self._training))
            self._answer_news()

    def _next_command(self) -> words.Command | None:
        """The next command, or None when there is work to do first."""
        messages = self._inbox.messages
        if self._state == "preparing" or self._is_testing:
            timeout = 0.0
        elif self._state == "running":
            timeout = self._next_step - time.perf_counter() if self._gap_s else 0.0
        else:
            return messages.get()
        if timeout <= 0 and messages.empty():
            return None  # the cheapest question, asked at every step
        try:
            command: words.Command = messages.get(timeout=max(0.0, timeout))
            return command
        except Empty:
            return None

    def _obey(self, command: words.Command) -> None:
        active = self._state in ("running", "paused")
        match command:
            case words.Start():
                self._stop()
                self._begin(command)
            case words.Pull() | words.Draw():
                self._take_wish(command)
            case words.Stop():
                self._stop()
            case words.SetSpeed(steps_per_second):
                self._set_speed(steps_per_second)
            case words.Pause() if self._state == "running":
                self._pause()
            case words.Resume() if self._state == "paused":
                self._resume("")
            case words.StepOnce() if active:
                self._resume("step")
            case words.StepEpoch() if active:
                self._resume("epoch")
            case words.StepOnce() | words.StepEpoch() if self._state == "preparing":
                self._pause_at = "step" if isinstance(command, words.StepOnce) else "epoch"  # when it can
            case words.Evaluate() if active or self._state in ("finished", "idle"):
                self._test()
            case words.Steer(lr, weight_decay) if active and self._training is not None:
                self._training.steer(lr, weight_decay)
                if self._state == "paused" and self._keeper is not None:
                    self._keeper.note("paused")  # while it runs, with the next rows
            case words.SaveCheckpoint() if active and self._keeper is not None:
                self._keeper.save()

    def _take_wish(self, wish: words.Pull | words.Draw) -> None:
        """What is to be seen is another."""
        if isinstance(wish, words.Draw):
            self._frames.draw(wish.drawing)
        else:
            if self._pull is not None:  # one frame for each pull, even if the window is in a hurry
                self._send(pictures=False)
            self._pull = wish
        # not asked at every step
        self._redrawn = self._frames.of_new_drawing(self._pull, at_once=True) if self._pull is not None else ()

    def _begin(self, start: words.Start) -> None:
        self._training = self._keeper = None  # the last run makes room
        self._books, self._hand = Books(), Books(HAND_SHARE)
        self._frames = self._frames.anew(self._books)
        self._start, self._fault, self._pause_at, self._wants_test = start, None, "", False
        # of this run nothing is told yet: it may fail before a pull comes, as the last one did
        self._told = ("idle", "")
        self._set_speed(start.steps_per_second)
        self._enter("preparing")
        wish = launch.Wish(
            project=read_project(start.project, _("Project")),
            device=start.device,
            threads=start.threads,
            layout=start.layout,
            beside_window=start.beside_window,
            folder=Path(start.folder) if start.folder else None,
            resume=start.resume,
            fork_of=Path(start.fork_of) if start.fork_of else None,
            fork_step=start.fork_step,
            carry=start.carry,
        )
        self._stages = launch.stages(wish)

    def _prepare(self) -> None:
        assert self._stages is not None
        assert self._start is not None
        try:
            self._note = next(self._stages)
            return
        except StopIteration as end:
            training: Training = end.value
        self._note, self._stages, self._training = "", None, training
        kept = self._start.resume and self._start.folder
        self._frames.begin(training, slopes.pictures(Path(self._start.folder), training.step) if kept else ())
        self._last_step = -1 if training.project.recipe.patience else training.facts().steps - 1
        if self._start.folder and not self._start.look:
            parent = Path(self._start.fork_of) if self._start.fork_of else None
            self._keeper = launch.keep(training, Path(self._start.folder), parent)
        if training.finished:
            self._end("finished", "finished")
        elif self._start.look:
            self._end("idle", "stopped")
            self._test()
        elif self._start.paused and not self._pause_at:
            self._pause()
        else:
            self._resume(self._pause_at)

    def _test(self) -> None:
        """Evaluate the network as it is now. Of a run that has ended, an epoch whose evaluation was under way ends so."""
        if self._training is not None:
            self._training.test()
            self._wants_test = self._state == "idle"

    def _work(self) -> None:
        """One step, or a piece of an evaluation, and the frame that was asked for."""
        training = self._training
        assert training is not None
        began, stepped = time.perf_counter(), not training.evaluating
        if stepped:
            self._take_step(training)
        else:
            training.advance()
            if self._pull is not None and self._books.due() and self._frames.has_news(self._pull):
                self._send()
            else:
                self._follow_hand()
        if self._keeper is not None:
            self._keeper.look(time.perf_counter())
        if training.finished:
            self._end("finished", "finished")
        elif self._pause_at and not training.evaluating and (self._pause_at == "step" or training.at_epoch_end):
            self._pause()
        elif stepped and self._gap_s:
            self._next_step = max((self._next_step or began) + self._gap_s, time.perf_counter())

    def _take_step(self, training: Training) -> None:
        watched = self._pull is not None and (self._pause_at == "step" or self._books.due())
        if not watched and self._pause_at != "step":
            training.advance(observe=training.step == self._last_step)  # a run may be over before a frame is due
            self._follow_hand()
            return
        observe = (
            self._pause_at == "step"
            or training.step == self._last_step
            or (self._pull is not None and any(watch.probe == "slopes" for watch in self._pull.watches))
        )
        training.advance(observe)
        if watched:
            self._send(spent=training.observed.seconds if observe and training.observed else 0.0)

    def _follow_hand(self) -> None:
        """Answer a pull before its time where somebody draws: with what the network makes of the drawing, no more."""
        if self._redrawn and self._hand.due():
            self._send(only=self._redrawn)

    def _answer_news(self) -> None:
        """Answer a waiting pull where the state has changed, or where nothing is running that would be slowed."""
        pull = self._pull
        if pull is None:
            return
        if (self._state, self._note) != self._told:
            self._send(pictures=self._state not in ("running", "preparing", "stopping"))
        elif self._state in ("idle", "paused", "finished", "failed"):
            if self._frames.has_news(pull):
                self._send()
            elif redrawn := self._frames.of_new_drawing(pull):
                self._send(only=redrawn)
        elif self._gap_s:  # it waits for its next step
            self._follow_hand()

    def _send(self, pictures: bool = True, spent: float = 0.0, only: tuple[words.Watch, ...] | None = None) -> None:
        """Answer the pull. spent: seconds that its frame has cost already;  only: with pictures of these watches alone,
        for a hand that draws"""
        if self._training is not None:
            # Before the pull is taken, which the failure that this may raise is still to be answered with. And to wait
            # for steps under way is no cost of watching.
            self._training.collect()
        pull, self._pull, self._redrawn = self._pull, None, ()
        assert pull is not None
        began = time.perf_counter()
        frame = self._frames.make(
            pull,
            self._state,
            pictures=pictures,
            only=only,
            checkpoint=self._keeper.checkpoint if self._keeper is not None else None,
            fault=self._fault,
            note=self._note,
            testing=self._is_testing,
        )
        self._inbox.send(frame)
        if self._keeper is not None:
            self._keeper.see(frame.pictures)
        self._told = (self._state, self._note)
        if self._state == "running":
            now = time.perf_counter()
            cost = spent + now - began
            if only is not None:
                self._hand.charge(cost)
                self._books.add(cost)
                return
            self._books.charge(cost, idle=self._next_step + self._gap_s - (now - cost) if self._gap_s else 0.0)

    def _enter(self, state: State) -> None:
        self._state = state
        self._books.run(state == "running")
        if state == "stopping":
            self._answer_news()

    def _set_speed(self, steps_per_second: float | None) -> None:
        self._gap_s = 1 / steps_per_second if steps_per_second and steps_per_second > 0 else 0.0
        self._next_step = 0.0

    def _resume(self, pause_at: str) -> None:
        self._pause_at, self._next_step = pause_at, 0.0
        self._enter("running")

    def _pause(self) -> None:
        self._pause_at = ""
        self._enter("paused")
        if self._keeper is not None:
            self._keeper.save()
            self._keeper.note("paused")

    def _stop(self) -> None:
        """End what runs, and keep how far it came."""
        if self._stages is not None:
            self._stages.close()
            self._stages = None
        if self._state in ("running", "paused"):
            self._enter("stopping")
            self._end("idle", "stopped")
        elif self._state == "preparing":
            self._note = ""
            self._enter("idle")

    def _end(self, state: State, kept_as: runs.RunState) -> None:
        keeper = self._keeper
        if self._training is not None:
            self._training.close()
        self._enter(state)
        if keeper is not None:
            keeper.save()
            keeper.close(kept_as)

    def _fail(self, fault: Fault) -> None:
        self._fault, self._note, self._stages = fault, "", None
        has_ended = self._state in ("idle", "finished")  # it was tested since: what is kept of it stays as it is
        keeper, self._keeper = self._keeper, None
        if self._training is not None:
            with suppress(Exception):  # the device may be what failed: it is asked once, and not again
                self._training.collect()
            self._training.close()
        self._enter("failed")
        if not has_ended:
            self._note_failure(keeper, fault)

    def _note_failure(self, keeper: Keeper | None, fault: Fault) -> None:
        """Write down with the run why it failed."""
        start = self._start
        try:
            if keeper is not None:
                keeper.close("failed", str(fault))
            elif start is not None and start.folder and not start.look and not runs.is_taken(Path(start.folder)):
                runs.change_run(Path(start.folder), state="failed", fault=str(fault))
        except Problem as problem:  # the disk may be what failed
            logging.getLogger(__name__).warning("%s", problem)
