"""The examples that come with the program, as people choose among them.

An example is one project file in `resources/presets`. What it costs to train is measured, not written by hand:
`python -m tests.campaigns.presets` writes `measured.json` beside them. One that was not measured says less.
"""

import logging
from pathlib import Path

import msgspec

from playground.core import network as tree
from playground.core.layers import LAYERS
from playground.core.network import Network
from playground.core.problem import Problem
from playground.core.project import Project
from playground.core.text import _
from playground.disk import projects, resources

MEASURED = "measured.json"


class Measure(msgspec.Struct, frozen=True, omit_defaults=True):
    """One training of an example. epochs, seconds: how long it was trained
    test_loss, test_accuracy: at the end; None where only a part of the data was there, or there are no classes
    """

    parameters: int
    epochs: int
    seconds: float
    test_loss: float | None = None
    test_accuracy: float | None = None


class Measures(msgspec.Struct, frozen=True):
    """device, cores, torch: where and with what it was measured"""

    device: str = ""
    cores: int = 0
    torch: str = ""
    presets: dict[str, Measure] = {}


class Preset(msgspec.Struct, frozen=True):
    """name: as in "preset:NAME";  title, summary: in the reader's language, the title is the name where it has none
    layers: that compute something, blocks left out
    parameters: None where nobody measured;  seconds: that the whole recipe takes, None likewise
    """

    name: str
    title: str
    summary: str
    project: Project
    layers: int
    parameters: int | None = None
    seconds: float | None = None

    @property
    def dataset(self) -> str:
        return self.project.data.dataset


def read() -> list[Preset]:
    """Every example, in the order in which one should meet them. A file that cannot be read is left out."""
    measured, found = measures().presets, []
    for name, path in projects.presets().items():
        try:
            found.append(_preset(name, path, measured.get(name)))
        except Problem as problem:
            logging.getLogger(__name__).warning("left out: %s", problem)
    return sorted(found, key=lambda one: (one.project.about.order, one.name))


def measures() -> Measures:
    """What was measured; nothing where the file is missing or no longer of this form."""
    try:
        return msgspec.json.decode(resources.path("presets", MEASURED).read_bytes(), type=Measures)
    except (OSError, msgspec.DecodeError):
        return Measures()


def picture(name: str) -> Path | None:
    """The picture of an example; None where it has none."""
    file = resources.path("presets", f"{name}.png")
    return file if file.is_file() else None


def layer_count(network: Network) -> int:
    """Layers that compute something: a block is the layers in it."""
    return sum(not (layer.layer in LAYERS and LAYERS[layer.layer].block) for __, layer in tree.walk(network))


def _preset(name: str, path: Path, measure: Measure | None) -> Preset:
    project = projects.read_file(path)
    about = project.about
    return Preset(
        name=name,
        title=_(about.title) if about.title else name,
        summary=_(about.summary) if about.summary else "",
        project=project,
        layers=layer_count(project.network),
        parameters=measure.parameters if measure else None,
        seconds=measure.seconds / measure.epochs * project.recipe.epochs if measure else None,
    )
