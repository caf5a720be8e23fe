"""The optimizer's settings that may be changed while the network learns, and how they were."""

from collections.abc import Iterable

from playground.core.messages import Steered
from playground.engine.optimizers import Optimizer


class Steering:
    """base_lr: the optimizer's own learning rate, which a schedule starts from;  changes: so far
    ahead: of a run that is taken up again, those that it made behind the checkpoint, in order
    """

    def __init__(self, optimizer: Optimizer):
        self._optimizer = optimizer
        self.base_lr = optimizer.lr
        self.changes = list[Steered]()
        self.ahead = list[Steered]()

    def set_rate(self, lr: float) -> None:
        """The optimizer's own, from the next step on."""
        self.base_lr = self._optimizer.lr = lr

    def change(self, step: int, lr: float | None, weight_decay: float | None) -> None:
        """step: that are done. What was to come of the same setting does not come any more"""
        for name, value in (("lr", lr), ("weight_decay", weight_decay)):
            if value is not None:
                self.ahead = [one for one in self.ahead if one.name != name]
                before = self.base_lr if name == "lr" else self._optimizer.weight_decay
                self.changes.append(Steered(step, name, before, value))
                self._set(name, value)

    def take_up(self, kept: Iterable[Steered], step: int) -> None:
        """Go on from a checkpoint of this step. kept: all changes of the run, in order"""
        known = list(kept)
        self.changes = [one for one in known if one.step <= step]
        self.ahead = [one for one in known if one.step > step]
        for one in self.changes:
            if one.step == step:  # the checkpoint may be from before it
                self._set(one.name, one.after)

    def follow(self, step: int) -> None:
        """Make the changes that were made when so many steps were done."""
        while self.ahead and self.ahead[0].step <= step:
            self.changes.append(self.ahead.pop(0))
            self._set(self.changes[-1].name, self.changes[-1].after)

    @property
    def known(self) -> tuple[Steered, ...]:
        """All of the run, also those to come."""
        return (*self.changes, *self.ahead)

    def _set(self, name: str, value: float) -> None:
        if name == "lr":
            self.set_rate(value)
        else:
            self._optimizer.weight_decay = value
