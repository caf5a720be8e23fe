"""The network as a training computes it: the same modules with less work, and the same bits."""

from torch import nn

_POOLINGS = (nn.MaxPool1d, nn.MaxPool2d)


def forward_of(model: nn.Sequential) -> nn.Sequential:
    """The network with each max pooling in front of the ReLU that it follows. It shares the modules with the model, so it
    learns as the model learns; only those that look at what a ReLU gives have to ask the model itself, and a hook on the
    model as a whole hears nothing of it.

    The larger of two numbers stays the larger one when the negative ones become zero, and where a ReLU lets nothing
    through, no derivative comes back, whichever pixel of a window it would have come to. So outputs and derivatives
    are the same, and after windows of 2×2 the ReLU has a quarter of the pixels to do: of a step of LeNet that saves one
    twentieth.
    """
    modules: list[nn.Module] = []
    for one in model:
        if isinstance(one, _POOLINGS) and modules and type(modules[-1]) is nn.ReLU:
            modules.insert(-1, one)
        else:
            modules.append(forward_of(one) if type(one) is nn.Sequential else one)
    return nn.Sequential(*modules)
