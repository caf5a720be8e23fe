"""The part of a script that trains: its epochs, and what is measured at the end of each."""

from playground.core.code import Numerics
from playground.core.losses import LOSSES
from playground.core.project import Project
from playground.core.spec import DatasetSpec
from playground.engine.code import processes, recipe
from playground.engine.code.data import DataCode
from playground.engine.code.lines import Line, plain


def settings(project: Project) -> list[str]:
    """The figures that a reader will want to turn."""
    batch = project.data.batch_size
    size = [] if batch == "all" else [f"BATCH_SIZE = {batch}"]
    return [f"SEED = {project.recipe.seed}", f"EPOCHS = {project.recipe.epochs}", *size]


PLACE = "DEVICE, memory_format=LAYOUT"  # where samples and network go, where they have a layout of their own


def numerics(asked: Numerics, several: bool = False, place: str = "DEVICE") -> list[str]:
    """How the run computed. several: processes, which share the threads;  place: as in `epochs`"""
    lines = ["# threads and layout of the run: with others the last bits differ"] if asked.threads else []
    if asked.threads:
        shared = f"max(1, {asked.threads} // PROCESSES)" if several else str(asked.threads)
        lines += [f"torch.set_num_threads({shared})"]
    return [*lines, "LAYOUT = torch.channels_last"] if place == PLACE else lines


def target_of(project: Project, dataset: DatasetSpec, targets: str) -> str:
    """Targets in the form of the loss, as an expression."""
    form = LOSSES[project.recipe.loss].targets
    if form == "index":
        return targets
    if dataset.classes:
        return f"F.one_hot({targets}, {len(dataset.classes)}).float()"
    return f"{targets}.reshape(len({targets}), -1)"


def epochs(project: Project, data: DataCode, style: str, place: str = "DEVICE") -> list[Line]:
    """style: "scratch" has a model that is a function without modes or a device, and writes its update out
    place: where samples go, what stands in `x.to()`
    """
    scratch, several = style == "scratch", style == "processes"
    shuffled = 'torch.randperm(samples, generator=draws_for("order", epoch))'
    order = shuffled if project.data.shuffle else "torch.arange(samples)"
    lines = ["samples = len(train_inputs)", "for epoch in range(EPOCHS):"]
    lines += [] if scratch else ["    model.train()"]
    lines += [f"    order = {order}", "    losses = []"]
    size = "samples" if project.data.batch_size == "all" else "BATCH_SIZE"
    lines += [f"    for first in range(0, samples, {size}):", f"        chosen = order[first : first + {size}]"]
    lines += [f"        {one}" for one in (processes.SHARE if several else ())]
    lines += [f"        {one}" for one in batch(data, scratch, place)]
    step = _SCRATCH_STEP if scratch else recipe.step(project, "trained" if several else "model")
    lines += [f"        {one}" for one in step]
    lines += [f"    {one}" for one in _epoch_end(project, data, scratch, several)]
    lines += [] if scratch else recipe.ending(project)
    lines += processes.END if several else ()
    return plain("\n".join(line.rstrip() for line in lines))


def batch(data: DataCode, scratch: bool, place: str = "DEVICE") -> list[str]:
    """The statements that take the samples `chosen`."""
    lines = ["x, y = train_inputs[chosen], train_targets[chosen]"]
    if data.random == "changed(x, draws)":
        lines += ['draws = draws_for("augment", epoch, first)']
    lines += [f"x = {data.random}"] if data.random else []
    return lines if scratch else [*lines, f"x, y = x.to({place}), y.to(DEVICE)"]


_SCRATCH_STEP = (
    "loss = loss_function(model(x), y)",
    "loss.backward()",
    "update(parameters)",
    "losses.append(loss.item())",
)


def _epoch_end(project: Project, data: DataCode, scratch: bool, several: bool) -> list[str]:
    parts, number = data.parts[1:], not scratch and recipe.wants_number(project.recipe)
    lines = ["", *([] if scratch else ["model.eval()"])]
    lines += ['told = [f"epoch {epoch + 1}", f"train loss {sum(losses) / len(losses):.4f}"]']
    for part in parts:
        call = f'measured_on("{part}", {part}_inputs, {part}_targets)'
        if number and part == ("validation" if "validation" in parts else "test"):
            lines += [f"words, held_back = {call}", "told += words"]
        else:
            lines += [f"told += {call}[0]" if number else f"told += {call}"]
    said = 'print(", ".join(told))'
    lines += ["if RANK == 0:", f"    {said}"] if several else [said]
    return [*lines, *([] if scratch else recipe.epoch_end(project))]


def measuring(
    project: Project, dataset: DatasetSpec, data: DataCode, labels: str, *, scratch: bool, place: str = "DEVICE"
) -> str:
    """The function that measures the network on a part. labels: of targets `y` in the form of the loss, as classes"""
    moved = "x" if scratch else f"x.to({place})"
    late = [f"x = {data.late}"] if data.late else []
    given = ["outputs = []", "for x in inputs.split(1000):", *(f"    {one}" for one in late)]
    given += [f"    outputs.append(model({moved}){'' if scratch else '.cpu()'})"]
    lines = ["with torch.no_grad():", *(f"    {one}" for one in given)]
    both = "outputs.to(DEVICE), y.to(DEVICE)" if not scratch and recipe.weighs(project.recipe) else "outputs, y"
    number = not scratch and recipe.wants_number(project.recipe)
    lines += ["y, outputs = targets, torch.cat(outputs)"]
    lines += [f"loss = loss_function({both})", 'told = [f"{name} loss {loss:.4f}"]']
    if dataset.classes:
        lines += [
            f"right = outputs.argmax(1) == {labels}",
            'told.append(f"{name} accuracy {right.float().mean():.4f}")',
        ]
    body = "\n".join(f"    {one}" for one in [*lines, "return told, loss.item()" if number else "return told"])
    words = '"""Loss and accuracy on samples that are not trained on."""'
    return f"def measured_on(name, inputs, targets):\n    {words}\n{body}"
