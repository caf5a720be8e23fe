"""The preparation page: steps, parts and batches; every change is one undo step."""

import pytest
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel

from playground.core.edit import SetData
from playground.core.problem import Fault
from tests.window.data.answers import TABLE, show_page
from tests.window.panels.feed import settle

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints", extend=True)


@pytest.fixture
def preparation(make_panel):
    panel, bench = make_panel()
    panel.session.document.apply(SetData({"preparation": ({"resize": 32}, {"normalize": "-1..1"}, {"noise": 0.1})}))
    panel.session.document.undo_stack.clear()
    yield show_page(panel, "preparation"), panel.session.document, bench
    panel.hide()


def titles(page) -> list[str]:
    return [row.findChildren(QLabel)[0].text() for row in page.steps.rows]


def test_steps_are_rows_in_their_order(preparation):
    page, _document, _bench = preparation
    assert titles(page) == ["1  Resize", "2  Normalise", "3  Noise"]
    assert [row.field.value for row in page.steps.rows] == [32, "-1..1", 0.1]
    assert not page.steps.rows[0].up.isEnabled()
    assert not page.steps.rows[2].down.isEnabled()


@pytest.mark.parametrize(
    ("do", "wanted"),
    [
        (lambda page: page.steps.rows[1].up.click(), ({"normalize": "-1..1"}, {"resize": 32}, {"noise": 0.1})),
        (lambda page: page.steps.rows[0].down.click(), ({"normalize": "-1..1"}, {"resize": 32}, {"noise": 0.1})),
        (lambda page: page.steps.rows[1].remove.click(), ({"resize": 32}, {"noise": 0.1})),
        (
            lambda page: page.steps.rows[0].field.set_requested.emit(28),
            ({"resize": 28}, {"normalize": "-1..1"}, {"noise": 0.1}),
        ),
        (
            lambda page: page.steps.append("flip"),
            ({"resize": 32}, {"normalize": "-1..1"}, {"noise": 0.1}, {"flip": 0.5}),
        ),
        (
            lambda page: page.steps.append("crop"),
            ({"resize": 32}, {"normalize": "-1..1"}, {"crop": 24}, {"noise": 0.1}),
        ),
    ],
    ids=["up", "down", "remove", "value", "augment", "before the augmentation"],
)
def test_every_change_of_a_step_is_one_undo_step(preparation, do, wanted):
    page, document, _bench = preparation
    before = document.project
    do(page)
    assert document.project.data.preparation == wanted
    assert len(page.steps.rows) == len(wanted)
    assert document.undo_stack.count() == 1
    document.undo_stack.undo()
    assert document.project == before
    assert titles(page) == ["1  Resize", "2  Normalise", "3  Noise"]


def test_a_number_that_is_typed_is_one_undo_step(preparation):
    page, document, _bench = preparation
    for value in (2, 20, 20.5):
        page.steps.rows[2].field.set_requested.emit(value)
    assert document.project.data.preparation[2] == {"noise": 20.5}
    assert document.undo_stack.count() == 1


def test_only_steps_that_work_on_such_samples_are_offered(make_panel):
    panel, _bench = make_panel("table")
    panel.session.document.apply(SetData({"dataset": "iris", "preparation": ()}))
    page = show_page(panel, "preparation")
    page.steps.fill()
    offered = [action.text() for action in page.steps.add.menu().actions()]
    assert "Standardise" in offered
    assert not {"Resize", "Flip"} & {text.split("  ")[0] for text in offered}
    assert any(text.startswith("Noise   training only") for text in offered)


@pytest.mark.parametrize(
    ("grid", "name", "value"),
    [
        ("parts", "test_fraction", 0.3), ("parts", "validation_fraction", 0.1), ("parts", "subset", 100),
        ("parts", "stratify", False), ("batches", "batch_size", "all"), ("batches", "batch_size", 1),
        ("batches", "shuffle", False),
    ],
)  # fmt: skip
def test_every_field_is_one_undo_step(preparation, grid, name, value):
    page, document, _bench = preparation
    page.grids[grid].fields[name].set_requested.emit(value)
    assert getattr(document.project.data, name) == value
    assert page.grids[grid].fields[name].value == value
    assert document.undo_stack.count() == 1


def test_an_empty_subset_is_all_samples(preparation):
    page, document, _bench = preparation
    page.grids["parts"].fields["subset"].set_requested.emit(100)
    page.grids["parts"].fields["subset"].release_requested.emit()
    assert document.project.data.subset is None


def test_the_word_all_can_be_typed(preparation):
    page, document, _bench = preparation
    QTest.keyClicks(page.grids["batches"].fields["batch_size"].editor, "all")
    field = page.grids["batches"].fields["batch_size"]
    field.editor.setText("all")
    field.editor.textEdited.emit("all")
    assert document.project.data.batch_size == "all"
    assert "full gradient descent" in page.batches.text()


def test_steps_of_an_epoch_and_the_rest_are_counted(preparation):
    page, document, _bench = preparation
    document.apply(SetData({"batch_size": 16}))
    settle()
    assert page.batches.text() == "40 training samples in batches of 16: 3 steps an epoch, the last one of 8 samples."


def test_a_value_out_of_its_range_is_said_and_changes_nothing(preparation):
    page, document, _bench = preparation
    page.grids["parts"].fields["test_fraction"].set_requested.emit(1.5)
    assert document.project.data.test_fraction == 0.2
    assert "1" in page.fault.text()
    assert page.fault.isVisible()


def test_why_figures_are_measured_on_the_training_part_is_said(preparation):
    page, _document, _bench = preparation
    assert any("training part only" in label.text() for label in page.findChildren(QLabel) if label.isVisible())


def test_a_preparation_that_does_not_fit_can_be_mended_here(make_panel):
    panel, bench = make_panel()
    bench.fault = Fault(where="Preparation, step 1 (resize)", what="only pictures can be resized", fix="Remove it")
    panel.session.document.apply(SetData({"dataset": "iris", "preparation": ({"resize": 8},)}))
    page = show_page(panel, "preparation")
    assert "only pictures can be resized" in page.fault.text()
    bench.fault = None
    page.steps.rows[0].remove.click()
    settle()
    assert not page.fault.isVisible()


def test_arguments_of_a_generated_set_are_fields(make_panel, monkeypatch):
    import msgspec

    from playground.core.datasets import DATASETS
    from playground.core.spec import Argument

    noise = Argument(name="noise", kind="float", default=0.1, low=0, high=5, help="is the spread")
    monkeypatch.setitem(DATASETS, "iris", msgspec.structs.replace(TABLE, arguments=(noise,)))
    panel, bench = make_panel("table")
    bench.spec = DATASETS["iris"]
    panel.session.document.apply(SetData({"dataset": "iris", "preparation": ()}))
    panel.session.document.undo_stack.clear()
    page = show_page(panel, "preparation")
    for value in (0.2, 0.25):
        page.grids["options"].fields["noise"].set_requested.emit(value)
    assert panel.session.document.project.data.options == {"noise": 0.25}
    assert panel.session.document.undo_stack.count() == 1
    page.grids["options"].fields["noise"].release_requested.emit()
    assert panel.session.document.project.data.options == {}
