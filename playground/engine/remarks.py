"""Quiet remarks of the check: what fits, and runs, but hardly was meant."""

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import msgspec

from playground.core.arguments import shown, shown_shape
from playground.core.layers import LAYERS
from playground.core.network import Path
from playground.core.project import Project
from playground.core.report import Row
from playground.core.spec import DatasetSpec
from playground.core.text import _
from playground.engine.check_recipe import last_batch_is_one, normalises_over_batch, works_on_rows
from playground.engine.explain import around, measured, reach, wrong_axes
from playground.engine.flow import giver, unbent
from playground.engine.parts import sizes_of

MANY_PARAMETERS = 100_000_000


@dataclass(frozen=True)
class _About:
    """loss: of the recipe;  batch: samples in a full one;  rest_of_one: the last batch of an epoch has one sample
    giver: the row that gives the output;  unbent: Linear layers by the path of the next one that nothing bends before
    parameters: of all rows;  largest: the row that has the most
    """

    loss: str
    batch: int
    rest_of_one: bool
    giver: Row | None
    unbent: Mapping[Path, Row]
    parameters: int = 0
    largest: Row | None = None


def with_remarks(rows: Sequence[Row], project: Project, dataset: DatasetSpec) -> Iterator[Row]:
    """The rows, with what is to be remarked upon. dataset: in effect"""
    about = _About(
        loss=project.recipe.loss,
        batch=project.data.batch_of(sizes_of(project.data, dataset)[0]),
        rest_of_one=last_batch_is_one(project, dataset),
        giver=giver(rows),
        unbent=unbent(rows),
        parameters=sum(row.parameters for row in rows),
        largest=max(rows, key=lambda row: row.parameters, default=None),
    )
    for row in rows:
        remarks = () if row.disabled else _REMARKS
        said = tuple(text for remark in remarks if (text := remark(row, about)) is not None)
        yield msgspec.structs.replace(row, warnings=said) if said else row


def _nothing_bends(row: Row, about: _About) -> str | None:
    before = about.unbent.get(row.path)
    if before is None:
        return None
    text = _("Nothing bends between row {n} and this one: two Linear layers in a row can do no more than one.")
    return text.format(n=before.index)


def _row_by_row(row: Row, about: _About) -> str | None:
    if not works_on_rows(row) or row.input_shape is None or row.output_shape is None:
        return None
    text = _("It works on each row of {width} of the {shape} by itself; Flatten above it would join them all.")
    return text.format(width=row.input_shape[-1], shape=shown_shape(row.input_shape))


def _repeated(row: Row, about: _About) -> str | None:
    if row.layer != "Residual" or row.output_shape in (None, row.input_shape) or row.tensors:
        return None
    text = _("What comes in is {given}, so PyTorch repeats it to add it: projection on auto would learn how.")
    return text.format(given=shown_shape(row.input_shape))


def _over_the_batch(row: Row, about: _About) -> str | None:
    dim = row.arguments.get("dim")
    if "Softmax" not in row.layer or row.output_shape is None or not isinstance(dim, int):
        return None
    if dim % (len(row.output_shape) + 1):
        return None
    return _("dim is {dim}, the axis of the batch: its values sum to 1 over the samples, not in each.").format(
        dim=shown(dim)
    )


def _idle_dropout(row: Row, about: _About) -> str | None:
    if row.arguments.get("num_layers") != 1 or not row.arguments.get("dropout"):
        return None
    return _("dropout acts between the layers of num_layers, and there is only one: it does nothing.")


def _one_sample(row: Row, about: _About) -> str | None:
    if row.layer.startswith("Dropout") and about.batch == 1:
        return _("In batches of one sample every step sees a single thinned-out network: the loss will jump about.")
    if not about.rest_of_one or not normalises_over_batch(row):
        return None
    if about.batch == 1:
        return _("Each batch has one sample, so its mean and deviation are of that one alone.")
    return _("The last batch of an epoch has one sample, so its mean and deviation are of that one alone.")


# (last layer, loss) -> what hardly was meant
_ENDS: Mapping[tuple[str, str], str] = {
    ("Softmax", "CrossEntropy"): _(
        "CrossEntropy takes the softmax itself, so it is taken twice and the derivatives shrink: end without Softmax."
    ),
    ("LogSoftmax", "CrossEntropy"): _("CrossEntropy takes it itself, so this layer changes nothing: end without it."),
    ("Softmax", "NLL"): _("NLL wants logarithms of probabilities: end with LogSoftmax."),
    ("Sigmoid", "CrossEntropy"): _("CrossEntropy wants logits of any size: Sigmoid squeezes them; end without it."),
    ("Sigmoid", "BCEWithLogits"): _(
        "BCEWithLogits takes the sigmoid itself, so it is taken twice and the derivatives shrink: end without Sigmoid."
    ),
    ("ReLU", "CrossEntropy"): _("Logits may be negative, and ReLU makes those zero: a class can no longer lose."),
}


def _end(row: Row, about: _About) -> str | None:
    if row is not about.giver or row.layer not in LAYERS:
        return None
    if about.loss == "NLL" and row.layer not in ("LogSoftmax", "Softmax"):
        return _("NLL wants logarithms of probabilities: put LogSoftmax behind this layer, or take CrossEntropy.")
    return _ENDS.get((row.layer, about.loss))


def _mostly_padding(row: Row, about: _About) -> str | None:
    spec, shape = LAYERS.get(row.layer), row.input_shape
    if spec is None or shape is None or "kernel_size" not in row.arguments or len(shape) < 2 or wrong_axes(spec, shape):
        return None
    axes = len(shape) - 1
    span, rim = reach(row.arguments, axes), around(row.arguments, axes)
    if row.output_shape is None or "output_padding" in row.arguments or rim == (0,) * axes:
        return None
    if all(one <= size for one, size in zip(span, shape[1:], strict=True)):
        return None
    text = _("Its window of {window} is larger than the {room} that come in: it looks at padding, too.")
    return text.format(window=measured(span, axes), room=measured(shape[1:], axes))


def _many(row: Row, about: _About) -> str | None:
    if row.parameters > MANY_PARAMETERS:
        count, text = row.parameters, _("It has {n:,} M parameters: {size:.1f} GB, {more}.")
    elif about.parameters > MANY_PARAMETERS and row is about.largest:
        count, text = (
            about.parameters,
            _("The network has {n:,} M parameters, most of them here: {size:.1f} GB, {more}."),
        )
    else:
        return None
    more = _("and two to four times as much while it trains")
    return text.format(n=math.floor(count / 1e6), size=count * 4 / 1e9, more=more)


Remark = Callable[[Row, _About], str | None]
_REMARKS: tuple[Remark, ...] = (
    _nothing_bends, _row_by_row, _over_the_batch, _repeated, _idle_dropout, _one_sample, _end, _mostly_padding, _many
)  # fmt: skip
