"""Figures of a run are all there, in order, whatever the frames were."""

import numpy as np
import pytest

from playground.core.messages import Array, EpochReport, Frame, Picture, Watch
from playground.session.history import Column, History, numbers

LAYERS = [{"path": [0], "index": 1, "name": "Conv2d"}, {"path": [3, 0], "index": 5, "name": "Linear"}]


def packed(values) -> Array:
    array = np.asarray(values, np.float32)
    return Array("float32", array.shape, array.tobytes())


def frame(first: int, losses, *, slopes=None, epochs=()) -> Frame:
    step = first + len(losses)
    pictures = ()
    if slopes is not None:
        arrays = {"gradient_norm": packed(slopes), "update_ratio": packed(np.asarray(slopes) / 100)}
        pictures = (Picture(Watch("slopes"), step, arrays, {"layers": LAYERS}),)
    return Frame(state="running", step=step, first_step=first, losses=packed(losses), pictures=pictures, epochs=epochs)


def epoch(number: int, step: int) -> EpochReport:
    return EpochReport(number, step, 0.5, 0.6, 0.9, 1.0)


def test_losses_of_all_frames_are_one_row():
    history, expected = History(), np.random.default_rng(0).normal(size=5_000).astype(np.float32)
    for first in range(0, 5_000, 37):
        history.append(frame(first, expected[first : first + 37]))
    np.testing.assert_array_equal(history.losses, expected)
    assert history.losses.dtype == np.float32


def test_a_million_steps_and_their_slopes_are_kept():
    history, losses = History(), np.arange(1_000, dtype=np.float32)
    for number in range(1_000):
        history.append(frame(number * 1_000, losses, slopes=[number, 2 * number]))
    assert history.losses.size == 1_000_000
    assert history.losses[123_456] == 456
    assert history.gradient_norms[(3, 0)][777] == 1_554


def test_slopes_are_by_path_and_beside_their_steps():
    history = History()
    history.append(frame(0, [1, 1], slopes=[3, 4]))
    history.append(frame(2, [1]))
    history.append(frame(3, [1, 1], slopes=[5, 6]))
    np.testing.assert_array_equal(history.slope_steps, [2, 5])
    np.testing.assert_array_equal(history.gradient_norms[(0,)], [3, 5])
    np.testing.assert_array_equal(history.gradient_norms[(3, 0)], [4, 6])
    np.testing.assert_allclose(history.update_ratios[(3, 0)], [0.04, 0.06])
    assert history.slope_layers == LAYERS
    assert history.slope_steps.dtype == np.int64


def test_a_pause_does_not_repeat_a_step():
    history = History()
    history.append(frame(0, [1], slopes=[3, 4]))
    history.append(frame(1, [], slopes=[3, 4]))
    assert history.slope_steps.tolist() == [1]


def test_a_resumed_run_replaces_what_it_repeats():
    history = History()
    history.append(frame(0, [1] * 10, slopes=[1, 1], epochs=(epoch(1, 5), epoch(2, 10))))
    history.append(frame(10, [2] * 10, slopes=[2, 2]))
    history.append(frame(5, [9, 9], slopes=[7, 7]))
    assert history.losses.tolist() == [1] * 5 + [9, 9]
    assert [one.epoch for one in history.epochs] == [1]
    assert history.slope_steps.tolist() == [7]


def test_a_run_that_is_resumed_in_a_new_process_tells_everything_again_and_keeps_its_slopes():
    history = History()
    history.append(frame(0, [1] * 10, slopes=[1, 1], epochs=(epoch(1, 5),)))
    history.append(frame(10, [2] * 10, slopes=[2, 2]))
    history.append(frame(0, [1] * 12, epochs=(epoch(1, 5),)))
    assert history.losses.size == 12
    assert [one.epoch for one in history.epochs] == [1]
    assert history.slope_steps.tolist() == [10]


def test_steps_that_were_never_told_are_not_numbers():
    history = History()
    history.append(frame(3, [5]))
    assert np.isnan(history.losses[:3]).all()
    assert history.losses[3] == 5


def test_a_view_cannot_be_written():
    history = History()
    history.append(frame(0, [1]))
    with pytest.raises(ValueError, match="read-only"):
        history.losses[0] = 2
    history.append(frame(1, [2]))
    assert history.losses.tolist() == [1, 2]


def test_bytes_that_do_not_fit_their_shape_are_refused():
    with pytest.raises(ValueError, match="reshape"):
        numbers(Array("float32", (3,), b"\0" * 8))


def test_a_column_grows_by_doubling():
    column = Column(np.int64)
    for value in range(1_000):
        column.append(np.array([value]))
    assert column.view.tolist() == list(range(1_000))
    assert column._data.size == 1_024
