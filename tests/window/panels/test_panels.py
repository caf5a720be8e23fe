"""The contract of every panel of the registry: it draws light and dark, empty, with one frame and with a million steps."""

import numpy as np
import pytest

from playground.window.panels import PANELS
from playground.window.panels.base import Panel
from playground.window.theme import theme
from tests.window.frame import lenet_report, show_report
from tests.window.panels.feed import answer, feed, losses, pixels, settle

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints", extend=True)
SPECS = [pytest.param(spec, id=name) for name, spec in PANELS.items()]
LIVE = [
    pytest.param(spec, id=name) for name, spec in PANELS.items() if spec.room in ("training", "results")
]  # of a run


@pytest.fixture
def panel(request, session, qtbot) -> Panel:
    show_report(session, lenet_report(session.document.project))
    made = request.param.make(session)
    qtbot.addWidget(made)
    made.resize(430, 390)
    made.show()
    settle()
    return made


def colors(panel: Panel) -> int:
    """How many there are in its picture; a blank one has one."""
    return len(np.unique(np.ascontiguousarray(pixels(panel)).view(np.uint32)))


def drawings(panel: Panel) -> list[str]:
    """A list that grows with each drawing from now on."""
    drawn: list[str] = []
    draw = panel.refresh
    panel.refresh = lambda: (drawn.append("once"), draw())
    return drawn


@pytest.mark.parametrize("panel", SPECS, indirect=True)
@pytest.mark.parametrize("name", ["light", "dark"])
def test_a_panel_draws_in_both_themes_without_a_run(panel, name):
    theme().set(name)
    settle()
    picture = pixels(panel)
    surface = theme().color("surface").getRgb()[:3]
    assert tuple(picture[picture.shape[0] // 2, 1, :3]) == surface or picture.shape[0] == 0
    assert colors(panel) > 1


@pytest.mark.parametrize("panel", LIVE, indirect=True)
@pytest.mark.parametrize("name", ["light", "dark"])
def test_a_frame_changes_the_picture(panel, name):
    theme().set(name)
    settle()
    before = pixels(panel)
    feed(panel.session, 200)
    feed(panel.session, 210)
    assert (pixels(panel) != before).any()
    assert colors(panel) > 3


@pytest.mark.parametrize("panel", SPECS, indirect=True)
def test_a_panel_draws_a_million_steps(panel):
    feed(panel.session, 1_000_000, losses(1_000_000))
    for _turn in range(30):  # a long history is taken in by portions
        settle()
    assert colors(panel) > 3


@pytest.mark.parametrize("panel", LIVE, indirect=True)
def test_a_hidden_panel_watches_nothing_and_draws_nothing(panel):
    session = panel.session
    panel.hide()
    assert session.training._pictures.watches() == ()
    drawn = drawings(panel)
    feed(session, 20)
    assert drawn == []
    panel.show()
    settle()
    assert len(drawn) == 1
    watched = [
        watch for watch in session.training._pictures.watches() if watch.probe != "dead_units"
    ]  # the session's own
    assert tuple(watched) == panel.watches()


@pytest.mark.parametrize("panel", LIVE, indirect=True)
def test_many_news_are_one_drawing(panel):
    drawn = drawings(panel)
    training = panel.session.training
    for _ in range(5):
        training.pictures_changed.emit()
        training.state_changed.emit("running")
    settle()
    assert len(drawn) == 1


@pytest.mark.parametrize("panel", SPECS, indirect=True)
def test_every_control_of_the_title_bar_has_a_name(panel):
    for widget in panel.header_widgets():
        said = widget.accessibleName() or getattr(widget, "text", str)() or widget.toolTip()
        assert said or not widget.focusPolicy()


def test_probes_that_panels_watch_are_answered_by_the_tests(session, qtbot):
    """The helper above would hide a panel that watches something new."""
    known = {"slopes", "filters", "feature_maps", "prediction", "evaluation", "window"}
    for spec in PANELS.values():
        made = spec.make(session)
        qtbot.addWidget(made)
        assert {watch.probe for watch in made.watches()} <= known
        assert all(answer(watch, 1).arrays for watch in made.watches())
