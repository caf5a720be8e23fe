"""What is said of tensors, held against Python and PyTorch."""

import contextlib
import io
import math

import numpy as np
import pytest

from playground.core.carried import Array
from playground.core.lab.told import Bench, Change, LineTold, TensorFacts, Trial
from playground.window.lab.tensors import words


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (3.0, "3"),
        (-2, "−2"),
        (0.1 + 0.2, "0.3"),
        (-1.23456, "−1.235"),
        (1e-7, "1e−7"),
        (123456789.0, "1.235e8"),
        (math.inf, "∞"),
        (-math.inf, "−∞"),
        (math.nan, "nan"),
        (True, "True"),
    ],
)
def test_a_number_in_a_cell(value, text):
    assert words.figure(value) == text


def test_a_script_of_the_bench_is_python_that_prints_what_is_looked_at():
    script = words.script(("x = torch.rand(2, 2)", "x.T  # turned", "n = np.ones(2)", "x[0, 0] = 5"), 3)
    printed = io.StringIO()
    names: dict[str, object] = {}
    with contextlib.redirect_stdout(printed):
        exec(compile(script, "script", "exec"), names)
    import torch

    torch.manual_seed(3)
    expected = torch.rand(2, 2)
    assert printed.getvalue().strip() == str(expected.T)
    expected[0, 0] = 5
    assert torch.equal(names["x"], expected)
    assert "import numpy as np" in script
    assert "import math" not in script


def test_a_line_that_is_no_python_is_a_comment_of_the_script():
    script = words.script(("x = (",), 0)
    assert "# x = (" in script
    compile(script, "script", "exec")


@pytest.mark.parametrize(
    ("line", "column", "found"),
    [
        ("a @ b", 2, ("a", "b", "@", 0, 5)),
        ("c = a.T @ (b + 1)", 4, ("a.T", "b + 1", "@", 4, 17)),
        ("c = x + (a @ b).sum()", 9, ("a", "b", "@", 9, 14)),
        ("torch.mm(a, b)", 3, None),
        ("a @", 0, None),
        ("é = a * b", 4, ("a", "b", "*", 4, 9)),
    ],
)
def test_the_two_sides_that_do_not_fit_are_found_in_a_line(line, column, found):
    said = words.operands(line, column)
    assert said == found
    if found:
        left, right, sign, begin, end = found
        assert line[begin:end].replace("(", "").replace(")", "") == f"{left} {sign} {right}"


def test_a_change_is_told_with_what_it_left_alone():
    facts = [TensorFacts(label=name, line=1, kind="tensor", shape=(2,)) for name in ("x", "y", "z")]
    changes = (Change("x", 1, ((1,),), (5.0,), (7.0,)), Change("y", 2, ((0,),), (1.0,), (2.0,)))
    bench = Bench((LineTold(1), LineTold(2)), tuple(facts), (), changes)
    said = words.change_words(bench, 2)
    assert said == "Line 2 changed x[1] from 5 to 7, 2 numbers of y. Not z: memory of their own."
    assert words.change_words(bench, 0) == ""


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        (  # x[:, 1:3] and the storage of x are one, and x[0, 0] is not in it
            ("x[:, 1:3]", "c = x.clone()", "x[0, 0] = 5"),
            "Line 4 changed x[0, 0] from 0 to 5. Not x[:, 1:3]: the same memory, but not this cell. "
            "Not c: memory of their own.",
        ),
        (
            ("v = x[:, 1:3]", "w = x[2]", "x[:2, 0] = 7"),
            "Line 4 changed 2 numbers of x. Not v and w: the same memory, but none of these cells.",
        ),
        (
            ("v = x[:, 1:3]", "v[0, 0] = 7"),
            "Line 3 changed x[0, 1] from 1 to 7, v[0, 0] from 1 to 7.",
        ),
    ],
)
def test_what_shares_the_memory_but_not_the_cell_is_not_said_to_have_its_own(lines, said):
    from playground.engine.lab.bench import Computed

    lines = ("x = torch.arange(12.).reshape(3, 4)", *lines)
    assert words.change_words(Computed(lines, watched=len(lines)).told(), len(lines)) == said


def test_lines_worth_trying_are_lines_that_pytorch_takes():
    import torch

    for shape in ((3, 4), (5,), (2, 3, 4), (1, 1), ()):
        for line in words.derived("x", shape):
            eval(line, {"x": torch.ones(shape)})
    assert "x.T" in words.derived("x", (3, 4))
    assert words.derived("x + b", (3, 4))[0] == "(x + b).T"


def test_a_free_name_is_none_that_is_taken():
    assert words.free_name(["a", "b"]) == "c"


@pytest.mark.parametrize(
    ("values", "said"),
    [
        (np.arange(4), "Makes 4 numbers of int64: 0, 1, 2, 3"),
        (np.zeros((2, 5)), "Makes 2 × 5 numbers of float64: 0, 0, 0, 0, 0, 0, 0, 0, …"),
        (np.array(3.14), "Makes a single number of float64: 3.14"),
        (np.array([True]), "Makes 1 number of bool: True"),
        (np.zeros((0, 3)), "Makes an empty tensor of float64: 0 × 3"),
    ],
)
def test_what_a_line_would_make_is_said(values, said):
    first = values.reshape(-1)[:12]
    sent = Array(str(first.dtype), first.shape, first.tobytes())
    assert words.made(Trial("a = 1", None, values.shape, str(values.dtype), sent)) == said
