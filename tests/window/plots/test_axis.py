"""Ticks as people write them, and how far the bottom axis reaches."""

import pytest

from playground.window.plots.axis import StepAxis, ValueAxis, figure_text, power_text, rounded_end, shown_until
from playground.window.plots.plot import Plot


@pytest.mark.parametrize(
    ("exponent", "text"), [(0, "1"), (-1, "0.1"), (1, "10"), (2, "100"), (-2, "10⁻²"), (-12, "10⁻¹²"), (3, "10³")]
)
def test_a_power_of_ten_as_text(exponent, text):
    assert power_text(exponent) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [(0.0789, "0.079"), (-1.06, "−1.060"), (6e-5, "6.0·10⁻⁵"), (0.0, "0.000"), (float("nan"), "–")],
)
def test_a_figure_as_text(value, text):
    assert figure_text(value, 3) == text


def test_a_logarithmic_axis_has_ticks_at_whole_powers(qapp):
    axis = ValueAxis()
    axis.logarithmic = True
    ((_spacing, ticks),) = axis.tickValues(-2.3, 0.9, 300)
    assert axis.tickStrings(ticks, 1, 1) == ["10⁻²", "0.1", "1"]


def test_less_than_a_power_of_ten_has_ticks_too(qapp):
    axis = ValueAxis()
    axis.logarithmic = True
    ((_spacing, ticks),) = axis.tickValues(0.1, 0.9, 300)
    assert axis.tickStrings(ticks, 1, 1) == ["2", "5"]


@pytest.mark.parametrize(
    ("low", "high", "texts"),
    [
        (0.05, 0.69, ["2", "3", "4"]),
        (0.33, 0.4, ["2.2", "2.3", "2.4", "2.5"]),
        (-4.9, -4.1, ["2·10⁻⁵", "5·10⁻⁵"]),
    ],
)
def test_a_loss_that_has_hardly_moved_has_ticks_all_the_same(qapp, low, high, texts):
    axis = ValueAxis()
    axis.logarithmic = True
    ((_spacing, ticks),) = axis.tickValues(low, high, 300)
    assert all(low - 1e-9 <= tick <= high + 1e-9 for tick in ticks)
    assert axis.tickStrings(ticks, 1.0, 1.0) == texts


def test_the_bottom_axis_counts_epochs_and_names_its_unit_once(qapp):
    axis = StepAxis()
    axis.per_epoch = 169
    ((_spacing, ticks),) = axis.tickValues(0, 507, 400)
    assert axis.tickStrings(ticks, 1, 1) == ["epoch 1", "2", "3"]


def test_a_narrow_axis_has_more_than_one_tick(qapp):
    axis = StepAxis()
    axis.per_epoch = 90
    ((_spacing, ticks),) = axis.tickValues(0, 900, 164)
    assert axis.tickStrings(ticks, 1, 1) == ["epoch 2", "4", "6", "8", "10"]


def test_without_epochs_it_counts_steps(qapp):
    axis = StepAxis()
    ((_spacing, ticks),) = axis.tickValues(0, 1000, 400)
    assert axis.tickStrings(ticks, 1, 1) == ["step 200", "400", "600", "800", "1,000"]


@pytest.mark.parametrize(
    ("steps", "until"),
    [
        (0, 32),  # a little room before the first step
        (40, 64),
        (100, 169),  # the first epoch is in sight
        (170, 338),
        (422, 507),  # the third epoch
        (1690, 1690),  # never past the end of the run
    ],
)
def test_the_axis_grows_in_jumps(steps, until):
    assert shown_until(steps, per_epoch=169, whole=1690) == until


def test_a_long_run_makes_longer_jumps():
    assert shown_until(101, per_epoch=1, whole=1000) == 150


def test_without_a_run_the_axis_follows_the_steps():
    assert shown_until(1234, per_epoch=0, whole=1234) == 1234


@pytest.mark.parametrize("steps", [0, 1, 10, 17, 255, 256, 1_000, 999_999, 1_000_000])
def test_the_end_of_named_curves_is_never_far_behind_them(steps):
    end = rounded_end(steps)
    assert max(steps, 10) <= end <= max(steps, 10) * (1 + 1 / 16)
    assert rounded_end(end) == end


def test_a_tick_is_a_word_and_no_dot(qtbot):
    """pyqtgraph draws a tick without length as a black point."""
    plot = Plot()
    qtbot.addWidget(plot)
    plot.resize(300, 200)
    plot.set_range((0, 1000), (-2, 1))
    plot.grab()
    picture = plot.grab().toImage()
    drawn = {picture.pixelColor(x, y).name() for x in range(picture.width()) for y in range(picture.height())}
    assert "#000000" not in drawn
    assert len(drawn) > 4  # words, grid, line
