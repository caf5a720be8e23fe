import sys

import pytest

from playground.disk import folders


@pytest.mark.skipif(sys.platform != "linux", reason="the XDG variables are the habit of Linux, and of no other system")
def test_folders_follow_the_habits_of_the_system(tmp_path, monkeypatch):
    for variable in ("XDG_DATA_HOME", "XDG_CACHE_HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME"):
        monkeypatch.setenv(variable, str(tmp_path / variable))
    assert folders.runs() == tmp_path / "XDG_DATA_HOME" / "torch-playground" / "runs"
    assert folders.datasets() == tmp_path / "XDG_DATA_HOME" / "torch-playground" / "datasets"
    assert folders.cache() == tmp_path / "XDG_CACHE_HOME" / "torch-playground"
    assert folders.config() == tmp_path / "XDG_CONFIG_HOME" / "torch-playground"
    assert folders.log().is_relative_to(tmp_path / "XDG_STATE_HOME" / "torch-playground")
    assert list(tmp_path.iterdir()) == []  # asking makes nothing


def test_a_folder_is_made_once_it_is_needed(tmp_path):
    folder = tmp_path / "a" / "b"
    assert folders.made(folder) == folder
    assert folders.made(folder).is_dir()
