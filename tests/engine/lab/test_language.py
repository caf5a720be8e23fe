"""What the small language computes is what Python and PyTorch themselves compute; what it has not, it says at its column."""

import random

import numpy as np
import pytest
import torch

from playground.core.lab.words import WORDS
from playground.engine.lab.bench import seeded
from playground.engine.lab.language import Language
from playground.engine.lab.refusal import LineProblem
from playground.engine.lab.values import Shown
from tests.engine.lab.names import assert_same, bench, plain
from tests.engine.lab.typed import TYPED

EXAMPLES = [word.example for word in WORDS.values()]


def computed(lines, language=None):
    language = language or Language(bench())
    value = None
    for line in lines.split("; "):
        value = language.run(line)[1]
    return language.names, value


def test_there_are_more_than_three_hundred_expressions():
    assert len(set(TYPED) | set(EXAMPLES)) > 550


@pytest.mark.filterwarnings("ignore")  # PyTorch's own, of what the examples do
@pytest.mark.parametrize(
    "part", range(8)
)  # a test for each line would spend its time on looking for what is left behind
def test_typed_lines_give_what_pytorch_gives(part):
    wrong = {}
    for lines in [*TYPED, *EXAMPLES][part::8]:
        try:
            check(lines)
        except Exception as error:
            wrong[lines] = f"{type(error).__name__}: {error}"
    assert not wrong


def check(lines):
    with seeded(5):
        expected_names, expected = plain(lines.replace("nn.functional.relu(v)", "F.relu(v)").replace("torch.F.", "F."))
    with seeded(5):
        names, value = computed(lines)
    if isinstance(value, Shown):
        assert value.text in (str(expected), f"<{expected.name()}>" if hasattr(expected, "name") else "")
    elif expected is not None and not lines.startswith("torch.manual_seed(7)"):
        assert_same(value, expected)
    for name, got in names.items():
        assert_same(got, expected_names[name])


def test_a_seed_draws_the_same_and_leaves_the_process_its_own_numbers():
    state = torch.get_rng_state()
    with seeded(1):
        first = computed("torch.rand(3)")[1]
    with seeded(1):
        again = computed("torch.rand(3)")[1]
    assert torch.equal(first, again)
    assert torch.equal(torch.get_rng_state(), state)


def refused(line, language=None):
    with pytest.raises(LineProblem) as found:
        (language or Language(bench())).run(line)
    return found.value.line_fault


@pytest.mark.parametrize(
    ("line", "part", "told"),
    [
        ("", "", "the line is empty"),
        ("a +", "", "no line of Python"),
        ("b + 1", "b", "the name b is not known"),
        ("tensor + 1", "tensor", "the name tensor is not known"),
        ("a = torch.aranges(3)", "torch.aranges", "did you mean torch.arange"),
        ("a.vieww(3)", "vieww", "did you mean"),
        ("a @ b", "b", "not known"),
        ("1 + 'x'", "'x'", "a text means nothing here"),
        ("torch.zeros(3, device='cuda')", "device='cuda'", "takes no device"),
        ("torch.zeros(3, out=a)", "out=a", "takes no out"),
        ("torch = 3", "torch", "is a word of the language"),
        ("a; a", "a", "one statement"),
        ("import torch", "import torch", "nothing is imported here"),
        ("print(a)", "print", "nothing is printed here"),
        ("[x for x in a]", "[x for x in a]", "no loops"),
        ("a if True else a", "a if True else a", "no if"),
        ("lambda: 1", "lambda: 1", "no lambda"),
        ("a.__class__", "a.__class__", "closed here"),
        ("a and a", "a and a", "number by number"),
        ("1 < a < 3", "1 < a < 3", "not chained"),
        ("a.view", "a.view", "must be called"),
        ("a.shape()", "a.shape()", "is not called"),
        ("a(3)", "a", "which is not called"),
        ("torch", "torch", "alone is no value"),
        ("v + n", "v + n", "a tensor and a NumPy array meet"),
        ("torch.zeros(10**7)", "torch.zeros(10**7)", "more than the 1,000,000"),
        ("10 ** 10 ** 10", "10 ** 10 ** 10", "does not fit into 64 bits"),
        ("a[0, 1] = torch.zeros(10**7)", "torch.zeros(10**7)", "more than"),
        ("a = ａ", "ａ", "this sign is not"),
        ("a，b", "，", "this sign is not"),
        ("x: int = 3", "x: int = 3", "no such thing"),
        ("[1, 2] + [3]", "[1, 2] + [3]", "does not compute with a list"),
        ("a[1.5]", "1.5", "does not choose places"),
        ("c, d = a", "c, d", "2 names are given"),
        ("y" * 31 + " = 1", "y" * 31, "longer than 30"),
        ("F.cross_entropy(a, i, reduction='none of them')", "'none of them'", "is one of"),
        ("  a", "  ", "begins with a space"),
        ("1j", "1j", "of this kind"),
        ("(((((((((((((((((((((1)))))))))))))))))))))", "(", "nested more than"),
    ],
)  # fmt: skip
def test_what_is_refused_is_told_at_its_column(line, part, told):
    fault = refused(line)
    assert told.split("  ")[0] in fault.sentence.replace("one does not compute", "does not compute")
    assert part in line[fault.column : fault.end] or (part == "" and fault.column <= len(line))
    if len(part) > 1:
        assert line[fault.column : fault.end] == part


@pytest.mark.parametrize(
    "line",
    [
        "a @ a",
        "a.view(5, 5)",
        "a.reshape(-1, 5)",
        "torch.mm(v, v)",
        "torch.dot(a, a)",
        "a + c",
        "a[5]",
        "a[:, 9]",
        "F.softmax(a, dim=7)",
        "F.cross_entropy(a, c)",
        "i.requires_grad_()",
        "a.sum().backward()",
        "p[0] = 5",
        "p.numpy()",
        "a.T.view(-1)",
        "a[i, i, i]",
        "torch.cat([a, w])",
        "torch.arange(0, 10, 0)",
        "torch.zeros(-1)",
        "a.item()",
        "torch.linalg.inv(a)",
        "F.conv2d(a, w)",
        "a.expand(7, 7)",
        "v.expand(2, 2, 2).add_(1)",
        "a.as_strided((100, 100), (1, 1))",
        "torch.tensor([[1, 2], [3]])",
    ],
)
def test_where_pytorch_refuses_its_words_are_given_to_the_letter(line):
    with pytest.raises(Exception) as own:  # noqa: PT011 - whatever PyTorch raises
        exec(line, {**bench(), "torch": torch, "F": torch.nn.functional})
    fault = refused(line)
    message = str(own.value).split("\nException raised from")[0].strip()
    assert fault.torch_message == message or fault.torch_message.split("\n")[0] == message.split("\n")[0]
    assert fault.sentence.startswith("PyTorch refuses it: ")


def test_what_a_line_refuses_leaves_the_names_as_they_were():
    language = Language(bench())
    before = dict(language.names)
    refused("d = a @ a", language)
    assert language.names == before


def test_a_warning_of_pytorch_is_told_and_not_printed(recwarn):
    language = Language(bench())
    language.run("q = p * 2")
    language.run("q.grad")
    assert "not a leaf" in language.warned[0]
    language.run("a + 1")
    assert language.warned == ()
    assert not recwarn.list


def run_all(language, lines):
    for line in lines:
        language.run(line)


def test_a_page_may_not_hold_more_than_its_bytes():
    language = Language()
    with pytest.raises(LineProblem, match="all tensors of a page may take"):
        run_all(language, [f"a{number} = torch.zeros(1000, 1000)" for number in range(40)])
    assert 8 <= len(language.names) <= 16


def test_what_autograd_keeps_counts_as_well():
    language = Language({"x": torch.ones(1000, 900, requires_grad=True)})
    with pytest.raises(LineProblem, match=r"all tensors of a page may take|all lines together"):
        run_all(language, ["x = x * 2"] * 60)


def test_a_shared_memory_is_counted_once():
    language = Language()
    run_all(language, ["a = torch.zeros(1000, 1000)", *(f"b{number} = a.T" for number in range(20))])


def test_the_lowest_whole_number_by_minus_one_does_not_end_the_process():
    language = Language({"low": torch.tensor([-(2**63), 5]), "small": torch.tensor([-128], dtype=torch.int8)})
    for line in ("low // -1", "low % -1", "torch.fmod(low, -1)", "small // -1", "low // torch.tensor([-1, -1])"):
        assert "lowest whole number" in refused(line, language).sentence
    assert torch.equal(language.run("torch.tensor([7, 8]) // -1")[1], torch.tensor([-7, -8]))


def test_random_mixtures_of_words_give_what_pytorch_gives():
    """Expressions nobody thought of: random trees of signs and functions over random shapes that fit."""
    draws = random.Random(0)

    def expression(depth):
        if depth == 0:
            return draws.choice(["a", "a.T.contiguous().T", "v", "2", "0.5", "a[1:2]", "c.view(3, 1)"])
        kind = draws.randrange(3)
        if kind == 0:
            return f"({expression(depth - 1)} {draws.choice('+-*')} {expression(depth - 1)})"
        if kind == 1:
            return f"torch.{draws.choice(['sin', 'tanh', 'exp', 'sigmoid'])}(a * 0 + {expression(depth - 1)})"
        return f"(a + {expression(depth - 1)}).{draws.choice(['cos()', 'abs()', 'clamp(-1, 1)', 'sum(0)', 'mean(1, True)'])}"

    for _turn in range(150):
        line = expression(draws.randint(1, 4))
        if len(line) <= 300:
            assert_same(computed(line)[1], plain(line)[1])


def test_numbers_of_numpy_become_numbers_of_python():
    value = computed("n.max()")[1]
    assert value == 4.0
    assert type(value) is float
    assert isinstance(bench()["n"], np.ndarray)
