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

TYPED = """
1 + 2 * 3
-7 // 2
7 % 3
2 ** 10
2 ** -1
2.0 ** 100
1e-3
True
(1, 2)
[1, [2, 3]]
math.pi / 2
torch.arange(0, 12, 3)
torch.arange(10)
torch.arange(0., 1., 0.25)
torch.logspace(-1, -4, 4)
torch.logspace(0, 3, 4, base=2)
torch.full((), 3.14)
torch.full((2, 3), 7)
torch.randint(0, 10, (3,))
torch.randint(10, (2, 2))
torch.randperm(10)
torch.eye(3)
torch.eye(2, 3)
torch.diag(torch.tensor([1, 2, 3]))
torch.zeros(2, 3, dtype=torch.int64)
torch.zeros((2, 3))
torch.ones(3, requires_grad=True)
torch.tensor(3)
torch.tensor([])
torch.tensor([[1., 2.], [3., 4.]], dtype=torch.float64)
torch.tensor([True, False])
torch.tensor([a[0, 0], a[0, 1]])
torch.zeros(0, 5)
a @ a.T
a.T @ a
a @ v
v @ v
a * a
a * v
a / 4
a // 4
a % 5
a ** 2
2 ** a
a ** 0.5
-a
+a
~(a > 5)
a > 5
a >= v
a == a
a != 3
(a > 2) & (a < 8)
(a > 8) | (a < 2)
(a > 2) ^ (a > 5)
5 - a
1 / (a + 1)
7 // (i + 1)
a.view(12, 1)
a.view(-1)
a.view(2, 3, 2)
a.view(torch.int32)
a.reshape(-1, 6)
a.T
a.T.reshape(-1)
a.mT
a[0]
a[-1]
a[0, 1]
a[:, 1:]
a[:, ::2]
a[1:, :2]
a[..., 0]
a[None]
a[:, None, :]
a[[0, 2]]
a[i]
a[i, i]
a[a > 5]
a[torch.tensor([True, False, True])]
a[[True, False, True]]
a[0][1]
a[:0]
a.shape
a.shape[0]
a.shape == (3, 4)
a.dtype == torch.float32
a.size(0)
a.stride()
a[:, 1].stride()
a.sum()
a.sum(0)
a.sum(dim=1, keepdim=True)
a.mean(dim=(0, 1))
a.max(dim=1)
a.max(dim=1)[0]
a.argmax(1)
torch.max(a, v)
a.std(0, correction=0)
a.float().double()
a.to(torch.int64)
a.long() // 5
a.expand(2, 3, 4)
a.repeat(2, 2)
a.unsqueeze(0).squeeze(0)
a.permute(1, 0)
torch.stack([v, v, v], dim=1)
torch.cat((a, w), dim=1)
torch.split(a, [1, 2])
torch.where(a > 5, a, torch.zeros(()))
torch.where(a > 5)
a.clone()
a.tolist()
a[1, 2].item()
a.numpy()
a.numpy().T
torch.from_numpy(n)
torch.from_numpy(n) * 2
torch.as_tensor([1, 2])
torch.tensor(n)
np.array([1, 2, 3])
np.array([[1., 2.]], dtype=np.float32)
np.zeros(3)
np.arange(5)
np.arange(1, 2, 0.25)
np.linspace(0, 1, 3)
np.eye(2)
n + 1
n * n
n[1:]
n[0]
n[[0, 2]]
n[n > 2]
n.reshape(2, 2) @ n.reshape(2, 2)
n.reshape(2, 2).T.strides
n.sum()
-n
n ** 2
n > 2
F.relu(a - 5)
F.softmax(v, dim=0)
torch.softmax(a, dim=1).sum(1)
F.cross_entropy(a, i)
F.cross_entropy(a, i, reduction="sum")
F.mse_loss(a, a * 2)
F.gelu(a, approximate="tanh")
F.pad(a, (1, 1, 2, 0), value=9)
F.conv2d(a[None, None], torch.ones(1, 1, 2, 2))
F.conv2d(a[None, None], torch.ones(1, 1, 3, 3), padding="same")
F.max_pool2d(a[None, None], 2)
torch.nn.functional.relu(v)
nn.functional.relu(v)
p * 2
p.detach()
p.data
(p ** 2).sum()
torch.tensor(2., requires_grad=True) ** 3
len(a)
len(a.shape)
float(a[0, 1])
int(a[1, 1])
bool(a[0, 0])
abs(-3)
round(2.567, 1)
a.is_contiguous()
a.T.is_contiguous()
torch.isclose(a, a)
torch.float64
torch.tensor(float(3))
math.sqrt(2)
a.as_strided((2, 3), (1, 2), 3)
torch.meshgrid(v, v, indexing="xy")
a.flatten(0)
a.unbind(1)
a.chunk(3)
torch.linalg.norm(a, dim=1)
torch.linalg.solve(torch.eye(3) * 4, c)
torch.topk(v, 2).indices
x = torch.arange(6); x.view(2, 3)
x = a; x[0, 0] = 9; a
x = a.clone(); x[0, 0] = 9; a
a[0] = 5; a
a[:, 1] = v[:3]; a
a[a > 5] = 0; a
a[1:] *= 2; a
a[0, 0] += 7; a
a += 1; a
a -= a; a
a *= v; a
a /= 2; a
a **= 2; a
i //= 2; i
i %= 2; i
x = 3; x += 1; x
x = a.T; x += 1; a
x, y = a.shape; x * y
x, y = torch.sort(v); y
x, y, z = c; z
m = a.numpy(); m[0, 0] = 5.5; a
m = torch.from_numpy(n); m += 1; n
n[0] = 9; n
n += 1; n
c.requires_grad_(); d = c * 2; d.sum().backward(); c.grad
p.sum().backward(); p.sum().backward(); p.grad
p.sum().backward(); p.grad.zero_(); p.grad
p.sum().backward(); p.grad = None; p.grad
c.requires_grad = True; c.requires_grad
x = torch.ones(2, 2, requires_grad=True); y = x + 2; z = 3 * y**2; out = z.mean(); out.backward(); x.grad
with torch.no_grad(): p -= 0.5; p
with torch.no_grad(): q = p * 2; q.requires_grad
q = p * 2; q.retain_grad(); q.sum().backward(); q.grad
g = torch.autograd.grad((p ** 3).sum(), p, create_graph=True)[0]; torch.autograd.grad(g.sum(), p)[0]
torch.manual_seed(3); torch.rand(2)
torch.rand(2, 2)
torch.randn(3) * 2
a.add_(1); a
c.resize_(1, 2).shape
torch.equal(a, a.clone())
""".strip().split("\n")
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
