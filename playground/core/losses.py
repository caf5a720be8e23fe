"""Losses. A LossSpec listed here is a loss: form, check, engine and help follow from it."""

from playground.core.class_weights import LARGEST
from playground.core.spec import AUTO, Argument, LossSpec
from playground.core.text import _

_BALANCE = Argument(
    name="balance", kind="bool", default=False,
    help=_("lets a mistake in a rare class count as much more as the class is rarer"),
)  # fmt: skip
_WEIGHT = Argument(
    name="weight", kind="weights", default=AUTO, low=0, high=LARGEST,
    help=_("is how much a sample of each class counts; the loss is a mean, so that only how they compare matters"),
)  # fmt: skip

LOSSES = {
    spec.name: spec
    for spec in (
        LossSpec(
            name="CrossEntropy", title=_("Cross-entropy"), torch_name="torch.nn.CrossEntropyLoss",
            targets="index", tasks=("classification",),
            summary=_("Softmax of the logits, then minus the logarithm of the right class's probability."),
            arguments=(
                Argument(
                    name="label_smoothing", kind="float", default=0.0, low=0, high=1,
                    help=_("is the share of the target that is spread over all classes, against being too sure"),
                ),
                _BALANCE,
                _WEIGHT,
            ),
        ),
        LossSpec(
            name="NLL", title=_("Negative log-likelihood"), torch_name="torch.nn.NLLLoss",
            targets="index", tasks=("classification",),
            summary=_("Minus the right class's output, for networks that end in log-probabilities."),
            arguments=(_BALANCE, _WEIGHT),
        ),
        LossSpec(
            name="BCEWithLogits", title=_("Binary cross-entropy with logits"), torch_name="torch.nn.BCEWithLogitsLoss",
            targets="one_hot", tasks=("classification",),
            summary=_("One yes-or-no question for each class, asked of the logits."),
            arguments=(
                Argument(
                    name="pos_weight", kind="weights", default=AUTO, low=0, high=LARGEST,
                    help=_("is how much more a yes counts than a no, for each class"),
                ),
            ),
        ),
        LossSpec(
            name="MSE", title=_("Mean squared error"), torch_name="torch.nn.MSELoss",
            targets="value", tasks=("classification", "regression"),
            summary=_("Mean of the squared distance to the target; classes are compared as rows of 0 and 1."),
        ),
        LossSpec(
            name="L1", title=_("Mean absolute error"), torch_name="torch.nn.L1Loss",
            targets="value", tasks=("classification", "regression"),
            summary=_("Mean of the distance to the target: a far-off sample pulls no harder than a near one."),
        ),
        LossSpec(
            name="Huber", title=_("Huber"), torch_name="torch.nn.HuberLoss",
            targets="value", tasks=("classification", "regression"),
            summary=_("Squared near the target, straight far from it: outliers pull less than by the squared error."),
            arguments=(
                Argument(
                    name="delta", kind="float", default=1.0, low=0, high=1e9, open_low=True,
                    help=_("is the distance from which on it is straight"),
                ),
            ),
        ),
    )
}  # fmt: skip
