"""What the check says of a project: one row a layer, as the window and `playground check` show it."""

from typing import Any

import msgspec

from playground.core.edit import Edit
from playground.core.network import Path
from playground.core.problem import Fault
from playground.core.spec import DatasetSpec, Shape
from playground.core.text import _


class Fix(msgspec.Struct, frozen=True):
    """A way out of an error. It has been tried: applied, the error of its row is gone.

    label: "Set in_features to 400"
    edits: applied in order, as one undo step
    """

    label: str
    edits: tuple[Edit, ...]


class RowError(msgspec.Struct, frozen=True, kw_only=True):
    """Why a row does not fit.

    sentence: one sentence in the learner's words, "It expects 576 values; Flatten gives 400."
    torch_message: PyTorch's own message, verbatim; empty where PyTorch was not asked
    rule: what must hold, where the sentence does not say it: "in_features is the number of values that come in."
    given, expected: the two sizes or shapes that do not meet, for the picture of boxes; empty where there is none
    wanted: what was expected, in place of `expected` where that is not one shape: "steps × features"
    argument: the argument at fault, for the form to point at; empty where there is none
    """

    sentence: str
    torch_message: str = ""
    given: tuple[int, ...] = ()
    expected: tuple[int, ...] = ()
    wanted: str = ""
    rule: str = ""
    argument: str = ""


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """One layer as checked.

    index: its number in the list, from 1, blocks counted before their children
    disabled: by itself or with the block that it is in; then it has no error and no parameters
    input_shape, output_shape: of one sample, no batch axis; None below an error
    input_tokens, output_tokens: how many different ones these are made of; 0 where they are numbers
    arguments: every argument in effect (pinned, or worked out); None where it cannot be known yet
    tensors: its parameter tensors' shapes;  parameters: how many numbers they hold
    multiply_adds: of one sample, in the forward pass
    """

    index: int
    path: Path
    layer: str
    disabled: bool = False
    input_shape: Shape | None = None
    output_shape: Shape | None = None
    input_tokens: int = 0
    output_tokens: int = 0
    arguments: dict[str, Any] = {}
    tensors: tuple[Shape, ...] = ()
    parameters: int = 0
    multiply_adds: int = 0
    error: RowError | None = None
    fixes: tuple[Fix, ...] = ()
    warnings: tuple[str, ...] = ()


class Misfit(msgspec.Struct, frozen=True, kw_only=True):
    """An output that is not what the loss needs.

    given, needed: the two shapes, of one sample, for the picture of boxes
    torch_message: what PyTorch raises, or warns of, when this loss gets such an output, verbatim; empty where it does
        neither, None where it was not asked
    """

    given: Shape
    needed: Shape
    torch_message: str | None = None


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """The whole check.

    input_shape: of one prepared sample; None where the data set or its preparation is at fault
    tokens: how many different ones a sample is made of; 0 where it is numbers
    dataset: the data set as it really is, its options in effect; None where it cannot be known
    faults: what is wrong beside the rows: data, recipe, an empty network, an output that the loss cannot take
    warnings: what runs, but hardly was meant: more outputs than there are classes
    fixes: ways out of the faults, or of the warnings
    misfit: the shapes of an output that is among these faults or warnings
    """

    input_shape: Shape | None
    rows: tuple[Row, ...]
    dataset: DatasetSpec | None = None
    tokens: int = 0
    faults: tuple[Fault, ...] = ()
    warnings: tuple[Fault, ...] = ()
    fixes: tuple[Fix, ...] = ()
    misfit: Misfit | None = None
    parameters: int = 0
    bytes: int = 0
    multiply_adds: int = 0

    @property
    def fits(self) -> bool:
        """Whether the project can be trained."""
        return self.fault is None

    @property
    def fault(self) -> Fault | None:
        """The first thing that keeps the project from being trained."""
        if self.faults:
            return self.faults[0]
        for row in self.rows:
            if row.error is not None:
                return Fault(
                    where=_("Layer {index}, {layer}").format(index=row.index, layer=row.layer),
                    what=row.error.sentence.rstrip("."),
                    fix=row.fixes[0].label if row.fixes else _("Correct this layer"),
                )
        return None
