"""The user's own numpy arrays: an .npz file."""

from playground.core.spec import Argument, DatasetSpec
from playground.core.text import _

ARRAYS = DatasetSpec(
    name="arrays",
    title=_("Arrays (.npz)"),
    summary=_("Numpy arrays of your own: samples and targets, perhaps those of a test part, too."),
    task="classification",
    kind="table",
    group="own",
    sample_shape=(),
    train=0,
    own=True,
    licence=_("yours"),
    arguments=(
        Argument(name="path", kind="path", default="", help=_("is the file")),
        Argument(name="inputs", kind="text", default="", help=_("is the array of samples; empty finds it by its name")),
        Argument(name="targets", kind="text", default="", help=_("is the array to predict; empty finds it")),
        Argument(name="test_inputs", kind="text", default="", help=_("is the array of test samples; empty finds it")),
        Argument(name="test_targets", kind="text", default="", help=_("is what they are; empty finds it")),
        Argument(
            name="task",
            kind="choice",
            default="auto",
            choices=("auto", "classification", "regression"),
            help=_("is whether the target is one of a few classes or a number"),
        ),
        Argument(
            name="samples",
            kind="choice",
            default="auto",
            choices=("auto", "picture", "table", "series"),
            help=_("is what one sample is"),
        ),
        Argument(
            name="channels",
            kind="choice",
            default="auto",
            choices=("auto", "first", "last"),
            help=_("is where the axis of the channels stands in a picture of four axes"),
        ),
    ),
)
