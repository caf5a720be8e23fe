"""The room of convolutions on LeNet, with a workbench that answers at once."""

import pytest

from playground.window.panels.convolution import ConvolutionPanel
from tests.window.convolution.bench import SlidingBench
from tests.window.frame import lenet_report, show_report
from tests.window.panels.feed import feed, settle


@pytest.fixture
def bench(session) -> SlidingBench:
    return SlidingBench(session)


@pytest.fixture
def room(session, bench, qtbot):
    show_report(session, lenet_report(session.document.project))
    panel = ConvolutionPanel(session)
    qtbot.addWidget(panel)
    panel.resize(1000, 800)
    panel.show()
    settle()
    feed(session, 200)
    made = panel.room
    made.panel = panel
    return made
