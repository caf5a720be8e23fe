"""The user's own pictures in the binary files of MNIST (IDX) or CIFAR."""

from playground.core.spec import Argument, DatasetSpec
from playground.core.text import _

BINARY = DatasetSpec(
    name="binary",
    title=_("IDX or CIFAR folder"),
    summary=_("Pictures of your own in the files of MNIST (IDX, plain or .gz) or of CIFAR (.bin)."),
    task="classification",
    kind="picture",
    group="own",
    sample_shape=(),
    train=0,
    own=True,
    licence=_("yours"),
    arguments=(
        Argument(name="path", kind="path", default="", help=_("is the folder of the files")),
        Argument(
            name="labels",
            kind="choice",
            default="fine",
            choices=("fine", "coarse"),
            help=_("is which of the two labels of a CIFAR-100 picture is predicted"),
        ),
    ),
    preparation=({"normalize": "-1..1"},),
)
