"""The user's own numpy arrays."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

import msgspec
import torch

from playground.core.arguments import shown_shape
from playground.core.messages import DatasetState
from playground.core.problem import Problem
from playground.core.spec import DatasetSpec
from playground.core.text import _
from playground.engine.datasets import Raw, _npz, _own
from playground.engine.datasets._samples import MOST_FEATURES, Samples, samples_of, targets_of
from playground.engine.datasets._script import PATH_IMPORT, Reading, path_is
from playground.engine.literal import literal

_NAMES = {
    "inputs": ("x_train", "train_x", "train_images", "train_data", "train_inputs", "x", "images", "inputs", "data", "features", "samples", "arr_0"),
    "targets": ("y_train", "train_y", "train_labels", "train_targets", "y", "labels", "targets", "target", "label", "arr_1"),
    "test_inputs": ("x_test", "test_x", "test_images", "test_data", "test_inputs"),
    "test_targets": ("y_test", "test_y", "test_labels", "test_targets"),
}  # fmt: skip


_described: _own.Memory[DatasetSpec] = _own.Memory(4)


def load(spec: DatasetSpec, *, options: Mapping[str, Any], cancelled: _own.Asked | None = None) -> Raw:
    """(N, *sample shape) uint8 or float32; (N,) int64 labels, or (N,) or (N, values) float32. raises Problem, Cancelled"""
    _effect, raw = _read(spec, options, cancelled)
    return raw


def describe(spec: DatasetSpec, *, options: Mapping[str, Any], cancelled: _own.Asked | None = None) -> DatasetSpec:
    """The arrays as they will be learned from. raises Problem, Cancelled"""
    path = _own.file_of(spec, options)
    key = (_own.state_of(path), tuple(sorted((name, str(value)) for name, value in options.items())))
    return _described.get(key, lambda: _read(spec, options, cancelled)[0])


def locate(spec: DatasetSpec, *, options: Mapping[str, Any] | None = None) -> DatasetState:
    """Where the file lies."""
    return _own.located(spec, options)


def names_in(spec: DatasetSpec, options: Mapping[str, Any]) -> dict[str, str]:
    """Every array of the file and its shape, for people. raises Problem"""
    found = _npz.members(_own.file_of(spec, options))
    return {name: f"{shown_shape(member.shape)} {member.dtype}" for name, member in found.items()}


def _read(spec: DatasetSpec, options: Mapping[str, Any], cancelled: _own.Asked | None) -> tuple[DatasetSpec, Raw]:
    path = _own.file_of(spec, options)
    found = _npz.members(path)
    chosen = _chosen(path, found, options)
    array = {role: _npz.read(path, found[name], cancelled) for role, name in chosen.items()}
    place = {role: _("{file}, array {name}").format(file=path, name=name) for role, name in chosen.items()}
    train = samples_of(place["inputs"], array["inputs"], options)
    parts = [train]
    raw_targets = [array["targets"]]
    if "test_inputs" in array:
        parts.append(samples_of(place["test_inputs"], array["test_inputs"], options))
        raw_targets.append(array["test_targets"])
    for part, of_part, name in zip(parts, raw_targets, (place["targets"], place.get("test_targets", "")), strict=False):
        if of_part.ndim == 0 or len(part.values) != len(of_part):
            raise Problem(
                where=name,
                what=_("it has {targets:,} targets for {inputs:,} samples").format(
                    targets=len(of_part) if of_part.ndim else 1, inputs=len(part.values)
                ),
                fix=_("Name the arrays that belong together: inputs, targets, test_inputs, test_targets"),
            )
    _refuse_unlike_parts(place, parts)
    targets, classes, task = targets_of(place["targets"], raw_targets, options["task"])
    effect = _described_as(spec, path, parts, classes, task, chosen)
    raw = Raw(
        torch.from_numpy(train.values), torch.from_numpy(targets[0]),
        torch.from_numpy(parts[1].values) if len(parts) > 1 else None,
        torch.from_numpy(targets[1]) if len(parts) > 1 else None,
        largest=max(part.largest for part in parts) if train.kind == "picture" else None,
        missing=train.missing,
    )  # fmt: skip
    return effect, raw


def _chosen(path: Path, found: Mapping[str, _npz.Member], options: Mapping[str, Any]) -> dict[str, str]:
    """Role -> name of its array. raises Problem: an array that is wanted is not there"""
    chosen = {}
    for role, usual in _NAMES.items():
        wanted = options[role]
        name = _own.chosen_from(str(path), role, wanted, list(found)) if wanted else _npz.by_name(found, *usual)
        if name:
            chosen[role] = name
    for role in ("inputs", "targets"):
        if role not in chosen:
            names = ", ".join(f"{name} ({shown_shape(member.shape)})" for name, member in list(found.items())[:8])
            raise Problem(
                where=str(path),
                what=_("no array is called like {role}; it holds {names}").format(role=role, names=_own.shortened(names)),
                fix=_("Name it by the option {role}").format(role=role),
            )  # fmt: skip
    if chosen["inputs"] == chosen["targets"]:
        raise Problem(
            where=str(path),
            what=_("{name} cannot be both the samples and the targets").format(name=chosen["inputs"]),
            fix=_("Choose another array for one of them"),
        )
    if "test_inputs" not in chosen or "test_targets" not in chosen:
        chosen.pop("test_inputs", None)
        chosen.pop("test_targets", None)
    return chosen


def _refuse_unlike_parts(place: Mapping[str, str], parts: list[Samples]) -> None:
    train, test = parts[0], parts[-1]
    if train.values.shape[1:] == test.values.shape[1:] and train.values.dtype == test.values.dtype:
        return
    raise Problem(
        where=place["test_inputs"],
        what=_("its samples are {test} {test_kind}, those of the training part {train} {train_kind}").format(
            test=shown_shape(test.values.shape[1:]), test_kind=test.values.dtype,
            train=shown_shape(train.values.shape[1:]), train_kind=train.values.dtype,
        ),
        fix=_("Save both with one shape and one type"),
    )  # fmt: skip


def _described_as(
    spec: DatasetSpec,
    path: Path,
    parts: list[Samples],
    classes: list[str],
    task: Literal["classification", "regression"],
    chosen: Mapping[str, str],
) -> DatasetSpec:
    train = parts[0]
    shape = train.values.shape[1:]
    if train.kind == "picture":
        preparation: tuple[dict[str, Any], ...] = () if train.negative else ({"normalize": "-1..1"},)
    else:
        preparation = ({"standardize": True},)
    features = shape[0] if train.kind == "table" else 0
    notes = [_("{role}: the array {name}").format(role=role, name=name) for role, name in chosen.items()]
    notes.append(_("A sample is {shape}, stored as {dtype}").format(shape=shown_shape(shape), dtype=train.values.dtype))
    if train.missing:
        notes.append(_("Values that are missing (NaN) get the mean of their column in the training part"))
    if task == "classification":
        notes.append(_("{count} classes").format(count=len(classes)))
    return msgspec.structs.replace(
        spec,
        title=_own.title_of(path),
        task=task,
        kind=train.kind,
        sample_shape=shape,
        classes=tuple(classes),
        train=len(train.values),
        test=len(parts[1].values) if len(parts) > 1 else None,
        features=tuple(_("feature {n}").format(n=number + 1) for number in range(min(features, MOST_FEATURES))),
        target=chosen["targets"],
        source=str(path),
        preparation=preparation,
        notes=tuple(notes),
    )


def script(spec: DatasetSpec, *, options: Mapping[str, Any]) -> Reading:
    """How a script reads them. raises Problem"""
    path = _own.file_of(spec, options)
    found = _npz.members(path)
    chosen = _chosen(path, found, options)
    roles = [("inputs", "targets"), *([("test_inputs", "test_targets")] if "test_inputs" in chosen else [])]
    lines = [path_is("file", path), "found = np.load(file)"]
    listed = [f"found[{literal(chosen[targets])}]" for _inputs, targets in roles]
    shape = found[chosen["targets"]].shape
    one_hot = len(shape) == 2 and shape[1] > 1
    if spec.classes and not one_hot:
        one, *others = listed
        parts = f"{one}, {others[0]}" if others else one
        lines.append(f"values = np.unique(np.concatenate([{parts}], axis=None))")
    for (inputs, targets), labels in zip(roles, listed, strict=True):
        lines += _inputs_in_script(spec, inputs, chosen[inputs], found[chosen[inputs]].shape)
        if not spec.classes:
            lines.append(f"{targets} = torch.from_numpy({labels}).float().flatten()")
        elif one_hot:
            lines.append(f"{targets} = torch.from_numpy({labels}.argmax(1))")
        else:
            lines += [f"labels = np.searchsorted(values, {labels}.flatten())", f"{targets} = torch.from_numpy(labels)"]
    effect, raw = _read(spec, options, None)
    kept = raw.train_inputs.is_floating_point()
    return Reading(
        "\n".join(lines), (PATH_IMPORT, "import numpy as np"), has_test=len(roles) > 1, is_float=kept and str(found[chosen["inputs"]].dtype) == "float32",
        largest=(raw.largest or (1.0 if kept else 255.0)) if effect.kind == "picture" else None, missing=raw.missing,
    )  # fmt: skip


def _inputs_in_script(spec: DatasetSpec, name: str, array: str, shape: tuple[int, ...]) -> list[str]:
    """The samples of one array, brought to the axes that they have here."""
    wanted = spec.sample_shape
    last = len(shape) == 4 and tuple(shape[1:]) != wanted
    turned = ".permute(0, 3, 1, 2).contiguous()" if last else ""
    reshaped = "" if last or tuple(shape[1:]) == wanted else f".reshape(-1, {', '.join(map(str, wanted))})"
    return [f"{name} = torch.from_numpy(found[{literal(array)}]){turned}{reshaped}"]
