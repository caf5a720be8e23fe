"""Own tables, held against scikit-learn and against files parsed by hand in the test."""

import csv
import random
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
import torch
from sklearn.impute import SimpleImputer
from sklearn.preprocessing import OneHotEncoder

from playground.core.data import Data
from playground.core.problem import Problem
from playground.engine import loader
from playground.engine.datasets import table
from playground.engine.fetch import Cancelled


@pytest.fixture
def write(tmp_path):
    def write(text: str, encoding: str = "utf-8", name: str = "own.csv") -> Path:
        path = tmp_path / name
        path.write_bytes(text.encode(encoding))
        return path

    return write


def opened(path, **options):
    """The spec in effect and the samples."""
    data = Data(dataset="table", options={"path": str(path), **options})
    spec = loader.described(data)
    effective = {one.name: one.default for one in spec.arguments} | data.options
    return spec, table.load(loader.spec_of("table"), options=effective)


FLOWERS = "length,width,species\n" + "".join(
    f"{1 + row * 0.5:.2f},{row},{'rose' if row % 3 else 'tulip'}\n" for row in range(12)
)


def test_a_plain_table_has_the_values_of_its_file(write):
    spec, raw = opened(write(FLOWERS))
    assert (spec.task, spec.target, spec.classes) == ("classification", "species", ("rose", "tulip"))
    assert spec.features == ("length", "width")
    assert (spec.sample_shape, spec.train, spec.test) == ((2,), 12, None)
    rows = list(csv.reader(FLOWERS.splitlines()))[1:]
    assert raw.train_inputs.tolist() == [[float(row[0]), float(row[1])] for row in rows]
    assert [spec.classes[label] for label in raw.train_targets] == [row[2] for row in rows]


@pytest.mark.parametrize(
    ("mark", "named"), [(",", "comma"), (";", "semicolon"), ("\t", "tab"), ("|", "bar"), (" ", "space")]
)
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_delimiter_and_line_end_are_found_out(write, mark, named, end):
    path = write(FLOWERS.replace(",", mark).replace("\n", end))
    spec, raw = opened(path)
    same, again = opened(path, delimiter=named)
    assert spec == same
    assert torch.equal(raw.train_inputs, again.train_inputs)
    assert spec.features == ("length", "width")
    assert raw.train_inputs[3].tolist() == [2.5, 3.0]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252"])
def test_encoding_is_found_out(write, encoding):
    text = FLOWERS.replace("length", "Länge").replace("rose", "Röslein")
    spec, raw = opened(write(text, encoding))
    assert spec.features == ("Länge", "width")
    assert spec.classes == ("Röslein", "tulip")
    assert raw.train_inputs[3].tolist() == [2.5, 3.0]


def test_decimal_commas_and_thousands(write):
    text = "size;price\n" + "".join(f"{row},5;1.{row:03},25\n" for row in range(30))
    spec, raw = opened(write(text))
    assert raw.train_inputs[:, 0].tolist() == [row + 0.5 for row in range(30)]
    assert raw.train_targets.tolist() == [1000 + row + 0.25 for row in range(30)]
    assert any("decimal comma" in note for note in spec.notes)
    words, _raw = opened(write(text, name="point.csv"), decimal="point")
    assert words.notes != spec.notes


def test_quoted_cells_may_hold_delimiters_quotes_and_line_ends(write):
    path = write('a,kind\n1,"x, y"\n2,"say ""no"""\n3,"two\nlines"\n4,"x, y"\n')
    spec, raw = opened(path)
    assert sorted(spec.classes) == sorted(("say “no”".replace("“", '"').replace("”", '"'), "two?lines", "x, y"))
    assert raw.train_inputs[:, 0].tolist() == [1, 2, 3, 4]


def test_words_become_the_columns_that_scikit_learn_makes_of_them(write):
    draw = random.Random(3)
    colours = [draw.choice(["red", "green", "blue", "violet"]) for _row in range(50)]
    path = write("colour,y\n" + "".join(f"{colour},{row * 0.37:.3f}\n" for row, colour in enumerate(colours)))
    spec, raw = opened(path)
    theirs = OneHotEncoder(sparse_output=False).fit(np.array(colours)[:, None])
    assert raw.train_inputs.tolist() == theirs.transform(np.array(colours)[:, None]).tolist()
    assert spec.features == tuple(f"colour = {name}" for name in theirs.categories_[0])


def test_missing_numbers_get_the_mean_of_the_training_part_alone(write):
    draw = random.Random(1)
    rows = [[f"{draw.random() * 9:.3f}", f"{draw.random():.6f}", str(row % 2)] for row in range(80)]
    for row in rows[::5]:
        row[0] = draw.choice(["", "NA", "?", " nan "])
    path = write("a,b,y\n" + "".join(",".join(row) + "\n" for row in rows))
    prepared = loader.prepare(Data(dataset="table", options={"path": str(path)}), seed=4)
    numbers = np.array([[float(c) if c.strip() not in ("", "NA", "?", "nan") else np.nan for c in row] for row in rows])
    by_second = {np.float32(row[1]): row for row in numbers}  # no two are alike: which row a sample is
    train, test = (
        np.array([by_second[np.float32(one)] for one in part[:, 1]])
        for part in (prepared.train_inputs, prepared.test_inputs)
    )
    imputer = SimpleImputer().fit(train[:, :2])
    np.testing.assert_allclose(prepared.train_inputs, imputer.transform(train[:, :2]), rtol=1e-6)
    np.testing.assert_allclose(prepared.test_inputs, imputer.transform(test[:, :2]), rtol=1e-6)
    assert np.isnan(test[:, 0]).any()
    assert any("a: 16 cells" in note for note in prepared.dataset.notes)


def test_rows_without_a_target_are_left_out_and_told(write):
    spec, raw = opened(write("a,y\n1,u\n2,\n3,w\n4,?\n5,u\n6,w\n"))
    assert raw.train_inputs[:, 0].tolist() == [1, 3, 5, 6]
    assert any("2 rows without a target" in note for note in spec.notes)


@pytest.mark.parametrize(
    ("pattern", "parse"),
    [
        ("%Y-%m-%d", None),
        ("%d.%m.%Y", None),
        ("%m/%d/%Y", None),
        ("%Y-%m-%d %H:%M:%S", None),
        ("%d-%m-%Y", None),
        ("%Y-%m-%dT%H:%M:%SZ", None),
    ],
)
def test_dates_are_days_since_1970(write, pattern, parse):
    days = [datetime(2024, 1, 1, tzinfo=UTC) + timedelta(days=9 * row) for row in range(40)]
    path = write("day,y\n" + "".join(f"{day.strftime(pattern)},{row / 7:.4f}\n" for row, day in enumerate(days)))
    _spec, raw = opened(path)
    assert raw.train_inputs[:, 0].tolist() == [(day.date() - date(1970, 1, 1)).days for day in days]


@pytest.mark.parametrize(
    ("heading", "expected"),
    [("a,label,b", "label"), ("y,a,b", "y"), ("a,b,Class", "Class"), ("a,b,c", "c")],
)
def test_the_target_is_the_column_of_a_usual_name_or_the_last(write, heading, expected):
    spec, _raw = opened(write(f"{heading}\n" + "".join(f"{row % 3},{row % 2},{row % 4}\n" for row in range(24))))
    assert spec.target == expected


@pytest.mark.parametrize(
    ("values", "task"),
    [
        ([row % 3 for row in range(30)], "classification"),
        ([row for row in range(30)], "regression"),
        ([row % 3 + 0.5 for row in range(30)], "regression"),
        ([f"word {row % 4}" for row in range(30)], "classification"),
    ],
)
def test_few_whole_numbers_or_words_are_classes(write, values, task):
    path = write("a,y\n" + "".join(f"{row},{value}\n" for row, value in enumerate(values)))
    assert opened(path)[0].task == task


def test_classes_of_numbers_stand_in_their_order(write):
    spec, raw = opened(write("a,y\n" + "".join(f"{row},{[10, 9, 2][row % 3]}\n" for row in range(30))))
    assert spec.classes == ("2", "9", "10")
    assert raw.train_targets[:3].tolist() == [2, 1, 0]


def test_what_was_understood_can_be_corrected(write):
    path = write("1,2,3\n" + "".join(f"{row},{row % 2},{row * 0.5}\n" for row in range(20)))
    spec, raw = opened(path)
    assert (len(raw.train_inputs), spec.target, spec.task) == (21, "column 3", "regression")
    spec, raw = opened(path, header="yes", target="2", leave_out="3")
    assert (spec.features, spec.target, spec.task) == (("1",), "2", "classification")
    assert raw.train_inputs[:, 0].tolist() == [float(row) for row in range(20)]
    spec, raw = opened(path, header="yes", target="2", task="regression")
    assert (spec.task, raw.train_targets[:2].tolist()) == ("regression", [0.0, 1.0])


def test_the_table_is_read_again_when_it_has_changed(write):
    path = write(FLOWERS)
    opened(path)
    write(FLOWERS.replace("rose", "lily") + "9,9,lily\n")
    spec, _raw = opened(path)
    assert (spec.classes, spec.train) == (("lily", "tulip"), 13)


@pytest.mark.parametrize(
    ("text", "options", "where", "what"),
    [
        ("", {}, "own.csv", "empty"),
        ("a,b\n", {}, "own.csv", "0 rows"),
        ("a\n1\n2\n3\n", {}, "own.csv", "one column"),
        ("a,b\n1,2\n3,4,5\n6,7,8\n", {"header": "yes", "delimiter": "comma"}, "line 3", "3 cells"),
        ('a,b\n1,2\n3,"4\n5,6\n', {}, "line 4", "quoted cell"),
        ("a,b\n1,x\n2,x\n3,x\n", {}, "column b", "x in every row"),
        ("a,b\n1,\n2,\n3,\n", {"target": "b"}, "column b", "empty in every row"),
        ("a,b\n,1\n,2\n,1\n,2\n", {}, "own.csv", "no column is left"),
        (FLOWERS, {"target": "specis"}, "own.csv", "did you mean species"),
        (FLOWERS, {"leave_out": "species"}, "own.csv", "is the target"),
        (FLOWERS, {"task": "regression"}, "column species", "words"),
        ("a,b\n1,\0\n", {}, "own.csv", "not a text"),
    ],
)
def test_what_cannot_be_used_is_told_with_file_and_place(write, text, options, where, what):
    with pytest.raises(Problem) as told:
        opened(write(text), **options)
    assert where in told.value.fault.where
    assert what in told.value.fault.what


def test_a_few_lines_of_another_length_are_left_out_and_told(write):
    path = write("a,y\n" + "".join(f"{row},{row % 2}\n" for row in range(200)) + "1,2,3\n" + "5,1\n")
    spec, _raw = opened(path)
    assert spec.train == 201
    assert any("the first is line 202" in note for note in spec.notes)


def test_reading_can_be_cancelled_and_keeps_nothing(write):
    path = write(FLOWERS)
    options = {one.name: one.default for one in loader.spec_of("table").arguments} | {"path": str(path)}
    with pytest.raises(Cancelled):
        table.load(loader.spec_of("table"), options=options, cancelled=lambda: True)
    assert opened(path)[0].train == 12


def test_california_housing_reads_as_its_file(real_data):
    path = real_data / "california_housing.csv"
    spec, raw = opened(path)
    theirs = np.loadtxt(path, delimiter=",", skiprows=1)
    assert (spec.task, spec.target) == ("regression", "MedHouseVal")
    np.testing.assert_array_equal(raw.train_inputs.numpy(), theirs[:, :-1].astype(np.float32))
    np.testing.assert_array_equal(raw.train_targets.numpy(), theirs[:, -1].astype(np.float32))
