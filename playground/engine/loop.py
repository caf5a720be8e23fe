"""The training loop: the heart of the program. The window's runner and the command line use it alike, so a run
without a window gives the same losses, bit for bit.

A `Training` is moved on by `advance`, one step at a time. Between two calls its owner may look at anything, change
the learning rate, save the state, wait, or stop for good.
"""

import math
import time
from array import array
from collections.abc import Iterable
from itertools import islice
from typing import Any

import torch

from playground.core import schedules
from playground.core.messages import EpochReport, Part, RunFacts, Steered
from playground.core.problem import Problem
from playground.core.project import Project
from playground.core.spec import Place
from playground.engine import checkpoints, divergence, losses, optimizers
from playground.engine.best import Best
from playground.engine.build import build_network, parameters_of
from playground.engine.evaluation import Result
from playground.engine.forward import forward_of
from playground.engine.late_batches import batches_of
from playground.engine.loader import Prepared, order
from playground.engine.metrics import Evaluation
from playground.engine.observation import Observation
from playground.engine.penalties import Penalties
from playground.engine.precision import Precision
from playground.engine.probes import ProbeContext
from playground.engine.randomness import derived_seed, device_state, repeatable, set_device_state
from playground.engine.rewind import Rewind
from playground.engine.setup import LAYOUTS as LAYOUTS, Setup as Setup
from playground.engine.steering import Steering
from playground.engine.walk import NextStep

_LOSSES_IN_FLIGHT = 16  # on a device that works behind our back, reading each loss would stop it


class Training:
    """A project being trained.

    batch_size: samples in a full batch;  step, epoch: how many are done;  losses: of every step, array of "f";  epochs: reports of those that are done
    observed: of the newest step that was taken with `observe`
    results: the newest evaluation of each part;  tested: how many there were
    steering: settings that were changed meanwhile
    carried: how many layers took their weights over from another run, of how many; None where none did
    raises Problem: the network cannot be built or has nothing to learn, the recipe is wrong
    """

    def __init__(self, project: Project, data: Prepared, setup: Setup):
        self.project, self.data, self.setup = project, data, setup
        recipe, layout = project.recipe, LAYOUTS[setup.layout]
        torch.set_num_threads(setup.threads)
        repeatable()
        model = build_network(
            project.network, data.input_shape, tokens=data.tokens, device=str(setup.device), seed=recipe.seed
        )
        self.model = model.to(memory_format=layout).train()
        self._forward = forward_of(self.model)
        named = parameters_of(self.model)
        self._names, self._parameters = list(named), list(named.values())
        self.loss = losses.make(recipe, data.task, len(data.classes), data.train_targets)
        self._optimizer = optimizers.make(recipe, self._parameters)
        self.steering = Steering(self._optimizer)
        self._penalties = Penalties(recipe, self._parameters)
        self._precision = Precision(recipe, setup.device)
        self._rate = schedules.rate_of(recipe)
        self._best = Best(recipe.patience)
        self.batch_size = project.data.batch_of(len(data.train_inputs))
        self._batches = batches_of(data, self.loss, self.batch_size, setup.device, layout, recipe.seed)
        self._held_back: dict[Part, torch.Tensor] = {  # targets of the parts that an epoch ends with
            part: self.loss.targets(data.targets(part)) for part in ("validation", "test") if data.size(part)
        }
        self._evaluations, self._on_demand = dict[Part, Evaluation](), False  # on demand they do not end an epoch
        self.results, self.tested = dict[Part, Result](), 0
        self._position, self.epoch_seconds = 0, 0.0  # in the epoch, in steps, and what they have taken
        self._in_flight: list[torch.Tensor] = []
        self._at_once = setup.device.type == "cpu"
        # to before the steps in flight
        self._rewind = Rewind(self.model, self._optimizer, self._precision, setup.device)
        self.step = self.epoch = 0
        self.losses, self.epochs = array("f"), list[EpochReport]()
        self.observed: Observation | None = None
        self.carried: tuple[int, int] | None = None
        torch.manual_seed(derived_seed(recipe.seed, "torch"))
        self._begin_epoch()

    @property
    def steps_per_epoch(self) -> int:
        return len(self._batches)

    @property
    def finished(self) -> bool:
        return self.epoch >= self.project.recipe.epochs or self.stopped_early

    @property
    def stopped_early(self) -> bool:
        """Whether the held-back loss has not fallen for as many epochs as the recipe waits."""
        return self._best.is_over

    @property
    def best_epoch(self) -> int:
        """The one with the lowest loss on the part to choose by, from 1; 0 before the first has ended."""
        return self._best.epoch

    @property
    def weights_epoch(self) -> int:
        """The best epoch from when the network has its weights again; 0 while it has those of the newest step."""
        return self._best.held.epoch if self._best.held else 0

    @property
    def held(self) -> EpochReport | None:
        """Of the weights that the network has, as far as they are those of an epoch's end; None before the first."""
        return self._best.held or (self.epochs[-1] if self.epochs else None)

    @property
    def at_epoch_end(self) -> bool:
        """Whether an epoch has just ended, its evaluation included."""
        return self._position == 0 and not self._evaluations and self.epoch > 0

    @property
    def evaluating(self) -> bool:
        """Whether the next `advance` belongs to the evaluation that ends an epoch."""
        return bool(self._evaluations)

    @property
    def testing(self) -> bool:
        """Whether an evaluation that somebody asked for is under way, beside the training."""
        return self._on_demand

    def test(self) -> None:
        """Evaluate the network as it is now. `advance` then takes a piece of that at a time, and no step."""
        if not self._evaluations:
            self._begin_evaluation()
            self._on_demand = True

    @property
    def lr(self) -> float:
        """The learning rate of the newest step."""
        return self._optimizer.lr

    @property
    def steered(self) -> list[Steered]:
        """Settings that were changed meanwhile."""
        return self.steering.changes

    def steer(self, lr: float | None = None, weight_decay: float | None = None) -> None:
        """Change settings of the optimizer between two steps. lr: its own, which a schedule starts from"""
        self.collect()  # steps in flight were taken with the old ones
        self.steering.change(self.step, lr, weight_decay)

    def advance(self, observe: bool = False) -> None:
        """Take one step; where an epoch's steps are done, evaluate one batch of the validation or test part instead.

        observe: keep the step's gradients and the weights before it for the probes
        raises Problem: the loss is not finite. The weights are then as before the step
        """
        if not self._evaluations:
            began = time.perf_counter()
            if self.steering.ahead:
                self.collect()
                self.steering.follow(self.step)
            self._step(observe)
            last = self._position == len(self._batches)
            if last:
                self.collect()  # the epoch has taken as long as its last step takes on the device
            self.epoch_seconds += time.perf_counter() - began
            if last:
                self._begin_evaluation()
        else:
            evaluation = next(one for one in self._evaluations.values() if not one.done)
            evaluation.advance()
            if not math.isfinite(evaluation.mean_loss):
                divergence.refuse(self.model, self.project.network, self.step, self.lr)
            if all(one.done for one in self._evaluations.values()):
                self._keep_results()
                if self._on_demand:
                    self._evaluations, self._on_demand = {}, False
                else:
                    self._end_epoch()

    def _step(self, observe: bool) -> None:
        if not self._at_once and not self._in_flight:
            self._rewind.mark()
        inputs, targets = self._batches.at(self._position)
        if self._rate is not None:
            self._optimizer.lr = self._lr_of(0)
        with self._precision.computing():
            loss = self.loss(self._forward(inputs), targets)
        if self._at_once:
            value = loss.item()
            if not math.isfinite(value):
                raise self._diverged(value, self.step + 1)
        gradients = self._precision.gradients(loss, self._parameters)
        taken = self._precision.allows(gradients)
        if observe and taken:
            began = time.perf_counter()
            before, seconds = self._weights(), time.perf_counter() - began
        if taken:
            self._optimizer.step(self._penalties(gradients) if self._penalties.any else gradients)
        self.step += 1
        self._position += 1
        if self._at_once:
            self.losses.append(value)
        else:
            self._in_flight.append(loss.detach())
            if len(self._in_flight) >= _LOSSES_IN_FLIGHT:
                self.collect()
        if observe and taken:
            named: dict[str, torch.Tensor | None] = dict(zip(self._names, gradients, strict=True))
            self.observed = Observation(self.step, (inputs, targets), named, before, seconds)

    def _lr_of(self, ahead: int) -> float:
        """The learning rate of the next step, or of one after it."""
        if self._rate is None:
            return self._optimizer.lr
        step = self.epoch * len(self._batches) + self._position + ahead  # a fork may have had longer epochs before
        place = Place(step, len(self._batches), self.project.recipe.epochs, self._best.losses)
        return self._rate(self.steering.base_lr, place)

    def collect(self) -> None:
        """Bring home the losses that are still on the device. raises Problem: one is not finite"""
        if not self._in_flight:
            return
        in_flight, self._in_flight = self._in_flight, []  # a device that has failed is not asked again
        values = torch.stack(in_flight).tolist()
        wrong = next((place for place, value in enumerate(values) if not math.isfinite(value)), None)
        if wrong is None:
            self.losses.extend(values)
        else:
            self._meet_again(values, wrong)

    def _meet_again(self, values: list[float], wrong: int) -> None:
        """Take the steps that were in flight again, and look at each loss at once: weights and batch are then those of
        the step whose loss was not finite. wrong: its place in `values`.  raises Problem"""
        first = self.step - len(values)
        if self._rewind.back():
            self.step, self._position = first, self._position - len(values)
            self._at_once = True
            for _value in values:
                self._step(observe=False)
        # there was no way back, or it went another way: of the batch only the newest is still at hand
        raise self._diverged(values[wrong], first + wrong + 1, self._position - 1)

    def context(self) -> ProbeContext:
        """What probes may look at now."""
        self.collect()
        context = ProbeContext(self.model, self.project.network, self.data, self.step, loss=self.loss)
        context.results, context.next_step = self.results, self._next_step()
        if self.observed is not None:
            context.batch, context.gradients = self.observed.batch, self.observed.gradients
            context.weights_before = self.observed.weights_before
            if self.observed.step != self.step:
                context.gradients = {}  # of an older step: its slopes have been shown
        return context

    def _next_step(self) -> NextStep | None:
        """None where none follows, or an epoch is not at its end yet: on its evaluation the learning rate may depend."""
        if self.finished or (self._evaluations and not self._on_demand):
            return None
        position, steps = self._position, len(self._batches)
        return NextStep(
            self.project, self.model, self._optimizer, self._precision, self.loss, self.setup.device,
            self.epoch, position, steps,
            lambda ahead: self._batches.at((position + ahead) % steps), self._lr_of,
        )  # fmt: skip

    def state(self) -> dict[str, Any]:
        """All that `restore` needs to go on with equal bits: tensors and numbers."""
        self.collect()
        return {
            "optimizer": self._optimizer.state(),
            "base_lr": self.steering.base_lr,
            "precision": self._precision.state(),
            **self._best.state(self.model),
            "rng": torch.get_rng_state(),
            "device_rng": device_state(self.setup.device),
            "step": self.step,
            "epoch": self.epoch,
            "position": self._position,
            "epoch_seconds": self.epoch_seconds,
        }

    def restore(
        self, state: dict[str, Any], losses: array, epochs: list[EpochReport], steered: Iterable[Steered] = ()
    ) -> None:
        """Go on from a state of this project. losses, epochs, steered: as kept beside it, of its steps at least

        raises Problem: the state belongs to another project
        """
        try:
            self.model.load_state_dict(state["model"])
            self._optimizer.load(state["optimizer"])
            self._precision.load(state.get("precision", {}))
            self.steering.base_lr = float(state.get("base_lr", self._optimizer.lr))
            step, epoch, position = int(state["step"]), int(state["epoch"]), int(state["position"])
            torch.set_rng_state(state["rng"])
        except (RuntimeError, KeyError, ValueError, TypeError) as error:
            raise checkpoints.foreign(error) from error
        set_device_state(self.setup.device, state["device_rng"])
        self.step, self.epoch, self._position = step, epoch, position
        self.steering.take_up(steered, step)
        self.epoch_seconds = float(state["epoch_seconds"])
        self.losses, self.epochs = losses[:step], list(epochs[:epoch])
        self._best.restore(self.epochs, state.get("best", {}), int(state.get("best_since", 0)))
        self._evaluations, self._on_demand, self.results = {}, False, {}
        self.losses.extend([math.nan] * (step - len(self.losses)))
        self._begin_epoch()
        if position == len(self._batches):
            self._begin_evaluation()
        elif self.finished:
            self._finish()

    def close(self) -> None:
        """End what prepares batches ahead. The training can be looked at, and go on, afterwards."""
        self._batches.close()

    def facts(self) -> RunFacts:
        """What was chosen for this run, to be kept with it."""
        return RunFacts(
            device=str(self.setup.device),
            threads=self.setup.threads,
            layout=self.setup.layout,
            train_samples=len(self.data.train_inputs),
            test_samples=len(self.data.test_inputs),
            validation_samples=self.data.size("validation"),
            steps_per_epoch=len(self._batches),
            epochs=self.project.recipe.epochs,
            steps=self.step - self._position + len(self._batches) * (self.project.recipe.epochs - self.epoch),
        )

    def _begin_epoch(self) -> None:
        self._batches.begin(self._order(), self.epoch)

    def _order(self) -> torch.Tensor:
        """Numbers of the training samples in the order of this epoch."""
        seed, shuffle = self.project.recipe.seed, self.project.data.shuffle
        return order(len(self.data.train_inputs), seed, self.epoch, shuffle)

    def _begin_evaluation(self) -> None:
        self.collect()
        layout = LAYOUTS[self.setup.layout]
        for part, targets in self._held_back.items():
            labels = self.data.targets(part) if self.data.classes else None
            self._evaluations[part] = Evaluation(
                self._forward, self.loss, self.data.inputs(part), targets, labels, layout, self.data.late
            )

    def _end_epoch(self) -> None:
        self.epoch += 1
        losses = islice(self.losses, self.step - len(self._batches), None)
        test, validation = self._evaluations["test"], self._evaluations.get("validation")
        self.epochs.append(
            EpochReport(
                epoch=self.epoch,
                step=self.step,
                train_loss=math.fsum(losses) / len(self._batches),
                test_loss=test.mean_loss,
                test_accuracy=test.accuracy,
                seconds=self.epoch_seconds,
                validation_loss=validation.mean_loss if validation else None,
                validation_accuracy=validation.accuracy if validation else None,
            )
        )
        self._best.take(self.epochs[-1], self.model, self.results)
        self._evaluations, self._position, self.epoch_seconds = {}, 0, 0.0
        if self.finished:
            self._finish()
        else:
            self._begin_epoch()

    def _finish(self) -> None:
        """The best weights come back. What the network reaches is tested where it was not, or not since a restore."""
        self.results = self._best.put_back(self.model, self.results)
        if not self.results:
            self.test()

    def _keep_results(self) -> None:
        held, epoch = self._best.held, self.epoch if self._on_demand else self.epoch + 1
        epoch, step = (held.epoch, held.step) if held else (epoch, self.step)
        self.results = {
            part: Result(epoch, step, one.mean_loss, one.outputs) for part, one in self._evaluations.items()
        }
        self.tested += 1

    def _weights(self) -> dict[str, torch.Tensor]:
        return {name: one.detach().clone() for name, one in zip(self._names, self._parameters, strict=True)}

    def _diverged(self, value: float, step: int, position: int | None = None) -> Problem:
        """step: from 1;  position: of its batch, None for the one at hand"""
        position = self._position if position is None else position
        samples = self._order()[position * self.batch_size :]
        found = divergence.Step(step, value, self.lr, *self._batches.at(position), samples)
        with self._precision.computing():
            fault = divergence.problem(self.model, self.project.network, self.data, self.loss, found).fault
        return Problem.from_fault(self._precision.explained(fault) if fault.kind else fault)
