import pytest

from playground.core.lab.new_tensors.makers import MAKERS
from playground.window.lab.tensors.maker_page import stepped_text


@pytest.mark.parametrize(
    ("title", "name", "text", "up", "expected"),
    [
        ("arange", "end", "12", True, "13"),
        ("arange", "end", "−1", False, "-2"),
        ("arange", "end", "0.25", True, "0.26"),
        ("arange", "end", "1.", True, "2."),
        ("arange", "end", "0.9", True, "1."),
        ("linspace", "steps", "1000000", True, None),
        ("normal", "std", "0", False, None),
        ("eye", "n", "0", False, None),
        ("eye", "n", "x", True, None),
        ("eye", "m", "", True, None),
    ],
)
def test_the_arrows_change_a_number_by_its_last_digit_within_its_range(title, name, text, up, expected):
    entry = next(one for one in MAKERS[title].fields if one.name == name)
    assert stepped_text(entry, text, up) == expected
