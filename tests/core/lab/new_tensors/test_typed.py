import ast

import pytest

from playground.core.lab.new_tensors import typed


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("12", "12"),
        (" 012 ", "12"),
        ("12.", "12."),
        (".5", ".5"),
        ("−3", "-3"),
        ("+1e-3", "1e-3"),
        ("2E5", "2E5"),
        (str(2**63 - 1), str(2**63 - 1)),
    ],
)
def test_a_number_stays_as_it_is_typed_and_is_one_of_python(text, expected):
    assert typed.number(text) == expected
    assert ast.literal_eval(expected) == typed.value(expected)
    assert typed.is_whole(expected) is isinstance(ast.literal_eval(expected), int)


@pytest.mark.parametrize(
    "text", ["", "x", "1,5", "1_000", "0x10", "1e", ".", "nan", "1e999", str(2**63), "٣", "9" * 5000]
)
def test_what_is_no_number_of_the_lab_is_refused(text):
    with pytest.raises(ValueError, match="is no number"):
        typed.number(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2, 3", (2, 3)),
        ("(2, 3)", (2, 3)),
        ("2 × 3 x 4", (2, 3, 4)),
        ("5", (5,)),
        ("5,", (5,)),
        ("()", ()),
        ("0 2", (0, 2)),
    ],
)
def test_a_shape_is_read_as_people_write_it(text, expected):
    assert typed.size(text) == expected


@pytest.mark.parametrize("text", ["", " ", "a", "2, -1", "2.5", "2, y", "1" * 40])
def test_what_is_no_shape_says_how_one_is_written(text):
    with pytest.raises(ValueError, match="such as 2, 3"):
        typed.size(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("5", 5),
        ("5,", [5]),
        ("1, 2", [1, 2]),
        ("1 2.5", [1, 2.5]),
        ("1, 2; 3, 4", [[1, 2], [3, 4]]),
        ("1\t2\n3\t4\n", [[1, 2], [3, 4]]),
        ("7;", [[7]]),
        ("[[1, 2], [3, 4]]", [[1, 2], [3, 4]]),
        ("[1, 2], [3, 4]", [[1, 2], [3, 4]]),
        ("[[[1]], [[−2]]]", [[[1]], [[-2]]]),
        ("[]", []),
        ("true, False", [True, False]),
    ],
)
def test_numbers_are_read_as_a_list_as_rows_or_as_python_writes_them(text, expected):
    found = typed.values(text)
    assert ast.literal_eval(typed.written(found)) == expected
    assert [typed.value(one) for one in typed.flat(found)] == _flat(expected)


def _flat(values):
    return [one for inner in values for one in _flat(inner)] if isinstance(values, list) else [values]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "write numbers"),
        (";", "write numbers"),
        ("1, x", "“x” is no number"),
        ("1, 2; 3", "row 2 has the length 1, but row 1 has 2"),
        ("[[1], 2]", "side by side"),
        ("[[[1, 2]], [[3]]]", "another shape"),
        ("[1", "has no ]"),
        ("1]", "is no number"),
        ("[1]]", "has no [ before it"),
        ("[" * 14 + "]" * 14, "deep in each other"),
        ("__import__('os')", "is no number"),
    ],
)
def test_what_is_no_table_of_numbers_says_why(text, told):
    with pytest.raises(ValueError, match=r".") as refused:
        typed.values(text)
    assert told in str(refused.value)
