"""How a layer's first weights are drawn: the same three arguments for every layer that has weights."""

from playground.core.spec import Argument
from playground.core.text import _

# The words are those of torch.nn.init, https://docs.pytorch.org/docs/stable/nn.init.html
INITIAL = ("default", "xavier_uniform", "xavier_normal", "kaiming_uniform", "kaiming_normal", "normal", "zeros")

WEIGHTS = (
    Argument(
        name="init", kind="choice", default="default", choices=INITIAL, to="weights",
        help=_(
            "is how the first weights are drawn; default is PyTorch's own way, every other one sets the bias to zero, and "
            "from zeros alone a network of several layers cannot learn"
        ),
    ),
    Argument(
        name="init_mean", kind="float", default=0.0, low=-100, high=100, to="weights", needs=("init", "normal"),
        help=_("is the mean of the first weights"),
    ),
    Argument(
        name="init_std", kind="float", default=0.01, low=0, high=100, to="weights", needs=("init", "normal"),
        help=_("is the standard deviation of the first weights"),
    ),
)  # fmt: skip
