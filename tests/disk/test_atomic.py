import errno
import os
import stat

import pytest

from playground.core.problem import Problem
from playground.disk import atomic


def test_a_file_is_replaced_and_keeps_its_rights(tmp_path):
    path = tmp_path / "a.playground"
    path.write_text("old")
    path.chmod(0o640)
    atomic.write(path, b"new")
    assert path.read_text() == "new"
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    assert os.listdir(tmp_path) == ["a.playground"]


@pytest.mark.parametrize("call", ["fsync", "replace"])
def test_a_full_disk_leaves_the_old_file_and_nothing_else(tmp_path, monkeypatch, call):
    path = tmp_path / "a.playground"
    path.write_text("old")

    def full(*_arguments):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, call, full)
    with pytest.raises(Problem, match="No space left"):
        atomic.write(path, b"new")
    assert path.read_text() == "old"
    assert os.listdir(tmp_path) == ["a.playground"]


def test_a_folder_that_is_not_there_is_one_sentence(tmp_path):
    with pytest.raises(Problem, match="could not be saved"):
        atomic.write(tmp_path / "absent" / "a", b"")


@pytest.mark.skipif(
    os.name == "nt", reason="Windows lets only administrators make the link that this test saves through"
)
def test_a_link_stays_a_link(tmp_path):
    path, link = tmp_path / "real.playground", tmp_path / "link.playground"
    path.write_text("old")
    link.symlink_to(path)
    atomic.write(link, b"new")
    assert link.is_symlink()
    assert path.read_text() == "new"
