"""Slopes as they lie on the disk: what comes back, and how much of a long run is kept."""

import math
from array import array
from itertools import pairwise

import pytest

from playground.core.carried import Array, Picture, Watch
from playground.core.problem import Problem
from playground.disk import slopes
from playground.disk.slopes import FULL, SHOWN, Slopes

LAYERS = [{"path": [0], "index": 1, "name": "Conv2d"}, {"path": [3, 1], "index": 6, "name": "Linear"}]


def seen(step, norms=(0.5, 0.25), ratios=(1e-3, math.nan)):
    arrays = {"gradient_norm": column(norms), "update_ratio": column(ratios)}
    return Picture(Watch("slopes"), step, arrays, {"layers": LAYERS})


def column(values):
    return Array("float32", (len(values),), array("f", values).tobytes())


def kept(folder, steps, until=0):
    one = Slopes(folder, until)
    for step in steps:
        one.see(seen(step, norms=(step / 7, 0.25)))
    one.flush()
    return one


def steps_of(folder, until=10**9):
    return [one.step for one in slopes.pictures(folder, until)]


def test_they_come_back_as_the_probe_told_them(tmp_path):
    kept(tmp_path, [3, 7, 11])
    first, *_others = slopes.pictures(tmp_path, 10**9)
    assert (first.watch, first.step, first.facts) == (Watch("slopes"), 3, {"layers": LAYERS})
    assert array("f", first.arrays["gradient_norm"].data) == array("f", [float(f"{3 / 7:.5g}"), 0.25])
    ratios = array("f", first.arrays["update_ratio"].data)
    assert (round(ratios[0], 6), math.isnan(ratios[1])) == (1e-3, True)
    assert steps_of(tmp_path) == [3, 7, 11]
    assert steps_of(tmp_path, 7) == [3, 7]


def test_a_step_is_told_once_and_a_fault_never(tmp_path):
    one = kept(tmp_path, [5, 5, 4])
    one.see(Picture(Watch("slopes"), 9, fault="none yet"))
    one.flush()
    assert steps_of(tmp_path) == [5]


def test_nobody_has_looked(tmp_path):
    kept(tmp_path, [])
    assert not (tmp_path / slopes.FILE).exists()
    assert slopes.pictures(tmp_path, 10**9) == ()


def test_what_lies_behind_the_step_that_is_gone_back_to_is_forgotten(tmp_path):
    kept(tmp_path, [3, 7, 11])
    kept(tmp_path, [8, 20], until=7)
    assert steps_of(tmp_path) == [3, 7, 8, 20]
    kept(tmp_path, [2], until=0)  # from the beginning
    assert steps_of(tmp_path) == [2]


@pytest.mark.parametrize(
    "torn", [b'{"step":13,"gradient_no', b"\xff\xfe", b'{"step":13,"gradient_norm":[1],"update_ratio":[1]}']
)
def test_a_damaged_line_is_left_out_and_cut_away_before_appending(tmp_path, torn):
    kept(tmp_path, [3, 7])
    with open(tmp_path / slopes.FILE, "ab") as file:
        file.write(torn)
    assert steps_of(tmp_path) == [3, 7]
    kept(tmp_path, [9], until=7)
    assert steps_of(tmp_path) == [3, 7, 9]


def test_without_its_head_a_file_tells_nothing(tmp_path):
    (tmp_path / slopes.FILE).write_bytes(b'{"layers": 3}\n{"step":1,"gradient_norm":[],"update_ratio":[]}\n')
    assert steps_of(tmp_path) == []
    kept(tmp_path, [9], until=5)
    assert steps_of(tmp_path) == [9]


def test_the_file_of_a_long_run_grows_ever_more_slowly_and_is_told_evenly(tmp_path):
    one = Slopes(tmp_path, 0)
    for step in range(1, 20_001):
        one.see(seen(step))
    one.flush()
    _layers, looks = slopes.read(tmp_path)
    assert FULL * 5 < len(looks) < FULL * 7  # 256 × (1 + 2 + 4 + ...) looks
    told = steps_of(tmp_path)
    gaps = [after - before for before, after in pairwise(told)]
    assert SHOWN // 2 < len(told) <= SHOWN
    assert told[0] == 1
    assert told[-1] > 19_900
    assert max(gaps) < 2.5 * 20_000 / SHOWN


def test_a_disk_that_is_full_is_one_sentence(tmp_path, monkeypatch):
    one = Slopes(tmp_path, 0)
    one.see(seen(1))

    def full(*_some, **_more):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("builtins.open", full)
    with pytest.raises(Problem, match="No space left"):
        one.flush()
