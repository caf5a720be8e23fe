"""A layer of a network, as a frozen value."""

from typing import Any

import msgspec

# Keys of a layer in a file that are not arguments.
RESERVED = frozenset({"layer", "name", "disabled", "children"})
LONGEST_NAME = 60


class Layer(msgspec.Struct, frozen=True, omit_defaults=True):
    """One layer, or a block of layers.

    layer: the name of its declaration (a key of `core.layers.LAYERS`, or a name unknown to us, which is kept)
    name: what the learner calls it, "conv1"; empty where they gave no name
    disabled: it stays in the list and in the file, and hands on what it gets
    arguments: the *pinned* arguments only, JSON values; an argument that is absent is *auto*
    children: the layers of a block, in order; empty for a plain layer
    """

    layer: str
    arguments: dict[str, Any] = {}
    children: tuple["Layer", ...] = ()
    name: str = ""
    disabled: bool = False

    @property
    def called(self) -> str:
        """The learner's name for it, else what it is."""
        return self.name or self.layer

    def pinned(self, name: str, value: Any) -> "Layer":
        """The same layer with one argument pinned to a value."""
        return msgspec.structs.replace(self, arguments={**self.arguments, name: value})

    def released(self, name: str) -> "Layer":
        """The same layer with one argument back on auto."""
        kept = {key: value for key, value in self.arguments.items() if key != name}
        return msgspec.structs.replace(self, arguments=kept)
