import gzip
import pickle
import zipfile

import numpy as np
import pytest
from PIL import Image

from playground.core.data import Data
from playground.core.datasets import DATASETS
from playground.core.problem import Problem
from playground.engine import loader
from playground.engine.datasets import _kept, pictures
from playground.engine.fetch import Cancelled
from playground.engine.understand import understand
from tests.engine import idx_files

IRISES = "length,colour,species\n" + "".join(
    f"{4 + row * 0.1:.1f},{'red' if row % 2 else 'blue'},{'abc'[row % 3]}\n" for row in range(30)
)


@pytest.fixture(autouse=True)
def own_places(tmp_path, monkeypatch):
    idx_files.own_places(tmp_path, monkeypatch)
    monkeypatch.setattr(_kept, "folder", lambda: tmp_path / "kept")
    pictures._found.clear()


def own_folder(path, classes=("ant", "bee")):
    for name in classes:
        (path / name).mkdir(parents=True)
        for number in range(4):
            Image.fromarray(np.full((9, 9), number, dtype=np.uint8)).save(path / name / f"{number}.png")
    return path


def make(kind, tmp_path):
    """A file or folder of one's own of this kind."""
    if kind == "table":
        path = tmp_path / "own.csv"
        path.write_text(IRISES)
    elif kind == "pictures":
        path = own_folder(tmp_path / "own")
    elif kind == "arrays":
        path = tmp_path / "own.npz"
        np.savez(path, x=np.random.default_rng(0).normal(size=(30, 3)), y=np.arange(30) % 2)
    elif kind == "binary":
        path = tmp_path / "own"
        idx_files.write(path, idx_files.arrays())
    else:
        path = tmp_path / "own.txt"
        path.write_text("It was a dark and stormy night. " * 40)
    return path


@pytest.mark.parametrize("kind", [spec.name for spec in DATASETS.values() if spec.own])
def test_what_is_understood_can_be_trained_on_as_it_is(tmp_path, kind):
    path = make(kind, tmp_path)
    found = understand(path)
    assert found.data["dataset"] == kind
    assert found.data["options"] == {"path": str(path)}
    prepared = loader.prepare(Data(**found.data), seed=0)
    assert prepared.dataset == found.dataset
    assert prepared.size("train") > 0
    assert found.dataset.title == path.name
    assert found.dataset.notes
    assert found.rows
    assert all(len(row) == len(found.headings) for row in found.rows)
    assert set(found.choices["dataset"]) == {spec.name for spec in DATASETS.values() if spec.own}


def test_a_table_shows_its_first_lines_with_the_target_last(tmp_path):
    found = understand(make("table", tmp_path), {"target": "length"})
    assert found.headings == ("colour", "species", "length")
    assert found.rows[:2] == (("blue", "a", "4.0"), ("red", "b", "4.1"))
    assert found.choices["target"] == ("length", "colour", "species")
    assert "semicolon" in found.choices["delimiter"]
    assert found.dataset.task == "regression"


def test_a_relative_path_is_kept_as_a_whole_one(tmp_path, monkeypatch):
    make("table", tmp_path)
    monkeypatch.chdir(tmp_path)
    from pathlib import Path

    assert understand(Path("own.csv")).data["options"]["path"] == str(tmp_path / "own.csv")


def test_pictures_show_how_many_each_class_has(tmp_path):
    own_folder(tmp_path / "own" / "train")
    own_folder(tmp_path / "own" / "test")
    found = understand(tmp_path / "own")
    assert found.rows == (("ant", "4", "4"), ("bee", "4", "4"))


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [
        ("a.txt", "It was a dark night,\nand it rained,\nall the night long.\n" * 20, "text"),
        ("a.txt", "1.5\t2\t0\n2.5\t3\t1\n" * 20, "table"),
        ("a.data", "5.1,3.5,1.4,0.2,Iris-setosa\n6.1,2.5,1.4,0.2,Iris-rubra\n" * 20, "table"),
        ("a.md", "# Title\n\nSome words, and some more.\n" * 20, "text"),
        ("a.csv", "name;kind\nTom;cat\nRex;dog\nMia;cat\n" + "Ben;dog\nEva;cat\nAnn;dog\n", "table"),
    ],
)
def test_the_kind_of_a_text_file_is_told_by_what_it_holds(tmp_path, name, content, kind):
    path = tmp_path / name
    path.write_text(content)
    assert understand(path).data["dataset"] == kind


def test_the_reader_itself_can_be_corrected(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("1,2\n3,4\n" * 200)
    found = understand(path, {"dataset": "text", "window": 4})
    assert (found.data["dataset"], found.dataset.tokens) == ("text", 6)
    assert found.data["options"] == {"path": str(path), "window": 4}


@pytest.mark.parametrize(
    ("name", "content", "what"),
    [
        ("a.xlsx", {"xl/workbook.xml": b""}, "Office"),
        ("a.zip", {"cats/1.png": b""}, "archive"),
        ("a.parquet", b"PAR1....", "Parquet"),
        ("a.pt", pickle.dumps([1, 2, 3]), "pickle"),
        ("a.npy", b"\x93NUMPY\1\0", "single numpy array"),
        ("a.png", b"\x89PNG\r\n\x1a\n\0\0", "single picture"),
        ("a.csv.gz", gzip.compress(b"a,b\n1,2\n", mtime=0), "compressed"),
        ("a.h5", b"\x89HDF\r\n\x1a\n", "HDF5"),
        ("a.csv", b"", "empty"),
        ("a.npz", b"PK\3\4 nothing", "damaged"),
    ],
)
def test_what_cannot_be_learned_from_is_told_with_a_way_out(tmp_path, name, content, what):
    path = tmp_path / name
    if isinstance(content, dict):
        with zipfile.ZipFile(path, "w") as archive:
            for entry, text in content.items():
                archive.writestr(entry, text)
    else:
        path.write_bytes(content)
    with pytest.raises(Problem) as told:
        understand(path)
    assert str(path) in told.value.fault.where
    assert what in told.value.fault.what
    assert told.value.fault.fix


def test_a_folder_of_tables_asks_for_one_of_them(tmp_path):
    for name in ("a.csv", "b.csv"):
        (tmp_path / name).write_text(IRISES)
    with pytest.raises(Problem, match=r"a\.csv, b\.csv"):
        understand(tmp_path)


def test_nothing_there_and_wrong_options_are_told(tmp_path):
    with pytest.raises(Problem, match="no such file"):
        understand(tmp_path / "nothing")
    with pytest.raises(Problem, match="did you mean target"):
        understand(make("table", tmp_path), {"tarket": "species"})
    with pytest.raises(Problem, match="did you mean pictures"):
        understand(make("table", tmp_path), {"dataset": "picture"})


def test_it_can_be_cancelled(tmp_path):
    with pytest.raises(Cancelled):
        understand(make("table", tmp_path), cancelled=lambda: True)
