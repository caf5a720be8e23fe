"""Binary folders, held against torchvision's own reader of IDX and numpy reading CIFAR's records."""

import gzip

import numpy as np
import pytest
import torch
from torchvision.datasets.mnist import read_image_file, read_label_file

from playground.core.problem import Problem
from playground.engine import loader
from playground.engine.datasets import binary
from tests.engine import idx_files

SPEC = loader.spec_of("binary")


@pytest.fixture(autouse=True)
def own_places(tmp_path, monkeypatch):
    idx_files.own_places(tmp_path, monkeypatch)


def opened(path, **options):
    effective = {one.name: one.default for one in SPEC.arguments} | {"path": str(path), **options}
    return binary.describe(SPEC, options=effective), binary.load(SPEC, options=effective)


@pytest.mark.parametrize("compressed", [False, True])
def test_idx_files_read_as_torchvision_reads_them(tmp_path, compressed):
    plain, folder = tmp_path / "plain", tmp_path / "own"
    idx_files.write(plain, idx_files.arrays())
    idx_files.write(folder, idx_files.arrays(), compressed)
    spec, raw = opened(folder)
    names = [str(plain / name) for name in idx_files.NAMES]
    assert torch.equal(raw.train_inputs[:, 0], read_image_file(names[0]))
    assert torch.equal(raw.train_targets, read_label_file(names[1]))
    assert torch.equal(raw.test_inputs[:, 0], read_image_file(names[2]))
    assert torch.equal(raw.test_targets, read_label_file(names[3]))
    assert (spec.sample_shape, spec.train, spec.test, len(spec.classes)) == ((1, 28, 28), 60, 20, 10)


def test_a_file_of_the_folder_stands_for_it(tmp_path):
    idx_files.write(tmp_path / "own", idx_files.arrays())
    assert opened(tmp_path / "own" / idx_files.NAMES[0])[0].train == 60


def test_labels_that_do_not_begin_at_zero_keep_their_names(tmp_path):
    content = idx_files.arrays()
    for name in idx_files.NAMES[1::2]:
        content[name] = content[name] % 3 + 7
    idx_files.write(tmp_path / "own", content)
    spec, raw = opened(tmp_path / "own")
    assert spec.classes == ("7", "8", "9")
    assert (raw.train_targets + 7).tolist() == content[idx_files.NAMES[1]].tolist()


def test_cifars_real_records_read_as_numpy_reads_them(real_data):
    folder = real_data / "cifar-10-batches-bin"
    spec, raw = opened(folder)
    for name, inputs, targets in (
        ("data_batch_1.bin", raw.train_inputs, raw.train_targets),
        ("test_batch.bin", raw.test_inputs, raw.test_targets),
    ):
        records = np.fromfile(folder / name, dtype=np.uint8).reshape(-1, 3073)
        assert inputs.flatten(1).numpy().tobytes() == records[:, 1:].tobytes()
        assert targets.tolist() == records[:, 0].tolist()
    assert spec.classes[:3] == ("airplane", "automobile", "bird")


@pytest.mark.parametrize(("labels", "place"), [("coarse", 0), ("fine", 1)])
def test_cifar_100_has_two_labels(tmp_path, labels, place):
    records = np.random.default_rng(0).integers(0, 20, (30, 3074), dtype=np.uint8)
    (tmp_path / "train.bin").write_bytes(records.tobytes())
    spec, raw = opened(tmp_path, labels=labels)
    assert [int(spec.classes[label]) for label in raw.train_targets] == records[:, place].tolist()
    assert raw.train_inputs.flatten(1).tolist() == records[:, 2:].tolist()
    assert spec.test is None


def _cut(path):
    path.write_bytes(path.read_bytes()[:-100])


def _huge(path):
    path.write_bytes(idx_files.idx(np.zeros((1, 1, 1)))[:4] + bytes([127, 255, 255, 255] * 3))


def _of_another_type(path):
    path.write_bytes(bytes([0, 0, 13, 3]) + bytes(12))


def _gone(path):
    path.unlink()


@pytest.mark.parametrize(
    ("change", "where", "what"),
    [
        (_cut, idx_files.NAMES[0], "cut off"),
        (_huge, "", "different sizes"),
        (_of_another_type, idx_files.NAMES[0], "0x0d"),
        (_gone, "own", "0 IDX files of pictures"),
    ],
)
def test_damaged_files_are_named(tmp_path, change, where, what):
    folder = tmp_path / "own"
    idx_files.write(folder, idx_files.arrays())
    change(folder / idx_files.NAMES[0])
    with pytest.raises(Problem) as told:
        opened(folder)
    assert where in told.value.fault.where
    assert what in told.value.fault.what


def test_pickled_batches_are_refused(tmp_path):
    (tmp_path / "data_batch_1").write_bytes(b"\x80\x02}q\x01.")
    with pytest.raises(Problem, match="pickles"):
        opened(tmp_path)


def test_a_cut_off_batch_is_named(tmp_path):
    (tmp_path / "data_batch_1.bin").write_bytes(bytes(3073 * 2 - 1))
    with pytest.raises(Problem, match=r"data_batch_1\.bin.*6,145 bytes"):
        opened(tmp_path)


def test_a_compressed_file_that_ends_early_is_named(tmp_path):
    folder = tmp_path / "own"
    idx_files.write(folder, idx_files.arrays(), compressed=True)
    path = folder / f"{idx_files.NAMES[1]}.gz"
    path.write_bytes(gzip.compress(gzip.decompress(path.read_bytes())[:-5]))
    with pytest.raises(Problem, match="cut off"):
        opened(folder)
