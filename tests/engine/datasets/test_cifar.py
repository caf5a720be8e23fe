import hashlib
import io
import pickle
import tarfile
import types

import numpy as np
import pytest
import torch

from playground.core.datasets import DATASETS
from playground.core.problem import Problem
from playground.disk import folders
from playground.engine import fetch as fetching
from playground.engine.datasets import _pickles, cifar
from tests.engine import idx_files
from tests.engine.cifar_files import binary, of_python_2, samples, write
from tests.engine.test_fetch import Server

TEN, HUNDRED = DATASETS["cifar10"], DATASETS["cifar100"]


@pytest.fixture(autouse=True)
def own_places(tmp_path, monkeypatch):
    idx_files.own_places(tmp_path, monkeypatch)


def of_python_3(pictures, **labels):
    rows = {"data": pictures.reshape(len(pictures), -1), **{name: one.tolist() for name, one in labels.items()}}
    return pickle.dumps(rows, protocol=2)


def small_ten(pickled):
    """Content of the six files of a small CIFAR10, by name."""
    names = [*(f"data_batch_{number}" for number in range(1, 6)), "test_batch"]
    return {
        name: pickled(pictures, labels=labels)
        for name, (pictures, labels) in ((one, samples(7, seed)) for seed, one in enumerate(names))
    }


def small_hundred(pickled):
    files = {}
    for seed, name in enumerate(("train", "test")):
        pictures, fine = samples(30, seed, classes=100)
        files[name] = pickled(pictures, fine_labels=fine, coarse_labels=fine // 5)
    return files


@pytest.mark.parametrize("pickled", [of_python_2, of_python_3])
@pytest.mark.parametrize("name", ["cifar10", "cifar100"])
def test_pickles_are_read_as_by_torchvision(name, pickled, monkeypatch):
    torchvision = pytest.importorskip("torchvision.datasets")
    kind, small = {"cifar10": (torchvision.CIFAR10, small_ten), "cifar100": (torchvision.CIFAR100, small_hundred)}[name]
    labels = list(DATASETS[name].classes)
    meta = {kind.meta["filename"]: pickle.dumps({kind.meta["key"]: labels})}
    write(folders.datasets() / kind.base_folder, small(pickled) | meta)
    monkeypatch.setattr(kind, "_check_integrity", lambda self: True)  # it knows only the whole files
    monkeypatch.setattr("torchvision.datasets.cifar.check_integrity", lambda *_: True)
    theirs = [kind(folders.datasets(), train=train) for train in (True, False)]
    for _turn in range(2):  # the second one finds what the first one cached
        raw = cifar.load(DATASETS[name])
        for pictures, targets, their in (
            (raw.train_inputs, raw.train_targets, theirs[0]),
            (raw.test_inputs, raw.test_targets, theirs[1]),
        ):
            assert pictures.dtype == torch.uint8
            assert pictures.is_contiguous()
            assert np.array_equal(pictures.numpy(), their.data.transpose(0, 3, 1, 2))
            assert targets.tolist() == their.targets


@pytest.mark.parametrize("name", ["cifar10", "cifar100"])
def test_binary_files_are_read_as_the_format_says(name, tmp_path):
    spec, folder = DATASETS[name], {"cifar10": "cifar-10-batches-bin", "cifar100": "cifar-100-binary"}[name]
    parts = [samples(20, seed, classes=len(spec.classes)) for seed in range(6)]
    names = [f"data_batch_{number}.bin" for number in range(1, 6)] + ["test_batch.bin"]
    if name == "cifar100":
        parts, names = [parts[0], parts[5]], ["train.bin", "test.bin"]
    coarse = [np.full(20, 19)] if name == "cifar100" else []
    write(tmp_path / folder, {one: binary(part[0], *coarse, part[1]) for one, part in zip(names, parts, strict=True)})
    raw = cifar.load(spec, tmp_path)
    assert np.array_equal(raw.train_inputs.numpy(), np.concatenate([pictures for pictures, _labels in parts[:-1]]))
    assert np.array_equal(raw.train_targets.numpy(), np.concatenate([labels for _pictures, labels in parts[:-1]]))
    assert np.array_equal(raw.test_inputs.numpy(), parts[-1][0])
    assert np.array_equal(raw.test_targets.numpy(), parts[-1][1])


def test_the_real_pictures_are_read_as_by_an_independent_parser(real_data):
    raw = cifar.load(TEN, real_data)
    index = (real_data / "cifar-10-batches-bin" / "index.csv").read_text().splitlines()
    for pictures, labels, file, count in (
        (raw.train_inputs, raw.train_targets, "data_batch_1.bin", 1200),
        (raw.test_inputs, raw.test_targets, "test_batch.bin", 600),
    ):
        rows = np.fromfile(real_data / "cifar-10-batches-bin" / file, np.uint8).reshape(-1, 3073)
        assert pictures.shape == (count, *TEN.sample_shape)
        assert np.array_equal(pictures.flatten(1).numpy(), rows[:, 1:])
        assert np.array_equal(labels.numpy(), rows[:, 0])
        assert labels.bincount().tolist() == [count // 10] * 10
    assert len(index) >= 1800
    names = (real_data / "cifar-10-batches-bin" / "batches.meta.txt").read_text().split()
    assert names == list(TEN.classes)


def test_batches_up_to_the_first_missing_one_count(tmp_path):
    files = small_ten(of_python_2)
    del files["data_batch_3"]
    write(tmp_path / "cifar10", files)
    assert len(cifar.load(TEN, tmp_path).train_inputs) == 14
    del files["data_batch_1"]
    write(tmp_path / "other", files)
    assert not cifar.locate(TEN, tmp_path / "other").available


class Evil:
    ran = False

    def __reduce__(self):
        return (setattr, (Evil, "ran", True))


def calls(*names):
    """A pickle that looks harmless names up, then calls what they are not for."""
    return b"\x80\x02" + b"".join(f"c{name}\n".encode() for name in names) + b"(tR."


@pytest.mark.parametrize(
    "content",
    [
        pickle.dumps(Evil()),
        pickle.dumps({"data": np.zeros((1, 3072), np.uint8), "labels": [Evil()]}, protocol=2),
        pickle.dumps({"data": np.array([Evil()]), "labels": [1]}, protocol=2),
        calls("builtins\nexit"),
        calls("numpy\nndarray"),
        calls("os\nsystem"),
        b"\x80\x02cnumpy\nndarray\n}U\x08__call__K\x01sb.",  # changes a name instead of an array
        b"cos\nsystem\n.",
        b"(U\x02lsios\nsystem\n.",
    ],
)
def test_a_pickle_that_asks_for_more_than_data_is_refused_and_runs_nothing(content, tmp_path):
    files = small_ten(of_python_2) | {"data_batch_2": content}
    write(tmp_path / "cifar10", files)
    with pytest.raises(Problem) as caught:
        cifar.load(TEN, tmp_path)
    assert caught.value.fault.where == str(tmp_path / "cifar10" / "data_batch_2")
    assert not Evil.ran


WHOLE = of_python_2(*samples(4)[:1], labels=samples(4)[1])
PICTURES, LABELS = samples(4)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "damaged"),
        (WHOLE[:-1], "damaged"),
        (WHOLE[:5000], "damaged"),
        (b"\x80\x02B\xff\xff\xff\x7f.", "damaged"),  # claims 2 GB
        (b"\x80\x04\x8e" + b"\xff" * 7 + b"\x7f.", "damaged"),
        (b"\x80\x02]r\xff\xff\xff\x7f.", "there are no “data” and “labels” in it"),  # claims 2,000,000,000 names
        (pickle.dumps([1]), "there are no “data” and “labels” in it"),
        (of_python_3(PICTURES, fine_labels=LABELS), "there are no “data” and “labels” in it"),
        (of_python_3(PICTURES, labels=LABELS[:3]), "no list of 4 labels"),
        (of_python_3(PICTURES, labels=LABELS + 10), "label"),
        (of_python_3(PICTURES[:, :2], labels=LABELS), "no table of bytes"),
        (of_python_3(PICTURES.astype(np.float64), labels=LABELS), "no table of bytes"),
        (pickle.dumps({"data": "x" * 3072, "labels": [1]}), "no table of bytes"),
    ],
)
def test_a_damaged_pickle_is_named_with_what_is_wrong(content, words, tmp_path):
    write(tmp_path / "cifar10", small_ten(of_python_2) | {"test_batch": content})
    with pytest.raises(Problem) as caught:
        cifar.load(TEN, tmp_path)
    assert caught.value.fault.where == str(tmp_path / "cifar10" / "test_batch")
    assert words in caught.value.fault.what


@pytest.mark.parametrize("content", [b"", bytes(3072), bytes(3073 * 3 + 1), b"\x0a" + bytes(3072)])
def test_a_damaged_binary_file_is_named(content, tmp_path):
    write(tmp_path / "cifar10", {"data_batch_1.bin": content, "test_batch.bin": bytes(3073)})
    with pytest.raises(Problem, match=r"data_batch_1\.bin: "):
        cifar.load(TEN, tmp_path)


def test_a_pickle_tells_arrays_of_every_kind_and_order(tmp_path):
    for array in (np.arange(6.0).reshape(2, 3), np.arange(6).reshape(3, 2).T, np.zeros((0, 4), np.uint8)):
        read = _pickles.load(tmp_path, pickle.dumps(array, protocol=2))
        assert read.dtype == array.dtype
        assert np.array_equal(read, array)


def test_reading_can_be_watched_and_cancelled():
    write(folders.datasets() / "cifar-10-batches-py", small_ten(of_python_2))
    asked = []
    with pytest.raises(fetching.Cancelled, match="CIFAR10: reading it was cancelled"):
        cifar.load(TEN, cancelled=lambda: len(asked) >= 3 or bool(asked.append(1)))
    told = []
    cifar.load(TEN, progress=lambda *both: told.append(both))
    assert told[-1] == (42, 60_000)
    assert [done for done, _total in told] == sorted(done for done, _total in told)


@pytest.mark.parametrize("trouble", ["none", "no archive", "a file is missing"])
def test_the_download_lays_out_torchvisions_files(trouble, monkeypatch):
    server, files = Server(), small_ten(of_python_2) | {"batches.meta": b"meta"}
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as archive:
        for name, content in [*files.items(), ("../outside", b"never"), ("readme.html", b"not wanted")]:
            if trouble == "a file is missing" and name == "data_batch_4":
                continue
            entry = tarfile.TarInfo(f"cifar-10-batches-py/{name}")
            entry.size = len(content)
            archive.addfile(entry, io.BytesIO(content))
    sent = b"no archive" if trouble == "no archive" else buffer.getvalue()
    try:
        real = cifar._torchvision_class(TEN)
        known = types.SimpleNamespace(
            url=f"{server.address}cifar-10-python.tar.gz", tgz_md5=hashlib.md5(sent).hexdigest(),
            base_folder=real.base_folder, train_list=real.train_list, test_list=real.test_list, meta=real.meta,
        )  # fmt: skip
        server.files = {"cifar-10-python.tar.gz": sent}
        monkeypatch.setattr(cifar, "_torchvision_class", lambda spec: known)
        place = folders.datasets() / "cifar-10-batches-py"
        if trouble == "none":
            fetching.fetch("cifar10", lambda *both: None, lambda: False)
            assert {file.name: file.read_bytes() for file in place.iterdir()} == files
            assert len(cifar.load(TEN).train_inputs) == 35
        else:
            with pytest.raises(Problem):
                fetching.fetch("cifar10", lambda *both: None, lambda: False)
            assert list(place.iterdir()) == []
    finally:
        server.close()


@pytest.mark.parametrize("spec", [TEN, HUNDRED], ids=lambda spec: spec.name)
def test_absent_files_are_one_problem_with_every_way_out(spec):
    with pytest.raises(Problem) as caught:
        cifar.load(spec)
    for words in (f"playground data prepare {spec.name}", "PLAYGROUND_DATA", str(folders.datasets())):
        assert words in str(caught.value)
    assert str(cifar.locate(spec).fault) == str(caught.value)
    source = cifar._torchvision_class(spec)
    assert source.url.startswith("https://")
    assert source.base_folder == cifar._home(spec).name


def test_a_long_list_can_be_cancelled_in_its_middle(tmp_path):
    pictures = np.zeros((3000, 1), np.uint8)  # no pictures at all: that is told only behind the list
    content = pickle.dumps({"labels": list(range(5000)), "data": pictures}, protocol=2)
    write(tmp_path / "cifar10", {"data_batch_1": content, "test_batch": content})
    asked = []
    with pytest.raises(fetching.Cancelled):
        cifar.load(TEN, tmp_path, cancelled=lambda: len(asked) >= 4 or bool(asked.append(1)))
