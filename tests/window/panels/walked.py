"""A step as the probe `one_step` would tell it: four samples through Flatten, Dropout and Linear, of a run by SGD."""

from typing import Any

import numpy as np

from playground.core.messages import Array, Picture, Watch
from tests.window.frame import array

WEIGHT = {
    "name": "2.weight", "index": [1, 2], "shape": [3, 4], "before": 0.5, "after": 0.4, "gradient": 2.0, "kept": 1.0,
    "accumulated": 2.0, "l1": 0.0, "clip": 1.0, "used": 2.0, "lr": 0.05, "sign": "subtract", "optimizer": "SGD",
    "arguments": {"lr": 0.05, "momentum": 0.0, "nesterov": False, "weight_decay": 0.0}, "state": {}, "steps": 0,
}  # fmt: skip
FIGURES = {"dtype": "float32", "min": -1.0, "mean": 0.25, "max": 1.0, "std": 0.5}
CODE = {
    "batch": ["x, y = train_inputs[chosen], train_targets[chosen]"],
    "forward": ["loss = loss_function(model(x), y)"],
    "loss": ["loss = loss_function(model(x), y)"],
    "zero_grad": ["optimizer.zero_grad()"],
    "backward": ["loss.backward()"],
    "step": ["optimizer.step()"],
}
TESTED = {
    "samples": 20, "modes": [2], "eval": {"loss": 0.5, "accuracy": 0.9}, "train": {"loss": 0.8, "accuracy": 0.7},
    "after": {"loss": 0.5, "accuracy": 0.9},
}  # fmt: skip


def _layer(place: int, name: str, shape: list[int], mode: str = "") -> dict[str, Any]:
    told = {"path": [place], "index": place + 1, "name": name, "mode": mode, "shape": shape}
    return {**told, **FIGURES, "counts": [1, 2, 3, *[0] * 21]}


def _parameter(name: str, shape: list[int], kept: float | None) -> dict[str, Any]:
    told = {"name": name, "index": 3, "layer": "Linear", "shape": shape, **FIGURES, "counts": [4, *[0] * 23]}
    return {**told, "norm": 2.5, "kept": kept, "before": 2.0, "after": 1.9, "moved": 0.1, "ratio": 0.05}


def picture(watch: Watch, step: int, weight: dict[str, Any] | None = None) -> Picture:
    """weight: what is another of it"""
    options = watch.options
    mode = "eval" if options.get("mode") == "eval" else "train"
    told = {**WEIGHT, **({"sign": "add", "after": 0.6} if options.get("sign") == "add" else {}), **(weight or {})}
    wanted = options.get("weight") or {}
    told |= {"name": wanted.get("name", told["name"]), "index": wanted.get("index") or told["index"]}
    facts = {
        "step": step + 1, "epoch": 0, "position": step, "steps_per_epoch": 169, "classes": list("abc"),
        "stages": [{"name": name, "code": code} for name, code in CODE.items()],
        "inputs": {"shape": [4, 1, 2, 2], **FIGURES}, "targets": {"shape": [4], "dtype": "int64"},
        "loss": {"value": 0.75, "name": "CrossEntropy", "shape": [4], **FIGURES},
        "layers": [_layer(0, "Flatten", [4, 4]), _layer(1, "Dropout", [4, 4], mode), _layer(2, "Linear", [4, 3])],
        "parameters": [_parameter("2.weight", [3, 4], told["kept"]), _parameter("2.bias", [3], told["kept"])],
        "weight": told, "part": told["shape"], "more": 3,
        "layer": {"path": list(options.get("layer", [0])), "index": 1, "name": "Flatten", "total": 4},
    }  # fmt: skip
    draw = np.random.default_rng(step)
    arrays = {
        "inputs": array(draw.uniform(-1, 1, (4, 1, 2, 2))), "targets": _int64([2, 0, 1, 2]),
        "losses": array([0.1, 1.5, 0.9, 0.5]), "predictions": _int64([2, 0, 0, 2]), "output": array(draw.normal(size=4)), "places": _int64(list(range(12))),
        **{name: array(draw.normal(size=12)) for name in ("gradient", "before", "after")},
    }  # fmt: skip
    if options.get("steps"):
        arrays |= {"right": array([0.7, 0.6, 0.5]), "changed": array([0.7, 1.4, 2.5])}
    if options.get("test"):
        facts["tested"] = TESTED
        arrays |= {"tested_eval": array([0.5] * 10), "tested_train": array(draw.uniform(0.6, 0.9, 10))}
    return Picture(watch, step, arrays, facts)


def _int64(values: list[int]) -> Array:
    return Array("int64", (len(values),), np.array(values, np.int64).tobytes())
