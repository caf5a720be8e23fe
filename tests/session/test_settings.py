"""Settings come back with their type, and a bad file costs nothing but its content."""

import pytest
from PySide6.QtCore import QByteArray

from playground.session.settings import MAX_RECENT, Settings


@pytest.mark.parametrize("value", ["cuda:0", "ä × ,;=\n", 7, 1.25, True, False, b"\0\xff@ByteArray", b""])
def test_a_setting_comes_back_from_the_file(qapp, tmp_path, value):
    first = Settings(tmp_path / "settings.ini")
    first.set("a/b", value)
    first.close()
    default = type(value)() if not isinstance(value, bool) else not value
    again = Settings(tmp_path / "settings.ini").get("a/b", default)
    assert again == value
    assert type(again) is type(value)


def test_defaults_of_a_first_start(qapp, tmp_path):
    settings = Settings(tmp_path / "none" / "settings.ini")
    assert (settings.device, settings.theme, settings.geometry, settings.recent) == ("auto", "system", b"", ())


def test_nonsense_in_the_file_gives_the_defaults(qapp, tmp_path):
    file = tmp_path / "settings.ini"
    file.write_bytes(b"[window]\ntheme=purple\nscale=huge\ngeometry=5\n\xff\xfe[[[=\n")
    settings = Settings(file)
    assert settings.theme == "system"
    assert settings.get("window/scale", 1.5) == 1.5
    assert settings.get("window/scale", 2) == 2
    assert settings.get("window/scale", True) is True
    assert settings.geometry == b""


def test_a_folder_that_cannot_be_written_is_no_fault(qapp, tmp_path):
    (tmp_path / "file").write_text("not a folder")
    settings = Settings(tmp_path / "file" / "settings.ini")
    settings.device = "cpu"
    settings.close()
    assert settings.device == "cpu"


def test_geometry_takes_what_qt_gives(qapp, tmp_path):
    settings = Settings(tmp_path / "settings.ini")
    settings.geometry = QByteArray(b"\1\2")
    assert settings.geometry == b"\1\2"


def test_recent_files_are_newest_first_each_once_and_few(qapp, tmp_path):
    settings = Settings(tmp_path / "settings.ini")
    for number in [*range(MAX_RECENT + 3), 5]:
        settings.add_recent(tmp_path / f"{number}.playground")
    names = [path.stem for path in settings.recent]
    assert names[:2] == ["5", str(MAX_RECENT + 2)]
    assert len(names) == MAX_RECENT == len(set(names))


def test_a_recent_file_is_forgotten_and_the_others_stay_in_their_order(qapp, tmp_path):
    settings = Settings(tmp_path / "settings.ini")
    for name in "abc":
        settings.add_recent(tmp_path / f"{name}.playground")
    settings.remove_recent(tmp_path / "b.playground")
    settings.remove_recent(tmp_path / "never.playground")
    assert [path.stem for path in settings.recent] == ["c", "a"]
    settings.close()
    assert [path.stem for path in Settings(tmp_path / "settings.ini").recent] == ["c", "a"]
