"""Optimizers. An OptimizerSpec listed here is an optimizer: form, check, engine and help follow from it."""

from playground.core.spec import Argument, OptimizerSpec
from playground.core.text import _


def _learning_rate(default: float) -> Argument:
    return Argument(
        name="lr",
        kind="float",
        default=default,
        low=0,
        high=1e6,
        open_low=True,
        help=_("is the learning rate: how far a step goes along the slope"),
    )


def _share(name: str, default: float, text: str) -> Argument:
    return Argument(name=name, kind="float", default=default, low=0, high=1, help=text)


def _weight_decay(default: float = 0.0) -> Argument:
    text = _("pulls every weight towards zero")
    return Argument(name="weight_decay", kind="float", default=default, low=0, high=10, help=text)


_EPS = Argument(
    name="eps",
    kind="float",
    default=1e-8,
    low=0,
    high=1,
    help=_("is added below the division, so that nothing is divided by zero"),
)

OPTIMIZERS = {
    spec.name: spec
    for spec in (
        OptimizerSpec(
            name="GradientDescent",
            title=_("Gradient descent by hand"),
            summary=_("Takes the learning rate times its slope from every weight, w ← w − lr·dJ/dw, and nothing more."),
            torch_name="torch.optim.SGD",
            arguments=(_learning_rate(0.01),),
            by_hand=True,
        ),
        OptimizerSpec(
            name="SGD",
            title=_("Stochastic gradient descent"),
            summary=_("Steps down the slope of one batch; momentum lets it roll on."),
            torch_name="torch.optim.SGD",
            arguments=(
                _learning_rate(0.01),
                _share("momentum", 0.0, _("is the share of the last step that is kept")),
                Argument(
                    name="nesterov",
                    kind="bool",
                    default=False,
                    help=_("looks ahead along the momentum before it measures the slope"),
                ),
                _weight_decay(),
            ),
        ),
        OptimizerSpec(
            name="Adam",
            title=_("Adam"),
            summary=_("Gives each weight a step of its own from the mean and the spread of its slopes."),
            torch_name="torch.optim.Adam",
            arguments=(
                _learning_rate(0.001),
                _share("beta1", 0.9, _("is the memory of the mean slope")),
                _share("beta2", 0.999, _("is the memory of the squared slope")),
                _EPS,
                _weight_decay(),
            ),
        ),
        OptimizerSpec(
            name="AdamW",
            title=_("AdamW"),
            summary=_("Adam whose weight decay shrinks the weights themselves, and not their slopes."),
            torch_name="torch.optim.AdamW",
            arguments=(
                _learning_rate(0.001),
                _share("beta1", 0.9, _("is the memory of the mean slope")),
                _share("beta2", 0.999, _("is the memory of the squared slope")),
                _EPS,
                _weight_decay(0.01),
            ),
        ),
        OptimizerSpec(
            name="Adagrad",
            title=_("Adagrad"),
            summary=_("Divides each slope by the size of all its slopes so far: weights that moved much move less."),
            torch_name="torch.optim.Adagrad",
            arguments=(
                _learning_rate(0.01),
                Argument(
                    name="lr_decay",
                    kind="float",
                    default=0.0,
                    low=0,
                    high=10,
                    help=_("lets the learning rate fall with the number of steps"),
                ),
                Argument(
                    name="eps",
                    kind="float",
                    default=1e-10,
                    low=0,
                    high=1,
                    help=_("is added below the division, so that nothing is divided by zero"),
                ),
                _weight_decay(),
            ),
        ),
        OptimizerSpec(
            name="RMSprop",
            title=_("RMSprop"),
            summary=_("Divides each slope by its own recent size."),
            torch_name="torch.optim.RMSprop",
            arguments=(
                _learning_rate(0.01),
                _share("alpha", 0.99, _("is the memory of the squared slope")),
                _EPS,
                _share("momentum", 0.0, _("is the share of the last step that is kept")),
                _weight_decay(),
            ),
        ),
    )
}
