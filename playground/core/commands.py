"""Commands to the runner: what the window orders, between two steps. `core/messages.py` has all messages."""

from typing import Literal

import msgspec

from playground.core.carried import Array, Watch


class _Command(msgspec.Struct, frozen=True, tag=True):
    pass


class Start(_Command, frozen=True):
    """Train a project from its first step, or on from a checkpoint.

    device: PyTorch's name, "auto" for the best there is;  threads, layout: None chooses by timing
    beside_window: leave one core for the window;  folder: of the run to keep, empty keeps none
    resume: go on from the newest checkpoint in `folder`;  paused: wait before the first step
    look: with `resume`, show what the run came to: no step is taken, and nothing is written to its folder
    fork_of, fork_step: begin where the run in this folder stood at this checkpoint, None at its newest; "" is no fork
    carry: the fork may have other layers; those that are unchanged keep their weights
    steps_per_second: None is full speed
    """

    project: str
    device: str = "cpu"
    threads: int | None = None
    layout: Literal["contiguous", "channels_last"] | None = None
    beside_window: bool = True
    folder: str = ""
    resume: bool = False
    look: bool = False
    fork_of: str = ""
    fork_step: int | None = None
    carry: bool = False
    paused: bool = False
    steps_per_second: float | None = None


class Pull(_Command, frozen=True):
    """Ask for the next frame, with what is to be watched in it."""

    watches: tuple[Watch, ...] = ()


class Draw(_Command, frozen=True):
    """The sample DRAWING is another one from now on. drawing: as the network gets it"""

    drawing: Array


class Pause(_Command, frozen=True):
    pass


class Resume(_Command, frozen=True):
    pass


class StepOnce(_Command, frozen=True):
    """One step, then pause."""


class StepEpoch(_Command, frozen=True):
    """To the end of this epoch, then pause."""


class Stop(_Command, frozen=True):
    pass


class Evaluate(_Command, frozen=True):
    """Evaluate the network as it is now, beside the training; the probe "evaluation" then tells of it."""


class SetSpeed(_Command, frozen=True):
    """steps_per_second: None is full speed."""

    steps_per_second: float | None


class Steer(_Command, frozen=True):
    """Change the optimizer's settings from the next step on; None leaves one as it is. A schedule starts from `lr`."""

    lr: float | None = None
    weight_decay: float | None = None


class SaveCheckpoint(_Command, frozen=True):
    pass


Command = (
    Start | Pull | Draw | Pause | Resume | StepOnce | StepEpoch | Stop | Evaluate | SetSpeed | Steer | SaveCheckpoint
)
