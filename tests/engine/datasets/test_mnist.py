import gzip
import hashlib
import os
import struct

import numpy as np
import pytest
import torch

from playground.core.datasets import DATASETS
from playground.core.problem import Problem
from playground.disk import folders
from playground.engine.datasets import _files, mnist
from tests.engine import idx_files
from tests.engine.idx_files import NAMES, idx

FASHION = DATASETS["fashion-mnist"]


@pytest.fixture(autouse=True)
def own_places(tmp_path, monkeypatch):
    idx_files.own_places(tmp_path, monkeypatch)


def assert_is(raw, content):
    parts = (raw.train_inputs.squeeze(1), raw.train_targets, raw.test_inputs.squeeze(1), raw.test_targets)
    for tensor, name in zip(parts, NAMES, strict=True):
        assert np.array_equal(tensor.numpy(), content[name]), name


@pytest.mark.parametrize("compressed", [False, True])
@pytest.mark.parametrize("name", ["mnist", "fashion-mnist"])
def test_plain_and_compressed_files_are_read_as_by_torchvision(name, compressed):
    torchvision = pytest.importorskip("torchvision.datasets")
    kind = {"mnist": torchvision.MNIST, "fashion-mnist": torchvision.FashionMNIST}[name]
    place = folders.datasets() / kind.__name__ / "raw"
    content = idx_files.arrays()
    idx_files.write(place, content)
    theirs = [kind(folders.datasets(), train=train, download=False) for train in (True, False)]
    if compressed:
        for file in place.iterdir():
            (place / f"{file.name}.gz").write_bytes(gzip.compress(file.read_bytes()))
            file.unlink()
    for _turn in range(2):  # the second one finds what the first one cached
        raw = mnist.load(DATASETS[name])
        assert raw.train_inputs.dtype == torch.uint8
        assert raw.train_inputs.shape == (60, 1, 28, 28)
        assert raw.train_targets.dtype == torch.int64
        assert torch.equal(raw.train_inputs.squeeze(1), theirs[0].data)
        assert torch.equal(raw.train_targets, theirs[0].targets)
        assert torch.equal(raw.test_inputs.squeeze(1), theirs[1].data)
        assert torch.equal(raw.test_targets, theirs[1].targets)


@pytest.mark.parametrize("layout", ["FashionMNIST/raw", "FashionMNIST", "fashion-mnist", "raw", "."])
@pytest.mark.parametrize("named_by", ["argument", "variable"])
def test_files_are_found_in_every_layout_below_a_named_folder(tmp_path, monkeypatch, layout, named_by):
    root, content = tmp_path / "named", idx_files.arrays()
    idx_files.write(root / layout, content)
    if named_by == "variable":
        monkeypatch.setenv("PLAYGROUND_DATA", os.pathsep.join([str(tmp_path / "absent"), str(root)]))
    assert_is(mnist.load(FASHION, root if named_by == "argument" else None), content)


def test_the_argument_comes_before_the_variable_before_the_own_folder_before_debians(tmp_path, monkeypatch):
    contents = [idx_files.arrays(seed=seed) for seed in range(4)]
    roots = [tmp_path / "argument", tmp_path / "variable", folders.datasets(), _files.SHARED]
    monkeypatch.setenv("PLAYGROUND_DATA", str(roots[1]))
    for root, content in reversed(list(zip(roots, contents, strict=True))):
        idx_files.write(root / "fashion-mnist", content, compressed=True)
        assert_is(mnist.load(FASHION, roots[0] if root == roots[0] else None), content)
        assert mnist.locate(FASHION, roots[0]).where == str(root / "fashion-mnist")


def test_a_folder_of_the_real_mnist_is_not_taken_for_fashion_mnist(tmp_path, monkeypatch):
    """Both sets name their files alike: the test labels tell them apart."""
    content = idx_files.arrays()
    fingerprint = hashlib.md5(idx(content[NAMES[3]])).hexdigest()
    monkeypatch.setitem(mnist._TEST_LABELS, fingerprint, "mnist")
    idx_files.write(tmp_path / "unnamed", content, compressed=True)
    monkeypatch.setenv("PLAYGROUND_DATA", str(tmp_path / "unnamed"))
    assert mnist.locate(DATASETS["mnist"]).available
    assert not mnist.locate(FASHION).available


def test_absent_files_are_one_problem_with_every_way_out():
    with pytest.raises(Problem) as caught:
        mnist.load(FASHION)
    said = str(caught.value)
    for words in (
        "playground data prepare fashion-mnist",
        *NAMES,
        "PLAYGROUND_DATA",
        "apt install dataset-fashion-mnist",
    ):
        assert words in said
    assert str(folders.datasets() / "FashionMNIST" / "raw") in said
    state = mnist.locate(FASHION)
    assert not state.available
    assert str(state.fault) == said


def test_three_of_the_four_files_are_not_enough(tmp_path):
    content = idx_files.arrays()
    del content[NAMES[1]]
    idx_files.write(tmp_path / "some", content)
    with pytest.raises(Problem, match="not on this machine"):
        mnist.load(FASHION, tmp_path / "some")


def test_a_named_folder_that_is_not_there_is_told(tmp_path):
    idx_files.write(folders.datasets() / "fashion-mnist", idx_files.arrays())
    with pytest.raises(Problem, match="absent: there is no such folder"):
        mnist.load(FASHION, tmp_path / "absent")


def test_where_and_how_large_the_files_are_is_told():
    place = folders.datasets() / "fashion-mnist"
    idx_files.write(place, idx_files.arrays(60, 20))
    state = mnist.locate(FASHION)
    assert state.available
    assert state.where == str(place)
    assert state.bytes == 80 * (28 * 28 + 1) + 2 * 16 + 2 * 8


PICTURES = idx(np.zeros((60, 28, 28)))


def header(magic=(0, 0, 8, 3), sizes=(60, 28, 28)):
    return bytes(magic) + struct.pack(f">{len(sizes)}I", *sizes)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "does not begin like an IDX file"),
        (b"<html>not found</html>", "does not begin like an IDX file"),
        (header(magic=(0, 0, 13, 3)) + bytes(60 * 784), "does not begin like an IDX file"),
        (header(magic=(0, 0, 8, 1)) + bytes(60 * 784), "does not begin like an IDX file"),
        (PICTURES[:10], "cut off within its first 16 bytes"),
        (PICTURES[:-1], "cut off: it announces 60×28×28 values"),
        (PICTURES[:16], "cut off"),
        (header(sizes=(13_000_000, 28, 28)) + bytes(784), "cut off"),  # claims 10 GB
        (header(sizes=(2**32 - 1, 28, 28)) + bytes(784), "cut off"),
        (PICTURES + b"\0", "goes on after"),
        (header(sizes=(60, 2**31, 2**31)) + bytes(784), "28×28"),
        (header(sizes=(60, 27, 28)) + bytes(60 * 27 * 28), "27×28, but must have 28×28"),
    ],
)
@pytest.mark.parametrize("compressed", [False, True])
def test_a_damaged_file_is_named_with_what_is_wrong(content, words, compressed):
    place = folders.datasets() / "fashion-mnist"
    idx_files.write(place, idx_files.arrays())
    damaged = place / (NAMES[0] + ".gz" * compressed)
    (place / NAMES[0]).unlink()
    damaged.write_bytes(gzip.compress(content) if compressed else content)
    with pytest.raises(Problem) as caught:
        mnist.load(FASHION)
    assert caught.value.fault.where == str(damaged)
    assert words in caught.value.fault.what


@pytest.mark.parametrize(
    "spoil",
    [lambda whole: whole[: len(whole) // 2], lambda whole: whole[:-4], lambda whole: b"no gzip at all",
     lambda whole: whole[:20] + bytes(byte ^ 255 for byte in whole[20:40]) + whole[40:]],
    ids=["half", "without its checksum", "another kind", "flipped"],
)  # fmt: skip
def test_a_spoilt_compressed_file_is_named(spoil):
    place = folders.datasets() / "fashion-mnist"
    idx_files.write(place, idx_files.arrays(), compressed=True)
    damaged = place / f"{NAMES[0]}.gz"
    damaged.write_bytes(spoil(damaged.read_bytes()))
    with pytest.raises(Problem) as caught:
        mnist.load(FASHION)
    assert caught.value.fault.where == str(damaged)


def test_a_compressed_file_that_unpacks_to_more_than_it_claims_is_not_unpacked_whole(monkeypatch):
    place = folders.datasets() / "fashion-mnist"
    idx_files.write(place, idx_files.arrays(), compressed=True)
    (place / f"{NAMES[0]}.gz").write_bytes(gzip.compress(PICTURES + bytes(50_000_000)))
    unpacked = []
    read = gzip.GzipFile.readinto
    monkeypatch.setattr(gzip.GzipFile, "readinto", lambda file, room: unpacked.append(len(room)) or read(file, room))
    with pytest.raises(Problem, match="goes on after"):
        mnist.load(FASHION)
    assert sum(unpacked) < 200_000


def test_pictures_and_labels_that_do_not_belong_together_are_named():
    place = folders.datasets() / "fashion-mnist"
    idx_files.write(place, {**idx_files.arrays(), NAMES[1]: np.zeros(59)})
    with pytest.raises(Problem) as caught:
        mnist.load(FASHION)
    assert caught.value.fault.where == str(place)
    assert f"{NAMES[0]} holds 60 pictures, but {NAMES[1]} holds 59 labels" in caught.value.fault.what


def test_a_file_that_may_not_be_read_is_named(monkeypatch):
    place = folders.datasets() / "fashion-mnist"
    idx_files.write(place, idx_files.arrays())
    (place / NAMES[0]).unlink()
    (place / NAMES[0]).mkdir()  # the superuser may read any file, but nobody a folder
    (place / f"{NAMES[0]}.gz").mkdir()
    assert not mnist.locate(FASHION).available


def test_hiragana_are_read_as_by_torchvision():
    torchvision = pytest.importorskip("torchvision.datasets")
    idx_files.write(folders.datasets() / "KMNIST" / "raw", idx_files.arrays())
    raw = mnist.load(DATASETS["kmnist"])
    for pictures, labels, train in (
        (raw.train_inputs, raw.train_targets, True),
        (raw.test_inputs, raw.test_targets, False),
    ):
        theirs = torchvision.KMNIST(folders.datasets(), train=train)
        assert torch.equal(pictures.squeeze(1), theirs.data)
        assert torch.equal(labels, theirs.targets)
    assert list(DATASETS["kmnist"].classes) == theirs.classes


def letters(seed=0):
    content = {name: array for name, array in zip(mnist.LETTERS, idx_files.arrays(seed=seed).values(), strict=True)}
    return {name: array % 26 + 1 if "labels" in name else array for name, array in content.items()}


@pytest.mark.parametrize("compressed", [False, True])
def test_letters_are_torchvisions_but_upright_and_counted_from_0(compressed):
    torchvision = pytest.importorskip("torchvision.datasets")
    place = folders.datasets() / "EMNIST" / "raw"
    idx_files.write(place, letters())
    theirs = [torchvision.EMNIST(folders.datasets(), split="letters", train=train) for train in (True, False)]
    if compressed:
        for file in place.iterdir():
            (place / f"{file.name}.gz").write_bytes(gzip.compress(file.read_bytes()))
            file.unlink()
    for _turn in range(2):  # the second one finds what the first one cached
        raw = mnist.load(DATASETS["emnist-letters"])
        assert raw.train_inputs.is_contiguous()
        assert torch.equal(raw.train_inputs.squeeze(1), theirs[0].data.transpose(1, 2))
        assert torch.equal(raw.test_inputs.squeeze(1), theirs[1].data.transpose(1, 2))
        assert torch.equal(raw.train_targets, theirs[0].targets - 1)
        assert torch.equal(raw.test_targets, theirs[1].targets - 1)
    classes = DATASETS["emnist-letters"].classes
    assert [classes[label] for label in raw.train_targets] == [theirs[0].classes[label] for label in theirs[0].targets]


def test_the_real_sets_are_read_as_by_an_independent_parser(real_data):
    for name, folder in (("mnist", "MNIST"), ("fashion-mnist", "FashionMNIST")):
        raw, spec = mnist.load(DATASETS[name], real_data), DATASETS[name]
        parts = {}
        for file in NAMES:
            content = (real_data / folder / "raw" / file).read_bytes()
            axes = content[3]
            parts[file] = np.frombuffer(content, np.uint8, offset=4 + 4 * axes)
        assert np.array_equal(raw.train_inputs.flatten().numpy(), parts[NAMES[0]])
        assert np.array_equal(raw.train_targets.numpy(), parts[NAMES[1]])
        assert np.array_equal(raw.test_inputs.flatten().numpy(), parts[NAMES[2]])
        assert np.array_equal(raw.test_targets.numpy(), parts[NAMES[3]])
        assert (len(raw.train_inputs), len(raw.test_inputs)) == (spec.train, spec.test)
        # as published with each set
        mean, deviation = {"mnist": (0.1307, 0.3081), "fashion-mnist": (0.2860, 0.3530)}[name]
        pixels = raw.train_inputs.numpy() / 255
        assert (pixels.mean(), pixels.std()) == (pytest.approx(mean, abs=1e-4), pytest.approx(deviation, abs=1e-4))
        del pixels
