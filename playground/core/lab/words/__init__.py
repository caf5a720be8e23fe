"""The words of the lab's small language: what a typed line may use, and nothing else.

One table: the language takes from it what is allowed and what it costs, completion and help take the rest.
"""

from playground.core.lab.words import arithmetic, gradients, making, networks, plain, reducing, shaping
from playground.core.lab.words._word import Word as Word

WORDS: dict[str, Word] = {
    word.name: word
    for room in (making, shaping, arithmetic, reducing, gradients, networks, plain)
    for word in room.WORDS
}

# What a line finds without importing it; no name of the bench may hide them.
MODULES = ("torch", "F", "np", "math")
RESERVED = frozenset({*MODULES, "nn", "numpy", "print", *(name for name in WORDS if "." not in name)})


def completions(typed: str, names: dict[str, str] | None = None) -> list[Word | str]:
    """What may follow the end of a line: words, and names of the bench, those that are typed most often first.

    typed: up to the caret;  names: of the bench -> "Tensor" or "ndarray" (or another kind)
    """
    names = names or {}
    end = len(typed)
    start = end
    while start and (typed[start - 1].isalnum() or typed[start - 1] in "_."):
        start -= 1
    if typed[:start].rstrip().endswith((")", "]")) and typed[start:end].startswith("."):
        return _members("Tensor", typed[start + 1 : end])
    wanted = typed[start:end]
    owner, dot, rest = wanted.rpartition(".")
    if dot and owner in names:
        return _members(names[owner], rest)
    if dot and owner and not any(name.startswith(f"{owner}.") for name in WORDS):
        return _members("Tensor", rest)
    found: list[Word | str] = [name for name in names if not dot and name.startswith(wanted)] if wanted else []
    return found + [
        word
        for name, word in WORDS.items()
        if wanted and name.startswith(wanted) and not name.startswith(("Tensor.", "ndarray."))
    ]


def _members(kind: str, begin: str) -> list[Word | str]:
    return [word for name, word in WORDS.items() if name.startswith(f"{kind}.{begin}")]
