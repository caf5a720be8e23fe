import pytest

from playground.core.problem import Fault, Problem


def test_a_problem_is_one_sentence_of_where_what_and_what_to_do():
    problem = Problem(where="Layer 3", what="it is too large.", fix="Make it smaller.")
    assert str(problem) == "Layer 3: it is too large. Make it smaller."
    assert problem.fault == Fault(where="Layer 3", what="it is too large", fix="Make it smaller")


def test_a_fault_that_crossed_a_pipe_is_raised_as_the_same_problem():
    problem = Problem(where="a", what="b", fix="c")
    assert str(Problem.from_fault(problem.fault)) == str(problem)


@pytest.mark.parametrize("missing", ["where", "what", "fix"])
def test_no_part_can_be_left_out(missing):
    parts = {name: "x" for name in ("where", "what", "fix") if name != missing}
    with pytest.raises(TypeError, match=missing):
        Problem(**parts)
