"""Points of the plane. Circles, moons and blobs are those of scikit-learn's make_circles, make_moons and make_blobs.

The geometry is worked out by NumPy in float64, so that the points are the same bits on any number of threads; what is
random comes from the project's seed.
"""

from collections.abc import Mapping
from typing import Any

import msgspec
import numpy as np
import torch

from playground.core.spec import DatasetSpec
from playground.core.text import _
from playground.engine.datasets import Raw
from playground.engine.datasets._script import Reading
from playground.engine.randomness import generator

_BOX = 10.0  # the middles of the blobs lie in a square from −10 to 10, as in scikit-learn


def describe(spec: DatasetSpec, *, options: Mapping[str, Any]) -> DatasetSpec:
    """options: in effect"""
    count = options.get("arms") or options.get("blobs")
    named = _("arm {n}") if spec.name == "spirals" else _("blob {n}")
    classes = tuple(named.format(n=number + 1) for number in range(count)) if count else spec.classes
    return msgspec.structs.replace(spec, classes=classes, train=options["samples"])


def load(spec: DatasetSpec, *, options: Mapping[str, Any], seed: int = 0) -> Raw:
    """(samples, 2) float32 and (samples,) labels, in random order. The same for the same options and seed."""
    draws = generator(seed, "data")
    points, labels = _MAKERS[spec.name](options, draws)
    noise = options.get("noise", 0.0)
    if noise:
        points = points + noise * _normal(len(points), draws)
    order = torch.randperm(len(points), generator=draws).numpy()
    return Raw(
        torch.from_numpy(points[order].astype(np.float32)), torch.from_numpy(labels[order].astype(np.int64))
    )  # fmt: skip


def _circles(options: Mapping[str, Any], draws: torch.Generator) -> tuple[np.ndarray, np.ndarray]:
    outer, inner = _halves(options["samples"])
    turns = [np.linspace(0, 2 * np.pi, count, endpoint=False) for count in (outer, inner)]
    rings = [radius * _on_circle(turn) for radius, turn in zip((1.0, options["factor"]), turns, strict=True)]
    return np.concatenate(rings), _labels([outer, inner])


def _moons(options: Mapping[str, Any], draws: torch.Generator) -> tuple[np.ndarray, np.ndarray]:
    upper, lower = _halves(options["samples"])
    first, second = (_on_circle(np.linspace(0, np.pi, count)) for count in (upper, lower))
    return np.concatenate([first, np.array([1.0, 0.5]) - second]), _labels([upper, lower])


def _spirals(options: Mapping[str, Any], draws: torch.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Archimedes' spirals: the radius grows to 1 with the angle; the points lie evenly along the angle."""
    counts = _shares(options["samples"], options["arms"])
    arms = []
    for arm, count in enumerate(counts):
        radius = np.linspace(0.05, 1, count)
        angle = 2 * np.pi * (options["turns"] * radius + arm / len(counts))
        arms.append(radius[:, None] * _on_circle(angle))
    return np.concatenate(arms), _labels(counts)


def _xor(options: Mapping[str, Any], draws: torch.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Uniform in the square from −1 to 1; labelled before the noise is added."""
    points = 2 * torch.rand(options["samples"], 2, generator=draws, dtype=torch.float64).numpy() - 1
    return points, (points[:, 0] > 0) != (points[:, 1] > 0)


def _blobs(options: Mapping[str, Any], draws: torch.Generator) -> tuple[np.ndarray, np.ndarray]:
    counts = _shares(options["samples"], options["blobs"])
    middles = _BOX * (2 * torch.rand(len(counts), 2, generator=draws, dtype=torch.float64).numpy() - 1)
    labels = _labels(counts)
    return middles[labels] + options["spread"] * _normal(len(labels), draws), labels


_MAKERS = {"circles": _circles, "moons": _moons, "spirals": _spirals, "xor": _xor, "blobs": _blobs}


def _normal(count: int, draws: torch.Generator) -> np.ndarray:
    return torch.randn(count, 2, generator=draws, dtype=torch.float64).numpy()


def _on_circle(angles: np.ndarray) -> np.ndarray:
    return np.stack([np.cos(angles), np.sin(angles)], axis=1)


def _halves(samples: int) -> tuple[int, int]:
    return samples // 2, samples - samples // 2


def _shares(samples: int, classes: int) -> list[int]:
    """As equal as can be, the first ones one larger."""
    return [samples // classes + (label < samples % classes) for label in range(classes)]


def _labels(counts: list[int]) -> np.ndarray:
    return np.repeat(np.arange(len(counts)), counts)


def script(spec: DatasetSpec, *, options: Mapping[str, Any]) -> Reading:
    """How a script makes them."""
    drawn, noise = _SCRIPTS[spec.name].strip("\n"), options.get("noise", 0.0)
    for name, value in options.items():
        drawn = drawn.replace(name.upper(), str(value))
    kind = "generator=draws, dtype=torch.float64"
    noisy = f"noise = torch.randn(len(points), 2, {kind})\npoints = points + {noise} * noise\n" if noise else ""
    body = f"""
draws = draws_for("data")
{drawn.replace("KIND", kind)}
{noisy}order = torch.randperm(len(points), generator=draws)
inputs, targets = points[order].float(), labels[order]
"""
    return Reading(body, functions=_ON_CIRCLE if "on_circle" in drawn else "", is_float=True)


_ON_CIRCLE = '''
def on_circle(angle):
    """Points on the unit circle."""
    return torch.stack([angle.cos(), angle.sin()], 1)
'''
_HALVES = """
outer = SAMPLES // 2
inner = SAMPLES - outer
"""
# name of the set -> how `points`, (samples, 2) float64, and `labels` are made; in capitals the options
_SCRIPTS = {
    "circles": _HALVES
    + """
outside = on_circle(torch.arange(outer, dtype=torch.float64) * (2 * torch.pi / outer))
inside = on_circle(torch.arange(inner, dtype=torch.float64) * (2 * torch.pi / inner))
points = torch.cat([outside, FACTOR * inside])
labels = torch.tensor([0] * outer + [1] * inner)
""",
    "moons": _HALVES
    + """
upper = on_circle(torch.linspace(0, torch.pi, outer, dtype=torch.float64))
lower = on_circle(torch.linspace(0, torch.pi, inner, dtype=torch.float64))
points = torch.cat([upper, torch.tensor([1.0, 0.5]) - lower])
labels = torch.tensor([0] * outer + [1] * inner)
""",
    "spirals": """
points, labels = [], []
for arm in range(ARMS):
    count = SAMPLES // ARMS + (arm < SAMPLES % ARMS)
    radius = torch.linspace(0.05, 1, count, dtype=torch.float64)
    angle = 2 * torch.pi * (TURNS * radius + arm / ARMS)
    points.append(radius[:, None] * on_circle(angle))
    labels += [arm] * count
points, labels = torch.cat(points), torch.tensor(labels)
""",
    "xor": """
points = 2 * torch.rand(SAMPLES, 2, KIND) - 1
labels = ((points[:, 0] > 0) != (points[:, 1] > 0)).long()
""",
    "blobs": """
counts = [SAMPLES // BLOBS + (blob < SAMPLES % BLOBS) for blob in range(BLOBS)]
middles = 10 * (2 * torch.rand(BLOBS, 2, KIND) - 1)
labels = torch.arange(BLOBS).repeat_interleave(torch.tensor(counts))
points = torch.randn(SAMPLES, 2, KIND)
points = middles[labels] + SPREAD * points
""",
}
