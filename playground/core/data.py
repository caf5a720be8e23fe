"""Which data a network learns from, and how they are made ready."""

from typing import Annotated, Any, Literal

import msgspec

ALL = "all"


class Data(msgspec.Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """dataset: a key of `core.datasets.DATASETS`
    options: pinned arguments of the data set: the noise of a generated one, the path of the user's own
    preparation: steps in order, each {name: value}, see `core.preparations`
    subset: how many samples to take of the training part, a fair share of each class; None takes all
    validation_fraction: the part of the training samples held back to choose by, never trained on; 0 holds back none
    test_fraction: the part held back for the test, for sets without a test part of their own
    stratify: whether each class gives its fair share to every part
    batch_size: samples in one step, or "all": gradient descent on the whole training part
    shuffle: whether every epoch has an order of its own
    """

    dataset: str = "digits"
    options: dict[str, Any] = {}
    preparation: tuple[dict[str, Any], ...] = ()
    subset: Annotated[int, msgspec.Meta(ge=2, le=1_000_000_000)] | None = None
    validation_fraction: Annotated[float, msgspec.Meta(ge=0, lt=1)] = 0.0
    test_fraction: Annotated[float, msgspec.Meta(gt=0, lt=1)] = 0.2
    stratify: bool = True
    batch_size: Annotated[int, msgspec.Meta(ge=1, le=1_000_000)] | Literal["all"] = 64
    shuffle: bool = True

    def batch_of(self, samples: int) -> int:
        """Samples in a full batch, of a training part of this many."""
        return max(1, samples) if self.batch_size == ALL else int(self.batch_size)
