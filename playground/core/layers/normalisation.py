"""Normalisation. Source: https://docs.pytorch.org/docs/stable/nn.html#normalization-layers"""

from playground.core.spec import AUTO, Argument, LayerSpec
from playground.core.text import _


def _channels(name: str, axis: int) -> Argument:
    help_ = _("is the number of channels that come in")
    return Argument(name=name, kind="int", default=AUTO, low=1, from_input=axis, help=help_)


_EPS = Argument(
    name="eps", kind="float", default=1e-5, low=0, high=1, open_low=True,
    help=_("is added to the variance, so that nothing is divided by zero"),
)  # fmt: skip
_MOMENTUM = Argument(
    name="momentum", kind="float", default=0.1, low=0, high=1,
    help=_("is the share of the new batch in the running mean"),
)  # fmt: skip


_BIAS = Argument(
    name="bias", kind="bool", default=None, help=_("learns the shift, too; older versions of PyTorch always do")
)


def _affine(name: str, default: bool) -> Argument:
    return Argument(name=name, kind="bool", default=default, help=_("learns a scale and a shift for each channel"))


def _track(default: bool) -> Argument:
    help_ = _("keeps running figures, which eval mode uses")
    return Argument(name="track_running_stats", kind="bool", default=default, help=help_)


BATCH_NORM1D = LayerSpec(
    name="BatchNorm1d", family="Normalisation", title=_("Batch normalisation 1D"), torch_name="torch.nn.BatchNorm1d",
    icon="normalisation", brief="{num_features}", example_input=(9,),
    summary=_("Brings each feature to mean 0 and deviation 1 over the batch, then scales and shifts it."),
    arguments=(_channels("num_features", 0), _EPS, _MOMENTUM, _affine("affine", True), _track(True), _BIAS),
)  # fmt: skip

BATCH_NORM2D = LayerSpec(
    name="BatchNorm2d", family="Normalisation", title=_("Batch normalisation 2D"), torch_name="torch.nn.BatchNorm2d",
    icon="normalisation", brief="{num_features}", axes=3,
    summary=_("Brings each feature map to mean 0 and deviation 1 over the batch, then scales and shifts it."),
    arguments=(_channels("num_features", -3), _EPS, _MOMENTUM, _affine("affine", True), _track(True), _BIAS),
)  # fmt: skip

LAYER_NORM = LayerSpec(
    name="LayerNorm", family="Normalisation", title=_("Layer normalisation"), torch_name="torch.nn.LayerNorm",
    icon="normalisation-layer", brief="{normalized_shape}", example_input=(5, 9),
    summary=_("Brings the values of each sample, or of each step, to mean 0 and deviation 1: the batch plays no part."),
    arguments=(
        Argument(
            name="normalized_shape", kind="ints", default=AUTO, low=1, from_input=-1,
            help=_("are the last axes, over which mean and deviation are taken, as 6×30×30; on auto, the last one"),
        ),
        _EPS, _affine("elementwise_affine", True),
        Argument(name="bias", kind="bool", default=True, help=_("learns a shift, too")),
    ),
)  # fmt: skip

GROUP_NORM = LayerSpec(
    name="GroupNorm", family="Normalisation", title=_("Group normalisation"), torch_name="torch.nn.GroupNorm",
    icon="normalisation-layer", brief="{num_groups}, {num_channels}",
    summary=_("Brings groups of channels of each sample to mean 0 and deviation 1."),
    arguments=(
        Argument(
            name="num_groups", kind="int", default=1, low=1,
            help=_("is how many groups there are; each has as many channels"),
        ),
        _channels("num_channels", 0), _EPS, _affine("affine", True), _BIAS,
    ),
)  # fmt: skip

INSTANCE_NORM2D = LayerSpec(
    name="InstanceNorm2d", family="Normalisation", title=_("Instance normalisation 2D"),
    torch_name="torch.nn.InstanceNorm2d", icon="normalisation-layer", brief="{num_features}", axes=3,
    summary=_("Brings each feature map of each sample to mean 0 and deviation 1."),
    arguments=(_channels("num_features", -3), _EPS, _MOMENTUM, _affine("affine", False), _track(False), _BIAS),
)  # fmt: skip
