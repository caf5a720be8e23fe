"""The page about neurons as a script of Python: of the section that is looked at."""

from playground.core.lab.functions import ACTIVATIONS
from playground.core.lab.topics import Neuron


def neuron_script(state: Neuron) -> str:
    """What the section shows, in plain PyTorch; "" where the page's numbers do not fit each other, and of a line: its
    script has samples, and is written by the engine."""
    if state.section == "line":
        return ""
    if state.section == "softmax":
        return _softmax_script(state) if 0 <= state.target < len(state.scores) else ""
    fits = all(len(row) == len(state.inputs) for row in state.weights) and len(state.weights) == len(state.biases)
    if not state.weights or not fits or state.activation not in ACTIVATIONS:
        return ""
    return _layer_script(state)


def _layer_script(state: Neuron) -> str:
    """Of the layer, and the slopes of the neuron in hand."""
    row = min(state.row, len(state.weights) - 1)
    weights = ",\n".join(f"    {list(one)}" for one in state.weights)
    line = ACTIVATIONS[state.activation]
    functional = "import torch.nn.functional as F\n" if "F." in line else ""
    return f"""import torch
{functional}
x = torch.tensor({list(state.inputs)}, dtype=torch.float64, requires_grad=True)
W = torch.tensor([
{weights},
], dtype=torch.float64, requires_grad=True)
b = torch.tensor({list(state.biases)}, dtype=torch.float64, requires_grad=True)

z = x @ W.T + b  # what torch.nn.Linear({len(state.inputs)}, {len(state.weights)}) computes
a = {line}
print("z", z.tolist())
print("a", a.tolist())

row = {row}  # the neuron in hand
for name, value in (("z", z), ("a", a)):
    by_W, by_b, by_x = torch.autograd.grad(value[row], (W, b, x), retain_graph=True)
    print(name, "by w", by_W[row].tolist(), "by b", by_b[row].item(), "by x", by_x.tolist())
"""


_LOSSES = {
    "cross-entropy": "F.binary_cross_entropy_with_logits(z, labels)",
    "MSE": "F.mse_loss(torch.sigmoid(z), labels)",
}


def line_training(state: Neuron) -> str:
    """The part of the script of a line that trains it on `points`, (samples, 2), and their `labels`."""
    asked = state.boundary
    return f"""w = torch.tensor({list(asked.weights)}, dtype=torch.float64, requires_grad=True)
b = torch.tensor({asked.bias}, dtype=torch.float64, requires_grad=True)
for step in range({asked.steps} + 1):
    z = points @ w + b
    loss = {_LOSSES[asked.loss]}
    right = ((z > 0) == (labels > 0.5)).double().mean()
    print(step, loss.item(), right.item(), w.tolist(), b.item())
    by_w, by_b = torch.autograd.grad(loss, (w, b))
    with torch.no_grad():
        w -= {asked.lr} * by_w
        b -= {asked.lr} * by_b
"""


def _softmax_script(state: Neuron) -> str:
    return f"""import torch
import torch.nn.functional as F

scores = torch.tensor({list(state.scores)}, dtype=torch.float64, requires_grad=True)
target = torch.tensor({state.target})
print("shares", F.softmax(scores, 0).tolist())
cross_entropy = F.cross_entropy(scores, target)
mse = F.mse_loss(scores, F.one_hot(target, {len(state.scores)}).double())
for name, loss in (("cross-entropy", cross_entropy), ("MSE", mse)):
    (slopes,) = torch.autograd.grad(loss, scores)
    print(name, loss.item(), slopes.tolist())
"""
