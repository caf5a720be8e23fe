import sys
import types

import pytest

from playground.core import registry
from playground.core.spec import DatasetSpec


@pytest.fixture
def package(tmp_path, monkeypatch):
    folder = tmp_path / "shelf"
    folder.mkdir()
    (folder / "__init__.py").write_text("")
    (folder / "good.py").write_text(
        "from playground.core.spec import DatasetSpec\n"
        "ONE = DatasetSpec(name='one', title='', summary='', task='regression', sample_shape=(1,), train=1)\n"
    )
    (folder / "broken.py").write_text("raise RuntimeError('no such thing')\n")
    (folder / "_private.py").write_text("raise RuntimeError('must not be imported')\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.setattr(registry, "FAILURES", {})
    import shelf

    yield shelf
    for name in [name for name in sys.modules if name.partition(".")[0] == "shelf"]:
        del sys.modules[name]


def test_a_module_in_the_folder_is_found_and_a_broken_one_is_named_and_left_out(package):
    assert isinstance(package, types.ModuleType)
    found = registry.declarations(package, DatasetSpec)
    assert list(found) == ["one"]
    assert registry.FAILURES == {"shelf.broken": "RuntimeError: no such thing"}


def test_another_distribution_adds_by_an_entry_point(package, tmp_path, monkeypatch):
    info = tmp_path / "teachers_package-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: teachers-package\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text("[playground.shelf]\nstrange = teachers_shelf\n")
    (tmp_path / "teachers_shelf.py").write_text(
        "from playground.core.spec import DatasetSpec\n"
        "TWO = DatasetSpec(name='two', title='', summary='', task='regression', sample_shape=(1,), train=1)\n"
    )
    registry._has_plug_ins.cache_clear()
    try:
        assert list(registry.declarations(package, DatasetSpec)) == ["one", "two"]
    finally:
        registry._has_plug_ins.cache_clear()
        sys.modules.pop("teachers_shelf", None)
