"""The user's own pictures: a folder with one folder of pictures a class."""

from playground.core.spec import AUTO, Argument, DatasetSpec
from playground.core.text import _

PICTURES = DatasetSpec(
    name="pictures",
    title=_("Folder of pictures"),
    summary=_("Pictures of your own: one folder a class, perhaps parted into train and test."),
    task="classification",
    kind="picture",
    group="own",
    sample_shape=(),
    train=0,
    own=True,
    licence=_("yours"),
    arguments=(
        Argument(name="path", kind="path", default="", help=_("is the folder that holds the folders of the classes")),
        Argument(
            name="size",
            kind="int",
            default=AUTO,
            low=4,
            high=1024,
            unit="px",
            help=_(
                "is the side of the squares that they are made; on auto their own size if it is small, else 32 or 64"
            ),
        ),
        Argument(
            name="colour",
            kind="choice",
            default="auto",
            choices=("auto", "grey", "colour"),
            help=_("is whether they have one channel or three"),
        ),
        Argument(
            name="fit",
            kind="choice",
            default="crop",
            choices=("crop", "stretch"),
            help=_("is how another form becomes a square: by its middle, or distorted"),
        ),
    ),
    preparation=({"normalize": "-1..1"},),
)
