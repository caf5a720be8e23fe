"""The kept runs in the session: read beside the window's thread, renamed, deleted; and forks. No engine but a fake one."""

import threading

import numpy as np
import pytest

from playground.core.messages import EpochReport, Start, decode_command, encode
from playground.disk import kept_runs, runs
from tests.session.conftest import SMALL

REPORT = EpochReport(1, 10, 0.5, 0.6, 0.9, 0.25)


@pytest.fixture(autouse=True)
def own_folder(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))


def run_of(name: str, **changes):
    """A stopped run of 12 steps with a checkpoint at its tenth."""
    folder = runs.new_run(SMALL, name)
    scalars = runs.Scalars(folder, 0, 0)
    scalars.append([0.5] * 12, [REPORT])
    scalars.close()
    runs.checkpoint_path(folder, 10).touch()
    runs.change_run(folder, **({"state": "stopped", "threads": 1, "layout": "contiguous"} | changes))
    return folder


def listed(session, qtbot):
    """The list, read now."""
    with qtbot.waitSignal(session.run_list.changed, timeout=5_000):
        session.run_list.refresh()
    return session.run_list.runs


def drawn(session):
    session.training.frame_received.connect(lambda _frame: session.training.acknowledge())
    return session


def test_the_list_is_read_in_another_thread_newest_first(session, qtbot, monkeypatch):
    run_of("old", started=1.0), run_of("new", started=2.0)
    threads, before = [], kept_runs.list_kept
    monkeypatch.setattr(
        kept_runs, "list_kept", lambda known: (threads.append(threading.current_thread()), before(known))[1]
    )
    session.run_list.refresh()
    assert session.run_list.runs == ()  # nobody waits for the disk
    qtbot.waitUntil(lambda: session.run_list.is_known, timeout=5_000)
    assert [one.name for one in session.run_list.runs] == ["new", "old"]
    assert threads
    assert threading.main_thread() not in threads


def test_nothing_is_read_before_somebody_asks(session, monkeypatch):
    monkeypatch.setattr(kept_runs, "list_kept", lambda _known: pytest.fail("nobody asked"))
    session.training.state_changed.emit("running")
    session.training.folder_made.emit("x")
    assert not session.run_list.is_known


def test_many_askers_are_two_readings(session, qtbot, monkeypatch):
    read, before = [], kept_runs.list_kept
    monkeypatch.setattr(kept_runs, "list_kept", lambda known: (read.append("once"), before(known))[1])
    for _asker in range(20):
        session.run_list.refresh()
    qtbot.waitUntil(lambda: len(read) == 2, timeout=5_000)
    session.run_list._background.close()
    assert len(read) == 2


def test_a_run_appears_when_it_begins_and_is_told_when_it_ends(make_session, qtbot):
    session = drawn(make_session())
    assert listed(session, qtbot) == ()
    session.training.start()
    qtbot.waitUntil(lambda: len(session.run_list.runs) == 1, timeout=20_000)
    assert str(session.run_list.runs[0].folder) == session.training.folder
    runs.change_run(session.run_list.runs[0].folder, epochs=4, seconds=7.0)  # a fake runner does not
    qtbot.waitUntil(lambda: session.training.state == "finished", timeout=20_000)
    qtbot.waitUntil(lambda: session.run_list.runs[0].seconds == 7.0, timeout=5_000)


def test_figures_come_when_they_are_asked_for_and_again_when_they_have_changed(session, qtbot):
    folder = run_of("one")
    (run,) = listed(session, qtbot)
    with qtbot.waitSignal(session.run_list.changed, timeout=5_000):
        assert session.run_list.figures(run) is None
    found = session.run_list.figures(run)
    np.testing.assert_array_equal(found.losses, np.full(12, 0.5, np.float32))
    assert found.epochs == (REPORT,)
    scalars = runs.Scalars(folder, 12, 1)
    scalars.append([0.25], [])
    scalars.close()
    (run,) = listed(session, qtbot)
    assert session.run_list.figures(run) is found  # the old ones, until the new ones are there
    qtbot.waitUntil(lambda: len(session.run_list.figures(run).losses) == 13, timeout=5_000)
    session.run_list.forget_figures(but=[])
    assert session.run_list._figures == {}


def test_a_new_name_is_written_and_shown(session, qtbot):
    folder = run_of("one")
    (run,) = listed(session, qtbot)
    session.run_list.rename(run, "with momentum")
    qtbot.waitUntil(lambda: session.run_list.runs[0].name == "with momentum", timeout=5_000)
    assert runs.read_run(folder).title == "with momentum"


def test_a_name_that_cannot_be_written_is_told(session, qtbot):
    folder = run_of("one")
    (run,) = listed(session, qtbot)
    kept_runs.delete(folder)  # by another window
    with qtbot.waitSignal(session.noticed, timeout=5_000) as blocker:
        session.run_list.rename(run, "another")
    assert "not a kept run" in str(blocker.args[0])


def test_several_are_deleted_at_once_but_not_the_one_that_goes_on(session, qtbot):
    run_of("one"), run_of("two")
    alive = run_of("three", state="running", **runs.own_process())
    with qtbot.waitSignal(session.noticed, timeout=5_000) as blocker:
        session.run_list.delete(listed(session, qtbot))
    assert "going on" in str(blocker.args[0])
    qtbot.waitUntil(lambda: [one.folder for one in session.run_list.runs] == [alive], timeout=5_000)
    assert [path.name for path in runs.folders.runs().iterdir()] == [alive.name]


def test_the_run_of_this_window_cannot_go_on_once_it_is_deleted(make_session, qtbot):
    session = drawn(make_session("die-on-start"))
    with qtbot.waitSignal(session.training.engine_died, timeout=20_000):
        session.training.start()
    assert session.training.can_resume
    session.run_list.delete(listed(session, qtbot))
    qtbot.waitUntil(lambda: not session.training.can_resume, timeout=5_000)
    assert session.training.folder == ""
    assert session.training.history.losses.size  # what was seen stays


def test_a_fork_is_a_run_of_its_own_that_the_runner_is_told_to_begin_elsewhere(make_session, qtbot, monkeypatch):
    parent = run_of("parent")
    session = drawn(make_session())
    (run,) = listed(session, qtbot)
    sent, send = [], session.training._process.send
    monkeypatch.setattr(session.training._process, "send", lambda order: (sent.append(order), send(order)))
    session.training.fork(run, 10)
    assert session.training.state == "preparing"
    start: Start = sent[0].start
    assert decode_command(encode(start)) == start
    assert (start.fork_of, start.fork_step, start.resume) == (str(parent), 10, False)
    assert (start.threads, start.layout) == (1, "contiguous")
    qtbot.waitUntil(lambda: session.training.state == "finished", timeout=20_000)
    assert session.training.folder not in ("", str(parent))
    assert session.training.history.losses.size == 40  # from the first step of the parent on


def test_no_fork_begins_while_a_run_is_active(make_session, qtbot):
    run_of("parent")
    session = drawn(make_session())
    (run,) = listed(session, qtbot)
    session.training.step()
    qtbot.waitUntil(lambda: session.training.state == "paused", timeout=20_000)
    before = session.training.folder
    session.training.fork(run, 10)
    assert (session.training.state, session.training.folder) == ("paused", before)
