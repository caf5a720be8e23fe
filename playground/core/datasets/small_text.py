"""A short story of our own, to predict the next character of."""

from playground.core.spec import Argument, DatasetSpec
from playground.core.text import _

CHARACTERS = '\n ",.?ABEHIKLMORSTWYabcdefghiklmnopqrstuvwxy'  # of the story, in the order of their tokens
_SHOWN = {"\n": "↵", " ": "␣"}

SMALL_TEXT = DatasetSpec(
    name="small-text",
    title=_("Small text"),
    summary=_("A story of 4,458 characters: which one comes next? The last tenth of it is kept for the test."),
    task="classification",
    kind="text",
    group="sequences",
    sample_shape=(32,),
    classes=tuple(_SHOWN.get(one, one) for one in CHARACTERS),
    train=3981,
    test=413,
    licence="MIT",
    tokens=len(CHARACTERS),
    arguments=(
        Argument(
            name="window", kind="int", default=32, low=1, high=256, unit=_("characters"),
            help=_("is how many characters the network sees before the one it predicts"),
        ),
    ),
    preparation=({"one_hot": True},),
)  # fmt: skip
