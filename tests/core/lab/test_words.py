import pytest

from playground.core.lab.lines import set_cell
from playground.core.lab.words import WORDS, Word, completions
from playground.core.problem import Problem


def named(found):
    return [one.name if isinstance(one, Word) else one for one in found]


def test_every_word_says_what_it_does_and_has_an_example():
    for word in WORDS.values():
        assert word.help, word.name
        assert not word.help.endswith("."), word.name
        assert word.name.rpartition(".")[2].rstrip("_") in word.example, word.name


def test_no_word_is_declared_twice():
    from playground.core.lab.words import arithmetic, gradients, making, networks, plain, reducing, shaping

    names = [word.name for room in (making, shaping, arithmetic, reducing, gradients, networks, plain) for word in room.WORDS]  # fmt: skip
    assert len(names) == len(set(names)) == len(WORDS)


def test_no_word_takes_what_would_write_into_another_tensor_or_leave_the_cpu():
    for word in WORDS.values():
        assert not word.keywords & {"out", "device", "generator", "pin_memory", "layout"}, word.name


@pytest.mark.parametrize(
    ("typed", "names", "expected"),
    [
        ("a = torch.aran", {}, ["torch.arange"]),
        ("torch.zeros(3).vi", {}, ["Tensor.view"]),
        ("x + wei", {"weight": "Tensor", "other": "Tensor"}, ["weight"]),
        ("n.resh", {"n": "ndarray"}, ["ndarray.reshape"]),
        ("a.requires_gr", {"a": "Tensor"}, ["Tensor.requires_grad_", "Tensor.requires_grad"]),
        ("F.cross", {}, ["F.cross_entropy"]),
        ("", {"a": "Tensor"}, []),
        ("a + ", {"a": "Tensor"}, []),
    ],
)
def test_completion_offers_what_may_follow(typed, names, expected):
    assert named(completions(typed, names)) == expected


@pytest.mark.parametrize(
    ("name", "torch_name", "page"),
    [
        ("F.relu", "torch.nn.functional.relu", "docs.pytorch.org/docs/stable/generated/torch.nn.functional.relu.html"),
        ("Tensor.view", "torch.Tensor.view", "docs.pytorch.org/docs/stable/generated/torch.Tensor.view.html"),
        ("np.array", "numpy.array", "numpy.org/doc/stable/reference/generated/numpy.array.html"),
        ("math.sqrt", "math.sqrt", "docs.python.org/3/library/math.html#math.sqrt"),
        ("len", "len", "docs.python.org/3/library/functions.html#len"),
    ],
)
def test_a_word_knows_its_page(name, torch_name, page):
    assert WORDS[name].torch_name == torch_name
    assert WORDS[name].docs_url == f"https://{page}"


def test_parameters_are_read_from_the_call():
    word = WORDS["torch.zeros"]
    assert word.is_variadic
    assert word.positional == ()
    assert word.keywords == {"size", "dtype", "requires_grad"}
    assert WORDS["torch.arange"].positional == ("start", "end", "step")
    assert not WORDS["torch.arange"].is_variadic
    assert not WORDS["Tensor.T"].is_called
    assert WORDS["Tensor.item"].is_called
    assert WORDS["Tensor.item"].positional == ()


def test_a_cell_set_by_hand_is_a_line_among_the_others():
    assert set_cell("a", (0, 1), 5) == "a[0, 1] = 5"
    assert set_cell("a", (), -0.25) == "a[...] = -0.25"
    assert set_cell("a", (2,), 1e20) == "a[2] = 1e+20"
    with pytest.raises(Problem, match="name first"):
        set_cell("a.T", (0, 1), 5)
