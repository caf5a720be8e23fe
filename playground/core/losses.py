"""Losses. A LossSpec listed here is a loss: form, check, engine and help follow from it."""

from playground.core.spec import LossSpec
from playground.core.text import _

LOSSES = {
    spec.name: spec
    for spec in (
        LossSpec(
            name="CrossEntropy", title=_("Cross-entropy"), torch_name="torch.nn.CrossEntropyLoss",
            targets="index", tasks=("classification",),
            summary=_("Softmax of the logits, then minus the logarithm of the right class's probability."),
        ),
        LossSpec(
            name="NLL", title=_("Negative log-likelihood"), torch_name="torch.nn.NLLLoss",
            targets="index", tasks=("classification",),
            summary=_("Minus the right class's output, for networks that end in log-probabilities."),
        ),
        LossSpec(
            name="BCEWithLogits", title=_("Binary cross-entropy with logits"), torch_name="torch.nn.BCEWithLogitsLoss",
            targets="one_hot", tasks=("classification",),
            summary=_("One yes-or-no question for each class, asked of the logits."),
        ),
        LossSpec(
            name="MSE", title=_("Mean squared error"), torch_name="torch.nn.MSELoss",
            targets="value", tasks=("classification", "regression"),
            summary=_("Mean of the squared distance to the target; classes are compared as rows of 0 and 1."),
        ),
    )
}  # fmt: skip
