"""What the form for a new tensor writes: each line is accepted by the lab, and makes what PyTorch itself makes."""

import math

import pytest
import torch
from hypothesis import given, strategies as some

from playground.core.lab.new_tensors.examples import examples
from playground.core.lab.new_tensors.lines import draft
from playground.core.lab.new_tensors.makers import MAKERS
from playground.core.lab.new_tensors.reading import on_auto
from playground.engine.lab.bench import seeded
from playground.engine.lab.language import Language
from tests.engine.lab.names import assert_same

pytestmark = pytest.mark.filterwarnings("error")
TYPED = {
    "size": ("2, 3", "()", "0", "4", "2 × 0", "3 1 2", "100000"),
    "whole": ("0", "1", "-1", "7", "127", "128", "255", "256", "300", "40000", "20000000", "-129"),
    "number": ("0", "1", "-1", "2.", "0.5", "−3", "300", "1e3", "65504", "70000.", "1e12", "-1e-3", "1e300", str(2**63 - 1)),
    "values": ("1", "1,", "1 2; 3 4", "[[1.]]", "true, false", "[]", "[[], []]", "300", "-1", "1e6; 2", "[[[1], [2]]]",
               "true 2", "1e39", str(2**63 - 1)),
}  # fmt: skip


def check(maker, given_values):
    """Whether there is a line; it is then accepted, and makes what was said."""
    made = draft(maker, "a", given_values, ())
    if not made.line:
        assert made.sentence
        return False
    language = Language()
    with seeded(3):
        _names, value = language.run(made.line)
    names = {"torch": torch}
    with seeded(3):
        exec(made.line, names)
    assert_same(value, names["a"])
    dtype = given_values.get("dtype") or on_auto(maker, given_values).get("dtype", "float32")
    assert str(value.dtype) == f"torch.{dtype}"
    assert value.requires_grad is bool(given_values.get("requires_grad"))
    assert not language.warned
    return True


@pytest.mark.parametrize("maker", MAKERS.values(), ids=list(MAKERS))
def test_each_form_as_it_begins_is_accepted_with_every_dtype_that_it_offers(maker):
    assert check(maker, {})
    for dtype in maker.dtypes:
        assert check(maker, {"dtype": dtype}), dtype
        floats = getattr(torch, dtype).is_floating_point
        assert check(maker, {"dtype": dtype, "requires_grad": True}) is floats, dtype


@some.composite
def forms(draw):
    """A maker, and what somebody might give."""
    maker = draw(some.sampled_from(list(MAKERS.values())))
    found = {}
    for entry in maker.fields:
        choices = entry.choices or TYPED.get(entry.sort) or (True, False)
        one = draw(some.sampled_from([None, *choices]))
        if one is not None:
            found[entry.name] = one
    return maker, found


@given(forms())
def test_a_form_that_says_nothing_is_wrong_writes_a_line_that_is_accepted(form):
    check(*form)


@pytest.mark.parametrize(
    ("title", "values", "expected"),
    [
        ("arange", {}, torch.tensor([0, 3, 6, 9])),
        ("logspace", {}, torch.tensor([0.1, 0.01, 0.001, 0.0001])),
        ("full", {"size": "()"}, torch.tensor(3.14)),
        ("tensor", {"data": "1 2; 3 4.5"}, torch.tensor([[1.0, 2.0], [3.0, 4.5]])),
        ("eye", {"m": "2"}, torch.tensor([[1.0, 0.0], [0.0, 1.0], [0.0, 0.0]])),
    ],
)
def test_it_makes_these_numbers(title, values, expected):
    _names, value = Language().run(draft(MAKERS[title], "a", values, ()).line)
    assert value.dtype == expected.dtype
    torch.testing.assert_close(value, expected)


def test_drawn_numbers_lie_where_they_were_asked_for():
    low_high = {"low": "-2", "high": "3", "size": "500"}
    drawn = Language().run(draft(MAKERS["randint"], "a", low_high, ()).line)[1]
    assert set(drawn.tolist()) == {-2, -1, 0, 1, 2}
    spread = Language().run(draft(MAKERS["normal"], "a", {"mean": "5", "std": "0"}, ()).line)[1]
    assert (spread == 5).all()
    order = Language().run(draft(MAKERS["randperm"], "a", {"n": "30"}, ()).line)[1]
    assert sorted(order.tolist()) == list(range(30))
    assert math.prod(order.shape) == 30


def test_most_examples_are_accepted_on_a_bench_of_their_names():
    language = Language()
    language.run("x = torch.arange(6.).reshape(2, 3)")
    language.run("m = np.array([1, 2])")
    for one in examples("x", "m"):
        if not one.line.startswith("torch.meshgrid"):
            language.run(f"y = {one.line}")
