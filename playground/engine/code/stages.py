"""The lines of a script that a step is made of, stage by stage: as they are, or as somebody changed them."""

from playground.core.project import Project
from playground.engine.code import recipe, training
from playground.engine.code.data import DataCode
from playground.engine.preparation import Pipeline
from playground.engine.walk import RIGHT, Switches

_STEPS = ("optimizer.step()", "scaler.step(optimizer)")
STAGES = ("batch", "forward", "loss", "zero_grad", "backward", "step")


def stages(project: Project, pipeline: Pipeline, switches: Switches = RIGHT) -> dict[str, list[str]]:
    """Stage -> its lines. Forward pass and loss share theirs. pipeline: what is done to each batch"""
    lines = recipe.step(project)[:-1]  # the last one notes the loss
    zero = next(place for place, line in enumerate(lines) if line.endswith("zero_grad()"))
    forward = ["model.eval()", *lines[:zero]] if switches.evaluation else lines[:zero]
    update = lines[zero + 2 :]
    if switches.add:
        turned = ("parameter -= ", "parameter += ")
        by_hand = recipe.is_by_hand(project.recipe)
        update = [line.replace(*turned) if by_hand else _maximizing(line) for line in update]
    return {
        "batch": training.batch(_data(pipeline), scratch=False),
        "forward": forward,
        "loss": forward,
        "zero_grad": [lines[zero] if switches.zero_grad else f"# {lines[zero]}"],
        "backward": [lines[zero + 1]],
        "step": update,
    }


def _maximizing(line: str) -> str:
    return f"{line}  # of an optimizer made with maximize=True" if line in _STEPS else line


def _data(pipeline: Pipeline) -> DataCode:
    late = "changed(x)" if pipeline.is_late and not pipeline.streamed else ""
    return DataCode(late=late, random="changed(x, draws)" if pipeline.is_random else late)
