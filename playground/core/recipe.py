"""How a network is trained."""

from typing import Annotated, Any

import msgspec


class Recipe(msgspec.Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """loss: a key of `core.losses.LOSSES`
    optimizer: {name: pinned arguments}, a key of `core.optimizers.OPTIMIZERS`
    epochs: passes over the training part
    seed: the one source of randomness: weights, split, shuffling and dropout follow from it
    """

    loss: str = "CrossEntropy"
    optimizer: dict[str, dict[str, Any]] = msgspec.field(default_factory=lambda: {"SGD": {}})
    epochs: Annotated[int, msgspec.Meta(ge=1, le=1_000_000)] = 10
    seed: Annotated[int, msgspec.Meta(ge=0, le=2**63 - 1)] = 0

    @property
    def optimizer_name(self) -> str:
        return next(iter(self.optimizer), "")

    @property
    def optimizer_arguments(self) -> dict[str, Any]:
        return next(iter(self.optimizer.values()), {})
