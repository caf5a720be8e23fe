"""Questions about the lab, through the workbench itself and through its process."""

import subprocess
import sys

import pytest

from playground.core import messages as words
from playground.core.lab import told
from playground.core.lab.messages import Glance, ShowBench, ShowPage, ShowPair, TryLines
from playground.core.lab.page import default_page
from playground.core.lab.topics import Autograd, Convolution, Descent, Neuron, Slopes
from playground.engine.workbench import Workbench
from playground.session.history import numbers

LINES = ("a = torch.arange(12.).reshape(3, 4)", "b = torch.arange(4.)", "row = torch.ones(1, 10)")


def asked(question):
    answers = []
    Workbench(answers.append).answer(words.decode_question(words.encode(question)))
    (answer,) = (words.decode_answer(words.encode(one)) for one in answers)
    assert answer.id == question.id
    return answer


@pytest.mark.parametrize(
    ("ask", "kind"),
    [
        (ShowBench(LINES, glances=(Glance("a"),)), told.Bench),
        (ShowPair(LINES, "a", "b", "product", (1,)), told.Product),
        (ShowPair(LINES, "a", "b", "broadcast"), told.Broadcast),
        (ShowPair(LINES, "a", "a.T", "kinds"), told.Attempts),
        (ShowPair(LINES, "row", "row", "ways out"), told.Attempts),
        (TryLines(LINES, ("c = torch.eye(3)",)), told.Tried),
        (ShowPage(slopes=Slopes()), told.Curves),
        (ShowPage(descent=Descent()), told.Path),
        (ShowPage(descent=Descent(surface="bowl")), told.Races),
        (ShowPage(autograd=default_page("autograd").state), told.Graph),
        (ShowPage(neuron=Neuron()), told.NeuronTold),
        (ShowPage(neuron=Neuron(section="line")), told.BoundaryTold),
        (ShowPage(convolution=Convolution()), told.Windowed),
        (ShowPair(LINES, "a", "x +", "broadcast"), told.Refused),
        (ShowPage(autograd=Autograd(("x = 1",))), told.Refused),
        (ShowPage(descent=Descent(function="x +")), told.Refused),
    ],
)
def test_each_question_is_answered_by_its_own_words(ask, kind):
    answer = asked(words.AskLab(7, ask))
    assert isinstance(answer, words.LabTold)
    assert type(answer.told) is kind


@pytest.mark.parametrize(
    "ask",
    [
        ShowPage(),
        ShowPage(neuron=Neuron(activation="x")),
        ShowPage(descent=Descent(surface="x")),
        ShowPair(LINES, "a", "a", "product"),
        ShowPair(LINES, "a", "3", "broadcast"),
    ],
)
def test_what_cannot_be_shown_fails_with_a_sentence(ask):
    answer = asked(words.AskLab(7, ask))
    assert isinstance(answer, words.Failed)
    assert "playground.log" not in str(answer.fault)


def test_the_numbers_that_cross_are_those_of_pytorch():
    bench = asked(words.AskLab(1, ShowBench(("x = torch.ones(2, 2, requires_grad=True)", "(3 * (x + 2)**2).mean().backward()"), glances=(Glance("x.grad"),)))).told  # fmt: skip
    assert numbers(bench.cells[0].values).tolist() == [[4.5, 4.5], [4.5, 4.5]]
    refused = asked(words.AskLab(2, ShowPair(LINES, "row", "row", "ways out"))).told.attempts[0]
    assert refused.torch_message.endswith("mat1 and mat2 shapes cannot be multiplied (1x10 and 1x10)")


def test_the_pages_to_begin_with_load_no_compiler():
    """In a process of its own: on the `meta` device some operations load it, which would freeze the first page for seconds."""
    program = (
        "import sys\n"
        "from playground.core.lab.graph_examples import EXAMPLES\n"
        "from playground.core.lab.messages import ShowBench, ShowPage\n"
        "from playground.core.lab.page import TOPICS, default_page\n"
        "from playground.engine.lab.answering import answer\n"
        "for topic in TOPICS:\n"
        "    state = default_page(topic).state\n"
        "    answer(ShowBench(state.lines) if topic == 'tensors' else ShowPage(**{topic: state}))\n"
        "for one in EXAMPLES:\n"
        "    answer(ShowPage(autograd=one.state))\n"
        "loaded = [name for name in ('sympy', 'torch._dynamo') if name in sys.modules]\n"
        "assert not loaded, loaded\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
