import numpy as np
import pytest
import torch
from PIL import Image, ImageDraw

from playground.core.arguments import in_effect
from playground.core.datasets import DATASETS
from playground.core.problem import Problem
from playground.engine.datasets import shapes

SPEC = DATASETS["shapes"]
STILL = {"position": 0.0, "size": 0.0, "rotation": 0.0, "noise": 0.0}
FINE = 20  # Pillow draws so many times larger


def drawn(seed=0, **pinned):
    options = in_effect(SPEC.arguments, pinned, None)
    raw = shapes.load(SPEC, options=options, seed=seed)
    assert raw.train_inputs.shape == (options["samples"], 1, 28, 28)
    assert raw.train_inputs.dtype == torch.uint8
    return raw.train_inputs[:, 0].numpy(), raw.train_targets.numpy()


def by_pillow(label, angle=0.0):
    """The same shape in the middle, drawn by Pillow, 20 times larger, and scaled down. angle: degrees"""
    side, radius, middle = 28 * FINE, 10 * FINE, 14 * FINE
    picture = Image.new("L", (side, side))
    pencil = ImageDraw.Draw(picture)

    def polygon(*corners):
        pencil.polygon([(middle + radius * u, middle + radius * v) for u, v in corners], fill=255)

    def disc(share, fill=255):
        pencil.ellipse(
            [middle - radius * share, middle - radius * share, middle + radius * share, middle + radius * share],
            fill=fill,
        )

    half, third = 0.5**0.5, 0.75**0.5
    if label == 0:
        disc(0.9)
    elif label == 1:
        polygon((-half, -half), (half, -half), (half, half), (-half, half))
    elif label == 2:
        polygon((0, -1), (third, 0.5), (-third, 0.5))
    elif label == 3:
        polygon((-0.95, -0.3), (0.95, -0.3), (0.95, 0.3), (-0.95, 0.3))
        polygon((-0.3, -0.95), (0.3, -0.95), (0.3, 0.95), (-0.3, 0.95))
    else:
        disc(0.9)
        disc(0.6, fill=0)
    return np.asarray(picture.rotate(-angle).resize((28, 28), Image.Resampling.BOX), dtype=float)


def test_a_shape_at_rest_is_the_one_that_pillow_draws():
    pictures, labels = drawn(samples=10, kinds=5, **STILL)
    assert sorted(labels) == [0, 0, 1, 1, 2, 2, 3, 3, 4, 4]
    for picture, label in zip(pictures, labels, strict=True):
        assert np.abs(picture - by_pillow(label)).mean() < 2.5, SPEC.classes[:3]
        assert np.abs(picture.sum() / by_pillow(label).sum() - 1) < 0.02


def test_shapes_lie_where_and_are_as_large_as_the_options_allow():
    circles, labels = drawn(samples=2000, kinds=2, **{**STILL, "position": 3.0})
    white = circles[labels == 0].astype(float)
    grid = np.arange(28) - 13.5
    for axis in (1, 2):
        middles = (white.sum(axis=3 - axis) * grid).sum(axis=1) / white.sum(axis=(1, 2))
        assert np.abs(middles).max() < 3.05
        assert middles.min() < -2.7
        assert middles.max() > 2.7
        assert abs(middles.mean()) < 0.2
    circles, labels = drawn(samples=2000, kinds=2, **{**STILL, "size": 0.5})
    areas = circles[labels == 0].sum(axis=(1, 2)) / 255
    assert areas.max() == pytest.approx(np.pi * 81, rel=0.02)
    assert areas.min() == pytest.approx(np.pi * 81 / 4, rel=0.06)


def test_rotation_turns_as_pillow_does():
    pictures, labels = drawn(samples=400, kinds=3, **{**STILL, "rotation": 180.0})
    triangles = pictures[labels == 2].astype(float)
    turned = np.stack([by_pillow(2, angle) for angle in range(0, 120, 4)])
    errors = np.abs(triangles[:, None] - turned[None]).mean(axis=(2, 3))
    assert errors.min(axis=1).max() < 9  # each one is one of these
    assert len(set(errors.argmin(axis=1))) > 25  # and nearly all of these come up
    upright = drawn(samples=400, kinds=3, **{**STILL, "rotation": 10.0})[0][labels == 2]
    closest = np.abs(upright[:, None].astype(float) - turned[None]).mean(axis=(2, 3)).argmin(axis=1)
    assert set(closest) <= {0, 1, 2, 3, 27, 28, 29}  # 120° further the triangle is the same again


def test_noise_is_on_every_pixel():
    still, noisy = (
        drawn(samples=300, kinds=2, **{**STILL, "noise": noise})[0].astype(float) / 255 for noise in (0.0, 0.1)
    )
    black = noisy[still == 0]
    assert (black > 0).mean() == pytest.approx(0.5, abs=0.03)
    assert np.sqrt((black**2).mean()) == pytest.approx(0.1 / 2**0.5, rel=0.03)  # half of it is cut off at black


def test_the_seed_alone_decides_and_the_declaration_holds():
    first, again, other = drawn(1, samples=600), drawn(1, samples=600), drawn(2, samples=600)
    assert all(np.array_equal(*pair) for pair in zip(first, again, strict=True))
    assert not np.array_equal(first[0], other[0])
    assert shapes.describe(SPEC, options=in_effect(SPEC.arguments, {}, None)) == SPEC
    found = shapes.describe(SPEC, options=in_effect(SPEC.arguments, {"kinds": 5, "samples": 50}, None))
    assert (found.train, found.classes) == (50, ("circle", "square", "triangle", "cross", "ring"))
    assert np.bincount(drawn(samples=502, kinds=5)[1]).tolist() == [101, 101, 100, 100, 100]


def test_drawing_can_be_watched_and_cancelled():
    options, told = in_effect(SPEC.arguments, {"samples": 1200}, None), []
    shapes.load(SPEC, options=options, progress=lambda *both: told.append(both))
    assert told == [(500, 1200), (1000, 1200), (1200, 1200)]
    with pytest.raises(Problem, match="Shapes: drawing was cancelled"):
        shapes.load(SPEC, options=options, cancelled=lambda: True)
