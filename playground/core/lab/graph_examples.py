"""Graphs worth walking through, as pages of the topic Autograd."""

import msgspec

from playground.core.lab.page import default_page
from playground.core.lab.topics import Autograd
from playground.core.text import _


class GraphExample(msgspec.Struct, frozen=True):
    """title: for a menu;  sentence: what is to be seen;  state: the page"""

    title: str
    sentence: str
    state: Autograd


_FIRST = default_page("autograd").state
CLASSIC = _FIRST if isinstance(_FIRST, Autograd) else Autograd()

EXAMPLES: tuple[GraphExample, ...] = (
    GraphExample(_("The classic: why x.grad is 4.5"), _("1/4 of a mean, times 6y = 18, times 1"), CLASSIC),
    GraphExample(
        _("A chain of single numbers"),
        _("The chain rule: the product of the local derivatives"),
        Autograd(
            (
                "x = torch.tensor(2., requires_grad=True)",
                "a = 3 * x",
                "b = torch.sin(a)",
                "c = torch.exp(b)",
                "out = c**2",
            )
        ),
    ),
    GraphExample(
        _("Two ways from one leaf"),
        _("What flows back along two ways adds up"),
        Autograd(("x = torch.tensor(2., requires_grad=True)", "y = x * x", "z = torch.sin(x)", "out = y + z")),
    ),
    GraphExample(
        _("Softmax regression, down to W and b"),
        _("Three samples of four features, three classes: scores, shares, and the surprise of the right ones"),
        Autograd(
            (
                "X = torch.tensor([[5.1, 3.5, 1.4, 0.2], [6.4, 3.2, 4.5, 1.5], [6.3, 3.3, 6.0, 2.5]])",
                "label = torch.tensor([0, 1, 2])",
                "W = torch.zeros(4, 3, requires_grad=True)",
                "b = torch.zeros(3, requires_grad=True)",
                "scores = X @ W + b",
                "e = torch.exp(scores)",
                "shares = e / e.sum(1, keepdim=True)",
                "right = (shares * F.one_hot(label, 3)).sum(1)",
                "out = -torch.log(right).mean()",
            )
        ),
    ),
    GraphExample(
        _("zero_grad() forgotten"),
        _("backward() adds to .grad: after three rounds it is three times as large"),
        msgspec.structs.replace(CLASSIC, rounds=3, zero_grad=False),
    ),
    GraphExample(
        _("detach() cuts the graph"),
        _("d has the numbers of y, but no slope flows through it: x.grad is 2x + d = 15, and not 2x + 3x² = 33"),
        Autograd(
            (
                "x = torch.tensor(3., requires_grad=True)",
                "y = x**2",
                "d = y.detach()  # its number alone",
                "out = y + d * x",
            )
        ),
    ),
    GraphExample(
        _("no_grad() and requires_grad_()"),
        _("Autograd notes what is done with x from line 2 on, but not what stands behind no_grad()"),
        Autograd(
            (
                "x = torch.tensor([1., 2.])  # not noted yet",
                "x.requires_grad_()  # from now on",
                "with torch.no_grad(): c = 10 * x",
                "y = c * x",
                "out = y.sum()",
            )
        ),
    ),
)
