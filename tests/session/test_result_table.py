"""Results as tables that other programs read."""

import csv
import io

import numpy as np

from playground.core.messages import Array, Picture, Watch
from playground.session.result_table import csv_of, has_table, left_out, summary_of


def array(values, dtype) -> Array:
    plain = np.asarray(values, dtype)
    return Array(str(plain.dtype), plain.shape, plain.tobytes())


def rows(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text)))


def test_a_row_a_class_with_what_it_was_taken_for():
    facts = {"loss": 1.0, "classes": ["a", 'b, "c"', "d"], "recall": [0.75, None, 1.0], "precision": [1.0, 0.0, None]}
    picture = Picture(Watch("evaluation"), 1, {"confusion": array([[3, 1, 0], [0, 0, 0], [0, 0, 2]], np.int64)}, facts)
    assert has_table(picture)
    head, *body = rows(csv_of(picture))
    assert head == ["class", "samples", "recall", "precision", "predicted a", 'predicted b, "c"', "predicted d"]
    assert body == [
        ["a", "4", "0.75", "1.0", "3", "1", "0"],
        ['b, "c"', "0", "", "0.0", "0", "0", "0"],
        ["d", "2", "1.0", "", "0", "0", "2"],
    ]


def test_a_row_a_pair_of_numbers():
    pairs = {"true": array([1.5, -2.0], np.float32), "predicted": array([1.25, 0.1], np.float32)}
    head, *body = rows(csv_of(Picture(Watch("evaluation"), 1, pairs, {"loss": 1.0})))
    assert head == ["true", "predicted", "difference"]
    assert body == [["1.5", "1.25", "0.25"], ["-2.0", "0.1", "-2.1"]]


def test_without_classes_and_numbers_there_is_no_table():
    assert not has_table(None)
    assert not has_table(Picture(Watch("evaluation"), 1, {}, {"loss": 1.0}))


def test_the_summary_is_a_figure_a_row():
    facts = {"part": "test", "samples": 40, "epoch": 2, "step": 9, "loss": 0.5, "accuracy": 0.75, "classes": ["a"],
             "top_k": {"k": 5, "accuracy": 0.9}, "recall": [1.0], "total": 3}  # fmt: skip
    head, *body = rows(summary_of(Picture(Watch("evaluation"), 1, {}, facts)))
    assert head == ["figure", "value"]
    assert body == [
        ["part", "test"], ["samples", "40"], ["epoch", "2"], ["step", "9"], ["loss", "0.5"], ["accuracy", "0.75"],
        ["top_5_accuracy", "0.9"],
    ]  # fmt: skip
    facts = {"part": "test", "loss": 0.5, "r2": 0.25, "rmse": 2.0, "mae": 1.5}
    assert rows(summary_of(Picture(Watch("evaluation"), 1, {}, facts)))[3:] == [
        ["r2", "0.25"], ["rmse", "2.0"], ["mae", "1.5"],
    ]  # fmt: skip


def test_pairs_that_a_table_does_not_hold_are_counted():
    pairs = {"true": array([1.5, -2.0], np.float32), "predicted": array([1.25, 0.1], np.float32)}
    assert left_out(Picture(Watch("evaluation"), 1, pairs, {"loss": 1.0, "samples": 7})) == (2, 7)
    assert left_out(Picture(Watch("evaluation"), 1, pairs, {"loss": 1.0, "samples": 2})) == (0, 0)
    assert left_out(Picture(Watch("evaluation"), 1, {}, {"loss": 1.0, "samples": 2})) == (0, 0)
