"""Normalisation. Source: https://docs.pytorch.org/docs/stable/generated/torch.nn.BatchNorm2d.html"""

from playground.core.spec import AUTO, Argument, LayerSpec
from playground.core.text import _

BATCH_NORM2D = LayerSpec(
    name="BatchNorm2d",
    family="Normalisation",
    title=_("Batch normalisation 2D"),
    summary=_("Brings each feature map to mean 0 and deviation 1 over the batch, then scales and shifts it."),
    torch_name="torch.nn.BatchNorm2d",
    icon="normalisation",
    brief="{num_features}",
    arguments=(
        Argument(name="num_features", kind="int", default=AUTO, low=1, from_input=-3, help=_("is the number of channels that come in")),
        Argument(name="eps", kind="float", default=1e-5, low=0, high=1, open_low=True, help=_("is added to the variance, so that nothing is divided by zero")),
        Argument(name="momentum", kind="float", default=0.1, low=0, high=1, help=_("is the share of the new batch in the running mean")),
        Argument(name="affine", kind="bool", default=True, help=_("learns a scale and a shift for each channel")),
        Argument(name="track_running_stats", kind="bool", default=True, help=_("keeps running figures, which eval mode uses")),
    ),
)  # fmt: skip
