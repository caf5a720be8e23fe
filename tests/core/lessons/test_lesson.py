"""Reading a lesson: what is in it, and a sentence for each way in which it can be broken."""

import pytest

from playground.core.lab.topics import Slopes
from playground.core.lessons.checks import NetworkHas, SlopeIs
from playground.core.lessons.lesson import read_lesson
from playground.core.problem import Problem

LAB = """+++
title = "Slopes"
summary = "How steep it is"

[page]
topic = "slopes"
functions = ["x**2"]
x = 2

[[steps]]
say = "Go to where x² has the slope 4."
check = "slope"
function = "x**2"
slope = 4
+++
Some **text**.
"""
PROJECT = """+++
title = "LeNet"
summary = "Digits"
preset = "lenet-digits"
room = "convolution"
steps = [{say = "Add a Dropout.", check = "network-has", layer = "Dropout"}]
+++
Text
"""


def test_a_lesson_of_the_lab_and_one_of_an_example():
    lesson = read_lesson(LAB, "02-slopes", ours=True)
    assert (lesson.name, lesson.short_name, lesson.title, lesson.ours) == ("02-slopes", "slopes", "Slopes", True)
    assert lesson.page == Slopes(functions=("x**2",), x=2.0)
    assert lesson.steps == (SlopeIs(say="Go to where x² has the slope 4.", function="x**2", slope=4.0),)
    assert lesson.text == "Some **text**.\n"
    other = read_lesson(PROJECT, "lenet")
    assert (other.short_name, other.preset, other.room, other.page) == ("lenet", "lenet-digits", "convolution", None)
    assert other.steps == (NetworkHas(say="Add a Dropout.", layer="Dropout"),)
    assert not other.ours


def test_lines_of_windows_and_a_mark_at_the_beginning_are_read_alike():
    assert read_lesson("\ufeff" + LAB.replace("\n", "\r\n"), "02-slopes") == read_lesson(LAB, "02-slopes")


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("+++\ntitle", "title", "no head between two lines of +++"),
        ("+++\nSome", "Some", "no head between two lines of +++"),
        ("Some **text**.", " ", "no text behind its head"),
        ('title = "Slopes"', "title = Slopes", "its head is no TOML"),
        ('title = "Slopes"\n', "", "missing required field `title`"),
        ('summary = "How', 'sumary = "How', "unknown field `sumary`"),
        ('check = "slope"', 'check = "slop"', 'steps[0]: "slop" is no check; did you mean slope'),
        ('check = "slope"\n', "", 'steps[0]: "" is no check'),
        ("slope = 4", 'slope = "four"', "steps[0].slope: Expected `float`, got `str`"),
        ("slope = 4\n", "", "steps[0]: Object missing required field `slope`"),
        ('topic = "slopes"', 'topic = "hills"', "page.topic"),
        ("x = 2", "x = 1e99", "page.x"),
        ("[page]", "[pages]", "unknown field `pages`"),
        ('[page]\ntopic = "slopes"\nfunctions = ["x**2"]\nx = 2\n', "", "it must open one thing"),
        ("[page]", 'preset = "lenet-digits"\n[page]', "it must open one thing"),
        ("[page]", 'room = "data"\n[page]', '"data" is no room'),
        ("[[steps]]", "[[step]]", "unknown field `step`"),
        ('check = "slope"', 'check = "slope"\nsay = ""', "Cannot overwrite a value"),
        ("slope = 4", "slope = 4\nsteep = true", "steps[0]: Object contains unknown field `steep`"),
    ],
)
def test_a_broken_file_is_refused_in_a_sentence(old, new, said):
    assert old in LAB
    with pytest.raises(Problem) as caught:
        read_lesson(LAB.replace(old, new, 1), "02-slopes")
    assert said in caught.value.fault.what
    assert caught.value.fault.where == "02-slopes.md"
    assert caught.value.fault.fix


def test_an_unknown_room_is_refused_with_those_that_are_there():
    with pytest.raises(Problem, match="did you mean convolution"):
        read_lesson(PROJECT.replace('room = "convolution"', 'room = "convolutions"'), "lenet")
