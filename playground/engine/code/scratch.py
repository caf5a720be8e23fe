"""A network without torch.nn and torch.optim: tensors, `requires_grad_`, and every formula written out.

For a list of Linear layers and simple activations, trained by SGD.
"""

from collections.abc import Mapping
from typing import Any

from playground.core.arguments import in_effect
from playground.core.layer import Layer
from playground.core.network import Path
from playground.core.optimizers import OPTIMIZERS
from playground.core.project import Project
from playground.core.recipe import Recipe
from playground.core.report import Row
from playground.core.spec import DatasetSpec
from playground.core.text import _
from playground.engine.code.formulas import ACTIVATIONS, DEFAULT_WEIGHTS, FIRST_WEIGHTS, called_by
from playground.engine.code.lines import Line, keyword, plain, remark_of, switched_off
from playground.engine.code.loss_formulas import LOSSES, loss_formula
from playground.engine.literal import WIDTH, literal

_SOFT = ("Softmax", "LogSoftmax")
_ANEW = "# Drawn anew over the first draw, as torch.nn.init does: so the numbers are the same"


def refusal(project: Project, rows: Mapping[Path, Row]) -> str:
    """Why a project cannot be written so, as a sentence; nothing where it can."""
    for position, layer in enumerate(project.network):
        if layer.disabled:
            continue
        fault = _refusal_of(layer, rows[(position,)])
        if fault:
            return fault
    recipe = project.recipe
    if recipe.optimizer_name not in ("SGD", "GradientDescent"):
        text = _("From scratch, SGD is written out; the recipe has {name}.")
        return text.format(name=recipe.optimizer_name)
    if recipe.loss not in LOSSES:
        return _("From scratch, {loss} is not written out.").format(loss=recipe.loss)
    plain = Recipe(recipe.loss, recipe.loss_options, recipe.optimizer, epochs=recipe.epochs, seed=recipe.seed)
    if recipe != plain:
        return _("From scratch, the plain recipe is written out: loss, update and epochs, and nothing more.")
    return ""


def _refusal_of(layer: Layer, row: Row) -> str:
    known = layer.layer in ACTIVATIONS or layer.layer in ("Linear", "Flatten")
    if not known:
        text = _("From scratch, only Linear, Flatten and simple activations are written out; row {n} is {layer}.")
        return text.format(n=row.index, layer=layer.layer)
    if layer.layer == "Flatten" and (row.arguments["start_dim"], row.arguments["end_dim"]) != (1, -1):
        return _("From scratch, Flatten joins all axes of a sample; in row {n} it keeps some.").format(n=row.index)
    if layer.layer in _SOFT and row.arguments["dim"] not in (1, -1):
        return _("From scratch, the axis of {layer} is 1; in row {n} it is another.").format(
            layer=layer.layer, n=row.index
        )
    if len(row.input_shape or ()) != 1 and layer.layer in ("Linear", *_SOFT):
        text = _("From scratch, a sample is one row of numbers; row {n} gets more than that: put Flatten above it.")
        return text.format(n=row.index)
    return ""


def functions(project: Project, rows: Mapping[Path, Row]) -> list[str]:
    """The definitions that stand above the network."""
    layers = [(layer.layer, rows[(n,)].arguments) for n, layer in enumerate(project.network) if not layer.disabled]
    ways = {str(given["init"]) for name, given in layers if name == "Linear"}
    first = [DEFAULT_WEIGHTS] if ways else []
    first += [text for way, text in FIRST_WEIGHTS.items() if way in ways]
    loss = loss_formula(project.recipe)
    calls = [ACTIVATIONS[name](given) for name, given in layers if name in ACTIVATIONS]
    return [*first, *called_by([*calls, loss]), loss, _update(project.recipe)]


def _update(recipe: Recipe) -> str:
    """The update of SGD: source torch.optim.SGD, section with the algorithm."""
    values = in_effect(OPTIMIZERS["SGD"].arguments, recipe.optimizer_arguments, None)  # descent by hand has its lr
    lr, momentum, decay = (literal(values[name]) for name in ("lr", "momentum", "weight_decay"))
    slope = (
        ["slope = parameter.grad"] if not values["weight_decay"] else [f"slope = parameter.grad + {decay} * parameter"]
    )
    lines = ["for parameter in parameters:", *(f"    {one}" for one in slope)]
    if values["momentum"]:
        lines = ["for number, parameter in enumerate(parameters):", *(f"    {one}" for one in slope)]
        lines += [
            "    if number in rolling:",
            f"        rolling[number] = {momentum} * rolling[number] + slope",
            "    else:",
            "        rolling[number] = slope.clone()",
            f"    slope = slope + {momentum} * rolling[number]"
            if values["nesterov"]
            else "    slope = rolling[number]",
        ]
    lines += [f"    parameter -= {lr} * slope", "    parameter.grad = None"]
    body = "\n".join(f"        {one}" for one in lines)
    before = "rolling = {}  # of each parameter, what is kept of its steps so far\n\n\n" if values["momentum"] else ""
    words = '"""One step down the slope of every parameter."""'
    return f"{before}def update(parameters):\n    {words}\n    with torch.no_grad():\n{body}"


def network(project: Project, rows: Mapping[Path, Row]) -> tuple[list[Line], list[Line]]:
    """What makes the parameters, and the function that is the model."""
    made: list[Line] = []
    model = [Line("def model(x):"), Line('    """What the network makes of a batch, (samples, values)."""')]
    names: list[str] = []
    for position, layer in enumerate(project.network):
        path: Path = (position,)
        model += [Line(f"    # {remark}", path) for remark in remark_of(layer.name)]
        if layer.disabled:
            model.append(Line(f"    {switched_off(layer.layer)}", path))
        elif layer.layer == "Linear":
            number = len([one for one in names if one.startswith("w")]) + 1
            bias = rows[path].arguments["bias"]
            made += _parameters(rows[path], number, path)
            anew = _anew(rows[path].arguments, number, path)
            if anew and not any(line.text == _ANEW for line in made):
                made.append(Line(_ANEW, path))
            made += anew
            names += [f"w{number}", *([f"b{number}"] if bias else [])]
            model.append(Line(f"    x = x @ w{number}.T{f' + b{number}' if bias else ''}", path))
        elif layer.layer == "Flatten":
            model.append(Line("    x = x.flatten(1)", path))
        else:
            model.append(Line(f"    x = {ACTIVATIONS[layer.layer](rows[path].arguments)}", path))
    made += _listed(names)
    return made, [*model, Line("    return x")]


def _parameters(row: Row, number: int, path: Path) -> list[Line]:
    inputs, outputs = row.arguments["in_features"], row.arguments["out_features"]
    if not row.arguments["bias"]:
        return [Line(f"w{number}, _ = weights_of({inputs}, {outputs})", path)]
    return [
        Line(f"w{number}, bound = weights_of({inputs}, {outputs})", path),
        Line(f"b{number} = torch.empty({outputs}).uniform_(-bound, bound)", path),
    ]


def _anew(given: Mapping[str, Any], number: int, path: Path) -> list[Line]:
    """What draws the first weights of a Linear in another way than PyTorch's own."""
    match given["init"]:
        case "default":
            return []
        case "zeros":
            drawn = f"w{number}.zero_()"
        case "normal":
            drawn = f"w{number}.normal_({keyword('mean', given['init_mean'])}, {keyword('std', given['init_std'])})"
        case way:
            drawn = f"{way}(w{number})"
    return [Line(drawn, path), *([Line(f"b{number}.zero_()", path)] if given["bias"] else [])]


def _listed(names: list[str]) -> list[Line]:
    whole = f"parameters = [{', '.join(names)}]"
    if len(whole) > WIDTH:
        whole = "parameters = [\n" + "".join(f"    {name},\n" for name in names) + "]"
    return plain(f"{whole}\nfor parameter in parameters:\n    parameter.requires_grad_()")


def target_form(dataset: DatasetSpec) -> str:
    """Targets as rows of 0 and 1 without torch.nn.functional."""
    return f"torch.eye({len(dataset.classes)})[{{targets}}]"
