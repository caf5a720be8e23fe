"""Words of NumPy and of Python."""

from playground.core.lab.words._word import Word
from playground.core.text import _

WORDS = [
    Word("np.array", "(object, dtype)", _("makes an array of the numbers in a list"), "literal", "np.array([1, 2, 3])"),
    Word("np.zeros", "(shape, dtype)", _("is full of zeros"), "numpy", "np.zeros((2, 3))"),
    Word("np.ones", "(shape, dtype)", _("is full of ones"), "numpy", "np.ones((2, 3))"),
    Word("np.full", "(shape, fill_value, dtype)", _("is full of one number"), "numpy", "np.full((2, 3), 7.0)"),
    Word("np.eye", "(N, M)", _("is the identity matrix"), "numpy", "np.eye(3)"),
    Word("np.arange", "(start, stop, step, dtype)", _("counts from start up to, but not including, stop"), "numpy",
         "np.arange(0, 12, 3)"),
    Word("np.linspace", "(start, stop, num)", _("steps evenly from start to stop, both included"), "numpy",
         "np.linspace(-1, 1, 5)"),
    *(Word(f"np.{name}", "", _("is a data type: what each number of an array is stored as"), "nothing", f"np.{name}",
           docs="https://numpy.org/doc/stable/user/basics.types.html")
      for name in ("float32", "float64", "float16", "int8", "int16", "int32", "int64", "uint8", "bool_")),
    Word("np.pi", "", _("is 3.14159…"), "nothing", "np.pi", docs="https://numpy.org/doc/stable/reference/constants.html"),
    *(Word(f"ndarray.{name}", "", help, "nothing", f"n.{name}")
      for name, help in (("shape", _("is its size along each axis")), ("dtype", _("is what each number is stored as")),
                         ("ndim", _("is the number of its axes")), ("size", _("is how many numbers it has")),
                         ("nbytes", _("is the memory of its numbers, in bytes")),
                         ("strides", _("is how far apart neighbours along each axis lie in the memory, in bytes")),
                         ("T", _("swaps its axes, without a copy")))),
    *(Word(f"ndarray.{name}", call, help, "numpy", example)
      for name, call, help, example in (
          ("reshape", "(*shape)", _("gives the same numbers another shape"), "n.reshape(2, 2)"),
          ("copy", "()", _("is a copy with memory of its own"), "n.copy()"),
          ("astype", "(dtype)", _("stores the numbers as another data type"), "n.astype(np.float32)"),
          ("sum", "(axis)", _("is the sum of all, or along an axis"), "n.sum()"),
          ("mean", "(axis)", _("is the mean of all, or along an axis"), "n.mean()"),
          ("max", "(axis)", _("is the largest of all, or along an axis"), "n.max()"),
          ("min", "(axis)", _("is the smallest of all, or along an axis"), "n.min()"))),
    Word("ndarray.tolist", "()", _("is the numbers as lists of Python"), "listed", "n.tolist()"),
    Word("len", "(value)", _("is the size along the first axis"), "nothing", "len(a)"),
    Word("float", "(value)", _("is a number of Python, with a point"), "nothing", "float(a[0, 1])"),
    Word("int", "(value)", _("is a whole number of Python"), "nothing", "int(a[0, 1])"),
    Word("bool", "(value)", _("is True or False"), "nothing", "bool(a[0, 1])"),
    Word("abs", "(value)", _("is the size of each number without its sign"), "elements", "abs(-a)"),
    Word("round", "(number, digits)", _("rounds a number of Python"), "nothing", "round(3.14159, 2)"),
    *(Word(f"math.{name}", "", help, "nothing", f"math.{name}")
      for name, help in (("pi", _("is 3.14159…")), ("e", _("is 2.71828…")), ("inf", _("is infinity")))),
    *(Word(f"math.{name}", "(x)", help, "nothing", f"math.{name}(0.5)")
      for name, help in (("sqrt", _("is the square root of a number of Python")),
                         ("exp", _("is e to the power of a number of Python")),
                         ("log", _("is the natural logarithm of a number of Python")),
                         ("sin", _("is the sine of a number of Python")),
                         ("cos", _("is the cosine of a number of Python")))),
]  # fmt: skip
