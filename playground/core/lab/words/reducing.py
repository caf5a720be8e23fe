"""Words that make fewer numbers of many, or put them in order."""

from playground.core.lab.words._word import both
from playground.core.text import _

WORDS = [
    *(
        word
        for name, help in (
            ("sum", _("is the sum of all, or along an axis")),
            ("mean", _("is the mean of all, or along an axis")),
            ("prod", _("is the product of all, or along an axis")),
        )
        for word in both(name, "(input, dim, keepdim, *, dtype)", help, "elements", f"torch.{name}(a, dim=0)")
    ),
    *(
        word
        for name, help in (
            ("std", _("is the spread of all, or along an axis")),
            ("var", _("is the square of the spread of all, or along an axis")),
        )
        for word in both(name, "(input, dim, *, correction, keepdim)", help, "elements", f"torch.{name}(a, dim=0)")
    ),
    *(
        word
        for name, help in (
            ("max", _("is the largest; along an axis, also where it is")),
            ("min", _("is the smallest; along an axis, also where it is")),
            ("amax", _("is the largest, or those along an axis")),
            ("amin", _("is the smallest, or those along an axis")),
            ("argmax", _("is the place of the largest")),
            ("argmin", _("is the place of the smallest")),
            ("all", _("is whether all are true")),
            ("any", _("is whether any is true")),
            ("logsumexp", _("is the logarithm of the sum of exponentials, without overflow")),
        )
        for word in both(name, "(input, dim, keepdim)", help, "elements", f"torch.{name}(a, 1)")
    ),
    *both("norm", "(input, p, dim, keepdim)", _("is the length of all numbers as one vector"), "elements",
          "torch.norm(a)"),
    *both("count_nonzero", "(input, dim)", _("is how many are not 0"), "elements", "torch.count_nonzero(a)"),
    *both("cumsum", "(input, dim)", _("adds up along an axis, step by step"), "elements", "torch.cumsum(a, 0)"),
    *both("cumprod", "(input, dim)", _("multiplies up along an axis, step by step"), "elements", "torch.cumprod(a, 0)"),
    *both("softmax", "(input, dim, dtype)", _("makes shares that add up to 1 of scores"), "elements",
          "torch.softmax(a, 1)"),
    *both("log_softmax", "(input, dim, dtype)", _("is the logarithm of the softmax"), "elements",
          "torch.log_softmax(a, 1)"),
    *both("median", "(input, dim, keepdim)", _("is the one in the middle, the lower of two"), "sorted",
          "torch.median(a)"),
    *both("sort", "(input, dim, descending)", _("puts numbers in order, and tells where they were"), "sorted",
          "torch.sort(a, 0, True)"),
    *both("argsort", "(input, dim, descending)", _("is where each number of the order was"), "sorted",
          "torch.argsort(a, 1)"),
    *both("topk", "(input, k, dim, largest)", _("is the largest k, and where they were"), "sorted", "torch.topk(a, 2)"),
    *both("unique", "(input, sorted)", _("is each different number once"), "selected", "torch.unique(a % 3)"),
    *both("nonzero", "(input)", _("is the places of what is not 0"), "selected", "torch.nonzero(a)"),
]  # fmt: skip
