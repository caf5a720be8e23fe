"""Regularisation: what keeps a network from learning its samples by heart."""

from playground.core.spec import Argument, LayerSpec
from playground.core.text import _

DROPOUT = LayerSpec(
    name="Dropout",
    family="Regularisation",
    title=_("Dropout"),
    summary=_("While training, makes each value zero with probability p; does nothing in a test."),
    torch_name="torch.nn.Dropout",
    icon="dropout",
    brief="p {p}",
    arguments=(
        Argument(
            name="p", kind="float", default=0.5, low=0, high=1, help=_("is the probability that a value is dropped")
        ),
    ),
)
