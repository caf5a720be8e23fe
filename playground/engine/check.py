"""project -> rows: shape, parameters, error, fixes, warnings. What the window shows at once after every edit.

An edit re-checks only what changed: `build.outcome_of` remembers each layer on each input shape.
"""

import math
from collections.abc import Callable, Iterable
from functools import partial
from itertools import chain
from typing import NamedTuple

import msgspec

from playground.core import edit
from playground.core.arguments import did_you_mean, faults_of
from playground.core.layer import Layer
from playground.core.layers import LAYERS
from playground.core.network import Network, Path, at, siblings, walk
from playground.core.problem import Problem
from playground.core.project import Project
from playground.core.report import Fix, Report, Row, RowError
from playground.core.spec import DatasetSpec, LayerSpec, Shape
from playground.core.text import _
from playground.engine import fixes, fixes_above
from playground.engine.blocks import outcome_of_block
from playground.engine.build import effective, outcome_of, refusal_of_arguments
from playground.engine.check_output import misfit_of
from playground.engine.check_recipe import project_faults, project_warnings
from playground.engine.explain import allowed, explain, mismatched
from playground.engine.loader import described, input_shape_of, prepared_sample
from playground.engine.outcome import Coming, Outcome
from playground.engine.remarks import with_remarks

MOST_TRIED = 60  # ways out of one error; the likeliest come first
BYTES_PER_PARAMETER = 4  # float32


def check(project: Project) -> Report:
    """The whole check of a project: its rows, what is wrong beside them, and ways out that were tried."""
    dataset: DatasetSpec | None = None
    try:
        dataset = described(project.data)
        sample = prepared_sample(project.data, dataset)
    except Problem as problem:
        rows = _with_fixes(project, _numbered(project.network, None), None)
        ways = _ways_to_data(project)
        return Report(input_shape=None, rows=rows, dataset=dataset, faults=(problem.fault,), fixes=ways)
    rows = _with_fixes(project, _numbered(project.network, sample), sample)
    rows = tuple(with_remarks(rows, project, dataset))
    faults, ways_out = project_faults(project, rows, dataset)
    warnings, better = project_warnings(project, rows, dataset) if not faults else ([], [])
    tried = tuple(fix for fix in (*ways_out, *better) if _helps(project, fix, len(faults) + len(warnings)))
    parameters = sum(row.parameters for row in rows)
    return Report(
        input_shape=sample.shape,
        tokens=sample.tokens,
        rows=rows,
        dataset=dataset,
        faults=tuple(faults),
        warnings=tuple(warnings),
        fixes=tried,
        misfit=misfit_of(project, rows, dataset, "error" if faults else "warning") if faults or warnings else None,
        parameters=parameters,
        bytes=parameters * BYTES_PER_PARAMETER,
        multiply_adds=sum(row.multiply_adds for row in rows),
    )


class _Coming(NamedTuple):
    """What comes into a layer. Below an error it is only supposed: what would come if the row above were mended."""

    shape: Shape | None
    known: bool
    giver: str
    tokens: int = 0


def _rows(network: Network, coming: _Coming, base: Path = (), branches: bool = False, first: int = 0) -> list[Row]:
    """The rows in the order of the list, a block before its children.

    branches: each layer gets what comes in;  first: position of the first layer, where they are a part of a network
    """
    rows: list[Row] = []
    all_get = coming
    for position, layer in enumerate(network, first):
        path = (*base, position)
        coming = all_get if branches else coming
        spec = LAYERS.get(layer.layer)
        if layer.disabled:
            rows += _idle(layer, path, coming)
        elif spec is not None and spec.block:
            inside = _rows(layer.children, coming, path, spec.block == "branches")
            row, coming = _block_row(layer, path, inside, coming)
            rows += [row, *inside]
        else:
            row, coming = _row(layer, path, coming)
            rows.append(row)
    return rows


def _idle(layer: Layer, path: Path, coming: _Coming) -> list[Row]:
    """The rows of a layer that hands on what it gets, and of all that is in it."""
    shape = coming.shape if coming.known else None
    row = Row(index=0, path=path, layer=layer.layer, disabled=True, input_shape=shape, output_shape=shape)
    row = msgspec.structs.replace(row, input_tokens=coming.tokens, output_tokens=coming.tokens)
    inside = (Row(index=0, path=below, layer=one.layer, disabled=True) for below, one in walk(layer.children, path))
    return [row, *inside]


def _numbered(network: Network, sample: Coming | None) -> tuple[Row, ...]:
    """sample: prepared; None where it cannot be known"""
    rows = _rows(network, _coming_of(sample))
    return tuple(msgspec.structs.replace(row, index=index) for index, row in enumerate(rows, 1))


def _coming_of(sample: Coming | None) -> _Coming:
    """What comes into the first layer."""
    return _Coming(sample and sample.shape, sample is not None, _("the input"), sample.tokens if sample else 0)


def _block_row(layer: Layer, path: Path, inside: list[Row], coming: _Coming) -> tuple[Row, _Coming]:
    """A block, whose layers have been checked."""
    spec, unknown = LAYERS[layer.layer], _Coming(None, False, layer.layer)
    error = _argument_error(layer)
    row = Row(index=0, path=path, layer=layer.layer, error=error, arguments=dict(effective(layer, coming.shape)))
    if not coming.known or coming.shape is None:
        return row, unknown
    row = msgspec.structs.replace(row, input_shape=coming.shape, input_tokens=coming.tokens)
    children = [one for one in inside if len(one.path) == len(path) + 1]
    if spec.block == "branches":
        children = [one for one in children if not one.disabled]
    made = [Coming(one.output_shape, one.output_tokens) for one in children if one.output_shape is not None]
    if error is not None or len(made) < len(children):
        return row, unknown
    outcome = outcome_of_block(layer, Coming(coming.shape, coming.tokens), made)
    row = _with_tensors(row, outcome.tensors)
    if outcome.output_shape is None:
        return msgspec.structs.replace(row, error=_not_together(outcome)), unknown
    row = msgspec.structs.replace(row, output_shape=outcome.output_shape, output_tokens=outcome.tokens)
    row = msgspec.structs.replace(row, multiply_adds=_multiply_adds_of_block(row))
    return row, _Coming(row.output_shape, True, layer.layer, outcome.tokens)


def _not_together(outcome: Outcome) -> RowError:
    given, expected = outcome.unequal or ((), ())
    sentence = outcome.fault or _("PyTorch refuses to put its branches together.")
    return RowError(sentence=sentence, torch_message=outcome.message, given=given, expected=expected)


def _row(layer: Layer, path: Path, coming: _Coming) -> tuple[Row, _Coming]:
    """One plain layer on what comes in."""
    values = dict(effective(layer, coming.shape, coming.tokens))
    row = Row(index=0, path=path, layer=layer.layer, arguments=values)
    unknown = _Coming(None, False, layer.layer)
    error = _argument_error(layer)
    if error is not None:
        error = msgspec.structs.replace(error, torch_message=refusal_of_arguments(layer, coming.shape, coming.tokens))
        return msgspec.structs.replace(row, input_shape=coming.shape if coming.known else None, error=error), unknown
    if coming.shape is None:
        return row, unknown
    outcome = outcome_of(layer, coming.shape, coming.tokens)
    row = _with_tensors(row, outcome.tensors)
    if not coming.known:
        return row, _Coming(outcome.output_shape, False, layer.layer, outcome.tokens)
    row = msgspec.structs.replace(row, input_shape=coming.shape, input_tokens=coming.tokens)
    if outcome.output_shape is not None:
        row = msgspec.structs.replace(row, output_shape=outcome.output_shape, output_tokens=outcome.tokens)
        row = msgspec.structs.replace(row, multiply_adds=_multiply_adds(row))
        return row, _Coming(outcome.output_shape, True, layer.layer, outcome.tokens)
    spec, sample = LAYERS[layer.layer], Coming(coming.shape, coming.tokens)
    error = explain(spec, layer, values, sample, coming.giver, outcome.message, outcome.fault)
    supposed = _if_it_were_mended(layer, coming.shape)
    return msgspec.structs.replace(row, error=error), _Coming(supposed, False, layer.layer)


def _if_it_were_mended(layer: Layer, shape: Shape) -> Shape | None:
    """What the layer would give on the input that its pinned arguments expect."""
    wrong = mismatched(LAYERS[layer.layer], layer, shape)
    if wrong is None or not isinstance(wrong.from_input, int):
        return None
    expected = list(shape)
    expected[wrong.from_input] = layer.arguments[wrong.name]
    return outcome_of(layer, tuple(expected)).output_shape


def _with_tensors(row: Row, tensors: tuple[Shape, ...]) -> Row:
    return msgspec.structs.replace(row, tensors=tensors, parameters=sum(math.prod(shape) for shape in tensors))


def _argument_error(layer: Layer) -> RowError | None:
    """What is wrong with a layer whatever comes in."""
    spec = LAYERS.get(layer.layer)
    if spec is None:
        said = _("There is no layer {name} in this program").format(name=layer.layer) + did_you_mean(
            layer.layer, LAYERS
        )
        return RowError(sentence=said + _(". It is kept as it is."))
    found = faults_of(layer.layer, spec.arguments, layer.arguments)
    if layer.children and not spec.block:
        return RowError(sentence=_("{name} cannot hold other layers.").format(name=layer.layer))
    if not found:
        return None
    name, sentence = found[0]
    given, wanted = allowed(spec.argument(name), layer.arguments[name])
    return RowError(sentence=f"{sentence}.", argument=name, given=given, wanted=wanted)


def _multiply_adds(row: Row) -> int:
    """Of a plain layer that fits, as its declaration counts them."""
    products = LAYERS[row.layer].products
    if products is None or row.input_shape is None or row.output_shape is None:
        return 0
    return products(row.arguments, row.input_shape, row.output_shape)


def _multiply_adds_of_block(row: Row) -> int:
    """Of what a block does beside its layers: the projection of a Residual, a 1×1 convolution or a Linear layer."""
    if not row.tensors or row.output_shape is None:
        return 0
    channels = row.tensors[0][1]
    return math.prod(row.output_shape) * channels


def _with_fixes(project: Project, rows: tuple[Row, ...], sample: Coming | None) -> tuple[Row, ...]:
    if all(row.error is None for row in rows):
        return rows
    layers = list(walk(project.network))
    return tuple(
        row if row.error is None else msgspec.structs.replace(row, fixes=_fixes_of(project, row, layers, rows, sample))
        for row in rows
    )


def _fixes_of(
    project: Project, row: Row, layers: list[tuple[Path, Layer]], rows: tuple[Row, ...], sample: Coming | None
) -> tuple[Fix, ...]:
    """Every way out of one error that was tried and works: the safest first, the removal last."""
    layer = layers[row.index - 1][1]
    spec = LAYERS.get(layer.layer)
    works = partial(_mends, project, row, rows, sample)
    if spec is None:
        works = partial(_mends_itself, project, row)
        candidates: Iterable[fixes.Ways] = ((fix,) for fix in fixes.for_unknown(layer, row.path))
    elif row.input_shape is None or _argument_error(layer) is not None:
        works = partial(_mends_itself, project, row)
        candidates = ((fix,) for fix in fixes.for_arguments(spec, layer, row.path))
    elif spec.block:
        of_kind = (
            fixes.for_residual(layer, row, rows) if spec.block == "chain" else fixes.for_branches(layer, row, rows)
        )
        candidates = of_kind
    else:
        coming = Coming(row.input_shape, row.input_tokens)
        candidates = chain(
            fixes.for_input(spec, layer, row.arguments, coming, row.path),
            fixes_above.for_giver(spec, layer, row, rows),
            fixes_above.for_place(spec, layer, row, rows),
            fixes.for_axes(spec, layer, coming, row.path),
        )
    if _is_branch(project, row.path):
        candidates = (tuple(fixes.in_branch(fix, row.path) for fix in ways) for ways in candidates)
    kinds = list(candidates)
    offered = _first_that_work(kinds, works, spec)
    on_auto, removal = fixes.everything_on_auto(layer, row.path), fixes.removal(layer, row.path)
    if not offered:
        more = (tuple(fixes.both(on_auto, fix) for fix in ways) for ways in kinds) if layer.arguments else ()
        offered = _first_that_work([(on_auto,), *more], works, None)
    return (*offered, *([removal] if works(removal) else []))


def _stands_above(one: Path, other: Path) -> bool:
    """Whether a row is above another and no block around it, which fails or fits with all that is in it."""
    return one < other and other[: len(one)] != one


def _is_branch(project: Project, path: Path) -> bool:
    """Whether a layer is a branch by itself."""
    holder = LAYERS.get(at(project.network, path[:-1]).layer) if len(path) > 1 else None
    return holder is not None and holder.block == "branches"


def _first_that_work(
    candidates: Iterable[fixes.Ways], works: Callable[[Fix], bool], spec: LayerSpec | None
) -> list[Fix]:
    """Of each kind the first way that works; none twice."""
    offered: list[Fix] = []
    tried = 0
    for ways in candidates:
        for fix in ways:
            if tried == MOST_TRIED or fixes.repeats(fix, offered, spec):
                break
            tried += 1
            if works(fix):
                offered.append(fix)
                break
    return offered


def _applied(project: Project, fix: Fix) -> Project:
    for one in fix.edits:
        project = edit.apply(project, one)
    return project


def _mends_itself(project: Project, row: Row, fix: Fix) -> bool:
    """Whether a fix of an error that does not depend on the layers above works; where the row is removed, what takes
    its place must fit. Only that row is checked again, so that thousands of such errors stay quick."""
    after = _applied(project, fix)
    place = siblings(after.network, row.path)[row.path[-1] :][:1]
    coming = _Coming(row.input_shape, row.input_shape is not None, "", row.input_tokens)
    return after != project and (not place or _rows(place, coming)[0].error is None)


def _mends(project: Project, row: Row, rows: tuple[Row, ...], sample: Coming | None, fix: Fix) -> bool:
    """Whether the row of a misfit has no error once the fix is applied, and no row above it has got one.

    Where the row itself is removed, the one that takes its place must fit; where it is moved up, all down to there.
    Only what the fix changes is checked again.
    """
    after = _applied(project, fix)
    if after.network == project.network:
        return False
    target = edit.path_after(fix.edits, row.path)
    first, last = min(edit.first_changed(one) for one in fix.edits), max(target[0], row.path[0])
    above = next((one for one in rows if one.path == (first,)), None)
    if first == 0 or above is None or above.input_shape is None:
        first, coming = 0, _coming_of(sample)
    else:
        coming = _Coming(above.input_shape, True, "", above.input_tokens)
    made = _rows(after.network[first : last + 1], coming, first=first)
    before = sum(1 for one in rows if one.error and one.path[0] >= first and _stands_above(one.path, row.path))
    moved = any(isinstance(one, edit.MoveLayers) for one in fix.edits)
    down_to = max(target, row.path) if moved else target
    in_its_place = row.path if moved else None  # where it stood, something stands that it passed
    wrong = [
        one
        for one in made
        if one.error and (_stands_above(one.path, down_to) or one.path[: len(row.path)] == in_its_place)
    ]
    if fix.edits == (edit.RemoveLayers((row.path,)),) and _is_branch(project, row.path):
        return len(wrong) <= before  # what takes its place is another branch, which fits or not by itself
    return len(wrong) <= before and all(one.error is None for one in made if one.path == target)


def _helps(project: Project, fix: Fix, faults: int) -> bool:
    """Whether a way out of a project's faults and warnings leaves fewer of them and no row in error."""
    after = _applied(project, fix)
    try:
        dataset = described(after.data)
        rows = _numbered(after.network, prepared_sample(after.data, dataset))
    except Problem:
        return False
    left = project_faults(after, rows, dataset)[0] or project_warnings(after, rows, dataset)[0]
    return len(left) < faults and all(row.error is None for row in rows)


def _ways_to_data(project: Project) -> tuple[Fix, ...]:
    """Ways out where the data set or its preparation is at fault."""
    return tuple(fix for fix in fixes.for_data(project.data) if _gives_a_shape(_applied(project, fix)))


def _gives_a_shape(project: Project) -> bool:
    try:
        input_shape_of(project.data)
    except Problem:
        return False
    return True
