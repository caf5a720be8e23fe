"""The gallery: every data set of the registry with its facts, arguments and download."""

from typing import Any

import msgspec
import pytest
from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication, QLabel
from shiboken6 import isValid

from playground.core.datasets import DATASETS, GROUPS
from playground.core.messages import DatasetState, FetchProgress
from playground.core.problem import Fault
from playground.core.spec import Argument, DatasetSpec
from playground.window.data.gallery import Gallery
from playground.window.data.gallery_card import place_text
from playground.window.main_window import MainWindow
from playground.window.theme import theme
from tests.window.panels.feed import pixels, settle

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints", extend=True)
MOONS = DatasetSpec(
    name="moons", title="Moons", summary="Two half moons.", task="classification", kind="plane", group="generated",
    sample_shape=(2,), classes=("upper", "lower"), train=500, features=("x", "y"),
    arguments=(
        Argument(name="samples", kind="int", default=500, low=10, high=100_000, help="is how many"),
        Argument(name="noise", kind="float", default=0.1, low=0, high=5, help="is the spread"),
    ),
)  # fmt: skip
FAULT = Fault(where="MNIST", what="its files are not on this machine", fix="Download it")


@pytest.fixture
def window(session, qtbot, monkeypatch) -> MainWindow:
    monkeypatch.setitem(DATASETS, "moons", MOONS)
    made = MainWindow(session)
    qtbot.addWidget(made, before_close_func=lambda one: one.session.document.undo_stack.setIndex(0))
    made.show()
    settle()
    return made


@pytest.fixture
def gallery(window) -> Gallery:
    window.run_bar.line.dataset.click()
    settle()
    return next(one for one in window.findChildren(Gallery) if one.isVisible())


def test_every_data_set_has_a_card_under_its_heading(gallery):
    assert set(gallery.cards) == set(DATASETS)
    headings = [label.text() for label in gallery.findChildren(QLabel) if label.text() in GROUPS.values()]
    assert headings == list(dict.fromkeys(one for one in GROUPS.values() if one in headings))
    assert gallery.cards["digits"].isChecked()
    assert "in use" in gallery.cards["digits"].accessibleName()


@pytest.mark.parametrize("name", ["light", "dark"])
def test_the_gallery_draws_in_both_themes(gallery, name):
    theme().set(name)
    settle()
    shown = pixels(gallery)
    surface = theme().color("surface").getRgb()[:3]
    assert tuple(shown[5, 5, :3]) == surface
    theme().set("light")


def test_one_choice_is_one_undo_step_and_closes_the_gallery(gallery, session):
    before = session.document.project
    gallery.cards["iris"].click()
    gallery.page.use.click()
    assert not gallery.isVisible()
    assert session.document.project.data.dataset == "iris"
    assert session.document.undo_stack.count() == 1
    session.document.undo_stack.undo()
    assert session.document.project == before


def test_a_generated_set_takes_its_arguments_from_the_form(gallery, session):
    gallery.cards["moons"].click()
    form = gallery.page.form
    assert list(form.fields) == ["samples", "noise"]
    form.fields["noise"].set_requested.emit(0.4)
    form.fields["samples"].set_requested.emit(5)  # out of range
    assert not gallery.page.use.isEnabled()
    form.fields["samples"].release_requested.emit()
    assert gallery.page.use.isEnabled()
    gallery.page.use.click()
    assert session.document.project.data.options == {"noise": 0.4}
    assert session.document.undo_stack.count() == 1


def test_the_arguments_in_use_are_in_the_form_again(window, session):
    window.run_bar.line.dataset.choose(MOONS, {"noise": 0.4})
    window.run_bar.line.dataset.click()
    gallery = next(one for one in window.findChildren(Gallery) if one.isVisible())
    field = gallery.page.form.fields["noise"]
    assert (field.value, field.pinned) == (0.4, True)
    field.release_requested.emit()
    gallery.page.use.click()
    assert session.document.project.data.options == {}


def test_a_missing_set_is_downloaded_with_progress_and_then_used(gallery, session, monkeypatch):
    asked: list[Any] = []
    monkeypatch.setattr(session.client, "fetch", asked.append)
    monkeypatch.setattr(session.client, "cancel_fetch", lambda name: asked.append(("cancel", name)))
    session.client.datasets = (DatasetState("mnist", False, "", 11_594_722, FAULT),)
    session.client.datasets_changed.emit()
    gallery.cards["mnist"].click()
    assert gallery.page.use.text() == "Download 12 MB and use it"
    gallery.page.use.click()
    assert asked == ["mnist"]
    session.client.fetch_progressed.emit(FetchProgress(1, "mnist", 3_000_000, 12_000_000))
    assert gallery.page.progress.value() == 250
    assert gallery.page.how_far.text() == "3.0 of 12.0 MB"
    assert not gallery.page.use.isVisible()
    gallery.page.cancel.click()
    assert asked[-1] == ("cancel", "mnist")
    session.client.fetched.emit("mnist")
    assert session.document.project.data.dataset == "mnist"
    assert not gallery.page.progress.isVisible()


def test_a_set_that_cannot_be_downloaded_says_what_to_do(gallery, session):
    session.client.datasets = (DatasetState("moons", False, "", 0, FAULT),)
    session.client.datasets_changed.emit()
    gallery.cards["moons"].click()
    assert not gallery.page.use.isEnabled()
    assert "Download it" in gallery.page.trouble.text()


def test_a_download_that_ends_after_the_gallery_was_closed_is_nothing_to_it(gallery, session):
    gallery.close()
    settle()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    assert not isValid(gallery)
    session.client.fetch_failed.emit("cifar100", Fault(where="CIFAR100", what="no network", fix="Try again"))
    session.client.fetched.emit("cifar100")


def test_places_are_told_in_words():
    spec = DATASETS["mnist"]
    assert place_text(spec, DatasetState("mnist", True, "/data")) == "on this machine"
    assert place_text(spec, DatasetState("mnist", False, "", 11_594_722)) == "12 MB to download"
    assert place_text(DATASETS["digits"], None) == "built in"
    assert place_text(MOONS, None) == "made here"
    assert place_text(msgspec.structs.replace(MOONS, own=True), None) == "your own files"


def test_facts_name_samples_shape_classes_and_licence(gallery):
    gallery.cards["digits"].click()
    words = " ".join(label.text() for label in gallery.page.findChildren(QLabel))
    for one in ("1,797", "1×8×8", "10 classes", "CC BY 4.0", "built in"):
        assert one in words
