"""Two real windows on one display: layers travel by the clipboard, files are not overwritten, one may die."""

import time

import psutil

from playground.core.layer import Layer
from playground.core.project import Project
from playground.disk import projects
from tests.e2e.display import virtual_display
from tests.e2e.real_window import environment_on, lives, needs_a_display, one_more, opened

pytestmark = needs_a_display


def test_layers_are_copied_from_one_window_to_another_and_a_file_of_both_is_not_overwritten(tmp_path):
    file = tmp_path / "both.playground"
    projects.save(Project(network=(Layer("Flatten"), Layer("Linear", {"out_features": 7}))), file)
    with virtual_display() as display:
        environment = environment_on(display, tmp_path)
        with one_more(tmp_path, environment, file) as first:
            first.mouse.click(first.facts()["boxes"]["1"][:2])
            first.wait("the row is selected", lambda facts: facts["selection"] == ["1"])
            first.mouse.key("ctrl+c")
            with one_more(tmp_path, environment, file) as second:
                assert second.facts()["corner"] != first.facts()["corner"]  # they do not lie on each other
                second.mouse.click(second.facts()["boxes"]["1"][:2])
                second.mouse.key("ctrl+v")
                pasted = second.wait(
                    "the layer is pasted", lambda facts: facts["layers"] == ["Flatten", "Linear", "Linear"]
                )
                assert pasted["modified"]
                second.mouse.key("ctrl+s")
                second.wait("it is saved", lambda facts: not facts["modified"])
            assert projects.read_file(file).network[2] == Layer("Linear", {"out_features": 7})
            assert first.facts()["layers"] == ["Flatten", "Linear"]
            first.mouse.click(first.facts()["boxes"]["0"][:2])  # back to it
            first.wait("the change is offered", lambda facts: "changed by another program" in "".join(facts["notices"]))
            first.mouse.key("Delete")
            first.wait("it is edited", lambda facts: facts["layers"] == ["Linear"])
            first.mouse.key("ctrl+s")
            time.sleep(1)
            assert len(projects.read_file(file).network) == 3  # it asks first
            first.mouse.key("Escape")


def test_a_new_window_outlives_the_one_that_opened_it(tmp_path):
    with opened(tmp_path) as first:
        engines = psutil.Process(first.process.pid).children(recursive=True)
        first.mouse.click(first.facts()["boxes"]["0"][:2])
        first.mouse.key("ctrl+alt+n")
        other = _other_window(first)
        try:
            deadline = time.monotonic() + 30
            while len(other.children()) < 2 and time.monotonic() < deadline:
                time.sleep(0.1)
            own_engines = other.children()
            assert len(own_engines) == 2
            first.process.kill()
            deadline = time.monotonic() + 2
            while any(map(lives, engines)) and time.monotonic() < deadline:
                time.sleep(0.05)
            assert not [engine for engine in engines if lives(engine)]
            assert all(map(lives, (other, *own_engines)))
            other.terminate()
            assert _gone((other, *own_engines))
        finally:
            for process in (other, *other.children()) if lives(other) else ():
                process.kill()


def _other_window(first) -> psutil.Process:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        found = [pid for pid in first.mouse.windows("Torch Playground") if pid != first.process.pid]
        if found:
            return psutil.Process(found[0])
        time.sleep(0.2)
    raise AssertionError("no other window came")


def _gone(processes) -> bool:
    deadline = time.monotonic() + 10
    while any(map(lives, processes)) and time.monotonic() < deadline:
        time.sleep(0.05)
    return not any(map(lives, processes))
