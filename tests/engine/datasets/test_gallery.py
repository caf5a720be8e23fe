"""Every entry of the gallery, through the loader, as a project uses it."""

import gzip
import hashlib
import socket

import numpy as np
import pytest
import scipy.io
import sklearn.datasets
import torch
from PIL import Image

from playground.core.data import Data
from playground.core.datasets import DATASETS, by_group
from playground.core.spec import DatasetSpec
from playground.disk import folders, resources
from playground.engine import loader
from playground.engine.datasets import mnist, svhn
from tests.engine import idx_files
from tests.engine.cifar_files import of_python_2, samples, write

GALLERY = {name: spec for name, spec in DATASETS.items() if not spec.own}
BUILT_IN = [name for name, spec in GALLERY.items() if not spec.bytes]
TO_DOWNLOAD = [name for name, spec in GALLERY.items() if spec.bytes]
REAL = ["mnist", "fashion-mnist", "cifar10", "california-housing"]
BATCH = 64


@pytest.fixture(autouse=True)
def own_places(tmp_path, monkeypatch):
    idx_files.own_places(tmp_path, monkeypatch)
    monkeypatch.setenv("SCIKIT_LEARN_DATA", str(tmp_path / "scikit-learn"))


@pytest.fixture
def no_network(monkeypatch):
    """Any attempt to open a connection, or to look an address up, is an error of its own."""

    def refused(*_words):
        raise AssertionError("something opened a connection")

    for name in ("connect", "connect_ex", "bind", "sendto"):
        monkeypatch.setattr(socket.socket, name, refused)
    for name in ("create_connection", "getaddrinfo", "gethostbyname"):
        monkeypatch.setattr(socket, name, refused)


def checksum(inputs: np.ndarray, targets: np.ndarray) -> str:
    """Of a first batch, as float32 and int64 or float32."""
    kind = np.float32 if np.issubdtype(targets.dtype, np.floating) else np.int64
    digest = hashlib.sha256(np.ascontiguousarray(inputs, np.float32).tobytes())
    digest.update(np.ascontiguousarray(targets, kind).tobytes())
    return digest.hexdigest()


def loaded(spec: DatasetSpec, folder=None, **options):
    """Inputs and targets of the training and of the test part, unprepared, in the order of the set where it has one."""
    prepared = loader.prepare(Data(spec.name, options=options), 0, folder)
    assert prepared.dataset is not None
    assert prepared.classes == prepared.dataset.classes
    assert prepared.input_shape == prepared.dataset.sample_shape
    return [
        (prepared.stored(part, torch.arange(prepared.size(part))).numpy(), prepared.targets(part).numpy())
        for part in ("train", "test")
    ]


def sorted_rows(inputs: np.ndarray, targets: np.ndarray) -> np.ndarray:
    rows = np.column_stack([inputs.reshape(len(inputs), -1).astype(np.float32), targets.astype(np.float32)])
    return rows[np.lexsort(rows.T)]


@pytest.mark.parametrize(
    ("name", "theirs"),
    [
        ("digits", sklearn.datasets.load_digits),
        ("iris", sklearn.datasets.load_iris),
        ("wine", sklearn.datasets.load_wine),
        ("breast-cancer", sklearn.datasets.load_breast_cancer),
        ("diabetes", lambda: sklearn.datasets.load_diabetes(scaled=False)),
    ],
)
def test_what_scikit_learn_brings_is_whole(name, theirs, no_network):
    """The split takes them apart: put together again, they are scikit-learn's rows, each once."""
    spec, expected, parts = GALLERY[name], theirs(), loaded(GALLERY[name])
    inputs, targets = (np.concatenate([part[index] for part in parts]) for index in (0, 1))
    assert len(inputs) == spec.train == len(expected.data)
    assert checksum(*_in_order(inputs, targets)) == checksum(*_in_order(expected.data, expected.target))


def _in_order(inputs, targets):
    rows = sorted_rows(inputs, targets)
    last = rows[:, -1]
    return rows[:BATCH, :-1], (last if np.issubdtype(targets.dtype, np.floating) else last.astype(np.int64))[:BATCH]


@pytest.mark.parametrize("name", REAL)
def test_real_files_give_the_first_batch_that_an_independent_parser_reads(name, real_data):
    parts = loaded(GALLERY[name], real_data)
    if name == "california-housing":
        table = np.loadtxt(real_data / "california_housing.csv", delimiter=",", skiprows=1)
        inputs, targets = (np.concatenate([part[index] for part in parts]) for index in (0, 1))
        assert len(inputs) == GALLERY[name].train
        expected = _in_order(table[:, :-1], table[:, -1].astype(np.float32))
        assert checksum(*_in_order(inputs, targets)) == checksum(*expected)
        return
    expected = _cifar(real_data) if name == "cifar10" else _idx(real_data / GALLERY_FOLDERS[name] / "raw")
    for (inputs, targets), (pictures, labels) in zip(parts, expected, strict=True):
        assert len(inputs) == len(pictures)
        assert inputs.shape[1:] == GALLERY[name].sample_shape
        assert checksum(inputs[:BATCH], targets[:BATCH]) == checksum(pictures[:BATCH], labels[:BATCH])
        assert np.array_equal(np.unique(targets), np.arange(len(GALLERY[name].classes)))


GALLERY_FOLDERS = {"mnist": "MNIST", "fashion-mnist": "FashionMNIST"}


def _idx(folder):
    for part in ("train", "t10k"):
        pictures = np.fromfile(folder / f"{part}-images-idx3-ubyte", np.uint8)[16:].reshape(-1, 1, 28, 28)
        yield pictures, np.fromfile(folder / f"{part}-labels-idx1-ubyte", np.uint8)[8:].astype(np.int64)


def _cifar(folder):
    for file in ("data_batch_1.bin", "test_batch.bin"):
        rows = np.fromfile(folder / "cifar-10-batches-bin" / file, np.uint8).reshape(-1, 3073)
        yield rows[:, 1:].reshape(-1, 3, 32, 32), rows[:, 0].astype(np.int64)


def small_files(name):
    """Write a small set in its real format; returns its two parts."""
    random = np.random.default_rng(3)
    if name == "cifar100":
        parts = [samples(200, seed, classes=100) for seed in (0, 1)]
        files = {
            file: of_python_2(part[0], fine_labels=part[1], coarse_labels=part[1] // 5)
            for file, part in zip(("train", "test"), parts, strict=True)
        }
        write(folders.datasets() / "cifar-100-python", files)
        return parts
    if name == "svhn":
        parts = []
        for file in svhn.FILES:
            pictures, labels = random.integers(0, 256, (200, 3, 32, 32), dtype=np.uint8), random.permutation(200) % 10
            content = {"X": pictures.transpose(2, 3, 1, 0), "y": np.where(labels == 0, 10, labels).reshape(-1, 1)}
            (folders.datasets() / "svhn").mkdir(parents=True, exist_ok=True)
            scipy.io.savemat(folders.datasets() / "svhn" / file, content, do_compression=True)
            parts.append((pictures, labels))
        return parts
    letters = name == "emnist-letters"
    content = idx_files.arrays(200, 200)
    if letters:
        content = {one: array for one, array in zip(mnist.LETTERS, content.values(), strict=True)}
    place = folders.datasets() / ("EMNIST" if letters else "KMNIST") / "raw"
    place.mkdir(parents=True)
    images, labels, test_images, test_labels = content.values()
    for one, array in content.items():
        stored = (
            array + 1
            if letters and array.ndim == 1
            else array.transpose(0, 2, 1)
            if letters and array.ndim == 3
            else array
        )
        (place / f"{one}.gz").write_bytes(gzip.compress(idx_files.idx(stored)))
    return [(images[:, None], labels.astype(np.int64)), (test_images[:, None], test_labels.astype(np.int64))]


@pytest.mark.parametrize("name", [name for name in TO_DOWNLOAD if name not in REAL])
def test_small_files_in_the_real_format_give_the_first_batch_that_was_written(name, no_network):
    expected = small_files(name)
    assert loader.state_of(GALLERY[name]).available
    for _turn in range(2):  # the second one finds what the first one cached
        for (inputs, targets), (pictures, labels) in zip(loaded(GALLERY[name]), expected, strict=True):
            assert inputs.shape == (200, *GALLERY[name].sample_shape)
            assert checksum(inputs[:BATCH], targets[:BATCH]) == checksum(pictures[:BATCH], labels[:BATCH])
    assert len(loader.described(Data(name)).classes) == {"cifar100": 100, "emnist-letters": 26}.get(name, 10)


@pytest.mark.parametrize("name", BUILT_IN)
def test_what_is_built_in_loads_prepared_and_opens_no_connection(name, no_network):
    spec = GALLERY[name]
    assert loader.state_of(spec).available
    prepared = loader.prepare(Data(name, preparation=spec.preparation), 0)
    assert prepared.size("train") + prepared.size("test") == spec.train + (spec.test or 0)
    batch = prepared.late(prepared.train_inputs[:BATCH], None)
    assert batch.dtype == torch.float32
    assert batch.shape == (BATCH, *prepared.input_shape)
    assert bool(torch.isfinite(batch).all())
    assert batch.std() > 0
    if spec.task == "classification":
        assert set(prepared.targets("train").tolist()) <= set(range(len(spec.classes)))


def test_what_is_not_here_says_so_and_opens_no_connection(no_network):
    states = {state.name: state for state in loader.states()}
    assert list(states) == list(DATASETS)
    for name in TO_DOWNLOAD:
        assert not states[name].available
        assert states[name].bytes == GALLERY[name].bytes
        assert f"playground data prepare {name}" in str(states[name].fault)


def test_the_groups_hold_every_set_once():
    shown = [spec.name for specs in by_group().values() for spec in specs]
    assert sorted(shown) == sorted(DATASETS)
    for specs in by_group().values():
        assert [spec.bytes for spec in specs] == sorted(spec.bytes for spec in specs)


def test_every_entry_has_a_small_picture_and_no_picture_is_left_over():
    files = {path.stem: path for path in resources.path("gallery").iterdir()}
    assert set(files) == set(GALLERY)
    for name, path in files.items():
        assert path.stat().st_size < 10_000, name
        with Image.open(path) as picture:
            assert (picture.format, picture.size) == ("PNG", (192, 128))
            low_high = picture.convert("RGBA").convert("L").getextrema()
        assert low_high[1] - low_high[0] > 60, name
