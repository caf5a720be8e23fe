"""Drawings of simple shapes: how far a pixel lies from the shape's edge says how white it is, so edges are smooth."""

from collections.abc import Callable, Mapping
from typing import Any

import msgspec
import numpy as np
import torch

from playground.core.spec import DatasetSpec
from playground.core.text import _
from playground.engine.datasets import Raw
from playground.engine.datasets._script import Reading
from playground.engine.fetch import Cancelled
from playground.engine.randomness import generator

RADIUS = 10.0  # of the circle around the largest shape, in pixels
_AT_ONCE = 500  # drawings

NAMES = (_("circle"), _("square"), _("triangle"), _("cross"), _("ring"))


def describe(spec: DatasetSpec, *, options: Mapping[str, Any]) -> DatasetSpec:
    """options: in effect"""
    return msgspec.structs.replace(spec, classes=NAMES[: options["kinds"]], train=options["samples"])


def load(
    spec: DatasetSpec,
    *,
    options: Mapping[str, Any],
    seed: int = 0,
    progress: Callable[[int, int], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> Raw:
    """(samples, 1, 28, 28) uint8, white on black, and (samples,) labels in random order; raises Cancelled.

    The same for the same options and seed.
    """
    draws, count, kinds = generator(seed, "data"), options["samples"], options["kinds"]
    labels = torch.randperm(count, generator=draws).numpy() % kinds
    placed = _placed(torch.rand(4, count, generator=draws, dtype=torch.float64).numpy(), options)
    side = spec.sample_shape[-1]
    pictures = np.empty((count, side, side), np.uint8)
    for start in range(0, count, _AT_ONCE):
        if cancelled is not None and cancelled():
            raise Cancelled(where=spec.title, what=_("drawing was cancelled"), fix=_("Start again whenever you like"))
        part = slice(start, min(start + _AT_ONCE, count))
        white = _drawn(labels[part], placed[:, part], side)
        if options["noise"]:
            white = white + options["noise"] * torch.randn(white.shape, generator=draws).numpy()
        pictures[part] = np.rint(255 * white.clip(0, 1)).astype(np.uint8)
        if progress is not None:
            progress(part.stop, count)
    return Raw(torch.from_numpy(pictures).unsqueeze(1), torch.from_numpy(labels.astype(np.int64)))


def _placed(random: np.ndarray, options: Mapping[str, Any]) -> np.ndarray:
    """How each shape lies: (4, N): across and down from the middle, in pixels; scale; angle, in radians.

    random: (4, N), even from 0 to 1
    """
    across, down, smaller, turned = random
    position, angle = options["position"], np.deg2rad(options["rotation"])
    return np.stack(
        [
            position * (2 * across - 1),
            position * (2 * down - 1),
            1 - options["size"] * smaller,
            angle * (2 * turned - 1),
        ]
    )


def _drawn(labels: np.ndarray, placed: np.ndarray, side: int) -> np.ndarray:
    """(N, side, side) float32, 0 to 1."""
    across, down, scale, angle = placed.astype(np.float32)[:, :, None, None]
    middle = np.arange(side, dtype=np.float32) - (side - 1) / 2
    x, y = middle[None, None, :] - across, middle[None, :, None] - down
    radius = RADIUS * scale
    u = (np.cos(angle) * x + np.sin(angle) * y) / radius
    v = (np.cos(angle) * y - np.sin(angle) * x) / radius
    outside = np.empty_like(u)
    for label, distance in enumerate(_DISTANCES):
        chosen = labels == label
        outside[chosen] = distance(u[chosen], v[chosen])
    return (0.5 - outside * radius).clip(0, 1)  # a pixel is as white as the share of it that the edge leaves inside


# How far a point lies outside a shape whose corners, if any, lie on the unit circle; negative inside. v goes down.


def _circle(u: np.ndarray, v: np.ndarray) -> np.ndarray:
    return np.hypot(u, v) - 0.9


def _square(u: np.ndarray, v: np.ndarray) -> np.ndarray:
    return np.maximum(abs(u), abs(v)) - 0.5**0.5


def _triangle(u: np.ndarray, v: np.ndarray) -> np.ndarray:
    """Of equal sides, one corner up."""
    slanted = 0.75**0.5 * abs(u) - 0.5 * v
    return np.maximum(v, slanted) - 0.5


def _cross(u: np.ndarray, v: np.ndarray) -> np.ndarray:
    long, wide = 0.95, 0.3
    lying = np.maximum(abs(u) - long, abs(v) - wide)
    standing = np.maximum(abs(u) - wide, abs(v) - long)
    return np.minimum(lying, standing)


def _ring(u: np.ndarray, v: np.ndarray) -> np.ndarray:
    return abs(np.hypot(u, v) - 0.75) - 0.15


_DISTANCES = (_circle, _square, _triangle, _cross, _ring)


def script(spec: DatasetSpec, *, options: Mapping[str, Any]) -> Reading:
    """How a script draws them."""
    body = f"""
draws = draws_for("data")
targets = torch.randperm({options["samples"]}, generator=draws) % {options["kinds"]}
random = torch.rand(4, len(targets), generator=draws, dtype=torch.float64)
across = {options["position"]} * (2 * random[0] - 1)
down = {options["position"]} * (2 * random[1] - 1)
scale = 1 - {options["size"]} * random[2]
angle = math.radians({options["rotation"]}) * (2 * random[3] - 1)
placed = torch.stack([across, down, scale, angle]).float()[:, :, None, None]
pictures = []
for label, place in zip(targets.split({_AT_ONCE}), placed.split({_AT_ONCE}, dim=1)):
    white = drawn_shapes(label, *place)
    white = white + {options["noise"]} * torch.randn(white.shape, generator=draws)
    pictures.append((255 * white.clamp(0, 1)).round().byte())
inputs = torch.cat(pictures).unsqueeze(1)
"""
    if not options["noise"]:
        body = "\n".join(line for line in body.split("\n") if "torch.randn(" not in line)
    side = spec.sample_shape[-1]
    return Reading(body, functions=_DRAWN_SHAPES.replace("SIDE", str(side)), largest=255)


_DRAWN_SHAPES = '''
def drawn_shapes(labels, across, down, scale, angle):
    """Pictures, 0 to 1: how far a pixel lies from the edge says how white it is."""
    middle = torch.arange(SIDE) - (SIDE - 1) / 2
    x, y = middle[None, None, :] - across, middle[None, :, None] - down
    radius = RADIUS * scale
    u = (angle.cos() * x + angle.sin() * y) / radius
    v = (angle.cos() * y - angle.sin() * x) / radius
    outside = [
        torch.hypot(u, v) - 0.9,
        torch.maximum(u.abs(), v.abs()) - 0.5**0.5,
        torch.maximum(v, 0.75**0.5 * u.abs() - 0.5 * v) - 0.5,
        torch.minimum(
            torch.maximum(u.abs() - 0.95, v.abs() - 0.3),
            torch.maximum(u.abs() - 0.3, v.abs() - 0.95),
        ),
        (torch.hypot(u, v) - 0.75).abs() - 0.15,
    ]
    chosen = torch.stack(outside)[labels, torch.arange(len(labels))]
    return (0.5 - chosen * radius).clamp(0, 1)
'''.replace("RADIUS", str(RADIUS))
