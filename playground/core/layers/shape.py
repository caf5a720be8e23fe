"""Layers that change the shape and no value."""

from playground.core.spec import Argument, LayerSpec
from playground.core.text import _

FLATTEN = LayerSpec(
    name="Flatten",
    family="Shape",
    title=_("Flatten"),
    summary=_("Lays all values of a sample in one row."),
    torch_name="torch.nn.Flatten",
    icon="flatten",
    arguments=(
        Argument(
            name="start_dim",
            kind="int",
            default=1,
            low=-8,
            high=8,
            help=_("is the first axis that is laid flat; axis 0 is the batch"),
        ),
        Argument(name="end_dim", kind="int", default=-1, low=-8, high=8, help=_("is the last axis that is laid flat")),
    ),
)
