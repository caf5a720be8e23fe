from collections import Counter

import numpy as np
import pytest
import torch

from playground.core.arguments import in_effect
from playground.core.datasets import DATASETS
from playground.core.problem import Problem
from playground.disk import resources
from playground.engine.datasets import noisy_sines, small_text

WAVES, TEXT = DATASETS["noisy-sines"], DATASETS["small-text"]


def waves(seed=0, **pinned):
    options = in_effect(WAVES.arguments, pinned, None)
    raw = noisy_sines.load(WAVES, options=options, seed=seed)
    assert raw.train_inputs.shape == (options["samples"], options["window"])
    return raw.train_inputs.numpy(), raw.train_targets.numpy()


def test_without_noise_a_wave_goes_on_as_a_wave():
    """x[t+1] = 2 cos(ω) x[t] − x[t−1]: what every sine obeys, whatever its height and beginning."""
    seen, after = waves(noise=0.0, samples=500, window=60)
    middle, around = seen[:, 1:-1], seen[:, :-2] + seen[:, 2:]
    twice_cosine = (middle * around).sum(axis=1) / (middle**2).sum(axis=1)
    assert np.allclose(around, twice_cosine[:, None] * middle, atol=1e-4)
    assert np.allclose(after, twice_cosine * seen[:, -1] - seen[:, -2], atol=1e-4)
    lengths = 2 * np.pi / np.arccos(twice_cosine / 2)
    assert lengths.min() == pytest.approx(8, abs=0.5)
    assert lengths.max() == pytest.approx(40, abs=0.5)
    heights = np.abs(seen).max(axis=1)
    assert heights.min() == pytest.approx(0.5, abs=0.03)
    assert heights.max() == pytest.approx(1.0, abs=0.02)


def test_the_target_lies_as_far_ahead_as_asked():
    near, far = waves(noise=0.0, window=20), waves(noise=0.0, window=12, ahead=8)
    assert np.allclose(near[0][:, :12], far[0], atol=1e-6)
    assert np.allclose(near[0][:, 19], far[1], atol=1e-6)


def test_the_noise_is_as_large_as_asked():
    still, noisy = waves(noise=0.0, samples=5000), waves(noise=0.3, samples=5000)
    for before, after in zip(still, noisy, strict=True):
        assert (after - before).std() == pytest.approx(0.3, rel=0.03)
        assert abs((after - before).mean()) < 0.02


def test_the_seed_alone_decides_and_the_declaration_holds():
    assert all(np.array_equal(*pair) for pair in zip(waves(3), waves(3), strict=True))
    assert not np.array_equal(waves(3)[0], waves(4)[0])
    assert noisy_sines.describe(WAVES, options=in_effect(WAVES.arguments, {}, None)) == WAVES
    found = noisy_sines.describe(WAVES, options=in_effect(WAVES.arguments, {"window": 9, "samples": 70}, None))
    assert (found.sample_shape, found.train) == ((9,), 70)


@pytest.fixture(scope="module")
def story() -> str:
    return resources.path("texts", "small-text.txt").read_text(encoding="utf-8")


def read(raw_tokens) -> str:
    return "".join({"↵": "\n", "␣": " "}.get(TEXT.classes[token], TEXT.classes[token]) for token in raw_tokens)


@pytest.mark.parametrize("window", [1, 32, 256])
def test_every_window_and_what_follows_it_stand_in_the_story(story, window):
    options = in_effect(TEXT.arguments, {"window": window}, None)
    raw, found = small_text.load(TEXT, options=options), small_text.describe(TEXT, options=options)
    assert raw.train_inputs.dtype == raw.train_targets.dtype == torch.int64
    assert raw.train_inputs.shape == (found.train, window)
    assert raw.test_inputs.shape == (found.test, window)
    assert found.sample_shape == (window,)
    cut = found.train + window
    assert 0.09 < 1 - cut / len(story) < 0.11
    for inputs, targets, begin in ((raw.train_inputs, raw.train_targets, 0), (raw.test_inputs, raw.test_targets, cut)):
        for number in (0, 1, len(inputs) // 2, len(inputs) - 1):
            start = begin + number
            assert read(inputs[number].tolist()) == story[start : start + window]
            assert read([int(targets[number])]) == story[start + window]
    assert begin + number + window == len(story) - 1  # the last window ends where the story does


def test_a_window_costs_no_memory_of_its_own():
    raw = small_text.load(TEXT, options={"window": 256})
    assert raw.train_inputs.untyped_storage().nbytes() < 100_000
    assert raw.train_inputs.numel() * 8 > 1_000_000


def test_the_declaration_is_that_of_the_story(story):
    assert small_text.describe(TEXT, options=in_effect(TEXT.arguments, {}, None)) == TEXT
    assert "".join(sorted(set(story))) == small_text.CHARACTERS
    assert TEXT.tokens == len(TEXT.classes) == len(set(TEXT.classes)) == len(set(story))
    assert f"{len(story):,}" in TEXT.summary
    assert 3000 < len(story) < 10_000
    assert max(Counter(story).values()) / len(story) < 0.25


def test_a_story_that_was_changed_is_told(tmp_path, monkeypatch):
    for content in ("Zebra!", "", "a" * 300):
        (tmp_path / "small-text.txt").write_text(content)
        monkeypatch.setattr(resources, "path", lambda *parts: tmp_path / parts[-1])
        with pytest.raises(Problem, match=r"small-text\.txt: the story"):
            small_text.load(TEXT, options={"window": 32})
