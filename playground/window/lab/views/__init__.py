"""The views of the lab. A module here that has the name of a topic, and a class `View` in it, is that topic's view:
nothing else is to be edited.
"""

from collections.abc import Callable
from importlib import import_module
from pkgutil import iter_modules

from PySide6.QtWidgets import QWidget

from playground.core.lab.page import TOPICS
from playground.session.lab import Lab
from playground.window.lab.view import TopicView

Make = Callable[[Lab, QWidget | None], TopicView]


def _maker(topic: str) -> Make:
    """Imports the view when it is wanted first."""

    def make(lab: Lab, parent: QWidget | None = None) -> TopicView:
        view: TopicView = import_module(f"{__name__}.{topic}").View(lab, parent)
        return view

    return make


_FOUND = {module.name for module in iter_modules(__path__)}
# topic -> makes its view (lab, parent), in the order of the lessons; topics without a view are left out
VIEWS: dict[str, Make] = {topic: _maker(topic) for topic in TOPICS if topic in _FOUND}
