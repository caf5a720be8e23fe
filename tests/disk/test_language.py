import gettext

import pytest

from playground.core import text
from playground.disk import language, resources


@pytest.fixture(autouse=True)
def as_it_was(monkeypatch):
    monkeypatch.setattr(text, "_catalogue", gettext.NullTranslations())
    for variable in (language.VARIABLE, "LC_ALL", "LANG"):
        monkeypatch.delenv(variable, raising=False)


@pytest.fixture
def backwards(monkeypatch):
    """A catalogue of one language, xx, and the languages that were looked for."""
    wanted = []

    class Backwards(gettext.NullTranslations):
        def gettext(self, message):
            return message[::-1]

    def found(domain, folder, languages, fallback):
        assert (domain, folder, fallback) == (language.DOMAIN, resources.path("translations"), True)
        wanted.extend(languages)
        return Backwards() if languages == ["xx"] else gettext.NullTranslations()

    monkeypatch.setattr(gettext, "translation", found)
    return wanted


def test_the_programs_own_variable_comes_before_those_of_the_system(backwards, monkeypatch):
    monkeypatch.setenv("LANG", "de_DE.UTF-8")
    monkeypatch.setenv(language.VARIABLE, "xx")
    language.install()
    assert text._("layer") == "reyal"


def test_the_systems_language_is_taken_without_its_encoding(backwards, monkeypatch):
    monkeypatch.setenv("LANG", "de_DE.UTF-8")
    language.install()
    assert backwards == ["de_DE"]
    assert text._("layer") == "layer"


@pytest.mark.parametrize("name", ["C", "xx_nowhere", "../../etc"])
def test_a_language_without_a_catalogue_is_english(name, monkeypatch):
    monkeypatch.setenv(language.VARIABLE, name)
    language.install()
    assert text._("layer") == "layer"
    assert text.plural("{n} layer", "{n} layers", 1_000) == "1,000 layers"
