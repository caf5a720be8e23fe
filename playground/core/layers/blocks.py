"""Blocks: layers that hold layers."""

from playground.core.spec import LayerSpec
from playground.core.text import _

SEQUENTIAL = LayerSpec(
    name="Sequential",
    family="Blocks",
    title=_("Sequential"),
    summary=_("A group of layers, one after the other, that is moved and copied as one."),
    torch_name="torch.nn.Sequential",
    icon="block",
    block=True,
)
