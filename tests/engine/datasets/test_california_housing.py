import csv
import hashlib
import io
import tarfile
import types
import zlib

import joblib
import numpy as np
import pytest
import torch
from sklearn.datasets import _california_housing, fetch_california_housing

from playground.core.datasets import DATASETS
from playground.core.problem import Problem
from playground.disk import folders
from playground.engine import fetch as fetching
from playground.engine.datasets import california_housing
from tests.engine import idx_files
from tests.engine.test_fetch import Server

SPEC = DATASETS["california-housing"]
COUNTS = "longitude,latitude,housing_median_age,total_rooms,total_bedrooms,population,households,median_income,median_house_value"


@pytest.fixture(autouse=True)
def own_places(tmp_path, monkeypatch):
    idx_files.own_places(tmp_path, monkeypatch)
    monkeypatch.setenv("SCIKIT_LEARN_DATA", str(tmp_path / "scikit-learn"))


@pytest.fixture
def counts() -> np.ndarray:
    """Census counts of thirty districts that are nowhere."""
    random = np.random.default_rng(0)
    low = [-124, 32, 1, 100, 20, 100, 30, 0.5, 20_000]
    high = [-114, 42, 52, 9000, 2000, 9000, 2500, 15, 500_001]
    table = random.integers(0, 10**6, (30, 9)) / 1e6 * (np.array(high) - low) + low
    table[:, 2:7] = table[:, 2:7].round()
    return table


def original(counts: np.ndarray) -> bytes:
    return "\n".join(",".join(f"{value:f}" for value in row) for row in counts).encode() + b"\n"


def archive(content: bytes, name: str = "CaliforniaHousing/cal_housing.data") -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as packed:
        for one, text in (("CaliforniaHousing/cal_housing.domain", b"longitude: continuous.\n"), (name, content)):
            entry = tarfile.TarInfo(one)
            entry.size = len(text)
            packed.addfile(entry, io.BytesIO(text))
    return buffer.getvalue()


@pytest.fixture
def theirs(counts, tmp_path, monkeypatch):
    """What scikit-learn makes of these counts, by its own code; it keeps its pickle in its own home."""

    def copied(remote, dirname, **_rest):
        (tmp_path / "fetched.tgz").write_bytes(archive(original(counts)))
        return tmp_path / "fetched.tgz"

    monkeypatch.setattr(_california_housing, "_fetch_remote", copied)
    return fetch_california_housing(data_home=str(tmp_path / "scikit-learn"))


def assert_is(raw, theirs):
    assert raw.train_inputs.dtype == raw.train_targets.dtype == torch.float32
    assert np.allclose(raw.train_inputs.numpy(), theirs.data, rtol=1e-6)
    assert np.allclose(raw.train_targets.numpy(), theirs.target, rtol=1e-6)
    assert raw.test_inputs is None


def test_scikit_learns_own_file_is_read_as_it_reads_it(theirs):
    assert_is(california_housing.load(SPEC), theirs)
    assert california_housing.locate(SPEC).where.endswith("scikit-learn/cal_housing_py3.pkz")


@pytest.mark.parametrize("order", ["C", "F"])
def test_the_order_of_the_values_in_a_pickle_is_minded(order, theirs, tmp_path):
    path = tmp_path / "scikit-learn" / "cal_housing_py3.pkz"
    joblib.dump(np.asarray(joblib.load(path), order=order), path, compress=6)
    assert_is(california_housing.load(SPEC), theirs)


@pytest.mark.parametrize("form", ["columns", "shuffled columns", "counts", "original", "archive"])
def test_every_form_gives_scikit_learns_table(form, counts, theirs, tmp_path):
    (tmp_path / "scikit-learn" / "cal_housing_py3.pkz").unlink()
    place = folders.datasets() / "california-housing"
    place.mkdir(parents=True)
    names = [*theirs.feature_names, *theirs.target_names]
    columns = np.column_stack([theirs.data, theirs.target])
    if form in ("columns", "shuffled columns"):
        order = list(range(9)) if form == "columns" else [3, 8, 0, 1, 2, 7, 6, 5, 4]
        with (place / "california_housing.csv").open("w", newline="") as file:
            csv.writer(file).writerows([[names[i] for i in order], *columns[:, order].tolist()])
    elif form == "counts":
        (place / "california_housing_raw.csv").write_bytes(COUNTS.encode() + b"\n" + original(counts))
    elif form == "original":
        (place / "cal_housing.data").write_bytes(original(counts))
    else:
        (place / "cal_housing.tgz").write_bytes(archive(original(counts)))
    assert_is(california_housing.load(SPEC), theirs)


def test_the_declaration_names_scikit_learns_columns(theirs):
    assert [one.split(",")[0].split(" (")[0] for one in SPEC.features] == theirs.feature_names
    assert SPEC.target.split(",")[0] == theirs.target_names[0]


def test_both_real_files_are_the_same_table(real_data):
    """Figures from ../shared/datasets/README.md, independent of us."""
    whole = california_housing.load(SPEC, real_data)
    counted = california_housing.read(real_data / "california_housing_raw.csv")
    assert whole.train_inputs.shape == (SPEC.train, *SPEC.sample_shape)
    rows = np.genfromtxt(real_data / "california_housing.csv", delimiter=",", skip_header=1)
    assert np.array_equal(whole.train_inputs.numpy(), rows[:, :8].astype(np.float32))
    assert np.array_equal(whole.train_targets.numpy(), rows[:, 8].astype(np.float32))
    assert np.allclose(counted, rows, rtol=1e-12)
    assert whole.train_inputs[0].tolist() == pytest.approx(
        [8.3252, 41.0, 6.984126984126984, 1.0238095238095237, 322.0, 2.5555555555555554, 37.88, -122.23]
    )
    assert int((whole.train_targets > 5).sum()) == 965  # at the cap of the census


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "begins with neither"),
        (b"<html>", "begins with neither"),
        (b"\xff\xfe\x00", "not a text"),
        (COUNTS.encode(), "no rows"),
        (
            COUNTS.encode() + b"\n1,2,3,4,,6,7,8,9\n",
            "line 2 has nothing instead of a number in the column total_bedrooms",
        ),
        (
            COUNTS.encode() + b"\n1,2,3,4,5,6,7,8,9\n1,x,3\n",
            "line 3 has “x” instead of a number in the column latitude",
        ),
    ],
)
def test_a_damaged_table_is_named_with_what_is_wrong(content, words, tmp_path):
    (tmp_path / "housing.csv").write_bytes(content)
    with pytest.raises(Problem) as caught:
        california_housing.load(SPEC, tmp_path)
    assert caught.value.fault.where == str(tmp_path / "housing.csv")
    assert words in caught.value.fault.what


@pytest.mark.parametrize(
    "content",
    [b"", b"no archive", archive(b"1,2", "elsewhere/cal_housing.data"), archive(b"1,2,3")[:-40]],
    ids=["empty", "no archive", "without the table", "cut off"],
)
def test_a_damaged_archive_is_named(content, tmp_path):
    (tmp_path / "cal_housing.tgz").write_bytes(content)
    with pytest.raises(Problem, match=r"cal_housing\.tgz: "):
        california_housing.load(SPEC, tmp_path)


class Evil:
    ran = False

    def __reduce__(self):
        return (setattr, (Evil, "ran", True))


@pytest.mark.parametrize("value", [Evil(), {"data": Evil()}, [1, 2], np.zeros((3, 8)), np.array([object()])])
def test_a_pickle_that_holds_anything_else_is_refused_and_runs_nothing(value, tmp_path):
    joblib.dump(value, tmp_path / "cal_housing_py3.pkz", compress=6)
    with pytest.raises(Problem, match=r"cal_housing_py3\.pkz: "):
        california_housing.load(SPEC, tmp_path)
    assert not Evil.ran


@pytest.mark.parametrize("spoil", [lambda all_: all_[:200], lambda all_: b"", lambda all_: zlib.compress(bytes(10**8))])
def test_a_spoilt_pickle_is_named(spoil, theirs, tmp_path):
    path = tmp_path / "scikit-learn" / "cal_housing_py3.pkz"
    path.write_bytes(spoil(path.read_bytes()))
    with pytest.raises(Problem, match=r"cal_housing_py3\.pkz: "):
        california_housing.load(SPEC)


def test_absent_files_are_one_problem_with_every_way_out():
    with pytest.raises(Problem) as caught:
        california_housing.load(SPEC)
    said = str(caught.value)
    for words in (
        "playground data prepare california-housing",
        "cal_housing.data",
        str(folders.datasets()),
        "PLAYGROUND_DATA",
    ):
        assert words in said
    state = california_housing.locate(SPEC)
    assert not state.available
    assert str(state.fault) == said


@pytest.mark.parametrize("right", [True, False])
def test_the_download_is_scikit_learns_and_is_checked(right, counts, theirs, tmp_path, monkeypatch):
    (tmp_path / "scikit-learn" / "cal_housing_py3.pkz").unlink()
    server, content = Server(), archive(original(counts))
    try:
        server.files = {"5976036": content}
        checksum = hashlib.sha256(content).hexdigest() if right else "0" * 64
        known = types.SimpleNamespace(url=f"{server.address}5976036", checksum=checksum)
        assert california_housing._archive(SPEC)._fields == ("filename", "url", "checksum")
        monkeypatch.setattr(california_housing, "_archive", lambda spec: known)
        told = []
        if right:
            fetching.fetch("california-housing", lambda *both: told.append(both), lambda: False)
            assert told[-1] == (len(content), len(content))
            assert_is(california_housing.load(SPEC), theirs)
        else:
            with pytest.raises(Problem, match=r"cal_housing\.tgz could not be downloaded .*not the whole file"):
                fetching.fetch("california-housing", lambda *both: None, lambda: False)
            assert not california_housing.locate(SPEC).available
    finally:
        server.close()
