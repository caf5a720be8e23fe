"""The files of the lessons: ours hold, and one file more is one lesson more."""

import re
from pathlib import Path

import pytest

from playground.core.datasets import DATASETS
from playground.core.layers import LAYERS
from playground.core.lessons.checks import NetworkHas, OfRun
from playground.core.lessons.lesson import MAX_BYTES
from playground.disk import folders, lessons, projects, resources

OURS = sorted(path.stem for path in resources.path("lessons").iterdir())
TOPICS = ("tensors", "slopes", "descent", "autograd", "neuron")
OWN = """+++
title = "Our class"
summary = "What we did on Monday"
preset = "lenet-digits"

[[steps]]
say = "Add a Dropout."
check = "network-has"
layer = "Dropout"
+++
# Monday
"""


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of a teacher."""
    monkeypatch.setattr(folders, "data", lambda: tmp_path)
    lessons.folder().mkdir()
    return lessons.folder()


def test_ours_are_ten_and_all_can_be_read_in_their_order():
    found, faults = lessons.read()
    assert faults == []
    assert [one.name for one in found] == OURS
    assert len(OURS) == 10
    assert all(one.ours for one in found)
    assert tuple(str(one.page.__struct_config__.tag) for one in found if one.page is not None) == TOPICS


@pytest.mark.parametrize("name", OURS)
def test_what_a_lesson_names_is_there(name):
    lesson = lessons.read_file(resources.path("lessons", f"{name}.md"))
    if lesson.preset:
        project = projects.load(projects.PRESET + lesson.preset)
        of_run = [step for step in lesson.steps if isinstance(step, OfRun)]
        assert not of_run or of_run[0].dataset == project.data.dataset
        assert all(step.dataset in DATASETS for step in of_run)
    assert all(step.layer in LAYERS for step in lesson.steps if isinstance(step, NetworkHas))
    assert len(lesson.text) < 1_500, "one screen"


def test_a_teacher_adds_a_page_by_adding_a_file(own):
    (own / "02b-ours.md").write_text(OWN, encoding="utf-8")
    found, faults = lessons.read()
    assert faults == []
    assert [one.name for one in found] == sorted([*OURS, "02b-ours"])
    [mine] = [one for one in found if not one.ours]
    assert (mine.title, mine.preset, mine.steps[0].say) == ("Our class", "lenet-digits", "Add a Dropout.")


def test_a_file_of_the_same_name_takes_the_place_of_ours(own):
    (own / f"{OURS[0]}.md").write_text(OWN, encoding="utf-8")
    found, _faults = lessons.read()
    assert len(found) == len(OURS)
    assert found[0].title == "Our class"


def test_the_lesson_that_the_readme_shows_is_one(own):
    readme = (Path(__file__).resolve().parents[2] / "README.md").read_text(encoding="utf-8")
    [(name, text)] = re.findall(r"`([\w-]+\.md)`:\n\n```markdown\n(.*?)```", readme, re.DOTALL)
    (own / name).write_text(text, encoding="utf-8")
    found, faults = lessons.read()
    assert faults == []
    assert [one.title for one in found if not one.ours] == ["Dropout"]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (OWN.replace("network-has", "network-hat").encode(), "did you mean network-has"),
        (
            OWN.replace("lenet-digits", "lenet-digit").encode(),
            "there is no example lenet-digit; did you mean lenet-digits",
        ),
        (b"\xff\xfe", "it cannot be read"),
        (OWN.encode() + b"x" * MAX_BYTES, "more than 100 kB"),
        (b"", "no head"),
    ],
)
def test_a_broken_file_takes_no_other_away(own, content, said):
    (own / "99-broken.md").write_bytes(content)
    (own / "99-ours.md").write_text(OWN, encoding="utf-8")
    found, faults = lessons.read()
    assert [one.name for one in found] == [*OURS, "99-ours"]
    [fault] = faults
    assert fault.where == "99-broken.md"
    assert said in str(fault)


def test_what_is_no_lesson_is_passed_over(own):
    (own / "homework.playground").write_text("{}", encoding="utf-8")
    (own / "folder.md").mkdir()
    assert lessons.read()[1] == []
    assert len(lessons.read()[0]) == len(OURS)
