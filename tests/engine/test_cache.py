import os
import stat

import numpy as np
import pytest

from playground.engine import cache
from tests.engine import idx_files


@pytest.fixture(autouse=True)
def own_places(tmp_path, monkeypatch):
    idx_files.own_places(tmp_path, monkeypatch)


@pytest.fixture
def source(tmp_path):
    path = tmp_path / "source.gz"
    path.write_bytes(b"packed")
    return path


class Decoder:
    """Counts how often it is asked."""

    def __init__(self, array):
        self.array, self.calls = array, 0

    def __call__(self):
        self.calls += 1
        return self.array.copy()


@pytest.fixture
def decoder():
    return Decoder(np.arange(24, dtype=np.uint8).reshape(2, 3, 4))


def kept():
    return sorted(cache.folder().glob("*.npy"))


def test_a_file_is_decoded_once_and_then_mapped(source, decoder):
    first, second = (cache.decoded(source, decoder) for _turn in range(2))
    assert decoder.calls == 1
    assert np.array_equal(first, decoder.array)
    assert np.array_equal(second, decoder.array)
    assert np.array_equal(np.load(kept()[0]), decoder.array)  # a plain .npy file
    base = second
    while not isinstance(base, np.memmap):
        base = base.base
    assert base.filename == kept()[0]


def test_writing_to_an_array_leaves_the_cache_as_it_was(source, decoder):
    cache.decoded(source, decoder)
    cache.decoded(source, decoder)[:] = 0
    assert np.array_equal(cache.decoded(source, decoder), decoder.array)
    assert decoder.calls == 1


@pytest.mark.parametrize("change", ["content", "time", "path"])
def test_a_source_that_has_changed_is_decoded_again_and_its_old_array_goes(source, decoder, change):
    cache.decoded(source, decoder)
    if change == "content":
        before = source.stat()
        source.write_bytes(b"packed otherwise")
        os.utime(source, ns=(before.st_atime_ns, before.st_mtime_ns))
    elif change == "time":
        os.utime(source, ns=(0, source.stat().st_mtime_ns + 1000))
    else:
        source = source.rename(source.with_name("elsewhere.gz"))
    decoder.array = decoder.array + 1
    assert np.array_equal(cache.decoded(source, decoder), decoder.array)
    assert decoder.calls == 2
    assert len(kept()) == (2 if change == "path" else 1)


@pytest.mark.parametrize(
    "damage",
    [
        lambda whole: b"",
        lambda whole: whole[:-1],
        lambda whole: whole[:50],
        lambda whole: whole + b"\0",
        lambda whole: whole[:-6] + b"\xff" + whole[-5:],
        lambda whole: b"\x93NUMPY" + bytes(300),
        lambda whole: b"PK\x03\x04" + whole,
        lambda whole: whole.replace(b"|u1", b"|O8"),
    ],
    ids=["empty", "cut by a byte", "header only", "longer", "a bit flipped", "a bad header", "a zip", "objects"],
)
def test_a_damaged_array_is_decoded_again_and_mended(source, decoder, damage):
    cache.decoded(source, decoder)
    path = kept()[0]
    path.write_bytes(damage(path.read_bytes()))
    assert np.array_equal(cache.decoded(source, decoder), decoder.array)
    assert decoder.calls == 2
    assert np.array_equal(cache.decoded(source, decoder), decoder.array)
    assert decoder.calls == 2


def test_a_cache_that_cannot_be_written_is_done_without(source, decoder, tmp_path):
    (tmp_path / "own cache").write_text("a file where the folder should be")
    for calls in (1, 2):
        assert np.array_equal(cache.decoded(source, decoder), decoder.array)
        assert decoder.calls == calls


def test_a_full_disk_leaves_no_half_array(source, decoder, monkeypatch):
    def full(file, array, **_options):
        file.write(b"half")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(np, "save", full)
    assert np.array_equal(cache.decoded(source, decoder), decoder.array)
    assert list(cache.folder().iterdir()) == []


def test_what_the_decoder_raises_is_passed_on(source):
    with pytest.raises(ZeroDivisionError):
        cache.decoded(source, lambda: np.zeros(1 // 0))
    assert kept() == []


def test_an_empty_array_and_an_absent_source_are_no_trouble(source, decoder, tmp_path):
    assert cache.decoded(source, lambda: np.zeros((0, 28), np.uint8)).shape == (0, 28)
    assert np.array_equal(cache.decoded(tmp_path / "absent", decoder), decoder.array)
    assert kept() == []


def test_the_cache_belongs_to_its_user(source, decoder):
    cache.decoded(source, decoder)
    assert not stat.S_IMODE(kept()[0].stat().st_mode) & 0o022


def test_several_arrays_out_of_several_files_are_kept_together(tmp_path):
    files = [tmp_path / "one", tmp_path / "two"]
    for file in files:
        file.write_bytes(b"source")
    arrays, decoded = (np.arange(6, dtype=np.uint8), np.ones((2, 3))), []

    def decode():
        decoded.append(1)
        return arrays

    for _turn in range(2):
        read = cache.decoded_parts(files, ("a", "b"), decode)
        assert all(np.array_equal(mine, theirs) for mine, theirs in zip(read, arrays, strict=True))
    assert len(decoded) == 1
    files[1].write_bytes(b"another source")
    cache.decoded_parts(files, ("a", "b"), decode)
    assert len(decoded) == 2
    assert len(list(cache.folder().glob("*.npy"))) == 2  # those of the earlier state are gone
    cache.decoded_parts(files[:1], ("a", "b"), decode)
    assert len(decoded) == 3
