"""A data panel whose workbench is made by hand."""

import pytest

from playground.window.panels.data import DataPanel
from tests.window.data.answers import KINDS, Bench
from tests.window.panels.feed import settle


@pytest.fixture
def make_panel(session, qtbot):
    def make(kind: str = "picture") -> tuple[DataPanel, Bench]:
        bench = Bench(session, KINDS[kind])
        panel = DataPanel(session)
        qtbot.addWidget(panel)
        panel.resize(760, 560)
        panel.show()
        settle()
        return panel, bench

    return make
