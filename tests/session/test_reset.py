"""Back to the first weights: the run is let go, whatever it was doing, and stays kept. The engine trains nothing here."""

import numpy as np
import psutil
import pytest

from playground.core.edit import RemoveLayers
from playground.core.messages import Watch
from playground.disk import runs
from tests.session.test_training import LOSSES, drawn, ended


@pytest.fixture(autouse=True)
def own_folder(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))


def is_reset(training) -> bool:
    told = (training.project, training.frame, training.facts, training.fault, training.checkpoint, training.folder)
    return training.state == "idle" and told == (None, None, None, None, None, "") and not training.history.losses.size


@pytest.mark.parametrize("moment", ["preparing", "running", "paused", "finished", "stopped", "failed"])
def test_from_every_state_it_is_as_before_the_first_run(make_session, qtbot, moment):
    session = drawn(make_session())
    training = session.training
    if moment in ("paused", "stopped"):
        training.step()
        qtbot.waitUntil(ended(session, "paused"), timeout=20_000)
    else:
        training.start()
    if moment == "running":
        qtbot.waitUntil(ended(session, "running"), timeout=20_000)
    if moment == "stopped":
        training.stop()
        qtbot.waitUntil(ended(session, "idle"), timeout=20_000)
    if moment == "finished":
        qtbot.waitUntil(ended(session), timeout=20_000)
    if moment == "failed":
        qtbot.waitUntil(lambda: training.folder != "", timeout=20_000)
        with qtbot.waitSignal(training.engine_died, timeout=20_000):
            psutil.Process(training.pid).kill()
    kept = training.folder
    reset = []
    training.history_reset.connect(lambda: reset.append(training.state))
    training.reset()
    qtbot.waitUntil(lambda: is_reset(training), timeout=20_000)
    assert reset == ["idle"]
    assert not training.can_resume
    if kept:
        assert runs.read_project(runs.Path(kept)) == session.document.project  # nothing is lost
    training.start()
    qtbot.waitUntil(ended(session), timeout=20_000)
    np.testing.assert_array_equal(training.history.losses, LOSSES)
    assert training.folder not in ("", kept)


def test_a_step_after_it_is_the_first(make_session, qtbot):
    session = drawn(make_session())
    session.training.start()
    qtbot.waitUntil(ended(session), timeout=20_000)
    session.training.reset()
    session.training.step()
    qtbot.waitUntil(lambda: session.training.history.losses.size == 1, timeout=20_000)
    assert session.training.state == "paused"


def test_pictures_are_those_of_the_untrained_network_again(make_session, qtbot):
    session, watch = drawn(make_session()), Watch("filters", {"layer": [0]})
    session.training.watch("panel", (watch,))
    session.training.step()
    qtbot.waitUntil(lambda: bool(session.training.picture(watch) and session.training.picture(watch).step == 1))
    session.training.reset()
    qtbot.waitUntil(
        lambda: bool(session.training.picture(watch) and session.training.picture(watch).facts == {"preview": True}),
        timeout=20_000,
    )
    assert not session.training.shows_run


def test_a_frame_that_was_on_its_way_is_of_no_run(make_session, qtbot):
    session = drawn(make_session())
    session.training.start()
    qtbot.waitUntil(ended(session), timeout=20_000)
    late = session.training.frame
    session.training.reset()
    session.training._on_frame(late)
    assert is_reset(session.training)


def test_where_there_is_no_run_nothing_happens(make_session):
    session = make_session(start=False)
    states = []
    session.training.state_changed.connect(states.append)
    session.training.reset()
    assert is_reset(session.training)
    assert states == []


def test_an_edit_beside_the_reset_counts_for_the_next_run(make_session, qtbot):
    session = drawn(make_session())
    session.training.step()
    qtbot.waitUntil(ended(session, "paused"), timeout=20_000)
    session.document.apply(RemoveLayers(((0,),)))
    session.training.reset()
    qtbot.waitUntil(lambda: is_reset(session.training), timeout=20_000)
    session.training.start()
    assert session.training.is_current


def test_a_window_that_closes_waits_for_nothing(make_session, qtbot):
    session = drawn(make_session())
    session.training.step()
    qtbot.waitUntil(ended(session, "paused"), timeout=20_000)
    session.training.reset()
    session.close()
    assert session.training.state in ("idle", "stopping")


def test_another_document_lets_go_of_a_run_that_has_ended(make_session, qtbot):
    session = drawn(make_session())
    session.training.start()
    qtbot.waitUntil(ended(session), timeout=20_000)
    session.document.new(session.document.project, "another")
    assert is_reset(session.training)


def test_another_document_leaves_a_run_alone_that_is_under_way(make_session, qtbot):
    session = drawn(make_session())
    training = session.training
    training.step()
    qtbot.waitUntil(ended(session, "paused"), timeout=20_000)
    project, folder = training.project, training.folder
    session.document.new(session.document.project, "another")
    assert (training.project, training.folder, training.state) == (project, folder, "paused")
