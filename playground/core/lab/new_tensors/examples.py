"""Lines that are offered as they are: one for each word that makes a tensor."""

import re

import msgspec

from playground.core.lab.words import Word
from playground.core.lab.words.making import WORDS as MAKING


class Example(msgspec.Struct, frozen=True):
    """line: what makes the tensor, without its name;  help: one sentence without full stop"""

    line: str
    help: str


def examples(tensor: str, array: str = "") -> tuple[Example, ...]:
    """A line for each word that makes a tensor; not all of them are accepted with every page: they are to be tried.

    tensor, array: on the bench, which stand for those of the examples; "" where there is none
    """
    stands_for = {"a": tensor, "n": array}
    found = []
    for word in MAKING:
        if isinstance(word, Word) and word.is_called and word.name.startswith("torch.") and word.example:
            line = re.sub(r"(?<![\w.])[an](?![\w.=(])", lambda name: stands_for[name[0]] or name[0], word.example)
            found.append(Example(line, word.help))
    return tuple(found)
