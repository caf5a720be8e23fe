import pytest

from playground.core.lab.new_tensors.makers import MAKERS
from playground.core.lab.new_tensors.reading import on_auto


@pytest.mark.parametrize(
    ("title", "given", "expected"),
    [
        ("zeros", {}, {"dtype": "float32", "requires_grad": False}),
        ("zeros", {"dtype": "int8"}, {"dtype": "float32", "requires_grad": False}),
        ("arange", {}, {"dtype": "int64", "requires_grad": False}),
        ("arange", {"start": "0."}, {"dtype": "float32", "requires_grad": False}),
        ("arange", {"start": "x", "end": "3."}, {"dtype": "float32", "requires_grad": False}),
        ("full", {"fill_value": "7"}, {"dtype": "int64", "requires_grad": False}),
        ("tensor", {"data": "true"}, {"dtype": "bool", "requires_grad": False}),
        ("tensor", {"data": "true, 2"}, {"dtype": "int64", "requires_grad": False}),
        ("tensor", {"data": "[]"}, {"dtype": "float32", "requires_grad": False}),
        ("tensor", {"data": "["}, {"dtype": "float32", "requires_grad": False}),
        ("eye", {"n": "4"}, {"m": "4", "dtype": "float32", "requires_grad": False}),
        ("logspace", {}, {"base": "10", "dtype": "float32", "requires_grad": False}),
        ("randperm", {}, {"dtype": "int64", "requires_grad": False}),
        ("normal", {}, {}),
    ],
)
def test_what_is_left_to_pytorch_is_told(title, given, expected):
    assert on_auto(MAKERS[title], given) == expected
