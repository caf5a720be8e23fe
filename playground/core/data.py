"""Which data a network learns from, and how they are made ready."""

from typing import Annotated, Any

import msgspec


class Data(msgspec.Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """dataset: a key of `core.datasets.DATASETS`
    preparation: steps in order, each {name: value}, see `core.preparations`
    batch_size: samples in one step
    test_fraction: the part held back for the test, for sets without a test part of their own
    """

    dataset: str = "digits"
    preparation: tuple[dict[str, Any], ...] = ()
    batch_size: Annotated[int, msgspec.Meta(ge=1, le=1_000_000)] = 64
    test_fraction: Annotated[float, msgspec.Meta(gt=0, lt=1)] = 0.2
