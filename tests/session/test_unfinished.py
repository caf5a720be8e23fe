"""A run whose process died in an earlier session: what counts as one, and going on with it."""

import numpy as np
import pytest

from playground.core.edit import SetRecipe, apply
from playground.disk import runs
from playground.session.runs import unfinished_run
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
