"""Against sklearn and one pass over all samples."""

import torch
from sklearn.metrics import accuracy_score
from torch import nn

from playground.core.recipe import Recipe
from playground.engine import losses, metrics


def test_an_evaluation_in_batches_equals_one_over_all_samples():
    drawn = torch.Generator().manual_seed(0)
    model = nn.Sequential(nn.Linear(4, 3), nn.Dropout(0.5), nn.BatchNorm1d(3))
    inputs, labels = (
        torch.randn(2_345, 4, generator=drawn),
        torch.randint(0, 3, (2_345,), generator=drawn),
    )
    loss = losses.make(Recipe("CrossEntropy"), "classification", 3)
    before = {name: value.clone() for name, value in model.state_dict().items()}
    evaluation = metrics.Evaluation(model, loss, inputs, labels, labels)
    while not evaluation.done:
        evaluation.advance()
    assert model.training
    assert all(torch.equal(before[name], value) for name, value in model.state_dict().items())
    model.eval()
    outputs = model(inputs)
    assert evaluation.accuracy == accuracy_score(labels, outputs.argmax(1))
    assert abs(evaluation.mean_loss - nn.functional.cross_entropy(outputs, labels).item()) < 1e-6
