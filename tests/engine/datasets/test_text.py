import pytest
import torch

from playground.core.data import Data
from playground.core.problem import Problem
from playground.engine import loader
from playground.engine.datasets import text

SPEC = loader.spec_of("text")


def opened(path, **options):
    effective = {one.name: one.default for one in SPEC.arguments} | {"path": str(path), **options}
    return text.describe(SPEC, options=effective), text.load(SPEC, options=effective)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-be"])
def test_every_window_is_followed_by_its_target(tmp_path, encoding):
    story = "Ein kühler Morgen.\nUnd dann: «Regen», 雨! " * 12
    path = tmp_path / "story.txt"
    path.write_bytes(story.encode(encoding))
    spec, raw = opened(path, window=7)
    alphabet = sorted(set(story))
    cut = len(story) - len(story) // 10
    for part, inputs, targets in (
        (story[:cut], raw.train_inputs, raw.train_targets),
        (story[cut:], raw.test_inputs, raw.test_targets),
    ):
        assert inputs.shape == (len(part) - 7, 7)
        assert inputs.dtype == torch.int64
        for start in range(len(part) - 7):
            assert "".join(alphabet[token] for token in inputs[start]) == part[start : start + 7]
            assert alphabet[targets[start]] == part[start + 7]
    assert (spec.tokens, spec.train, spec.test) == (len(alphabet), cut - 7, len(story) - cut - 7)
    assert spec.classes[alphabet.index("雨")] == "雨"
    assert spec.classes[alphabet.index(" ")] == "␣"


def test_tiny_shakespeare_has_its_65_characters(real_data):
    spec, raw = opened(real_data / "tinyshakespeare.txt", window=64)
    assert spec.tokens == 65
    assert spec.train + spec.test == 1_115_394 - 2 * 64
    assert raw.train_inputs.untyped_storage().nbytes() < 10_000_000  # a view, not a million windows


def test_it_is_prepared_as_rows_of_one_hot_tokens(tmp_path):
    path = tmp_path / "story.txt"
    path.write_text("abcab" * 100)
    data = Data(dataset="text", options={"path": str(path), "window": 5}, preparation=({"one_hot": True},))
    prepared = loader.prepare(data, seed=0)
    sample = prepared.samples("train", [2])[0]
    assert sorted(sample.shape) == [3, 5]
    assert float(sample.sum()) == 5


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (b"", "empty"),
        (b"aaaaaaaaaaaaa" * 90, "one character"),
        (b"too short", "too few"),
        (b"abc\0" * 500, "not a text"),
        ("".join(map(chr, range(0x4E00, 0x4E00 + 12_000))).encode(), "12,000 different"),
        (b"\xff\xfea", "damaged or cut off"),
    ],
)
def test_what_is_no_text_to_learn_from_is_told(tmp_path, content, what):
    path = tmp_path / "story.txt"
    path.write_bytes(content)
    with pytest.raises(Problem) as told:
        opened(path)
    assert str(path) in told.value.fault.where
    assert what in told.value.fault.what
