"""The user's own text, to predict the next character of."""

from playground.core.spec import Argument, DatasetSpec
from playground.core.text import _

TEXT = DatasetSpec(
    name="text",
    title=_("Text file"),
    summary=_("A text of your own: which character comes next? The last tenth of it is kept for the test."),
    task="classification",
    kind="text",
    group="own",
    sample_shape=(),
    train=0,
    own=True,
    licence=_("yours"),
    arguments=(
        Argument(name="path", kind="path", default="", help=_("is the file")),
        Argument(
            name="window",
            kind="int",
            default=32,
            low=1,
            high=1024,
            unit=_("characters"),
            help=_("is how many characters the network sees before the one it predicts"),
        ),
    ),
    preparation=({"one_hot": True},),
)
