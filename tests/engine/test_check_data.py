"""What a check says of the data: what is wrong with them, and what was tried to mend it."""

import msgspec
import pytest
import torch

from playground.core import edit
from playground.core.data import Data
from playground.core.datasets import DATASETS
from playground.core.layer import Layer
from playground.core.problem import Problem
from playground.core.project import Project
from playground.core.recipe import Recipe
from playground.core.spec import Argument, DatasetSpec
from playground.engine import loader
from playground.engine.check import check
from playground.engine.datasets import Raw
from playground.engine.loop import Setup, Training

POOLED = (  # one value a channel comes into BatchNorm
    Layer("Conv2d", {"out_channels": 4, "kernel_size": 8}),
    Layer("BatchNorm2d"),
    Layer("Flatten"),
    Layer("Linear", {"out_features": 10}),
)
WIDE = (Layer("BatchNorm2d"), Layer("Flatten"), Layer("Linear", {"out_features": 10}))
CPU = Setup(torch.device("cpu"), 1, "contiguous")


def digits(batch_size, network=POOLED, **more):
    return Project(Data("digits", batch_size=batch_size, **more), network, Recipe(epochs=1))


def trains(project):
    training = Training(project, loader.prepare(project.data, 0), CPU)
    while not training.finished:
        training.advance()


@pytest.mark.parametrize(
    ("batch_size", "more", "words"),
    [
        (479, {}, ["1,438 training samples in batches of 479", "BatchNorm2d in row 2", "478"]),
        (1, {"subset": 40}, ["batches of one sample", "Set the batch size to 2"]),
        (10, {"subset": 41}, ["41 training samples", "Set the batch size to 9"]),
        (5, {"subset": 60, "validation_fraction": 0.15}, ["51 training samples", "Set the batch size to 4"]),
    ],
)
def test_a_last_batch_of_one_is_found_where_pytorch_cannot_train_on_it_and_the_way_out_trains(batch_size, more, words):
    project = digits(batch_size, **more)
    with pytest.raises(ValueError, match="more than 1 value per channel"):
        trains(project)
    report = check(project)
    assert [fault.where for fault in report.faults] == ["Batch size"]
    assert not report.fits
    for word in words:
        assert word in f"{report.faults[0]}"
    mended = edit.apply(project, report.fixes[0].edits[0])
    assert report.fixes[0].label.endswith(str(mended.data.batch_size))
    assert check(mended).fits
    trains(mended)


@pytest.mark.parametrize(("batch_size", "network"), [(479, WIDE), (478, POOLED), ("all", POOLED), (2000, POOLED)])
def test_what_pytorch_can_train_is_not_refused(batch_size, network):
    project = digits(batch_size, network)
    assert check(project).fits
    trains(project)


def test_a_batch_of_one_picture_with_many_places_is_remarked_upon():
    said = check(digits(479, WIDE)).rows[0].warnings
    assert len(said) == 1
    assert "one sample" in said[0]
    assert check(digits(478, WIDE)).rows[0].warnings == ()


def test_the_report_holds_the_data_set():
    assert check(digits(64)).dataset == DATASETS["digits"]
    assert check(Project(Data("nothing"), WIDE)).dataset is None
    impossible = check(Project(Data("iris", preparation=({"resize": 8},)), WIDE))
    assert (impossible.dataset, impossible.input_shape) == (DATASETS["iris"], None)


@pytest.fixture
def generated(monkeypatch):
    """A set whose shape and classes follow from its options, and how often its reader was asked."""
    asked = []
    spec = DatasetSpec(
        name="made", title="Made", summary="", task="classification", kind="table", group="generated",
        sample_shape=(2,), classes=("a", "b"), train=10,
        arguments=(
            Argument(name="width", kind="int", default=2, low=1, help="is the number of columns"),
            Argument(name="classes", kind="int", default=2, low=2, help="is the number of classes"),
        ),
    )  # fmt: skip

    class Reader:
        @staticmethod
        def describe(declared, *, options):
            asked.append(options)
            names = tuple(f"class {number}" for number in range(options["classes"]))
            return msgspec.structs.replace(declared, sample_shape=(options["width"],), classes=names, train=30)

        @staticmethod
        def load(effective, *, options, seed):
            drawn = torch.Generator().manual_seed(seed)
            inputs = torch.rand(30, *effective.sample_shape, generator=drawn)
            return Raw(inputs, torch.arange(30) % options["classes"])

    monkeypatch.setitem(DATASETS, "made", spec)
    monkeypatch.setattr(loader, "reader_of", lambda _spec: Reader)
    return asked


def test_shape_and_classes_follow_the_options(generated):
    project = Project(Data("made", options={"width": 5}), (Layer("Linear", {"out_features": 3}),))
    report = check(project)
    assert report.input_shape == report.dataset.sample_shape == (5,)
    assert "Made has 2 classes" in str(report.warnings[0])
    report = check(edit.apply(project, edit.SetData({"options": {"width": 5, "classes": 3}})))
    assert report.fits
    assert report.dataset.train == 30
    assert generated == [{"width": 5, "classes": 2}, {"width": 5, "classes": 3}]  # once each, whatever was asked again


def test_options_reach_the_reader_and_the_network(generated):
    prepared = loader.prepare(Data("made", options={"width": 7, "classes": 4}), 3)
    assert prepared.input_shape == (7,)
    assert prepared.classes == ("class 0", "class 1", "class 2", "class 3")
    assert prepared.dataset.sample_shape == (7,)
    assert sorted(prepared.train_targets.unique().tolist()) == [0, 1, 2, 3]
    expected = torch.rand(30, 7, generator=torch.Generator().manual_seed(3))
    found = torch.cat([prepared.train_inputs, prepared.test_inputs])
    assert sorted(found.tolist()) == sorted(expected.tolist())


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"widht": 3}, ["Data set made", "no argument widht", "did you mean width"]),
        ({"width": 0}, ["width is 0", "at least 1"]),
        ({"width": "3"}, ["width is 3", "whole number"]),
    ],
)
def test_an_option_that_is_wrong_is_told_with_a_way_out(generated, options, words):
    project = Project(Data("made", options={**options, "classes": 2}), (Layer("Linear", {"out_features": 2}),))
    report = check(project)
    assert all(word in str(report.faults[0]) for word in words), str(report.faults[0])
    mended = edit.apply(project, report.fixes[0].edits[0])
    assert mended.data.options == {"classes": 2}
    assert check(mended).fits


def test_a_set_without_options_takes_none():
    report = check(Project(Data("digits", options={"noise": 1}), WIDE))
    assert "no argument noise" in str(report.faults[0])
    assert edit.apply(Project(Data("digits", options={"noise": 1})), report.fixes[0].edits[0]).data.options == {}


def test_a_text_needs_its_tokens_as_numbers_that_can_be_multiplied(monkeypatch):
    spec = DatasetSpec(
        name="letters", title="Letters", summary="", task="classification", kind="text", group="sequences",
        sample_shape=(6,), classes=("a", "b", "c"), tokens=3, train=90,
    )  # fmt: skip
    monkeypatch.setitem(DATASETS, "letters", spec)
    project = Project(Data("letters"), (Layer("Flatten"), Layer("Linear", {"out_features": 3})))
    report = check(project)
    assert [fault.where for fault in report.faults] == ["Preparation"]
    mended = edit.apply(project, report.fixes[0].edits[0])
    assert check(mended).fits
    assert check(mended).input_shape == (6, 3)


@pytest.mark.parametrize(
    ("more", "where"),
    [
        ({"test_fraction": 0.001}, "Test part"),
        ({"test_fraction": 0.999}, "Test part"),
        ({"validation_fraction": 0.002, "subset": 100}, "Validation part"),
        ({"validation_fraction": 0.999}, "Validation part"),
    ],
)
def test_a_part_without_samples_is_told_before_the_training_with_a_way_out(more, where):
    project = Project(Data("iris", **more), (Layer("Linear", {"out_features": 3}),))
    with pytest.raises(Problem, match=where):
        loader.prepare(project.data, 0)
    report = check(project)
    assert report.faults[0].where == where
    mended = edit.apply(project, report.fixes[0].edits[0])
    assert check(mended).fits
    assert loader.prepare(mended.data, 0)


@pytest.mark.parametrize(
    ("options", "said", "after"),
    [
        ({"weight": [1, 2]}, "weight has 2 numbers, but the data set has 3 classes", {}),
        ({"weight": [1, -1, 2], "label_smoothing": 0.1}, "weight of class 1 is −1", {"label_smoothing": 0.1}),
        ({"weight": [0, 0, 0]}, "weight is 0 for every class", {}),
        ({"weight": [1, 2, 3], "balance": True}, "both say how much each class counts", {"weight": [1, 2, 3]}),
    ],
)
def test_weights_that_do_not_go_with_the_classes_are_told_with_a_way_out(options, said, after):
    project = Project(Data("iris"), (Layer("Linear", {"out_features": 3}),), Recipe(loss_options=options))
    report = check(project)
    assert [fault.where for fault in report.faults] == ["Recipe, loss"]
    assert said in str(report.faults[0])
    mended = edit.apply(project, report.fixes[0].edits[0])
    assert mended.recipe.loss_options == after
    assert check(mended).fits


@pytest.mark.parametrize("options", [{"weight": [1, 2, 3]}, {"balance": True}])
def test_scores_of_classes_that_do_not_exist_are_refused_where_classes_weigh(options):
    """PyTorch takes them only where it has no weights."""
    project = Project(Data("iris"), (Layer("Linear", {"out_features": 5}),), Recipe(loss_options=options))
    with pytest.raises(RuntimeError, match="weight tensor"):
        trains(project)
    report = check(project)
    assert "gives 5 values" in str(report.faults[0])
    assert "weight tensor" in report.misfit.torch_message
    assert check(edit.apply(project, report.fixes[0].edits[0])).fits
