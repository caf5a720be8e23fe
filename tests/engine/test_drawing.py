"""A drawing as a sample: prepared and judged as plain torch does it."""

from dataclasses import replace

import msgspec
import numpy as np
import pytest
import torch
from torch.nn import functional

from playground.core import messages as words
from playground.core.data import Data
from playground.core.drawing import DRAWING
from playground.core.problem import Problem
from playground.engine import drawing, loader, probes
from playground.engine.prepared import Prepared, Stored
from tests.engine.trainings import pictures, to_the_end, training
from tests.handwriting import DIGITS, inked

WATCHES = [
    words.Watch(name, {"layer": [0], "sample": DRAWING}) for name in ("prediction", "feature_maps", "rows", "window")
]


def sent(values: np.ndarray) -> words.Array:
    levels = np.rint(255 * np.asarray(values)).astype(np.uint8)
    return words.Array("uint8", levels.shape, levels.tobytes())


def floats(values) -> words.Array:
    plain = np.ascontiguousarray(values, np.float32)
    return words.Array("float32", plain.shape, plain.tobytes())


def numbers(array: words.Array) -> np.ndarray:
    return np.frombuffer(array.data, array.dtype).reshape(array.shape)


def fitted(ink: words.Array, data: Prepared) -> words.DrawingFitted:
    return drawing.answer(words.FitDrawing(1, "", ink), data)


def dataset(stored: torch.Tensor, **changes) -> Prepared:
    """Unprepared samples of this kind."""
    data, inputs = pictures(), stored.float()
    spec = msgspec.structs.replace(data.dataset, sample_shape=tuple(stored.shape[1:]), **changes)
    return replace(
        data, train_inputs=inputs, input_shape=tuple(stored.shape[1:]), dataset=spec, originals={"train": Stored(stored)}
    )  # fmt: skip


@pytest.fixture(scope="module")
def digits() -> Prepared:
    return loader.prepare(Data("digits", preparation=({"resize": 32}, {"normalize": "-1..1"})), 0)


def test_a_digit_is_stored_and_prepared_as_the_others_are(digits):
    answer = fitted(sent([inked(DIGITS[5], 0.08, 128)]), digits)
    stored = numbers(answer.stored)
    assert answer.written
    assert stored.shape == (1, 8, 8)
    assert (stored == stored.round()).all()
    assert stored.max() == 16
    assert stored[0].any(axis=1).all()  # it reaches from the first to the last row
    larger = functional.interpolate(torch.from_numpy(stored.copy())[None], (32, 32), mode="bilinear", antialias=True)
    np.testing.assert_allclose(numbers(answer.input), larger[0].numpy() / 8 - 1, atol=1e-5)


def test_where_the_ground_is_light_ink_is_dark():
    dark = (torch.rand(50, 1, 12, 12) * 60).to(torch.uint8)
    dark[:, :, 6, 6] = 255
    light = 255 - dark
    ink = sent([inked(DIGITS[0], 0.1, 96)])
    assert not fitted(ink, dataset(dark)).written
    on_dark, on_light = (numbers(fitted(ink, dataset(one)).stored) for one in (dark, light))
    assert on_dark[0, 0, 0] == 0
    assert on_light[0, 0, 0] == light.max()
    expected = inked(DIGITS[0], 0.1, 96).reshape(12, 8, 12, 8).mean(axis=(1, 3))
    np.testing.assert_allclose(on_dark[0], float(dark.max()) * expected, atol=0.6)
    np.testing.assert_allclose(on_light[0], float(light.max()) * (1 - expected), atol=0.6)


def test_colours_stay_what_they_are():
    data = dataset(torch.randint(0, 256, (50, 3, 32, 32), dtype=torch.uint8))
    drawn = np.random.default_rng(0).uniform(size=(3, 64, 64))
    largest = float(data.originals["train"].inputs.max())
    expected = drawn.reshape(3, 32, 2, 32, 2).mean(axis=(2, 4))
    np.testing.assert_allclose(numbers(fitted(sent(drawn), data).stored), largest * expected, atol=1.1)
    on_paper = numbers(fitted(sent(np.zeros((1, 64, 64))), data).stored)
    assert (on_paper == largest).all()  # ink alone lies on white paper


@pytest.mark.parametrize(
    "ink",
    [
        words.Array("float32", (1, 8, 8), bytes(256)),
        words.Array("uint8", (2, 8, 8), bytes(128)),
        words.Array("uint8", (1, 8, 9), bytes(72)),
        words.Array("uint8", (1, 8, 8), bytes(63)),
        words.Array("uint8", (1, 4096, 4096), b""),
        words.Array("uint8", (1, 0, 0), b""),
        words.Array("uint8", (64,), bytes(64)),
    ],
)
def test_what_is_no_drawing_is_refused(digits, ink):
    with pytest.raises(Problem, match="Drawing"):
        fitted(ink, digits)


def test_a_table_has_no_drawings():
    with pytest.raises(Problem, match="no pictures"):
        fitted(sent(np.zeros((1, 8, 8))), loader.prepare(Data("iris"), 0))


def test_the_probes_show_what_the_modules_make_of_it():
    one = training()
    one.advance()
    given = np.random.default_rng(0).normal(size=one.data.input_shape)
    context = one.context()
    context.drawing = floats(given)
    seen = [probes.read(watch, context) for watch in WATCHES]
    assert [picture.fault for picture in seen] == [""] * len(WATCHES)
    tensor = torch.tensor(given, dtype=torch.float32)[None]
    one.model.eval()
    with torch.no_grad():
        expected = one.model(tensor).softmax(-1)[0]
        maps = one.model[0](tensor)[0]
    prediction = seen[0]
    np.testing.assert_allclose(numbers(prediction.arrays["probabilities"]), expected.numpy(), atol=1e-6)
    assert prediction.facts["label"] is None
    assert prediction.facts["prediction"] == int(expected.argmax())
    for picture in (prediction, seen[2], seen[3]):
        np.testing.assert_array_equal(numbers(picture.arrays["input"]), tensor[0].numpy())
    np.testing.assert_allclose(numbers(seen[1].arrays["maps"]), maps.numpy(), atol=1e-6)


@pytest.mark.parametrize(
    ("carried", "said"),
    [
        (None, "nothing is drawn"),
        (floats(np.zeros((1, 3, 3))), "other samples"),
        (floats(np.full((2, 8, 8), np.nan)), "no number"),
        (words.Array("float32", (2, 8, 8), bytes(8)), "other samples"),
        (words.Array("float64", (2, 8, 8), bytes(1024)), "other samples"),
    ],
)
def test_a_drawing_that_cannot_be_looked_at_says_why(carried, said):
    context = training().context()
    assert context.data.input_shape == (2, 8, 8)
    context.drawing = carried
    assert all(said in probes.read(watch, context).fault for watch in WATCHES)


def test_to_watch_a_drawing_changes_no_bit_of_a_run():
    alone, watched = to_the_end(training()), training()
    draw = np.random.default_rng(0)
    while not watched.finished:
        watched.advance()
        context = watched.context()
        context.drawing = floats(draw.normal(size=watched.data.input_shape))
        assert not any(probes.read(watch, context).fault for watch in WATCHES)
    assert watched.losses.tobytes() == alone.losses.tobytes()
    for name, value in alone.model.state_dict().items():
        assert torch.equal(watched.model.state_dict()[name], value)
