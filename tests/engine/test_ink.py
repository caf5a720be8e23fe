"""Drawings in the style of samples, against pictures that numpy makes in another way."""

import numpy as np
import pytest

from playground.core.data import Data
from playground.engine import ink, loader
from tests.handwriting import DIGITS, inked, written

SIDE = 128


@pytest.fixture(scope="module")
def digits() -> np.ndarray:
    """scikit-learn's, (n, 8, 8), 0 to 1."""
    return loader.prepare(Data("digits"), 0).stored("train", range(1000)).numpy()[:, 0] / 16


@pytest.fixture(scope="module")
def like_mnist() -> np.ndarray:
    """A hand's digits as MNIST's makers did it: the longer side 20 px, centre of mass in the middle of 28×28."""
    draw, found = np.random.default_rng(1), []
    for number in range(60):
        drawn = inked(written(number % 10, draw), 0.07, 80)
        found.append(_as_mnist(drawn))
    return np.stack(found)


def _as_mnist(drawn: np.ndarray, room: int = 28, side: int = 20) -> np.ndarray:
    """By points in place of areas: each pixel of the sample is the mean of 8×8 places that it looks at."""
    rows, columns = np.nonzero(drawn > 0.5)
    scale = side / (max(np.ptp(rows), np.ptp(columns)) + 1)
    total = drawn.sum()
    middle = [(drawn.sum(axis=1 - axis) @ (np.arange(drawn.shape[axis]) + 0.5)) / total for axis in (0, 1)]
    fine = (np.arange(8 * room) + 0.5) / 8 - room / 2
    down, across = (np.floor(fine / scale + middle[axis]).astype(int) for axis in (0, 1))
    inside = ((down >= 0) & (down < drawn.shape[0]))[:, None] & ((across >= 0) & (across < drawn.shape[1]))
    seen = drawn[np.clip(down, 0, drawn.shape[0] - 1)][:, np.clip(across, 0, drawn.shape[1] - 1)] * inside
    return seen.reshape(room, 8, room, 8).mean(axis=(1, 3))


def boxed(sample: np.ndarray) -> tuple[int, int]:
    rows, columns = np.nonzero(sample > 0.25)
    return int(np.ptp(rows)) + 1, int(np.ptp(columns)) + 1


def mass(sample: np.ndarray) -> np.ndarray:
    rows, columns = np.mgrid[0 : sample.shape[0], 0 : sample.shape[1]] + 0.5
    return np.array([(rows * sample).sum(), (columns * sample).sum()]) / sample.sum()


def test_the_style_of_real_digits_is_found_out(digits):
    style = ink.measure(digits)
    assert style.shape == (8, 8)
    assert style.side == 8  # each of them reaches from the first to the last row
    assert style.centre == pytest.approx((4, 4), abs=0.2)


def test_the_style_of_mnist_is_found_out(like_mnist):
    style = ink.measure(like_mnist)
    assert style.by_mass
    assert style.centre == pytest.approx((14, 14), abs=0.05)
    assert style.side == pytest.approx(20, abs=1)


@pytest.mark.parametrize("digit", DIGITS)
def test_a_drawing_is_as_large_and_lies_where_the_samples_do(like_mnist, digit):
    drawn = inked(written(digit, np.random.default_rng(digit)), 0.08, SIDE)
    made = ink.fitted(drawn, ink.measure(like_mnist))
    assert made.shape == (28, 28)
    assert max(boxed(made)) == pytest.approx(20, abs=2)
    np.testing.assert_allclose(mass(made), (14, 14), atol=0.1)
    assert 0 <= made.min() <= made.max() <= 1


def test_it_does_not_matter_where_and_how_large_something_is_drawn(digits):
    style, strokes = ink.measure(digits), DIGITS[3]
    small = [[(0.1 + 0.5 * x, 0.4 + 0.5 * y) for x, y in stroke] for stroke in strokes]
    whole, half = (ink.fitted(inked(one, width, SIDE), style) for one, width in ((strokes, 0.1), (small, 0.05)))
    assert np.abs(whole - half).mean() < 0.03


@pytest.mark.parametrize("width", [0.03, 0.06, 0.1, 0.15])
def test_strokes_become_as_thick_as_those_of_the_samples(like_mnist, width):
    style = ink.measure(like_mnist)
    made = ink.fitted(inked(DIGITS[0], width, SIDE), style)
    assert _thickness(made) == pytest.approx(np.mean([_thickness(one) for one in like_mnist]), rel=0.2)


def _thickness(sample: np.ndarray) -> float:
    """px, of a ring or a hook: its ink by the length of the line in its middle, found as what is left when it is thinned."""
    lines = sum(np.count_nonzero(np.diff((row > 0.5).astype(int)) == 1) for row in (*sample, *sample.T)) / 2
    return float(sample.sum() / max(1, lines))


def test_nothing_drawn_is_an_empty_sample(digits):
    assert not ink.fitted(np.zeros((SIDE, SIDE)), ink.measure(digits)).any()


def test_samples_without_ink_have_a_style_too():
    assert ink.measure(np.zeros((3, 8, 8))).weight == 0
    assert ink.fitted(inked(DIGITS[1], 0.1, SIDE), ink.measure(np.zeros((3, 8, 8)))).any()


@pytest.mark.parametrize("side", [32, 28, 11])
def test_each_pixel_of_a_smaller_picture_is_the_mean_of_what_it_covers(side):
    picture = np.random.default_rng(0).uniform(size=(3, SIDE, SIDE))
    repeated = picture.repeat(side, axis=1).repeat(side, axis=2)
    expected = repeated.reshape(3, side, SIDE, side, SIDE).mean(axis=(2, 4))
    np.testing.assert_allclose(ink.scaled(picture, (side, side)), expected, atol=1e-5)
