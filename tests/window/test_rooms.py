"""The rooms right of the list: the one of the results."""

import pytest

from playground.window.command_finder import commands_of
from playground.window.main_window import MainWindow
from tests.window.panels.feed import settle

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints", extend=True)


@pytest.fixture
def window(session, qtbot) -> MainWindow:
    made = MainWindow(session)
    qtbot.addWidget(made, before_close_func=lambda one: one.session.document.undo_stack.setIndex(0))
    made.show()
    return made


def test_in_the_room_of_results_the_evaluation_has_more_room_than_the_predictions(window):
    window.enter("results")
    settle()
    above, below = (dock.height() for dock in window.rooms.area("results").docks)
    assert 0.55 < above / (above + below) < 0.7


def test_a_window_that_begins_in_the_lab_has_the_panels_of_the_training_in_their_shares(session, qtbot):
    made = MainWindow(session)
    qtbot.addWidget(made)
    made.open_lab()
    made.show()
    assert not made.rooms.has("training")
    qtbot.waitUntil(lambda: made.rooms.has("training"), timeout=3_000)
    settle()
    made.enter("training")
    settle()
    area = made.dock_area
    assert [round(dock.width() / area.width(), 1) for dock in area.docks] == [0.5, 0.5, 0.4, 0.6]


def test_a_room_that_nobody_saw_leaves_no_layout_behind(session, qtbot):
    made = MainWindow(session)
    qtbot.addWidget(made)
    made.open_lab()
    made.show()
    qtbot.waitUntil(lambda: made.rooms.has("training"), timeout=3_000)
    made._remember()
    assert not session.settings.layout
    made.enter("training")
    settle()
    made._remember()
    assert session.settings.layout


def test_testing_from_the_menu_leads_to_the_results_and_says_why_it_cannot_be(window):
    window.actions_.test_now.trigger()
    assert window.rooms.name == "results"
    assert [notice.text for notice in window.notices.shown] == ["There is nothing to test yet: train first."]
    texts = {one.text for one in commands_of(window.actions_.menu)}
    assert {"Show the results", "Test now"} <= texts


def test_the_dividers_stay_where_they_are_through_all_rooms_and_sizes(window, qtbot):
    window.resize(1440, 900)
    settle()
    docks = window.rooms.area("training").docks

    def sizes():
        return [(dock.width(), dock.height()) for dock in docks]

    qtbot.waitUntil(lambda: docks[0].width() == pytest.approx(docks[1].width(), abs=2))  # shared out
    before = sizes()
    for room in ("results", "data", "training", "step", "training"):  # the palette gives way in some, and comes back
        window.enter(room)
        settle()
    assert sizes() == before
    window.resize(1024, 700)
    settle()
    smaller = sizes()
    assert smaller[0][0] == pytest.approx(smaller[1][0], abs=2)
    window.resize(1440, 900)
    settle()
    assert sizes() == before
