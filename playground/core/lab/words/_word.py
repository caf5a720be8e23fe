"""What a word of the language is."""

from collections.abc import Mapping
from functools import cached_property
from typing import Literal

import msgspec

# How what a word will cost is found before it is done; `engine/lab/costs.py` has one rule for each.
Cost = Literal[
    "nothing",  # a fact, or a view of what is there
    "elements",  # tried on the meta device: what goes in and what comes out
    "broadcast",  # number by number
    "factory",  # tried on the meta device: what comes out
    "literal",  # the numbers in a list
    "sized",  # the sizes that are asked for
    "products",  # a matrix product
    "windows",  # a window that slides
    "paired",  # two that are broadcast on the way to a smaller result
    "sorted",  # n log n
    "selected",  # as many as the numbers say, at most all
    "parts",  # a tuple of many views
    "classes",  # one-hot: as wide as the largest number
    "divided",  # whole numbers, of which the lowest by -1 would end the process
    "solved",  # cubic
    "backward",  # all that the graph has cost
    "listed",  # plain Python numbers
    "numpy",  # a NumPy array's own arithmetic
]


class Word(msgspec.Struct, frozen=True, dict=True):
    """name: as it is typed: "torch.arange", "F.relu", "np.array"; "Tensor.view" and "ndarray.sum" follow a value
    call: its parameters, "(input, dim, *, dtype)"; "" for what is not called. `*sizes` takes any number
    help: one sentence;  cost: its rule;  example: a line (or several, by ";") that uses it
    texts: parameter -> texts that it may be, the only ones that it takes
    docs: page that tells of it; "" where it follows from the name
    """

    name: str
    call: str
    help: str
    cost: Cost
    example: str = ""
    texts: Mapping[str, tuple[str, ...]] = {}
    docs: str = ""

    @property
    def is_called(self) -> bool:
        return bool(self.call)

    @cached_property
    def positional(self) -> tuple[str, ...]:
        """Parameters that may be given by place, without the one that takes any number."""
        before = self._parameters.partition("*,")[0]
        return tuple(one for one in _split(before) if not one.startswith("*"))

    @cached_property
    def is_variadic(self) -> bool:
        return any(one.startswith("*") and len(one) > 1 for one in _split(self._parameters))

    @cached_property
    def keywords(self) -> frozenset[str]:
        """Parameters that may be given by name."""
        return frozenset(one.lstrip("*") for one in _split(self._parameters) if one != "*")

    @property
    def torch_name(self) -> str:
        """Where the library keeps it."""
        owner, _dot, name = self.name.partition(".")
        return {
            "F": "torch.nn.functional.",
            "Tensor": "torch.Tensor.",
            "np": "numpy.",
            "ndarray": "numpy.ndarray.",
        }.get(owner, f"{owner}." if name else "") + (name or owner)

    @property
    def docs_url(self) -> str:
        """The page that tells of it."""
        if self.docs:
            return self.docs
        if self.torch_name.startswith("numpy."):
            return f"https://numpy.org/doc/stable/reference/generated/{self.torch_name}.html"
        if self.torch_name.startswith("torch."):
            return f"https://docs.pytorch.org/docs/stable/generated/{self.torch_name}.html"
        page = "math" if self.name.startswith("math.") else "functions"
        return f"https://docs.python.org/3/library/{page}.html#{self.name}"

    @property
    def _parameters(self) -> str:
        return self.call.removeprefix("(").removesuffix(")")


def _split(parameters: str) -> list[str]:
    return [one.strip() for one in parameters.split(",") if one.strip()]


def both(
    name: str, call: str, help: str, cost: Cost, example: str, texts: Mapping[str, tuple[str, ...]] | None = None
) -> list[Word]:
    """A function of torch that is a method of tensors as well. call: of the function, "(input, ...)"

    example: a call of it, "torch.NAME(a, …)": the method is then "a.NAME(…)"
    """
    first, _comma, rest = call.removeprefix("(").removesuffix(")").partition(",")
    head = f"torch.{name}("
    assert first == "input", call
    assert example.startswith(head), example
    owner, others = _first(example.removeprefix(head).removesuffix(")"))
    method = f"{owner if ' ' not in owner else f'({owner})'}.{name}({others})"
    return [
        Word(f"torch.{name}", call, help, cost, example, texts or {}),
        Word(f"Tensor.{name}", f"({rest.strip()})", help, cost, method, texts or {}),
    ]


def _first(arguments: str) -> tuple[str, str]:
    """The first of several arguments, and the others."""
    depth = 0
    for place, sign in enumerate(arguments):
        depth += (sign in "([") - (sign in ")]")
        if sign == "," and not depth:
            return arguments[:place], arguments[place + 1 :].strip()
    return arguments, ""
