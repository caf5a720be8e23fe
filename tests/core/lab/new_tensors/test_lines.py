import msgspec
import pytest

from playground.core.lab.new_tensors.lines import draft, names_given
from playground.core.lab.new_tensors.makers import MAKERS
from playground.core.lab.topics import LONGEST_LINE, MOST_LINES
from playground.core.lab.words import WORDS

LINES = ("x = torch.ones(3)", "a, b = x.shape", "q == 2", "torch.zeros(2, dtype=torch.int8)", "x[0] = 3", "w += 1")


@pytest.mark.parametrize("maker", MAKERS.values(), ids=list(MAKERS))
def test_each_maker_asks_for_what_its_word_takes_and_explains_it(maker):
    word = WORDS[maker.word]
    for entry in maker.fields:
        assert entry.name in {*word.positional, *word.keywords}
        assert entry.help
        assert not entry.help.endswith(".")
    wanted = {*word.positional, *word.keywords}
    assert wanted == {entry.name for entry in maker.fields}  # and for nothing less


@pytest.mark.parametrize(
    ("title", "given", "line"),
    [
        ("arange", {}, "torch.arange(0, 12, 3)"),
        ("logspace", {}, "torch.logspace(-1, -4, 4)"),
        ("logspace", {"base": "2"}, "torch.logspace(-1, -4, 4, base=2)"),
        ("full", {"size": "()"}, "torch.full((), 3.14)"),
        ("randint", {}, "torch.randint(0, 10, (3,))"),
        ("randperm", {}, "torch.randperm(10)"),
        ("eye", {}, "torch.eye(3)"),
        ("eye", {"m": "5"}, "torch.eye(3, 5)"),
        ("eye", {"m": ""}, "torch.eye(3)"),
        ("zeros", {"size": "()"}, "torch.zeros(())"),
        ("zeros", {"size": "4"}, "torch.zeros(4)"),
        ("ones", {"dtype": "int8"}, "torch.ones(2, 3, dtype=torch.int8)"),
        ("rand", {"requires_grad": True}, "torch.rand(2, 3, requires_grad=True)"),
        ("arange", {"start": "−1.", "end": "1", "step": "0.5"}, "torch.arange(-1., 1, 0.5)"),
        ("tensor", {"data": "1, 2.; 3, 4"}, "torch.tensor([[1, 2.], [3, 4]])"),
    ],
)
def test_the_line_is_written_as_it_is_typed(title, given, line):
    assert draft(MAKERS[title], "t1", given, LINES).line == f"t1 = {line}"


@pytest.mark.parametrize(
    ("title", "given", "wrong", "told"),
    [
        ("zeros", {"size": "2, y"}, "size", "size: write whole numbers"),
        ("zeros", {"size": "1001, 1000"}, "size", "1,001,000 numbers"),
        ("zeros", {"size": "0, 1000001"}, "size", "1,000,001 numbers"),
        ("zeros", {"size": "1 " * 13}, "size", "13 axes"),
        ("zeros", {"dtype": "int8", "requires_grad": True}, "requires_grad", "these are int8: choose float32"),
        ("arange", {"requires_grad": True}, "requires_grad", "these are int64"),
        ("arange", {"step": "0"}, "step", "step is 0"),
        ("arange", {"step": "-1"}, "step", "leads from 0 away from 12"),
        ("arange", {"end": ""}, "end", "end is missing"),
        ("arange", {"end": "1e"}, "end", "end is “1e”"),
        ("arange", {"end": "2e12"}, "end", "at most 1,000,000,000,000"),
        ("arange", {"step": "1e-6"}, "end", "12,000,000 numbers"),
        ("arange", {"step": "0.5", "dtype": "int64"}, "step", "counts in whole numbers"),
        ("arange", {"end": "300", "dtype": "uint8"}, "end", "uint8 holds numbers from 0 to 255"),
        ("full", {"fill_value": "1e6", "dtype": "float16"}, "fill_value", "−65,504 to 65,504"),
        ("linspace", {"steps": "2.5"}, "steps", "must be a whole number"),
        ("linspace", {"steps": "-1"}, "steps", "at least 0"),
        ("logspace", {"base": "0"}, "base", "more than 0"),
        ("normal", {"std": "-0.5"}, "std", "std is −0.5"),
        ("randint", {"high": "0"}, "high", "more than low, which is 0"),
        ("randint", {"high": "257", "dtype": "uint8"}, "high", "256 does not fit"),
        ("randint", {"high": "100000000", "dtype": "float32"}, "high", "every whole number"),
        ("randperm", {"n": "128", "dtype": "int8"}, "n", "128 does not fit"),
        ("rand", {"dtype": "int64"}, "dtype", "int64 is not taken"),
        ("eye", {"n": "2000"}, "n", "4,000,000 numbers"),
        ("eye", {"n": "1000", "m": "1001"}, "m", "1,001,000 numbers"),
        ("tensor", {"data": "1, 2; 3"}, "data", "row 2 has the length 1"),
        ("tensor", {"data": "1 " * 140}, "data", "more than the 300"),
    ],
)
def test_what_is_wrong_is_said_in_a_sentence_at_its_field(title, given, wrong, told):
    made = draft(MAKERS[title], "t1", given, LINES)
    assert (made.line, made.wrong) == ("", wrong)
    assert told in made.sentence
    assert made.sentence.endswith(".")


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("", "begins with a letter"),
        ("1a", "begins with a letter"),
        ("_a", "begins with a letter"),
        ("é", "begins with a letter"),
        ("a b", "begins with a letter"),
        ("lambda", "word of the language"),
        ("torch", "word of the language"),
        ("x", "there already"),
        ("b", "there already"),
        ("loss", "there already"),
        ("y" * 31, "longer than 30"),
    ],
)
def test_a_name_is_looked_at(name, told):
    made = draft(MAKERS["zeros"], name, {}, LINES, ("loss",))
    assert (made.line, made.wrong) == ("", "name")
    assert told in made.sentence


def test_a_page_that_is_full_takes_no_tensor():
    full = tuple(f"t{number} = 1" for number in range(MOST_LINES))
    assert "100 lines" in draft(MAKERS["zeros"], "a", {}, full).sentence
    assert draft(MAKERS["zeros"], "a", {}, full[1:]).line


def test_a_line_is_no_longer_than_a_page_can_hold():
    numbers = ", ".join(["1"] * 94)
    line = draft(MAKERS["tensor"], "a", {"data": numbers}, ()).line
    assert len(line) <= LONGEST_LINE
    assert not draft(MAKERS["tensor"], "a" * 30, {"data": numbers}, ()).line


def test_names_that_lines_give_are_found():
    assert names_given(LINES) == {"x", "a", "b"}


def test_a_maker_is_a_value():
    for maker in MAKERS.values():
        assert msgspec.structs.replace(maker) == maker
