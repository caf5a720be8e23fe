"""Who wins from where on: lines whose crossing is known on paper."""

import pytest

from playground.core.comparison import (
    BATCHES,
    Change,
    Comparison,
    Contender,
    Timing,
    changes,
    duration_text,
    lines,
    rows,
    sentences,
)

CPU = Contender("cpu", 1, "the CPU with 1 thread", "CPU, 1 thread")
TWO = Contender("cpu", 2, "the CPU with 2 threads", "CPU, 2 threads")
GPU = Contender("cuda:0", 1, "NVIDIA H100", "NVIDIA H100")


def line(start: float, per_sample: float) -> dict[float, float]:
    """A step takes some time to start, and some for each sample."""
    return {float(batch): start + per_sample * batch for batch in BATCHES}


def comparison(*found: dict[float, float], contenders=(CPU, TWO, GPU)) -> Comparison:
    timings = [
        Timing(number, 1.0, int(batch), seconds)
        for number, one in enumerate(found)
        for batch, seconds in one.items()
    ]  # fmt: skip
    return Comparison(contenders[: len(found)], tuple(timings), 64)


def test_the_crossing_is_where_the_lines_meet():
    power = [{size: 1e-4 * size for size in line(0, 0)}, {size: 1e-3 * size**0.5 for size in line(0, 0)}]
    first, changed = changes(power)
    assert first == 0
    assert [(one.size, one.old, one.new) for one in changed] == [(128, 0, 1)]  # the first that was measured beyond
    assert changed[0].place == pytest.approx(100)  # 1e-4·n = 1e-3·√n


def test_a_gpu_that_starts_slowly_wins_from_the_batch_on_that_pays_for_its_start():
    compared = comparison(line(0, 1e-4), line(1e-4, 9e-5), line(1e-2, 1e-6))
    said = sentences(compared, "batch")
    assert said[0] == "From batch 128 on, NVIDIA H100 is faster; below, the CPU with 1 thread is."
    assert said[1] == "At batch 1,024 it takes 11 ms a step, the CPU with 2 threads 92.3 ms."


def test_who_is_a_little_faster_does_not_win():
    first, changed = changes([line(0, 1e-4), line(0, 0.95e-4)])
    assert (first, changed) == (0, [])
    said = sentences(comparison(line(0, 1e-4), line(0, 0.95e-4)), "batch")
    assert said[0] == "At every batch size that was measured the CPU with 1 thread is the fastest."


def test_several_changes_are_told_one_by_one():
    said = sentences(comparison(line(0, 1e-4), line(3e-4, 4e-5), line(1e-2, 1e-6)), "batch")
    assert said[:3] == [
        "At first the CPU with 1 thread is the fastest.",
        "From batch 8 on, the CPU with 2 threads is.",
        "From batch 512 on, NVIDIA H100 is.",  # at 256 it saves less than the margin
    ]


def test_one_that_could_not_go_on_hands_over():
    slow = {size: seconds for size, seconds in line(0, 1e-4).items() if size <= 256}
    first, changed = changes([slow, line(1.0, 0)])
    assert first == 0
    assert changed == [Change(512.0, 512.0, 0, 1)]


def test_widths_are_lines_of_their_own():
    timings = (Timing(0, 0.5, 64, 1e-3), Timing(1, 0.5, 64, 2e-3), Timing(0, 8.0, 64, 9e-3), Timing(1, 8.0, 64, 1e-3),
               Timing(0, 1.0, 1, 5e-4), Timing(1, 2.0, 64, None, "too large"))  # fmt: skip
    compared = Comparison((CPU, GPU), timings, 64)
    assert lines(compared, "width") == [{0.5: 1e-3, 8.0: 9e-3}, {0.5: 2e-3, 8.0: 1e-3}]
    assert sentences(compared, "width")[0] == (
        "From width ×8 on, NVIDIA H100 is faster; below, the CPU with 1 thread is."
    )
    table = dict(rows(compared, "width"))
    assert table[2.0] == [None, timings[5]]
    assert list(table) == [0.5, 2.0, 8.0]


def test_without_anything_to_compare_nothing_is_claimed():
    assert sentences(Comparison(), "batch") == []
    assert sentences(Comparison((CPU, TWO), (), 64), "width") == []
    assert sentences(comparison(line(0, 1)), "batch") == [
        "Only the CPU with 1 thread can be measured here, so there is nothing to compare."
    ]


def test_times_have_three_digits():
    assert [duration_text(one) for one in (4.2e-5, 2.512e-4, 0.01249, 1.2)] == ["42 µs", "0.251 ms", "12.5 ms", "1.2 s"]
