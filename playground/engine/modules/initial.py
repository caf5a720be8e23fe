"""First weights. Source: https://docs.pytorch.org/docs/stable/nn.init.html"""

from collections.abc import Mapping

from torch import nn

# ways of torch.nn.init, whose functions have these names and a "_" -> what they are given beside the weights
WAYS: Mapping[str, Mapping[str, str]] = {
    "xavier_uniform": {},
    "xavier_normal": {},
    "kaiming_uniform": {"nonlinearity": "relu"},
    "kaiming_normal": {"nonlinearity": "relu"},
    "normal": {},
    "zeros": {},
}


def initialise(layer: nn.Module, init: str, mean: float = 0.0, std: float = 0.01) -> None:
    """Draw every weight matrix and kernel of a layer anew, and set its biases to zero.

    A matrix is taken as PyTorch keeps it: the gates of an LSTM are one, and so are queries, keys and values. The numbers
    that a normalisation multiplies with are no matrix, and stay 1.

    init: "default" leaves all as it is;  mean, std: of "normal"
    """
    if init == "default":
        return
    figures = (mean, std) if init == "normal" else ()
    for name, weight in layer.named_parameters():
        if "bias" in name:
            nn.init.zeros_(weight)
        elif weight.dim() > 1:
            getattr(nn.init, f"{init}_")(weight, *figures, **WAYS[init])
    if isinstance(layer, nn.Embedding) and layer.padding_idx is not None:  # this row is not learnt, and stays zero
        nn.init.zeros_(layer.weight[layer.padding_idx])
