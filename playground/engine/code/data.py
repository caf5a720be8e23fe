"""The part of a script that reads, splits and prepares the samples, as `engine.loader` does."""

from dataclasses import dataclass, field
from pathlib import Path

import msgspec

from playground.core.arguments import in_effect
from playground.core.data import Data
from playground.core.datasets import DATASETS
from playground.core.problem import Problem
from playground.core.spec import DatasetSpec
from playground.core.text import _
from playground.engine import preparation as steps_of_engine
from playground.engine.code.lines import literal, remark_of
from playground.engine.code.preparation import FUNCTIONS, Prepared, prepared
from playground.engine.datasets import reader_of
from playground.engine.datasets._script import Reading
from playground.engine.parts import sizes_of
from playground.engine.reading import asked

SEED_FOR = '''
def seed_for(purpose, *more):
    """A seed of its own for each purpose, all of them from SEED."""
    words = "\\n".join(map(str, (SEED, purpose, *more)))
    return int.from_bytes(hashlib.sha256(words.encode()).digest()[:8], "big") >> 1
'''
DRAWS = '''
def draws_for(purpose, *more):
    """A stream of random numbers of its own for each purpose."""
    return torch.Generator().manual_seed(seed_for(purpose, *more))
'''
_STRATIFIED = '''
def split(labels, wanted, purpose):
    """Numbers of the samples that are left, and of those drawn: of each class its share."""
    shuffled = torch.randperm(len(labels), generator=draws_for(purpose))
    shares = labels.bincount().double() * wanted / len(labels)
    quotas = shares.floor().long()
    for label in (quotas - shares).argsort(stable=True)[: wanted - quotas.sum()]:
        quotas[label] += 1
    drawn = torch.zeros(len(labels), dtype=torch.bool)
    for label, quota in enumerate(quotas):
        drawn[(labels[shuffled] == label).nonzero()[:quota]] = True
    return shuffled[~drawn], shuffled[drawn]
'''
_SPLIT = '''
def split(targets, wanted, purpose):
    """Numbers of the samples that are left, and of those drawn."""
    shuffled = torch.randperm(len(targets), generator=draws_for(purpose))
    return shuffled[wanted:], shuffled[:wanted]
'''
_LATE = '''
def {name}:
    """What is done to each batch{when}."""
{body}
    return x
'''


@dataclass
class DataCode:
    """imports: whole lines;  functions, body: in the order of the script;  parts: "train", "validation", "test"
    late: what makes of a batch `x` what the network gets: "changed(x)", where something is to be done, else ""
    random: the same in training, "changed(x, draws)"
    """

    imports: list[str] = field(default_factory=lambda: ["import hashlib", "import torch"])
    functions: list[str] = field(default_factory=list)
    body: list[str] = field(default_factory=list)
    parts: tuple[str, ...] = ("train", "test")
    late: str = ""
    random: str = ""


def data_code(data: Data, dataset: DatasetSpec, seed: int, folder: Path | None) -> DataCode:
    """dataset: in effect;  folder: looked in first for its files. raises Problem: it cannot be read by a script"""
    reading = reading_of(data, dataset, seed, folder)
    steps = steps_of_engine.steps_of(data.preparation, _sample(dataset, reading))
    done = prepared(steps, reading.is_float or bool(dataset.tokens))
    code = DataCode(parts=("train", "validation", "test") if data.validation_fraction else ("train", "test"))
    code.imports += reading.imports
    code.functions += [SEED_FOR, DRAWS]
    parting = _parting(data, dataset, reading)
    if any("split(" in line for line in parting):
        code.functions.append(_STRATIFIED if data.stratify and dataset.classes else _SPLIT)
    code.functions += [reading.functions] if reading.functions else []
    code.functions += [FUNCTIONS[name] for name in done.functions]
    code.body += [f"# {_comment(dataset)}", *reading.body.strip("\n").split("\n"), *parting, *_done_once(code, done)]
    if done.batch:
        name = "changed(x, draws=None)" if done.random else "changed(x)"
        when = ", the random steps only where there are draws" if done.random else ""
        code.functions.append(_LATE.format(name=name, when=when, body="\n".join(f"    {one}" for one in done.batch)))
        code.late, code.random = "changed(x)", "changed(x, draws)" if done.random else "changed(x)"
    return code


def _comment(dataset: DatasetSpec) -> str:
    """What the set is; not whence: that is said by the lines below."""
    told = f"{dataset.title}: {dataset.summary.partition(';')[0].rstrip('.')}"
    return "".join(remark_of(told)) or "The samples"


def reading_of(data: Data, dataset: DatasetSpec, seed: int, folder: Path | None = None) -> Reading:
    """How a script reads the samples as they are stored. raises Problem: it cannot"""
    declared = DATASETS[data.dataset]
    script = getattr(reader_of(declared), "script", None)
    if script is None:
        raise Problem(
            where=dataset.title,
            what=_("how a script reads this data set is not known"),
            fix=_("Choose another data set to have a script"),
        )
    options = in_effect(declared.arguments, data.options, None)
    found: Reading = asked(script, dataset, options=options, folder=folder, seed=seed)
    return found


def _sample(dataset: DatasetSpec, reading: Reading) -> steps_of_engine.Sample:
    picture = steps_of_engine.kind_of(dataset) == "picture"
    limits = (0.0, float(reading.largest)) if picture and reading.largest is not None else None
    kind = steps_of_engine.kind_of(dataset)
    return steps_of_engine.Sample(dataset.sample_shape, limits, kind, dataset.tokens)


def _parting(data: Data, dataset: DatasetSpec, reading: Reading) -> list[str]:
    """Statements that make the parts of what was read."""
    lines, held_back = [], [*(["validation_inputs"] if data.validation_fraction else []), "test_inputs"]
    if not reading.has_test:
        lines += [
            f'rest, drawn = split(targets, round(len(targets) * {literal(data.test_fraction)}), "split")',
            "test_inputs, test_targets = inputs[drawn], targets[drawn]",
            "inputs, targets = inputs[rest], targets[rest]",
        ]
    whole = msgspec.structs.replace(data, subset=None, validation_fraction=0.0)
    if data.subset is not None and data.subset < sizes_of(whole, dataset)[0]:
        lines += [
            f'drawn = split(targets, {data.subset}, "subset")[1].sort().values',
            "inputs, targets = inputs[drawn], targets[drawn]",
        ]
    if data.validation_fraction:
        fraction = literal(data.validation_fraction)
        lines += [
            f'parts = split(targets, round(len(targets) * {fraction}), "validation")',
            "rest, drawn = (numbers.sort().values for numbers in parts)",
            "validation_inputs, validation_targets = inputs[drawn], targets[drawn]",
            "inputs, targets = inputs[rest], targets[rest]",
        ]
    if reading.missing:
        lines += [
            "means = inputs.double().nanmean(0).nan_to_num().float()  # what is not known",
            *(f"{name} = {name}.where(~{name}.isnan(), means)" for name in ("inputs", *held_back)),
        ]
    return lines


def _done_once(code: DataCode, done: Prepared) -> list[str]:
    """Statements that prepare the parts; the training part is called so afterwards."""
    if not done.once:
        return ["train_inputs, train_targets = inputs, targets"]
    others = [f"{part}_inputs" for part in code.parts[1:]]
    return [
        "",
        "# Prepare them",
        f"parts = [{', '.join(['inputs', *others])}]",
        *done.once,
        f"{', '.join(['train_inputs', *others])} = parts",
        "train_targets = targets",
    ]
