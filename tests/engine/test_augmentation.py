"""Each random step against torchvision, sample by sample, with what was drawn."""

import math

import pytest
import torch
from hypothesis import assume, example, given, settings, strategies as st
from torchvision.transforms import InterpolationMode
from torchvision.transforms.v2 import functional

from playground.core.preparations import PREPARATIONS
from playground.core.problem import Problem
from playground.engine import preparation
from playground.engine.preparation import Pipeline, Sample

SHAPES = [(1, 28, 28), (3, 9, 14), (3, 32, 32)]


def pictures(shape, count=9):
    return torch.rand(count, *shape, generator=torch.Generator().manual_seed(1)) * 2 - 1


def step_of(name, value, shape, limits=(-1.0, 1.0)):
    return preparation.steps_of([{name: value}], Sample(shape, limits))[0]


def drawn_by(seed):
    return torch.Generator().manual_seed(seed)


def applied(name, value, shape, limits=(-1.0, 1.0)):
    """What comes in, what was drawn, what comes out."""
    batch, step = pictures(shape), step_of(name, value, shape, limits)
    drawn = step.drawn(batch, drawn_by(3))
    return batch, drawn, step.changed(batch.clone(), drawn_by(3))


@pytest.mark.parametrize("shape", SHAPES)
def test_flipping_is_torchvisions(shape):
    batch, drawn, out = applied("flip", 0.5, shape)
    expected = torch.stack(
        [functional.horizontal_flip(one) if flip else one for one, flip in zip(batch, drawn, strict=True)]
    )
    assert torch.equal(out, expected)
    assert 0 < drawn.sum() < len(drawn)


@pytest.mark.parametrize("shape", SHAPES)
def test_shifting_is_torchvisions(shape):
    batch, drawn, out = applied("shift", 5, shape)
    for one, (down, right), moved in zip(batch, drawn.tolist(), out, strict=True):
        expected = functional.affine(one, angle=0, translate=[right, down], scale=1, shear=[0, 0], fill=[-1.0])
        assert torch.equal(moved, expected)
    assert drawn.abs().max() == 5
    assert drawn.min() < 0 < drawn.max()


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize(("limits", "fill"), [((-1.0, 1.0), -1.0), ((0.0, 1.0), None), (None, None)])
def test_rotating_is_torchvisions(shape, limits, fill):
    batch, drawn, out = applied("rotate", 40, shape, limits)
    for one, angle, turned in zip(batch, drawn.tolist(), out, strict=True):
        expected = functional.rotate(one, angle, InterpolationMode.BILINEAR, fill=fill)
        torch.testing.assert_close(turned, expected, rtol=1e-5, atol=1e-5)  # places are rounded in another order
    assert 20 < drawn.abs().max() <= 40


def test_noise_is_normal_with_the_deviation_that_was_asked_for():
    step, batch = step_of("noise", 0.25, (3, 32, 32)), torch.zeros(40, 3, 32, 32)
    added = step.changed(batch.clone(), drawn_by(0)).double()
    assert torch.equal(added.float(), 0.25 * torch.randn(batch.shape, generator=drawn_by(0)))
    assert added.mean().abs() < 4 * 0.25 / math.sqrt(batch.numel())
    assert added.std().item() == pytest.approx(0.25, rel=0.01)


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("side", [1, 6, 7, 8, 9])
def test_cropping_is_torchvisions(shape, side):
    batch = pictures(shape)
    assert torch.equal(preparation.apply([step_of("crop", side, shape)], batch), functional.center_crop(batch, [side]))


def test_grayscale_is_torchvisions():
    batch = pictures((3, 8, 8))
    out = preparation.apply([step_of("grayscale", True, (3, 8, 8))], batch)
    torch.testing.assert_close(out, functional.rgb_to_grayscale(batch), rtol=1e-5, atol=1e-6)
    grey = pictures((1, 8, 8))
    assert torch.equal(preparation.apply([step_of("grayscale", True, (1, 8, 8))], grey), grey)


def test_a_token_becomes_a_row_with_one_1():
    text = torch.tensor([[0, 2, 1], [2, 2, 0]])
    steps = preparation.steps_of([{"one_hot": True}], Sample((3,), None, "text", 4))
    out = Pipeline(steps, 0, text=True).late(text)
    assert out.dtype == torch.float32
    assert out.shape == (2, 3, 4) == (2, *steps[-1].shape)
    assert torch.equal(out, torch.eye(4)[text])


@pytest.mark.parametrize("name", [name for name, spec in PREPARATIONS.items() if spec.random])
def test_no_random_step_touches_a_sample_that_is_not_trained_on(name):
    value = PREPARATIONS[name].argument.default
    batch = pictures((3, 9, 14))
    pipeline = Pipeline([step_of(name, value, (3, 9, 14))], 0)
    assert torch.equal(pipeline.late(batch), batch)
    assert not torch.equal(pipeline.late(batch, drawn_by(0)), batch)


def test_a_batch_is_never_changed_where_it_lies():
    steps = preparation.steps_of(
        [{"rotate": 20}, {"noise": 0.3}, {"standardize": True}, {"shift": 2}], Sample((1, 9, 9), (-1.0, 1.0))
    )
    preparation.fit(steps, pictures((1, 9, 9), 50))
    batch = pictures((1, 9, 9))
    for drawn in (None, drawn_by(0)):
        Pipeline(steps, 0).late(batch, drawn)
        assert torch.equal(batch, pictures((1, 9, 9)))


@pytest.mark.parametrize("name", [name for name, spec in PREPARATIONS.items() if spec.late or spec.random])
def test_declarations_and_steps_agree_on_what_is_late(name):
    kind, tokens = ("text", 5) if PREPARATIONS[name].kinds == ("text",) else ("picture", 0)
    shape = (6,) if tokens else (1, 9, 9)
    step = preparation.steps_of([{name: PREPARATIONS[name].argument.default}], Sample(shape, None, kind, tokens))[0]
    assert (step.late, step.random) == (PREPARATIONS[name].late, PREPARATIONS[name].random)


@pytest.mark.parametrize(
    ("steps", "sample", "words"),
    [
        ([{"crop": 9}], Sample((1, 8, 20), (0, 1)), ["8×20", "Crop to 8"]),
        ([{"shift": 8}], Sample((1, 8, 20), (0, 1)), ["out of sight", "7 px at most"]),
        ([{"grayscale": True}], Sample((4, 8, 8), (0, 1)), ["4 channels"]),
        ([{"noise": 0.1}, {"normalize": "0..1"}], Sample((1, 8, 8), (0, 1)), ["step 2", "adds noise"]),
        ([{"rotate": 5}], Sample((2,), None, "plane"), ["works only on pictures", "a point of 2"]),
        ([{"one_hot": True}], Sample((1, 8, 8), (0, 1)), ["works only on texts", "a picture of 1×8×8"]),
        ([{"noise": 1}], Sample((5,), None, "text", 9), ["a text of 5 tokens"]),
        ([{"one_hot": True}, {"one_hot": True}], Sample((5,), None, "text", 9), ["step 2", "already"]),
        ([{"normalize": "0..1"}], Sample((16,), None, "series"), ["series", "standardize"]),
        ([{"flip": 1.5}], Sample((1, 8, 8), (0, 1)), ["at most 1"]),
    ],
)
def test_a_step_that_does_not_fit_says_so(steps, sample, words):
    with pytest.raises(Problem) as caught:
        preparation.steps_of(steps, sample)
    assert all(word in str(caught.value) for word in words), str(caught.value)


def test_a_series_of_one_channel_is_standardised_as_one():
    series = torch.rand(50, 12, generator=drawn_by(0)) + torch.arange(12.0)
    steps = preparation.steps_of([{"standardize": True}], Sample((12,), None, "series"))
    preparation.fit(steps, series)
    expected = (series.double() - series.double().mean()) / series.double().std(correction=0)
    torch.testing.assert_close(preparation.apply(steps, series).double(), expected, rtol=1e-4, atol=1e-5)


STEP = st.one_of(
    st.builds(lambda side: {"resize": side}, st.integers(1, 20)),
    st.builds(lambda side: {"crop": side}, st.integers(1, 12)),
    st.builds(lambda on: {"grayscale": on}, st.booleans()),
    st.builds(lambda limits: {"normalize": limits}, st.sampled_from(["0..1", "-1..1"])),
    st.builds(lambda on: {"standardize": on}, st.booleans()),
    st.builds(lambda share: {"flip": share}, st.floats(0, 1)),
    st.builds(lambda pixels: {"shift": pixels}, st.integers(0, 6)),
    st.builds(lambda angle: {"rotate": angle}, st.floats(0, 180)),
    st.builds(lambda deviation: {"noise": deviation}, st.floats(0, 1)),
)


@settings(max_examples=60)
@given(st.lists(STEP, max_size=5), st.integers(1, 9), st.sampled_from([(3, 12, 10), (1, 9, 9)]))
@example([{"crop": 5}, {"flip": 0.0}, {"resize": 1}], 2, (3, 12, 10))
def test_it_does_not_matter_when_a_step_is_done(entries, count, shape):
    try:
        steps = preparation.steps_of(entries, Sample(shape, (0.0, 255.0)))
    except Problem:
        assume(False)
    stored = torch.randint(0, 256, (count, *shape), dtype=torch.uint8, generator=drawn_by(2))
    preparation.fit(steps, stored)
    first_late = next((place for place, step in enumerate(steps) if step.late), len(steps))
    once, each = Pipeline(steps, first_late), Pipeline(steps, preparation.STREAMED)
    kept = once.early(stored)
    assert each.early(stored) is stored
    for seed in (None, 4):
        drawn = [None if seed is None else drawn_by(seed) for _ in range(2)]
        out = once.late(kept, drawn[0])
        assert torch.equal(out, each.late(stored, drawn[1]))
        assert out.shape == (count, *preparation.shape_after(steps, shape))
        assert out.dtype == torch.float32
        assert out.is_contiguous()
    if all(step.gives.limits for step in steps):
        low, high = steps[-1].gives.limits if steps else (0.0, 255.0)
        assert low - 1e-3 <= out.min()
        assert out.max() <= high + 1e-3
