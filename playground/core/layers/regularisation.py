"""Regularisation: what keeps a network from learning its samples by heart."""

from playground.core.spec import Argument, LayerSpec
from playground.core.text import _


def _p(help_: str) -> Argument:
    return Argument(name="p", kind="float", default=0.5, low=0, high=1, help=help_)


DROPOUT = LayerSpec(
    name="Dropout", family="Regularisation", title=_("Dropout"), torch_name="torch.nn.Dropout", icon="dropout",
    summary=_("While training, makes each value zero with probability p; does nothing in a test."), brief="p {p}",
    arguments=(_p(_("is the probability that a value is dropped")),),
)  # fmt: skip

DROPOUT2D = LayerSpec(
    name="Dropout2d", family="Regularisation", title=_("Dropout 2D"), torch_name="torch.nn.Dropout2d", icon="dropout",
    summary=_("While training, makes whole feature maps zero with probability p; does nothing in a test."),
    brief="p {p}", axes=3, arguments=(_p(_("is the probability that a feature map is dropped")),),
)  # fmt: skip
