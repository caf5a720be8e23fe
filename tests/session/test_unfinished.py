"""A run of an earlier session: which of them died, going on with one, and looking at one."""

import numpy as np
import pytest

from playground.core.edit import SetRecipe, apply
from playground.core.messages import Steered
from playground.disk import kept_runs, runs
from playground.session.runs import earlier, unfinished_run
from tests.session.conftest import SMALL

DEAD = {"state": "running", "pid": 2**22, "process_started": 1.0}  # no system has this process


@pytest.fixture(autouse=True)
def own_folder(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))


def kept_run(project=SMALL, step: int | None = 10, **changes) -> str:
    """A run as it lies on the disk. step: of its checkpoint"""
    folder = runs.new_run(project, "small")
    runs.change_run(folder, threads=1, layout="contiguous", **changes)
    if step is not None:
        runs.checkpoint_path(folder, step).touch()
    return str(folder)


def test_a_run_that_died_with_a_checkpoint_can_go_on():
    folder = kept_run(**DEAD)
    found = unfinished_run(SMALL)
    assert (found.folder, found.step, found.threads, found.layout) == (folder, 10, 1, "contiguous")


@pytest.mark.parametrize(
    ("step", "changes"),
    [(None, DEAD), (10, {"state": "stopped"}), (10, {"state": "finished"}), (10, {"state": "running"} | runs.own_process())],
)  # fmt: skip
def test_without_checkpoint_or_with_another_end_nothing_is_offered(step, changes):
    kept_run(step=step, **changes)
    assert unfinished_run(SMALL) is None


def test_only_the_newest_run_of_this_very_project_counts():
    kept_run(**DEAD)
    other = apply(SMALL, SetRecipe({"epochs": 3}))
    kept_run(other, state="finished", started=2e9)
    assert unfinished_run(SMALL) is not None
    assert unfinished_run(other) is None
    kept_run(state="finished", started=3e9)
    assert unfinished_run(SMALL) is None


def test_damaged_folders_are_passed_over():
    (runs.folders.runs() / "not-a-run").mkdir(parents=True)
    torn = kept_run(**DEAD)
    (runs.Path(torn) / runs.PROJECT).write_text("{")
    assert unfinished_run(SMALL) is None


def test_it_goes_on_in_its_folder(make_session, qtbot):
    kept_run(**DEAD)
    session, found = make_session(), unfinished_run(SMALL)
    session.training.frame_received.connect(lambda _frame: session.training.acknowledge())
    session.training.resume_unfinished(found)
    assert session.training.is_current
    qtbot.waitUntil(lambda: session.training.state == "finished", timeout=20_000)
    assert session.training.folder == found.folder
    losses = session.training.history.losses
    np.testing.assert_allclose(losses[10:], [1 / (n + 1) for n in range(10, 40)], rtol=1e-6)


def test_nothing_happens_while_another_run_is_active(make_session, qtbot):
    kept_run(**DEAD)
    session, found = make_session(), unfinished_run(SMALL)
    session.training.step()
    qtbot.waitUntil(lambda: session.training.state == "paused", timeout=20_000)
    folder = session.training.folder
    session.training.resume_unfinished(found)
    assert session.training.folder == folder != found.folder


def test_any_run_that_rests_and_has_a_checkpoint_can_be_looked_at():
    changed = (Steered(5, "lr", 0.01, 0.002),)
    folder = runs.Path(kept_run(state="finished", steered=changed))
    runs.checkpoint_path(folder, 20).touch()
    found = earlier(kept_runs.read(folder))
    assert (found.folder, found.step, found.threads, found.layout) == (str(folder), 20, 1, "contiguous")
    assert found.project.recipe.optimizer_arguments["lr"] == 0.002  # as it was last
    without = kept_run(step=None, state="finished")
    goes_on = kept_run(**{"state": "running"} | runs.own_process())
    torn = runs.Path(kept_run(state="stopped"))
    (torn / runs.PROJECT).write_text("{")
    assert [earlier(kept_runs.read(runs.Path(one))) for one in (without, goes_on, torn)] == [None] * 3


def test_a_look_shows_the_run_and_from_there_it_can_go_on(make_session, qtbot):
    kept_run(state="stopped")
    session = make_session()
    training = session.training
    training.frame_received.connect(lambda _frame: training.acknowledge())
    training.look_at(earlier(kept_runs.list_kept()[0]))
    qtbot.waitUntil(lambda: training.state == "idle" and training.frame is not None, timeout=20_000)
    assert (training.frame.step, training.checkpoint, training.is_current) == (10, 10, True)
    assert session.evaluating.refusal == ""
    assert training.can_resume
    training.resume_from_checkpoint()
    qtbot.waitUntil(lambda: training.state == "finished", timeout=20_000)
    assert training.folder == str(kept_runs.list_kept()[0].folder)


def test_no_look_takes_the_place_of_a_run_that_is_active(make_session, qtbot):
    kept_run(state="finished")
    session, found = make_session(), earlier(kept_runs.list_kept()[0])
    session.training.step()
    qtbot.waitUntil(lambda: session.training.state == "paused", timeout=20_000)
    folder = session.training.folder
    session.training.look_at(found)
    assert session.training.folder == folder != found.folder
