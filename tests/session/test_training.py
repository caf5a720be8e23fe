"""Runs: states, frames pulled one at a time, death and resume. The engine trains nothing here."""

import numpy as np
import psutil
import pytest

from playground.core.edit import RemoveLayers
from playground.core.messages import Watch
from playground.disk import runs

LOSSES = np.array([1 / (n + 1) for n in range(40)], np.float32)


def ended(session, state="finished"):
    return lambda: session.training.state == state


def drawn(session):
    """As the window does: each frame is acknowledged when it is drawn."""
    session.training.frame_received.connect(lambda _frame: session.training.acknowledge())
    return session


def test_a_run_goes_from_idle_to_finished_with_every_loss(make_session, qtbot):
    session, states = drawn(make_session()), []
    session.training.state_changed.connect(states.append)
    assert session.training.state == "idle"
    session.training.start()
    qtbot.waitUntil(ended(session), timeout=20_000)
    assert states == ["preparing", "running", "finished"]
    np.testing.assert_array_equal(session.training.history.losses, LOSSES)
    assert session.training.facts.device == "cpu"
    assert session.training.is_current


def test_the_run_has_a_folder_with_its_project(make_session, qtbot):
    session = drawn(make_session())
    session.training.start()
    qtbot.waitUntil(ended(session), timeout=20_000)
    assert runs.read_project(runs.Path(session.training.folder)) == session.document.project


def test_a_disk_without_room_keeps_no_run_but_trains(make_session, qtbot, monkeypatch):
    def full(project, name):
        raise runs.Problem(where="disk", what="it is full", fix="Free some space")

    monkeypatch.setattr(runs, "new_run", full)
    session = drawn(make_session())
    with qtbot.waitSignal(session.noticed, timeout=20_000) as blocker:
        session.training.start()
    assert "full" in str(blocker.args[0])
    qtbot.waitUntil(ended(session), timeout=20_000)
    assert session.training.folder == ""


def test_frames_come_without_a_window_that_acknowledges(make_session, qtbot):
    session = make_session()
    session.training.start()
    qtbot.waitUntil(ended(session), timeout=20_000)
    assert session.training.history.losses.size == 40


def test_pause_step_and_resume(make_session, qtbot):
    session = drawn(make_session())
    session.training.step()
    qtbot.waitUntil(lambda: session.training.state == "paused" and session.training.history.losses.size == 1)
    session.training.step()
    qtbot.waitUntil(lambda: session.training.history.losses.size == 2)
    session.training.resume()
    qtbot.waitUntil(ended(session), timeout=20_000)
    np.testing.assert_array_equal(session.training.history.losses, LOSSES)


def test_a_run_can_begin_with_a_pause_before_its_first_step(make_session, qtbot):
    session = drawn(make_session())
    session.training.start_paused()
    qtbot.waitUntil(lambda: session.training.state == "paused")
    assert session.training.history.losses.size == 0
    session.training.step()
    qtbot.waitUntil(lambda: session.training.history.losses.size == 1)


def test_stop_ends_a_run_and_another_begins_anew(make_session, qtbot):
    session = drawn(make_session())
    session.training.step()
    qtbot.waitUntil(ended(session, "paused"), timeout=20_000)
    session.training.stop()
    assert session.training.state == "stopping"
    qtbot.waitUntil(ended(session, "idle"))
    with qtbot.waitSignal(session.training.history_reset):
        session.training.start()
    qtbot.waitUntil(ended(session), timeout=20_000)
    np.testing.assert_array_equal(session.training.history.losses, LOSSES)


def test_edits_do_not_change_the_run_but_are_noticed(make_session, qtbot):
    session, seen = drawn(make_session()), []
    session.training.current_changed.connect(lambda: seen.append(session.training.is_current))
    session.training.start()
    trained = session.training.project
    session.document.apply(RemoveLayers(((0,),)))
    qtbot.waitUntil(ended(session), timeout=20_000)
    assert session.training.project is trained
    session.document.undo_stack.undo()
    assert seen == [True, False, True]


def test_pictures_are_previews_while_idle_and_the_runs_later(make_session, qtbot):
    session, watch, slopes = drawn(make_session()), Watch("filters", {"layer": [0]}), Watch("slopes")
    session.training.watch("panel", (watch, slopes))
    qtbot.waitUntil(lambda: session.training.picture(watch) is not None, timeout=20_000)
    assert session.training.picture(watch).facts == {"preview": True}
    assert session.training.picture(slopes) is None  # there are none without a run
    session.training.step()
    qtbot.waitUntil(lambda: session.training.picture(watch).step == 1)
    session.document.apply(RemoveLayers(((0,),)))
    qtbot.waitUntil(lambda: session.training.picture(watch).facts == {"preview": True}, timeout=20_000)
    session.document.undo_stack.undo()
    assert session.training.picture(watch).step == 1
    assert not session.training.picture(watch).facts


def test_an_edit_asks_for_a_preview_again(make_session, qtbot):
    session, watch = make_session(), Watch("filters", {"layer": [0]})
    session.training.watch("panel", (watch,))
    qtbot.waitUntil(lambda: session.training.picture(watch) is not None, timeout=20_000)
    with qtbot.waitSignal(session.training.pictures_changed, timeout=20_000):
        session.document.apply(RemoveLayers(((0,),)))


def test_a_watch_that_comes_while_paused_is_answered_at_once(make_session, qtbot):
    session, watch = drawn(make_session()), Watch("filters", {"layer": [0]})
    session.training.step()
    qtbot.waitUntil(ended(session, "paused"), timeout=20_000)
    session.training.watch("panel", (watch,))
    qtbot.waitUntil(lambda: bool(session.training.picture(watch) and session.training.picture(watch).step == 1))


def test_a_watch_that_comes_as_the_run_ends_is_answered(make_session, qtbot):
    """After the last pull of the run, and before the frame that tells of its end."""
    session, watch = drawn(make_session()), Watch("filters", {"layer": [0]})
    training = session.training

    def look(state):
        if state == "finished":
            training._pictures.blockSignals(True)  # what it says now was said while the run was on its way
            training.watch("panel", (watch,))
            training._pictures.blockSignals(False)

    training.state_changed.connect(look)
    training.start()
    qtbot.waitUntil(ended(session, "finished"), timeout=20_000)
    qtbot.waitUntil(lambda: bool(training.picture(watch) and training.picture(watch).step == training.frame.step))


def test_nothing_is_watched_once_every_owner_has_left(make_session, qtbot):
    session, watch = drawn(make_session()), Watch("filters", {"layer": [0]})
    session.training.watch("one", (watch,))
    session.training.watch("two", (watch,))
    session.training.unwatch("one")
    session.training.start()
    qtbot.waitUntil(lambda: bool(session.training.frame and session.training.frame.pictures), timeout=20_000)
    session.training.unwatch("two")
    qtbot.waitUntil(lambda: not session.training.frame.pictures)


def test_a_runner_that_dies_mid_run_says_what_is_lost_and_resumes(make_session, qtbot):
    session = drawn(make_session("die-on-start"))
    with qtbot.waitSignal(session.training.engine_died, timeout=20_000) as blocker:
        session.training.start()
    assert "signal 9" in str(blocker.args[0])
    assert "from step 10" in str(blocker.args[0])
    assert session.training.state == "failed"
    assert session.training.can_resume
    session.training.resume_from_checkpoint()
    qtbot.waitUntil(ended(session), timeout=20_000)
    np.testing.assert_array_equal(session.training.history.losses, LOSSES)
    assert not session.training.can_resume


def test_a_runner_that_dies_before_a_checkpoint_offers_no_resume(make_session, qtbot):
    session = drawn(make_session())
    session.training.step()
    qtbot.waitUntil(ended(session, "paused"), timeout=20_000)
    with qtbot.waitSignal(session.training.engine_died, timeout=1_000):
        psutil.Process(session.training.pid).kill()
    assert not session.training.can_resume
    session.training.start()
    qtbot.waitUntil(ended(session), timeout=20_000)


def test_an_idle_runner_that_dies_is_replaced(make_session, qtbot):
    session = drawn(make_session())
    qtbot.waitUntil(lambda: session.training.ready, timeout=20_000)
    first = session.training.pid
    with qtbot.waitSignal(session.training.engine_died, timeout=1_000) as blocker:
        psutil.Process(first).kill()
    assert "nothing is lost" in str(blocker.args[0])
    assert session.training.state == "idle"
    session.training.start()
    qtbot.waitUntil(ended(session), timeout=20_000)
    assert session.training.pid != first


def test_a_runner_that_does_not_stop_is_ended(make_session, qtbot):
    session = make_session("silence")
    qtbot.waitUntil(lambda: session.training.ready, timeout=20_000)
    session.training.start()
    session.training._stop_by.setInterval(50)
    with qtbot.waitSignal(session.training.engine_died, timeout=20_000):
        session.training.stop()
    assert session.training.state == "failed"


@pytest.mark.parametrize("moment", ["at once", "ready", "running", "paused"])
def test_closing_at_any_moment_leaves_no_process(make_session, qtbot, moment):
    session = make_session()
    if moment != "at once":
        qtbot.waitUntil(lambda: session.training.ready, timeout=20_000)
    pids = [session.training.pid, session.client.pid]
    if moment == "running":
        session.training.start()
    if moment == "paused":
        session.training.step()
        qtbot.waitUntil(ended(session, "paused"), timeout=20_000)
    session.close()
    assert not [pid for pid in pids if pid is not None and psutil.pid_exists(pid)]
    assert session.training.state in ("idle", "finished")


def test_the_device_is_remembered(make_session):
    session = make_session(start=False)
    session.training.set_device("cuda:0")
    assert session.training.device == session.settings.device == "cuda:0"
    session.training.set_device("auto")
