from playground.disk import resources


def test_the_programs_own_files_are_found():
    assert resources.path("presets", "lenet-digits.playground").is_file()
    assert resources.path("theme", "tokens.json").is_file()


def test_an_installed_package_holds_them_and_a_checkout_has_them_beside_it(tmp_path, monkeypatch):
    package = tmp_path / "playground"
    (tmp_path / "resources").mkdir()
    package.mkdir()
    monkeypatch.setattr(resources, "files", lambda _name: package)
    assert resources.root.__wrapped__() == tmp_path / "resources"
    (package / "resources").mkdir()
    assert resources.root.__wrapped__() == package / "resources"
