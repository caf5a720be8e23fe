"""Words that make tensors."""

from playground.core.lab.words._word import Word, both
from playground.core.text import _

_OPTIONS = "*, dtype, requires_grad"
_DTYPES = "https://docs.pytorch.org/docs/stable/tensor_attributes.html"

WORDS = [
    Word("torch.tensor", f"(data, {_OPTIONS})", _("makes a tensor of the numbers in a list; it copies them"), "literal",
         "torch.tensor([[1, 2], [3, 4]])"),
    Word("torch.as_tensor", "(data, dtype)", _("makes a tensor of a list or an array, without a copy where it can"),
         "literal", "torch.as_tensor([1., 2.])"),
    Word("torch.from_numpy", "(ndarray)", _("makes a tensor of a NumPy array that shares its memory"), "nothing",
         "torch.from_numpy(n)"),
    Word("torch.arange", f"(start, end, step, {_OPTIONS})", _("counts from start up to, but not including, end"),
         "factory", "torch.arange(0, 12, 3)"),
    Word("torch.linspace", f"(start, end, steps, {_OPTIONS})", _("steps evenly from start to end, both included"),
         "factory", "torch.linspace(-1, 1, 5)"),
    Word("torch.logspace", f"(start, end, steps, base, {_OPTIONS})", _("steps evenly between powers of a base, 10 by itself"),
         "factory", "torch.logspace(-1, -4, 4)"),
    Word("torch.zeros", f"(*size, {_OPTIONS})", _("is full of zeros"), "factory", "torch.zeros(2, 3)"),
    Word("torch.ones", f"(*size, {_OPTIONS})", _("is full of ones"), "factory", "torch.ones(2, 3)"),
    Word("torch.full", f"(size, fill_value, {_OPTIONS})", _("is full of one number"), "factory", "torch.full((), 3.14)"),
    Word("torch.empty", f"(*size, {_OPTIONS})", _("is memory as it was found: its numbers mean nothing"), "factory",
         "torch.empty(2, 3).shape"),
    Word("torch.eye", f"(n, m, {_OPTIONS})", _("is the identity matrix: ones on the diagonal"), "factory", "torch.eye(3)"),
    Word("torch.rand", f"(*size, {_OPTIONS})", _("draws numbers evenly from 0 to 1"), "factory", "torch.rand(2, 3)"),
    Word("torch.randn", f"(*size, {_OPTIONS})", _("draws numbers from the normal distribution"), "factory",
         "torch.randn(2, 3)"),
    Word("torch.randint", f"(low, high, size, {_OPTIONS})", _("draws whole numbers from low up to, but not including, high"),
         "factory", "torch.randint(0, 10, (3,))"),
    Word("torch.randperm", f"(n, {_OPTIONS})", _("is the numbers from 0 to n − 1 in a random order"), "factory",
         "torch.randperm(10)"),
    Word("torch.normal", "(mean, std, size)", _("draws numbers from a normal distribution of this mean and spread"),
         "factory", "torch.normal(0., 1., (2, 3))"),
    Word("torch.manual_seed", "(seed)", _("begins the random numbers anew: the same seed, the same numbers"), "nothing",
         "torch.manual_seed(7)", docs="https://docs.pytorch.org/docs/stable/generated/torch.manual_seed.html"),
    *(
        Word(f"torch.{name}_like", f"(input, {_OPTIONS})", help, "elements", f"torch.{name}_like(a)")
        for name, help in (
            ("zeros", _("is zeros in the shape of another tensor")),
            ("ones", _("is ones in the shape of another tensor")),
            ("rand", _("draws evenly from 0 to 1, in the shape of another tensor")),
            ("randn", _("draws from the normal distribution, in the shape of another tensor")),
        )
    ),
    Word("torch.full_like", f"(input, fill_value, {_OPTIONS})", _("is one number in the shape of another tensor"),
         "elements", "torch.full_like(a, 7)"),
    *both("diag", "(input, diagonal)", _("makes a matrix with this diagonal, or takes the diagonal of a matrix"),
          "elements", "torch.diag(a)"),
    *both("tril", "(input, diagonal)", _("keeps the lower triangle, and makes the rest zero"), "elements",
          "torch.tril(a)"),
    *both("triu", "(input, diagonal)", _("keeps the upper triangle, and makes the rest zero"), "elements",
          "torch.triu(a, 1)"),
    Word("torch.meshgrid", "(*tensors, indexing)", _("makes the coordinates of a grid of two or more axes"), "elements",
         'torch.meshgrid(v, c, indexing="ij")', {"indexing": ("ij", "xy")}),
    *(
        Word(f"torch.{name}", "", _("is a data type: what each number of a tensor is stored as"), "nothing",
             f"torch.{name}", docs=_DTYPES)
        for name in ("float32", "float64", "float16", "bfloat16", "float", "double", "half", "int8", "int16", "int32",
                     "int64", "int", "long", "uint8", "bool")
    ),
    *(Word(f"torch.{name}", "", help, "nothing", f"torch.{name}", docs="https://docs.pytorch.org/docs/stable/torch.html")
      for name, help in (("pi", _("is 3.14159…")), ("e", _("is 2.71828…")), ("inf", _("is infinity")),
                         ("nan", _("is not a number")))),
]  # fmt: skip
