"""The losses of a script from scratch, each by its formula, also where some classes count more than others.

Formulas are those of the pages of torch.nn, with the derivatives of PyTorch's own functions. `class_weights` is a tensor
that the script makes before it trains.
"""

from collections.abc import Mapping

from playground.core.arguments import in_effect
from playground.core.class_weights import weighs_classes
from playground.core.losses import LOSSES as DECLARED
from playground.core.recipe import Recipe
from playground.engine.literal import literal

LOSSES: Mapping[str, str] = {
    "CrossEntropy": '''
def loss_function(logits, labels):
    """Cross-entropy: minus the mean logarithm of the right class's probability."""
    return -log_softmax(logits)[torch.arange(len(labels)), labels].mean()
''',
    "NLL": '''
def loss_function(outputs, labels):
    """Minus the mean output of the right class, which is a logarithm of its probability."""
    return -outputs[torch.arange(len(labels)), labels].mean()
''',
    "BCEWithLogits": '''
def loss_function(logits, targets):
    """One yes-or-no question a class: the mean of log(1 + exp(logit)) - logit * target."""
    most = logits.detach().clamp(min=0)  # taken off first, so that no power overflows
    unsure = most + ((-most).exp() + (logits - most).exp()).log()
    return (unsure - logits * targets).mean()
''',
    "MSE": '''
def loss_function(outputs, targets):
    """Mean squared distance to the target."""
    return ((outputs - targets) ** 2).mean()
''',
}
# the same where classes weigh differently
WEIGHED: Mapping[str, str] = {
    "CrossEntropy": '''
def loss_function(logits, labels):
    """Cross-entropy: a mean over the samples, each as often as its class weighs."""
    right = log_softmax(logits)[torch.arange(len(labels)), labels]
    weights = class_weights[labels]
    return -(weights * right).sum() / weights.sum()
''',
    "NLL": '''
def loss_function(outputs, labels):
    """Minus the mean output of the right class, each as often as that class weighs."""
    right = outputs[torch.arange(len(labels)), labels]
    weights = class_weights[labels]
    return -(weights * right).sum() / weights.sum()
''',
    "BCEWithLogits": '''
def loss_function(logits, targets):
    """One yes-or-no question a class; a yes counts as often as its class weighs."""
    most = logits.detach().clamp(min=0)  # taken off first, so that no power overflows
    unsure = most + ((-most).exp() + (logits - most).exp()).log()
    weights = 1 + (class_weights - 1) * targets
    return (weights * unsure - class_weights * logits * targets).mean()
''',
}


def loss_formula(recipe: Recipe) -> str:
    """The function of the name `loss_function`."""
    spec = DECLARED[recipe.loss]
    weighed = weighs_classes(spec, recipe.loss_options)
    smoothing = in_effect(spec.arguments, recipe.loss_options, None).get("label_smoothing", 0)
    if smoothing:
        return _smoothed(literal(smoothing), weighed)
    return WEIGHED[recipe.loss] if weighed else LOSSES[recipe.loss]


def _smoothed(share: str, weighed: bool) -> str:
    """Cross-entropy whose targets are spread."""
    lines = [
        "def loss_function(logits, labels):",
        f'    """Cross-entropy; {share} of each target is spread over all classes."""',
        "    logs = log_softmax(logits)",
        "    right = logs[torch.arange(len(labels)), labels]",
    ]
    if not weighed:
        return "\n".join([*lines, f"    return -((1 - {share}) * right + {share} * logs.mean(1)).mean()"])
    lines += [
        "    weights = class_weights[labels]",
        "    every = (class_weights * logs).mean(1)",
        f"    loss = (1 - {share}) * weights * right + {share} * every",
        "    return -loss.sum() / weights.sum()",
    ]
    return "\n".join(lines)
