"""Pages of the lab as scripts of Python that need nothing but PyTorch.

What reads samples or builds a network is written by the engine, see `core.lab.messages.WriteScript`.
"""

import ast
from collections.abc import Iterable

from playground.core.lab.functions import FUNCTIONS, SURFACES
from playground.core.lab.topics import Autograd, Descent, Racer, Slopes

# surface -> its height, in PyTorch and in the names of its axes
_HEIGHTS = {
    "bowl": "x**2 + y**2",
    "valley": "x**2 + 20 * y**2",
    "saddle": "x**2 - y**2",
    "Rosenbrock": "(1 - x) ** 2 + 100 * (y - x**2) ** 2",
    "Himmelblau": "(x**2 + y - 11) ** 2 + (x + y**2 - 7) ** 2",
    "loss": "((w * inputs[few] + b - targets[few]) ** 2).mean()",
}


def line_of(function: str) -> str:
    """A function of x as a line of PyTorch."""
    return FUNCTIONS[function].line if function in FUNCTIONS else function.strip()


def title_of(function: str) -> str:
    """As it is written in mathematics, or as it was typed."""
    return FUNCTIONS[function].title if function in FUNCTIONS else function.strip()


def is_expression(line: str) -> bool:
    """Whether Python reads it as one."""
    try:
        ast.parse(line, mode="eval")
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return True


def racer_line(racer: Racer) -> str:
    """The line of PyTorch that makes an optimizer of `w`."""
    kind = racer.name if racer.name in ("Adam", "RMSprop") else "SGD"
    more = {
        "SGD": "",
        "momentum": f", momentum={racer.momentum}",
        "Nesterov": f", momentum={racer.momentum}, nesterov=True",
        "Adam": f", betas=({racer.beta1}, {racer.beta2})",
        "RMSprop": f", alpha={racer.alpha}",
    }[racer.name]
    return f"torch.optim.{kind}([w], lr={racer.lr}{more})"


def slopes_script(state: Slopes) -> str:
    """y, slope and difference quotient of every function at the page's x."""
    lines = {title_of(one): line_of(one) for one in state.functions if is_expression(line_of(one))}
    written = "\n".join(f"    {title!r}: lambda x: {line}," for title, line in lines.items())
    return f"""{_imports(lines.values())}
functions = {{
{written}
}}
h = {state.width}
for name, f in functions.items():
    x = torch.tensor([{state.x}], dtype=torch.float64, requires_grad=True)
    y = f(x)
    y.sum().backward()
    quotient = (f(x + h) - y) / h
    print(name, y.item(), x.grad.item(), quotient.item())
"""


def has_samples(state: Descent) -> bool:
    """Whether its surface is a loss, whose script the engine writes."""
    return state.surface in SURFACES and bool(SURFACES[state.surface].samples)


def descent_script(state: Descent) -> str:
    """The path, or the race, of the page; "" where its surface is a loss, which has samples."""
    if state.surface in SURFACES:
        height, race = race_parts(state)
        return "" if has_samples(state) else f"import torch\n\n\n{height}\n\n\n{race}"
    line = line_of(state.function)
    if state.surface or not is_expression(line):
        return ""
    sign = "+" if state.ascend else "-"
    return f"""{_imports([line])}
def J(x):
    return {line}


w = torch.tensor([{state.start[0]}], dtype=torch.float64, requires_grad=True)
for step in range({state.steps}):
    loss = J(w)
    (slope,) = torch.autograd.grad(loss.sum(), w)
    with torch.no_grad():
        w {sign}= {state.lr} * slope
    print(step + 1, loss.item(), slope.item(), w.item())
"""


def autograd_script(state: Autograd) -> str:
    """The lines, backward() as often as the page says, and `.grad` of every leaf after each; "" of a page without lines."""
    lines = [line if _is_python(line) else f"# {line}" for line in state.lines]
    if not any(line.partition("#")[0].strip() for line in lines):
        return ""
    written = "\n".join(lines)
    zero = "        leaf.grad = None  # zero_grad()" if state.zero_grad else "        pass  # zero_grad() is forgotten"
    return f"""{_imports(lines)}
torch.manual_seed({state.seed})
{written}

named = {{name: one for name, one in list(globals().items()) if isinstance(one, torch.Tensor)}}
leaves = {{name: one for name, one in named.items() if one.is_leaf and one.requires_grad}}
for number in range({state.rounds}):
    for leaf in leaves.values():
{zero}
    {state.output}.backward(retain_graph=True)
    for name, leaf in leaves.items():
        print(number + 1, f"{{name}}.grad", leaf.grad.tolist() if leaf.grad is not None else None)
"""


def _is_python(line: str) -> bool:
    """Whether Python reads it as a line, a comment included."""
    try:
        ast.parse(line)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return True


def race_parts(state: Descent) -> tuple[str, str]:
    """The height of a surface as a function, and the race on it. Of a loss the function takes `inputs` and `targets`, both
    (samples,), for granted.
    """
    surface, racers = SURFACES[state.surface], state.racers or (Racer(lr=state.lr),)
    start = state.start if len(state.start) == 2 else surface.start
    regression = bool(surface.samples)
    axes = ", ".join(surface.axes)
    sizes = [(state.batch if one.batch is None else one.batch) or "len(inputs)" for one in racers]
    makers = "\n".join(
        f"    {f'{number} {one.name}'!r}: (lambda w: {racer_line(one)}, {size}),"
        for number, (one, size) in enumerate(zip(racers, sizes if regression else [1] * len(racers), strict=True), 1)
    )
    maximize = "-" if state.ascend else ""
    given = ", few=slice(None)" if regression else ""
    few = ", torch.randperm(len(inputs))[:size]" if regression else ""
    height = f"""def J(point{given}):
    {axes} = point
    return {_HEIGHTS["loss" if regression else surface.name]}"""
    race = f"""racers = {{
{makers}
}}
for name, (make, size) in racers.items():
    w = torch.tensor([{start[0]}, {start[1]}], dtype=torch.float64, requires_grad=True)
    optimizer = make(w)
    for step in range({state.steps}):
        optimizer.zero_grad()
        loss = {maximize}J(w{few})
        loss.backward()
        optimizer.step()
    print(name, w.tolist(), J(w).item())
"""
    return height, race


def _imports(lines: Iterable[str]) -> str:
    """Of what the lines name."""
    text = " ".join(lines)
    known = {"math.": "import math\n", "np.": "import numpy as np\n"}
    first = "".join(line for word, line in known.items() if word in text)
    return f"{first}import torch\n" + ("import torch.nn.functional as F\n" if "F." in text else "")
