"""What the check says of an output that does not fit its loss, against the loss itself, called with plain torch."""

import warnings

import pytest
import torch
from torch import nn
from torch.nn import functional

from playground.core.data import Data
from playground.core.layer import Layer
from playground.core.project import Project
from playground.core.recipe import Recipe
from playground.engine.check import check

LABELS = torch.tensor([9, 8, 7, 6, 5, 4, 3, 2])
ONE_HOT = functional.one_hot(LABELS, 10).float()
FLAT = (Layer("Flatten"),)


def checked(loss, *network, dataset="digits"):
    return check(Project(Data(dataset, batch_size=8), network, Recipe(loss=loss)))


def said(loss, outputs, targets):
    """What PyTorch raises, or warns of, in its own words."""
    with warnings.catch_warnings(record=True) as warned:
        warnings.simplefilter("always")
        try:
            loss(outputs, targets)
        except (RuntimeError, ValueError, IndexError) as error:
            return str(error)
    return str(warned[0].message) if warned else ""


@pytest.mark.parametrize(
    ("name", "values", "module", "targets"),
    [
        ("CrossEntropy", 7, nn.CrossEntropyLoss(), LABELS),
        ("NLL", 7, nn.NLLLoss(), LABELS),
        ("BCEWithLogits", 7, nn.BCEWithLogitsLoss(), ONE_HOT),
        ("MSE", 7, nn.MSELoss(), ONE_HOT),
        ("L1", 84, nn.L1Loss(), ONE_HOT),
        ("MSE", 1, nn.MSELoss(), ONE_HOT),  # it is broadcast, and PyTorch only warns
    ],
)
def test_the_words_are_those_of_the_loss_itself(name, values, module, targets):
    report = checked(name, *FLAT, Layer("Linear", {"out_features": values}))
    own = said(module, torch.zeros(8, values), targets)
    assert own
    assert (report.misfit.given, report.misfit.needed, report.misfit.torch_message) == ((values,), (10,), own)
    assert "gives" in report.faults[0].what
    assert report.fixes


def test_a_picture_where_scores_are_needed_is_told_in_the_same_way():
    report = checked("CrossEntropy", Layer("Conv2d", {"out_channels": 4, "kernel_size": 3}))
    size = report.rows[-1].output_shape
    assert report.misfit.given == size
    assert report.misfit.torch_message == said(nn.CrossEntropyLoss(), torch.zeros(8, *size), LABELS)


def test_more_scores_than_classes_are_drawn_and_pytorch_says_nothing():
    report = checked("CrossEntropy", *FLAT, Layer("Linear", {"out_features": 84}))
    assert said(nn.CrossEntropyLoss(), torch.zeros(8, 84), LABELS) == ""
    assert not report.faults
    assert report.warnings
    assert (report.misfit.given, report.misfit.needed, report.misfit.torch_message) == ((84,), (10,), "")


def test_numbers_to_predict_are_asked_of_their_loss():
    report = checked("MSE", Layer("Linear", {"out_features": 3}), dataset="diabetes")
    own = said(nn.MSELoss(), torch.zeros(8, 3), torch.zeros(8, 1))
    assert own
    assert (report.misfit.given, report.misfit.needed, report.misfit.torch_message) == ((3,), (1,), own)


def test_what_fits_or_is_too_large_to_ask_with_has_no_words():
    assert checked("CrossEntropy", *FLAT, Layer("Linear", {"out_features": 10})).misfit is None
    assert checked("CrossEntropy").misfit is None
    huge = checked("CrossEntropy", *FLAT, Layer("Linear", {"out_features": 600_000})).misfit
    assert (huge.given, huge.torch_message) == ((600_000,), None)
