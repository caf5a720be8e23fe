"""The part of a script that says how the network learns: loss, optimizer, schedule, and what is done in a step."""

from collections.abc import Sequence
from typing import Any

from playground.core.arguments import in_effect
from playground.core.class_weights import names_of_weights, weighs_classes
from playground.core.losses import LOSSES
from playground.core.optimizers import OPTIMIZERS
from playground.core.project import Project
from playground.core.recipe import Recipe
from playground.core.schedules import SCHEDULES
from playground.core.spec import DatasetSpec
from playground.engine.code.layers import arguments_of
from playground.engine.code.lines import Call, Line, laid_out, remark_of
from playground.engine.literal import WIDTH, literal

_SCHEDULER = "torch.optim.lr_scheduler."
_LONGEST_NAME = 40  # letters of a class


def weighs(recipe: Recipe) -> bool:
    """Whether classes weigh differently, so that the loss is computed where its weights lie."""
    return weighs_classes(LOSSES[recipe.loss], recipe.loss_options)


def is_by_hand(recipe: Recipe) -> bool:
    """Whether the update is written out; a schedule needs an optimizer whose rate it can set, a scaler one whose step it
    can leave out."""
    return OPTIMIZERS[recipe.optimizer_name].by_hand and not recipe.schedule and recipe.precision != "float16"


def wants_number(recipe: Recipe) -> bool:
    """Whether something depends on the loss of the held-back part."""
    return recipe.patience > 0 or recipe.schedule_name == "Plateau"


def definitions(project: Project, dataset: DatasetSpec) -> list[Line]:
    """Loss, optimizer and schedule."""
    recipe = project.recipe
    lines = loss(recipe, dataset)
    if not is_by_hand(recipe):
        lines += _optimizer(recipe)
    if recipe.schedule:
        lines += _schedule(project)
    if recipe.precision == "float16":
        lines.append(Line("scaler = torch.amp.GradScaler(torch.device(DEVICE).type)"))
    if recipe.patience:
        lines.append(Line("best_epoch, best_loss, best_weights = 0, math.inf, {}"))
    return lines


def loss(recipe: Recipe, dataset: DatasetSpec) -> list[Line]:
    """What makes `loss_function`."""
    spec = LOSSES[recipe.loss]
    values = in_effect(spec.arguments, recipe.loss_options, None)
    names = names_of_weights(spec)
    plain = {name: one for name, one in values.items() if name not in ("balance", *names)}
    written = arguments_of(spec.torch_name, plain)
    if weighs(recipe):
        written = (f"{names[0]}=class_weights.to(DEVICE)", *written)
    call = Call(spec.torch_name.removeprefix("torch."), written)
    return [*class_weights(recipe, dataset), *laid_out(call, before="loss_function = ")]


def class_weights(recipe: Recipe, dataset: DatasetSpec) -> list[Line]:
    """What makes the tensor of that name; nothing where all classes count alike."""
    spec = LOSSES[recipe.loss]
    given = next((one for name in names_of_weights(spec) if (one := recipe.loss_options.get(name)) is not None), None)
    if given is not None:
        return _listed(given, dataset)
    if not weighs(recipe):
        return []
    return [
        Line(f"counts = torch.bincount(train_targets, minlength={len(dataset.classes)})"),
        Line("shares = len(train_targets) / ((counts > 0).sum() * counts.clamp(min=1))"),
        Line("class_weights = torch.where(counts > 0, shares, 0.0)"),
    ]


def _listed(weights: Sequence[float], dataset: DatasetSpec) -> list[Line]:
    """On one line where they fit, else one a line beside the name of its class."""
    numbers = [literal(float(one)) for one in weights]
    whole = f"class_weights = torch.tensor([{', '.join(numbers)}])"
    if len(whole) <= WIDTH:
        return [Line(whole)]
    names = [remark_of(one[:_LONGEST_NAME]) for one in dataset.classes]
    entries = [
        f"        {number},{''.join(f'  # {one}' for one in name)}" for number, name in zip(numbers, names, strict=True)
    ]
    return [Line(one) for one in ("class_weights = torch.tensor(", "    [", *entries, "    ]", ")")]


def _optimizer(recipe: Recipe) -> list[Line]:
    spec = OPTIMIZERS[recipe.optimizer_name]
    values = in_effect(spec.arguments, recipe.optimizer_arguments, None)
    if {"beta1", "beta2"} <= set(values):
        values["betas"] = (values.pop("beta1"), values.pop("beta2"))
    written = arguments_of(spec.torch_name, {**values, "params": None})[1:]
    return laid_out(Call(spec.torch_name, ("model.parameters()", *written)), before="optimizer = ")


def _schedule(project: Project) -> list[Line]:
    """The object of torch that moves the learning rate on. Its length is counted in steps where it is moved by steps."""
    recipe = project.recipe
    spec = SCHEDULES[recipe.schedule_name]
    values = in_effect(spec.arguments, recipe.schedule_arguments, None)
    lines = []
    if spec.each == "step":
        size = "len(train_inputs)" if project.data.batch_size == "all" else "BATCH_SIZE"
        lines += [Line(f"steps = EPOCHS * -(-len(train_inputs) // {size})")]
    if "warm_epochs" in values:
        warm = f"warm_steps = max(1, min(round({literal(values['warm_epochs'])} * steps / EPOCHS), steps - 1))"
        lines += [Line(warm)]
    for name, call in _schedulers(recipe, values).items():
        lines += laid_out(call, before=f"{name} = ")
    return lines


def _schedulers(recipe: Recipe, values: dict[str, Any]) -> dict[str, Call]:
    """What stands on the left of "=" -> the call; the last one is the scheduler itself."""
    spec = SCHEDULES[recipe.schedule_name]
    given = {key: literal(one) for key, one in values.items()}
    if spec.name in ("WarmUp", "WarmUpCosine"):
        start = f"start_factor={given['start_factor']}"
        rising = Call(f"{_SCHEDULER}LinearLR", ("optimizer", start, "total_iters=warm_steps"))
        if spec.name == "WarmUp":
            return {"scheduler": rising}
        falling = ("optimizer", "T_max=steps - warm_steps", f"eta_min={given['eta_min']}")
        both = Call(spec.torch_name, ("optimizer", "[rising, falling]", "milestones=[warm_steps]"))
        return {"rising": rising, "falling": Call(f"{_SCHEDULER}CosineAnnealingLR", falling), "scheduler": both}
    written = ["optimizer", *(f"{key}={one}" for key, one in given.items())]
    if spec.name == "Cosine":
        written.insert(1, "T_max=steps")
    elif spec.name == "OneCycle":
        lr = in_effect(OPTIMIZERS[recipe.optimizer_name].arguments, recipe.optimizer_arguments, None)["lr"]
        written[1:1] = [f"max_lr={literal(lr)}", "total_steps=steps"]
        written.append("cycle_momentum=False")
    return {"scheduler": Call(spec.torch_name, tuple(written))}


def step(project: Project, model: str = "model") -> list[str]:
    """The statements of a step on `x` and `y`. model: what is called"""
    recipe = project.recipe
    hand = is_by_hand(recipe)
    lines = [f"loss = loss_function({model}(x), y)"]
    scaled = recipe.precision == "float16"
    if recipe.precision != "float32":
        lines = [f"with torch.autocast(x.device.type, dtype=torch.{recipe.precision}):", f"    {lines[0]}"]
    lines += ["model.zero_grad()" if hand else "optimizer.zero_grad()"]
    lines += ["scaler.scale(loss).backward()" if scaled else "loss.backward()"]
    if scaled and (recipe.l1 or recipe.clip_norm is not None):
        lines += ["scaler.unscale_(optimizer)"]
    if recipe.l1:
        lines += _with_each_parameter(f"parameter.grad += {literal(recipe.l1)} * parameter.sign()")
    if recipe.clip_norm is not None:
        lines += [f"nn.utils.clip_grad_norm_(model.parameters(), {literal(recipe.clip_norm)})"]
    if hand:
        lr = in_effect(OPTIMIZERS[recipe.optimizer_name].arguments, recipe.optimizer_arguments, None)["lr"]
        lines += _with_each_parameter(f"parameter -= {literal(lr)} * parameter.grad")
    else:
        lines += ["scaler.step(optimizer)", "scaler.update()"] if scaled else ["optimizer.step()"]
    if recipe.schedule and SCHEDULES[recipe.schedule_name].each == "step":
        lines += ["scheduler.step()"]
    return [*lines, "losses.append(loss.item())"]


def _with_each_parameter(statement: str) -> list[str]:
    return ["with torch.no_grad():", "    for parameter in model.parameters():", f"        {statement}"]


def epoch_end(project: Project) -> list[str]:
    """What follows from an epoch; `held_back` is the loss on the part to choose by, where `wants_number` says so."""
    recipe = project.recipe
    lines = []
    if recipe.schedule and SCHEDULES[recipe.schedule_name].each == "epoch":
        lines += ["scheduler.step(held_back)" if recipe.schedule_name == "Plateau" else "scheduler.step()"]
    if recipe.patience:
        lines += [
            "if held_back < best_loss:",
            "    best_epoch, best_loss = epoch, held_back",
            "    best_weights = {name: one.clone() for name, one in model.state_dict().items()}",
            f"elif epoch - best_epoch >= {recipe.patience}:",
            "    break",
        ]
    return lines


def ending(project: Project) -> list[str]:
    """What follows from the whole training."""
    return ["model.load_state_dict(best_weights)"] if project.recipe.patience else []
