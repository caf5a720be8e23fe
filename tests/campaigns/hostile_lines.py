"""Lines that try to get out of the lab's small language, or to use up the machine. Every one must be refused."""

import random
from collections.abc import Iterator

# What every line finds on its bench.
SETUP = (
    "a = torch.arange(12.).reshape(3, 4)",
    "v = torch.arange(4.)",
    "c = torch.tensor([1., 2., 3.])",
    "i = torch.tensor([0, 2, 1])",
    "p = torch.tensor([1., 2., 3.], requires_grad=True)",
    "n = np.array([1., 2., 3., 4.])",
    "row = torch.zeros(1, 1000000)",
    "big = torch.zeros(1000, 1000)",
)
LARGE = {SETUP[-2]: "row", SETUP[-1]: "big"}  # line -> the name it makes, for lines that use it

_OWNERS = (
    "a",
    "()",
    "''",
    "torch",
    "F.relu",
    "a.view",
    "(1)",
    "[]",
    "np",
    "n",
    "a.shape",
    "a.T",
    "torch.float32",
    "p.grad",
)
_WALKS = (
    ".__class__", ".__class__.__base__.__subclasses__()", ".__init__.__globals__", ".__dict__", ".__reduce_ex__(2)",
    ".__getattribute__('shape')", ".__doc__", ".__class__.__mro__[1]", "._version", ".__setattr__('x', 1)",
)  # fmt: skip
_BUILTINS = (
    "eval", "exec", "open", "compile", "globals", "locals", "vars", "dir", "getattr", "setattr", "delattr", "hasattr",
    "type", "object", "input", "print", "breakpoint", "exit", "quit", "help", "memoryview", "bytearray", "bytes", "super",
    "iter", "next", "map", "filter", "zip", "sorted", "sum", "range", "list", "dict", "set", "str", "repr", "format", "chr",
    "ord", "id", "hash", "callable", "isinstance", "__import__", "__builtins__", "copyright", "property",
)  # fmt: skip
_REACHES = (
    "torch.load('x')", "torch.save(a, 'x')", "torch.hub.load('a/b', 'c')", "torch.jit.script(a)", "torch.compile(a)",
    "torch.utils.cpp_extension.load('x')", "torch.ops.load_library('x')", "torch._C", "torch.from_file('x')",
    "torch.classes.load_library('x')", "torch.os.system('true')", "torch.sys.exit()", "torch.nn.functional.torch.os",
    "np.fromfile('x')", "np.load('x')", "np.save('x', n)", "np.memmap('x')", "np.genfromtxt('x')", "np.loadtxt('x')",
    "np.lib.npyio", "np.ctypeslib", "np.os", "n.tofile('x')", "n.dump('x')", "n.ctypes", "n.data", "n.base", "n.flags",
    "n.setflags(1)", "n.resize((10,))", "n.astype('object')", "np.array(['a'])", "np.array([a])", "np.array(None)",
    "np.dtype('O')", "np.frombuffer(b'x')", "np.vectorize(abs)", "np.errstate()", "np.random.rand(3)", "torch.cuda.init()",
    "torch.set_default_dtype(torch.float64)", "torch.set_num_threads(99)", "torch.set_grad_enabled(False)",
    "torch.multiprocessing.Process()", "torch.distributed.init_process_group()", "torch.Tensor(3)", "torch.Storage()",
    "torch.nn.Linear(1, 1)", "torch.nn.Module()", "torch.optim.SGD([p], 0.1)", "torch.random.fork_rng()",
    "torch.autograd.Function", "torch.autograd.backward(p)", "torch.autograd.functional.jacobian(F.relu, p)",
    "torch.vmap(F.relu)", "torch.func.grad(F.relu)", "torch.fx.symbolic_trace(F.relu)", "torch.profiler.profile()",
    "a.share_memory_()", "a.storage()", "a.untyped_storage()", "a.data_ptr()", "a.register_hook(F.relu)", "a.set_(v)",
    "a.apply_(abs)", "a.map_(a, abs)", "a.cuda()", "a.to('cuda')", "a.to('meta')", "a.type('torch.FloatTensor')",
    "a.backward_hooks", "a.names", "a.rename_('x')", "a.retains_grad", "a.grad_fn.next_functions", "p.grad_fn()",
    "a.data = v", "a.shape = 3", "a.grad = a", "a.requires_grad = 1", "F.relu = 1", "torch.pi = 3", "len = 3", "a.T = v",
    "math = 1", "np = 1", "_x = 1", "__x__ = 1", "torch.zeros(3, out=a)", "torch.zeros(3, device='cuda')",
    "torch.zeros(3, layout=torch.sparse_coo)", "torch.rand(3, generator=a)", "torch.zeros(3, pin_memory=True)",
    "torch.zeros(3, names=('x',))", "torch.zeros(*[3])", "torch.zeros(**{'size': 3})", "F.relu(a, inplace=True)",
    "F.dropout(a, 0.5, True, True)", "F.gelu(a, approximate='x')", "F.pad(a, (1, 1), mode='x')", "a.view('x')",
    "torch.no_grad()", "with torch.no_grad: a", "with open('x'): a", "with torch.no_grad() as x: a",
    "with torch.no_grad(), torch.no_grad(): a", "with torch.no_grad():  import os",
)  # fmt: skip
_FORMS = (
    "import os", "import torch", "from os import system", "from torch import *", "(x := 1)", "a[(x := 0)]", "lambda: 1",
    "(lambda: a)()", "[x for x in a]", "{x for x in a}", "{x: x for x in a}", "(x for x in a)", "sum(x for x in a)",
    "[a for a in [1] for a in [2]]", "await a", "yield a", "yield from a", "*a", "[*a]", "(*a, *a)", "{1: 2}", "{1, 2}", "{}",
    "class A: pass", "def f(): pass", "for x in a: x", "while True: a", "if True: a", "try: a\nexcept: a", "global a",
    "nonlocal a", "del a", "del a[0]", "assert a", "raise a", "return a", "pass", "break", "async def f(): pass", "x: int",
    "x: int = 1", "a if a else v", "1 < 2 < 3", "a and v", "a or v", "not a", "a is None", "a in a", "a not in a", "1:2", "...",
    "1j", "1e999j", "b'x'", "'x'", "'x' 'y'", "x = y = 1", "a, *b = v", "x, y = 1", "x, (y, z) = a", "[x, y] = 3", "a() = 1",
    "1 = a", "a + 1 = v", "(a, v) += 1", "a = ", "= a", "a a", "a b c", "a..b", "a.", ".a", "a[", "a]", "a(", ")", "(", "'", '"',
    "a = ;", ";", ":", "@", "$a", "a?", "!a", "`a`", "\\", "a\\", "a->b", "a::b", "0x", "0777", "1__0", "1_000_", "1.2.3", "a @",
    "match a: 1", "type X = int", "print a", "exec 'x'", "a <> v", "a++", "++", "@a", "a := 1", "a !v", "f(a)", "a[0](1)", "(a)(1)",
    "1(2)", "[1](0)", "a.view(3)(4)", "a['x']", "a[1.5]", "a[a]", "a[{}]", "a[()]()", "a[lambda: 1]", "a[::0]", "a[1:'x']",
    "[1, 2] * 3", "[1] + [2]", "(1,) * 10", "None + 1", "torch.float32 + 1", "a.shape + a.shape", "-[1]", "~1.5", "a ** [1]",
    "a @ 1", "n @ a", "a * n", "n + a", "a[n]", "n[i]", "i[n]", "a[0] = n", "n[0] = a", "1 += 1", "a.view += 1",
)  # fmt: skip
_FORMATS = (
    "'{0.__class__}'.format(a)", "'{}'.format(a)", "f'{a}'", "f'{a.__class__}'", "f'{a!r:>99999999}'", "'%s' % a", "'%99999999d' % 1",
    "'a' * 10**9", "b'a' * 10**9", "'x'.join(['a'])", "'{:>999999999}'.format(1)", "''.__class__", "str(a)", "repr(a)",
    "format(a, '>99999999')", "'a'.encode()", "'a' + 'b'", "'a' == 'b'", "['a']", "('a',)", "torch.tensor('a')",
    "torch.tensor(['a'])", "np.array('a')", "np.array('9' * 9)", "float('nan')", "float('1' * 99)", "int('9' * 9999)", "int('7')",
    "len('aaa')", "torch.arange('9')", "torch.full((2,), 'x')", "a['0']", "a.to('float64')", "torch.zeros('3')", "a.view(dtype='x')",
    "\"\"\"a\"\"\"", "r'a'", "rb'a'", "u'a'", "'\\N{BULLET}'", "'\\x00'", "'\\ud800'",
)  # fmt: skip
_SIGNS = (
    "ａ", "torch.ｚeros(3)", "ｔorch.zeros(3)", "a\u200b", "\u0430", "a\u202eb", "ⅸ", "𝐚", "a\x00b", "\x00", "\ud800", "a\nimport os",
    "a\rb", "a\u2028b", "a\\\nb", "a\tb", "\ta", " a", "a\x0cb", "a\x1b[2J", "a，v", "（a）", "a＋v", "a−1", "a×v", "“a”", "a’", "ª", "µ",
    "a.__cl\u0061ss__", "__\uff43lass__", "torch\u2024zeros(3)", "a\ufe0f", "é", "名 = 1", "a = ١", "\ufeffa", "a\x7f", "\u00a0a",
)  # fmt: skip
_POWERS = (
    "9**9**9", "9**9**9**9", "2**(10**9)", "2**10**9", "(-7)**10**7", "10**100", "10**19 * 10", "2**63", "-2**64", "3**200",
    "9223372036854775807 + 1", "9223372036854775807 * 2", "-9223372036854775807 - 2", "7**7**7 % 3", "0x7fffffffffffffff * 4",
    "1 << 10**9", "1 << 5", "1 >> 1", "9" * 250, "1" + "0" * 280, "10**10**10 * 0", "(2**62)**2", "2.0**5000", "10.0**400",
    "1e308 * 10 // 0", "1 // 0", "1 % 0", "1 / 0", "0**-1", "(-8)**0.5", "(-1)**0.3", "a ** 10**30", "a + 10**30",
    "torch.tensor(10**30)", "torch.full((2,), 10**30)", "a * (2**70)", "round(5, -10**9)", "round(1.5, 10**9)", "int(1e300)",
    "int(math.inf)", "int(float(torch.nan))", "math.sqrt(-1)", "math.log(0)", "math.exp(10**6)", "abs(-2**63)",
)  # fmt: skip
_SIZES = ("10**12", "10**9, 10**9", "(10**6, 10**6)", "10**18", "2**62", "(2**40, 2**40)", "1001, 1000", "[10**7]")
_MADE = ("torch.zeros", "torch.ones", "torch.empty", "torch.rand", "torch.randn")
_FILLING = (
    "torch.arange(10**12)", "torch.arange(0, 1, 1e-12)", "torch.arange(0., 10.**15)", "torch.linspace(0, 1, 10**12)",
    "torch.logspace(0, 1, 10**12)", "torch.eye(10**6)", "torch.eye(10**9, 1)", "torch.full((10**12,), 1)", "torch.full((10**6, 10**6), 1)",
    "torch.randint(0, 5, (10**12,))", "torch.randperm(10**12)", "torch.randperm(10**8)", "torch.normal(0., 1., (10**12,))",
    "torch.diag(torch.zeros(10**6))", "torch.zeros(2, 2, 10**11)", "torch.zeros(1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1)",
    "np.zeros(10**12)", "np.zeros((10**6, 10**6))", "np.ones(10**10)", "np.full((10**9,), 1)", "np.arange(10**12)",
    "np.arange(0, 1, 1e-12)", "np.arange(0, math.inf)", "np.linspace(0, 1, 10**12)", "np.eye(10**6)", "np.eye(10**5, 10**5)",
    "a.repeat(10**6, 10**6)", "a.repeat(10**12, 1)", "torch.tile(a, (10**6, 10**6))", "a.expand(10**12, 3, 4)", "v.expand(10**6, 4)",
    "v.expand(10**9, 10**9, 4)", "torch.broadcast_to(v, (10**9, 4))", "v.as_strided((10**6, 10**6), (0, 0))",
    "a.as_strided((100, 100), (1, 1))", "a.as_strided((2, 2), (1, 1), 10**9)", "a.as_strided((2, 2), (10**9, 1))",
    "a.as_strided((2, 2), (-1, 1))", "a.as_strided((2, 2), (1, 1), -5)", "a.as_strided((2,), (2**62,))", "a.as_strided((-1,), (1,))",
    "a.resize_(10**12)", "a.resize_(10**6, 10**6)", "a.resize_(2**62)", "c.resize_(-1)", "c.resize_(1001, 1000)",
    "torch.from_numpy(n).resize_(100)", "v.expand(1000, 4).add_(1)", "v.expand(2, 4)[0].expand(4, 4).exp_()",
    "p[0] = 1", "p.add_(1)", "p.zero_()", "p.resize_(5)", "p.fill_(1)", "p += 1", "p.numpy()", "p.requires_grad = False or 1",
    "row + row.T", "row.T * row", "torch.add(row, row.T)", "torch.maximum(row, row.T)", "row == row.T", "row.T @ row", "torch.outer(row[0], row[0])",
    "torch.where(row > 0, row.T, 0)", "torch.lerp(row, row.T, 0.5)", "F.mse_loss(row, row.T)", "F.l1_loss(row, row.T)",
    "F.smooth_l1_loss(row, row.T)", "F.huber_loss(row, row.T, reduction='sum')", "torch.allclose(row, row.T)", "torch.isclose(row, row.T)",
    "torch.equal(row, row.T) or 1", "row.masked_fill(row.T > 0, 1)", "torch.masked_select(row, row.T == 0)", "row[torch.zeros(10**6, dtype=torch.int64)]",
    "torch.zeros(10**6, 1)[:, torch.zeros(10**6, dtype=torch.int64)]", "big[torch.zeros(2000, dtype=torch.int64)]",
    "torch.cat([row, row])", "torch.stack([row, row])", "torch.vstack([big, big])", "torch.meshgrid(row[0], row[0])",
    "torch.meshgrid(v, v, v, v, v, v, v, v, v, v, v)", "big @ big", "torch.mm(big, big)", "torch.matmul(big, big)", "F.linear(big, big)",
    "big.long() @ big.long()", "torch.addmm(big, big, big)", "torch.linalg.inv(big)", "torch.linalg.det(big)", "torch.linalg.solve(big, big)",
    "torch.split(row[0], 1)", "row[0].split(1)", "row[0].unbind()", "torch.chunk(row[0], 10**6)", "row.tolist()", "torch.sort(row)[0].sort()[0].sort()[0]",
    "row[0].nonzero()[0].nonzero().tolist()[10**9]", "torch.unique(row).unique().unique()[7]", "F.one_hot(torch.tensor([10**9]))",
    "F.one_hot(torch.tensor([0]), 10**12)", "F.one_hot(torch.zeros(10**6, dtype=torch.int64), 100)", "F.pad(a, (10**9, 10**9))",
    "F.pad(a, (0, 10**12))", "F.conv2d(a[None, None], torch.ones(1, 1, 1, 1), padding=10**6)", "F.conv2d(a[None, None], a[None, None], dilation=10**9)",
    "F.conv2d(torch.zeros(1, 64, 100, 100), torch.zeros(64, 64, 9, 9))", "F.conv_transpose2d(a[None, None], a[None, None], stride=10**6)",
    "F.conv2d(a[None, None], a[None, None], stride=0)", "F.conv2d(a[None, None], a[None, None], groups=0)", "F.conv2d(a[None, None], a[None, None], padding=-1)",
    "F.max_pool2d(a[None], 0)", "F.max_pool2d(a[None], 10**9)", "F.avg_pool2d(a[None], 2, stride=0)", "F.avg_pool2d(a[None], 2, padding=9)",
    "F.adaptive_avg_pool2d(a[None], 10**6)", "F.unfold(a[None, None], 1, padding=10**5)", "F.unfold(a[None, None], 2, stride=0)",
    "F.embedding(torch.tensor([5]), a)", "F.embedding(torch.tensor([-1]), a)", "torch.gather(a, 0, torch.tensor([[99]]))",
    "torch.index_select(a, 0, torch.tensor([99]))", "torch.take(a, torch.tensor([99]))", "a[torch.tensor([99])]", "a[99]", "a[-99]",
    "a[2**62]", "a[0, 0, 0]", "a[[0, 99]]", "F.cross_entropy(a, torch.tensor([99, 0, 0]))", "F.nll_loss(a, torch.tensor([-5, 0, 0]))",
    "a.narrow(0, 0, 99)", "a.narrow(0, 99, 1)", "a.transpose(0, 9)", "a.permute(0, 0)", "a.unsqueeze(99)", "a.flatten(1, 0)", "a.view(0)",
    "a.view(-1, -1)", "a.view(-2)", "a.reshape(2**40, 2**40)", "a.sum(dim=99)", "a.sum(0)()", "torch.topk(a, 99)", "torch.cumsum(a, 9)",
    "torch.normal(0., -1., (2,))", "torch.randint(5, 5, (2,))", "torch.randint(0, 2**70, (2,))", "F.dropout(a, 2.0)", "a.uniform_(1, 0)",
    "a.normal_(0, -1)", "torch.tensor([[1], [1, 2]])", "torch.tensor([a, 1])", "torch.tensor(torch)", "a.backward()", "i.requires_grad_()",
    "(p ** 2).backward()", "torch.autograd.grad(p, p)", "torch.autograd.grad(a.sum(), a)", "p.sum().backward(a)", "a.item()", "bool(a)", "float(a)",
    "len(1)", "len(torch.tensor(1))", "int(a)", "a.sum().backward(retain_graph=True)", "torch.full((2,), a)", "torch.arange(a)",
)  # fmt: skip


def _nested() -> Iterator[str]:
    for count in (25, 60, 140):
        yield "(" * count + "1" + ")" * count
        yield "[" * count + "1" + "]" * count
        yield "-" * count + "1"
        yield "~" * count + "1"
        yield "a[" * count + "0" + "]" * count
        yield "(" * count
        yield "torch.abs(" * (count // 6) + "a" + ")" * (count // 6) + ".x"
    yield "not " * 70 + "1"
    yield "a" + ".T" * 140
    yield "1" + " + 1" * 70 + " + "
    yield "a" + " + a" * 72
    yield "lambda: " * 35 + "1"
    yield "a" * 301
    yield "#" * 301
    yield "a = 1 " + " " * 300
    yield "[" + "1," * 149 + "]" + "[0]" * 3
    yield "torch.tensor(" + "[" * 21 + "1" + "]" * 21 + ")"
    yield "torch.tensor(" + "[" * 15 + "1" + "]" * 15 + ")"


def hostile_lines() -> list[str]:
    """All of them, each once."""
    lines = [f"{owner}{walk}" for owner in _OWNERS for walk in _WALKS]
    lines += [f"{name}({argument})" for name in _BUILTINS for argument in ("", "a")]
    lines += [*_REACHES, *_FORMS, *_FORMATS, *_SIGNS, *_POWERS, *_FILLING, *_nested()]
    lines += [f"{function}({size})" for function in _MADE for size in _SIZES]
    return list(dict.fromkeys(lines))


_NUMBERS = (
    "0",
    "1",
    "-1",
    "2",
    "3",
    "7",
    "0.5",
    "1e308",
    "-2.5",
    "10**6",
    "10**12",
    "2**62",
    "2**63",
    "math.inf",
    "True",
    "None",
)
_VALUES = (
    "a",
    "v",
    "c",
    "i",
    "p",
    "n",
    "row",
    "big",
    "a.T",
    "a[0]",
    "p * 2",
    "a > 5",
    "i[0]",
    "(2, 3)",
    "[0, 1]",
    "()",
    "[]",
    "torch.float64",
    "torch.int8",
)


def fuzzed(draws: random.Random, examples: list[str], names: list[str]) -> list[str]:
    """One to six lines that nobody wrote: examples with letters changed, and words called with what comes."""
    return [_line(draws, examples, names) for _turn in range(draws.choice((1, 1, 1, 2, 3, 6)))]


def _line(draws: random.Random, examples: list[str], names: list[str]) -> str:
    kind = draws.random()
    if kind < 0.35:
        return _misspelled(draws, draws.choice(draws.choice(examples).split("; ")))
    line = _expression(draws, names, draws.randint(1, 3))
    if kind < 0.5:
        line = f"{draws.choice(('x', 'y', 'a', 'p', 'v'))} {draws.choice(('=', '+=', '*=', '-=', '@=', '**=', '//='))} {line}"
    elif kind < 0.6:
        line = f"{draws.choice(_VALUES)}[{_expression(draws, names, 1)}] {draws.choice(('=', '+=', '*='))} {line}"
    elif kind < 0.65:
        line = f"with torch.no_grad(): {line}"
    elif kind < 0.75:
        line = _misspelled(draws, line)
    return line


def _expression(draws: random.Random, names: list[str], depth: int) -> str:
    if depth == 0 or draws.random() < 0.15:
        return draws.choice(_VALUES if draws.random() < 0.6 else _NUMBERS)
    inner = [_expression(draws, names, depth - 1) for _place in range(draws.randint(0, 3))]
    match draws.randrange(6):
        case 0:
            sign = draws.choice(("+", "-", "*", "/", "//", "%", "**", "@", "&", "|", "^", "==", "<", ">="))
            return f"({_expression(draws, names, depth - 1)} {sign} {_expression(draws, names, depth - 1)})"
        case 1:
            keys = draws.choice(
                ("0", ":", "1:", "::2", "...", "None", "-1", "i", "a > 5", "[0, 2]", ":, 1", "0, 1", "5:2")
            )
            return f"{_expression(draws, names, depth - 1)}[{keys}]"
    name = draws.choice(names)
    owner, _dot, member = name.partition(".")
    called = f"({', '.join(inner)})" if draws.random() < 0.9 else ""
    if owner in ("Tensor", "ndarray", "result"):
        return f"{_expression(draws, names, depth - 1)}.{member}{called}"
    return f"{name}{called}"


def _misspelled(draws: random.Random, line: str) -> str:
    letters = list(line)
    for _turn in range(draws.randint(1, 3)):
        place = draws.randrange(len(letters) + 1)
        match draws.randrange(4):
            case 0 if letters:
                letters.pop(min(place, len(letters) - 1))
            case 1:
                letters.insert(place, draws.choice("0123456789.,()[]:+-*/@=_'\" abxyT\\{}#;~&|^%<>é\n\0"))
            case 2 if letters:
                letters[min(place, len(letters) - 1)] = chr(
                    draws.choice((draws.randrange(32, 127), draws.randrange(0xD7FF)))
                )
            case _:
                begin = draws.randrange(len(letters) + 1)
                letters[place:place] = letters[begin : begin + draws.randint(1, 12)]
    return "".join(letters)
