"""Small projects for tests, and what becomes of them."""

from playground.core import edit
from playground.core.data import Data
from playground.core.layer import Layer
from playground.core.project import Project
from playground.core.report import Fix


def project_of(*layers: Layer, dataset: str = "digits") -> Project:
    """A network on a data set as it is stored: (1, 8, 8) for digits, (4,) for iris."""
    return Project(Data(dataset=dataset), layers)


def applied(project: Project, fix: Fix) -> Project:
    """The project after a fix."""
    for one in fix.edits:
        project = edit.apply(project, one)
    return project
