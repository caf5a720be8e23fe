"""The losses of a script from scratch against PyTorch's own: values and derivatives."""

import pytest
import torch
from torch import nn

from playground.core.recipe import Recipe
from playground.engine.code.loss_formulas import LOSSES, WEIGHED, loss_formula
from tests.engine.code.test_formulas import defined, with_slopes

CLASSES = torch.tensor([2, 0, 1, 2])
HOT = torch.eye(3)[CLASSES]
WEIGHTS = [0.5, 0, 3.0]
TENSOR = torch.tensor(WEIGHTS)
LOSS_MODULES = [
    ("CrossEntropy", {}, nn.CrossEntropyLoss(), CLASSES),
    ("CrossEntropy", {"label_smoothing": 0.1}, nn.CrossEntropyLoss(label_smoothing=0.1), CLASSES),
    ("CrossEntropy", {"weight": WEIGHTS}, nn.CrossEntropyLoss(TENSOR), CLASSES),
    ("CrossEntropy", {"balance": True}, nn.CrossEntropyLoss(TENSOR), CLASSES),  # a script makes its own tensor
    (
        "CrossEntropy",
        {"weight": WEIGHTS, "label_smoothing": 0.25},
        nn.CrossEntropyLoss(TENSOR, label_smoothing=0.25),
        CLASSES,
    ),
    ("NLL", {}, nn.NLLLoss(), CLASSES),
    ("NLL", {"weight": WEIGHTS}, nn.NLLLoss(TENSOR), CLASSES),
    ("BCEWithLogits", {}, nn.BCEWithLogitsLoss(), HOT),
    ("BCEWithLogits", {"pos_weight": WEIGHTS}, nn.BCEWithLogitsLoss(pos_weight=TENSOR), HOT),
    ("MSE", {}, nn.MSELoss(), HOT),
]


def test_every_formula_is_held_against_a_module():
    assert {name for name, _options, _module, _targets in LOSS_MODULES} == set(LOSSES)
    assert {name for name, options, _module, _targets in LOSS_MODULES if options} == set(WEIGHED)


@pytest.mark.parametrize(
    ("name", "options", "module", "targets"), LOSS_MODULES, ids=[f"{one[0]} {one[1]}" for one in LOSS_MODULES]
)
@pytest.mark.parametrize("scale", [0, 1, 300])
def test_a_loss_is_pytorchs(name, options, module, targets, scale):
    logits = scale * torch.randn(4, 3, generator=torch.Generator().manual_seed(0))
    script = defined(loss_formula(Recipe(name, loss_options=options)))
    script["class_weights"] = TENSOR
    found, expected = (
        with_slopes(lambda x, one=one: one(x, targets), logits) for one in (script["loss_function"], module)
    )
    torch.testing.assert_close(found, expected, rtol=1e-5, atol=1e-5)
