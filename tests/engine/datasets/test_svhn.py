import hashlib
import struct
import types
import zlib

import numpy as np
import pytest
import scipy.io
import torch

from playground.core.datasets import DATASETS
from playground.core.problem import Problem
from playground.disk import folders
from playground.engine import fetch as fetching
from playground.engine.datasets import svhn
from tests.engine import idx_files
from tests.engine.test_fetch import Server

SPEC = DATASETS["svhn"]


@pytest.fixture(autouse=True)
def own_places(tmp_path, monkeypatch):
    idx_files.own_places(tmp_path, monkeypatch)


def small(count=12, seed=0):
    random = np.random.default_rng(seed)
    return {
        "X": random.integers(0, 256, (32, 32, 3, count), dtype=np.uint8),
        "y": random.permutation(np.arange(count) % 10 + 1).reshape(-1, 1).astype(np.uint8),
    }


def write(place, compressed=True, **changed):
    place.mkdir(parents=True, exist_ok=True)
    for seed, name in enumerate(svhn.FILES):
        content = small(12, seed) | (changed if not seed else {})
        scipy.io.savemat(place / name, content, do_compression=compressed)


@pytest.mark.parametrize("labels", [np.uint8, np.float64, np.int32])
@pytest.mark.parametrize("compressed", [True, False])
def test_the_files_are_read_as_by_torchvision(compressed, labels, monkeypatch):
    torchvision = pytest.importorskip("torchvision.datasets")
    place = folders.datasets() / "svhn"
    write(place, compressed, y=small()["y"].astype(labels), note="a text before the rest")
    monkeypatch.setattr(torchvision.SVHN, "_check_integrity", lambda self: True)  # it knows only the whole files
    theirs = [torchvision.SVHN(place, split=split) for split in ("train", "test")]
    for _turn in range(2):  # the second one finds what the first one cached
        raw = svhn.load(SPEC)
        for pictures, targets, their in (
            (raw.train_inputs, raw.train_targets, theirs[0]),
            (raw.test_inputs, raw.test_targets, theirs[1]),
        ):
            assert pictures.dtype == torch.uint8
            assert pictures.is_contiguous()
            assert np.array_equal(pictures.numpy(), their.data)
            assert np.array_equal(targets.numpy(), their.labels)


def test_files_are_found_in_every_layout_below_a_named_folder(tmp_path):
    for number, layout in enumerate(("svhn", "SVHN", ".")):
        write(tmp_path / str(number) / layout)
        assert len(svhn.load(SPEC, tmp_path / str(number)).train_inputs) == 12


def test_a_piece_ends_where_it_should(tmp_path, monkeypatch):
    monkeypatch.setattr(svhn, "_AT_ONCE", 5)
    write(tmp_path)
    assert np.array_equal(svhn.load(SPEC, tmp_path).train_inputs.numpy(), small()["X"].transpose(3, 2, 0, 1))


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"X": np.zeros((32, 31, 3, 12), np.uint8)}, "32×32×3×N"),
        ({"X": np.zeros((32, 32, 3, 12))}, "32×32×3×N"),
        ({"X": "text"}, "no matrix X"),
        ({"X": np.zeros((32, 32, 3, 12), np.complex128)}, "no matrix X"),
        ({"y": np.zeros((3, 4), np.uint8)}, "N×1"),
        ({"y": np.zeros((11, 1), np.uint8)}, "12 pictures, but 11 labels"),
        ({"y": np.full((12, 1), 11, np.uint8)}, "label 11"),
        ({"y": np.full((12, 1), 1.5)}, "label 1.5"),
        ({"y": np.full((12, 1), np.nan)}, "label nan"),
    ],
)
def test_wrong_matrices_are_named(changed, words, tmp_path):
    write(tmp_path, **changed)
    with pytest.raises(Problem) as caught:
        svhn.load(SPEC, tmp_path)
    assert caught.value.fault.where == str(tmp_path / svhn.FILES[0])
    assert words in caught.value.fault.what


def element(kind, content):
    return struct.pack("<II", kind, len(content)) + content


def claiming(sizes, values=b"", claimed=None, flags=9):
    """A matrix X of these sizes, whatever it holds."""
    inner = element(6, struct.pack("<II", flags, 0)) + element(5, struct.pack("<4i", *sizes))
    inner += struct.pack("<HH4s", 1, 1, b"X")
    inner += struct.pack("<II", 2, len(values) if claimed is None else claimed) + values
    return element(14, inner)


HEADER = b"MATLAB 5.0".ljust(124) + struct.pack("<H", 0x0100) + b"IM"
HUGE = (32, 32, 3, 3_300_000)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "does not begin like"),
        (b"<html>", "does not begin like"),
        (HEADER, "no matrix X"),
        (HEADER[:-1], "does not begin like"),
        (HEADER + b"\x0e\0", "damaged or cut off"),
        (HEADER + struct.pack("<II", 14, 2**31), "damaged or cut off"),
        (HEADER + claiming(HUGE), "cannot hold"),
        (HEADER + claiming(HUGE, claimed=32 * 32 * 3 * 3_300_000 % 2**32), "cannot hold"),
        (HEADER + claiming((32, 32, 3, 100), claimed=32 * 32 * 300), "cannot hold"),
        (HEADER + claiming((32, 32, 3, -1)), "not one of numbers"),
        (HEADER + element(15, b"not compressed at all"), "damaged or cut off"),
        (HEADER + element(14, element(6, bytes(8)) + element(5, bytes(7)) + bytes(40)), "damaged or cut off"),
        (HEADER + element(15, zlib.compress(claiming(HUGE))), "cannot hold"),
        (HEADER + element(15, zlib.compress(claiming((32, 32, 3, 2), bytes(6144)))[:20]), "damaged or cut off"),
        (HEADER + element(15, zlib.compress(element(14, element(6, bytes(2_000_000))))), "damaged"),
    ],
)
def test_a_damaged_file_is_named_with_what_is_wrong(content, words, tmp_path):
    write(tmp_path)
    (tmp_path / svhn.FILES[1]).write_bytes(content)
    with pytest.raises(Problem) as caught:
        svhn.load(SPEC, tmp_path)
    assert caught.value.fault.where == str(tmp_path / svhn.FILES[1])
    assert words in caught.value.fault.what


@pytest.mark.parametrize("compressed", [True, False])
def test_every_cut_and_many_flips_are_a_problem_or_read(compressed, tmp_path):
    write(tmp_path, compressed)
    whole, random = (tmp_path / svhn.FILES[0]).read_bytes(), np.random.default_rng(0)
    for turn in range(120):
        spoilt = bytearray(whole[: random.integers(len(whole))] if turn % 2 else whole)
        if not turn % 2:
            for place in random.integers(0, 400, 3):
                spoilt[place] ^= int(random.integers(1, 256))
        (tmp_path / svhn.FILES[0]).write_bytes(spoilt)
        fault = None
        try:
            assert len(svhn.load(SPEC, tmp_path).train_inputs) == 12
        except Problem as problem:
            fault = problem.fault
        assert fault is None or fault.where == str(tmp_path / svhn.FILES[0])
        assert fault or not turn % 2, "a file that was cut off was read"


def test_reading_can_be_watched_and_cancelled(tmp_path):
    write(tmp_path)
    with pytest.raises(fetching.Cancelled, match="SVHN: reading it was cancelled"):
        svhn.load(SPEC, tmp_path, cancelled=lambda: True)
    told = []
    svhn.load(SPEC, tmp_path, progress=lambda *both: told.append(both))
    assert told == [(12, 99_289), (24, 99_289)]


def test_the_download_is_torchvisions(monkeypatch):
    server, place = Server(), folders.datasets() / "svhn"
    try:
        write(folders.data() / "server")
        server.files = {name: (folders.data() / "server" / name).read_bytes() for name in svhn.FILES}
        real = svhn._torchvision_class(SPEC)
        assert [real.split_list[part][1] for part in ("train", "test")] == list(svhn.FILES)
        table = {
            part: [server.address + name, name, hashlib.md5(server.files[name]).hexdigest()]
            for part, name in zip(("train", "test"), svhn.FILES, strict=True)
        }
        monkeypatch.setattr(svhn, "_torchvision_class", lambda spec: types.SimpleNamespace(split_list=table))
        fetching.fetch("svhn", lambda *both: None, lambda: False)
        assert {file.name: file.read_bytes() for file in place.iterdir()} == server.files
        (place / svhn.FILES[1]).unlink()
        del server.asked[:]
        fetching.fetch("svhn", lambda *both: None, lambda: False)
        assert server.asked == [svhn.FILES[1]]
    finally:
        server.close()
