"""How a network is trained."""

from typing import Annotated, Any, Literal

import msgspec


class Recipe(msgspec.Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """loss: a key of `core.losses.LOSSES`;  loss_options: its pinned arguments
    optimizer: {name: pinned arguments}, a key of `core.optimizers.OPTIMIZERS`
    schedule: {name: pinned arguments}, a key of `core.schedules.SCHEDULES`; empty for a learning rate that stays
    l1: how strongly every weight is pulled towards zero by its sign; it is not part of the loss that is shown
    clip_norm: the longest that all slopes together may be, by their L2 norm; None leaves them as they are
    patience: epochs without a lower loss on the held-back part (validation, else test) after which training stops and
        the weights of the best epoch come back; 0 never stops
    precision: of the forward pass and the loss; weights and slopes stay float32
    epochs: passes over the training part
    seed: the one source of randomness: weights, split, shuffling and dropout follow from it
    """

    loss: str = "CrossEntropy"
    loss_options: dict[str, Any] = {}
    optimizer: dict[str, dict[str, Any]] = msgspec.field(default_factory=lambda: {"SGD": {}})
    schedule: dict[str, dict[str, Any]] = {}
    l1: Annotated[float, msgspec.Meta(ge=0, le=10)] = 0.0
    clip_norm: Annotated[float, msgspec.Meta(gt=0)] | None = None
    patience: Annotated[int, msgspec.Meta(ge=0, le=1_000_000)] = 0
    precision: Literal["float32", "bfloat16", "float16"] = "float32"
    epochs: Annotated[int, msgspec.Meta(ge=1, le=1_000_000)] = 10
    seed: Annotated[int, msgspec.Meta(ge=0, le=2**63 - 1)] = 0

    @property
    def optimizer_name(self) -> str:
        return next(iter(self.optimizer), "")

    @property
    def optimizer_arguments(self) -> dict[str, Any]:
        return next(iter(self.optimizer.values()), {})

    @property
    def schedule_name(self) -> str:
        """ "" where the learning rate stays."""
        return next(iter(self.schedule), "")

    @property
    def schedule_arguments(self) -> dict[str, Any]:
        return next(iter(self.schedule.values()), {})
