import torch

from playground.core.lab.messages import TryLines
from playground.engine.lab.bench import Computed
from playground.engine.lab.trials import tried
from playground.session.history import numbers

LINES = ("x = torch.rand(2, 3)", "n = np.array([1, 2])", "v = torch.randn(4)")


def test_a_line_makes_what_it_would_make_at_the_end_of_the_page():
    tries = ("a = torch.rand(5)", "a = torch.zeros_like(x)", "a = x @ v", "torch.from_numpy(n)", "a = 3")
    told = tried(TryLines(LINES, tries, seed=4)).trials
    assert [one.line for one in told] == list(tries)
    torch.manual_seed(4)
    torch.rand(2, 3), torch.randn(4)
    assert numbers(told[0].first).tolist() == torch.rand(5).tolist()
    assert (told[1].shape, told[1].dtype, told[1].fault) == ((2, 3), "float32", None)
    assert told[2].fault.torch_message
    assert (told[3].dtype, numbers(told[3].first).tolist()) == ("int64", [1, 2])
    assert (told[4].dtype, told[4].fault) == ("", None)


def test_every_line_is_tried_alone():
    tries = ("v.add_(100)", "a = v * 1", "x = torch.ones(1)", "a = x * 1", "b = a")
    told = tried(TryLines(LINES, tries, seed=4)).trials
    bench = Computed(LINES, 4).values
    assert numbers(told[1].first).tolist() == bench["v"].tolist()
    assert told[3].shape == (2, 3)
    assert "not known" in told[4].fault.sentence


def test_the_random_numbers_of_the_process_are_left_alone():
    state = torch.get_rng_state()
    tried(TryLines(LINES, ("a = torch.rand(3)", "torch.manual_seed(1)")))
    assert torch.equal(torch.get_rng_state(), state)


def test_a_line_has_what_memory_the_page_has_left():
    full = tuple(f"t{number} = torch.zeros(1000000, dtype=torch.float64)" for number in range(8))
    told = tried(TryLines(full, ("a = torch.zeros(1000000)",))).trials[0]
    assert "bytes more" in told.fault.sentence
    assert tried(TryLines(full[1:], ("a = torch.zeros(1000000)",))).trials[0].fault is None


def test_only_so_many_numbers_are_sent_as_are_worth_showing():
    told = tried(TryLines((), ("a = torch.arange(1000)", "b = torch.zeros(0, 3)", "c = torch.tensor(2.5)"))).trials
    assert numbers(told[0].first).tolist() == list(range(12))
    assert [one.shape for one in told] == [(1000,), (0, 3), ()]
    assert numbers(told[2].first).tolist() == [2.5]
