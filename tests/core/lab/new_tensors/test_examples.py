from playground.core.lab.new_tensors.examples import examples


def lines(*names):
    return [one.line for one in examples(*names)]


def test_examples_speak_of_what_is_on_the_bench():
    assert {"torch.zeros_like(x)", "torch.triu(x, 1)", "torch.arange(0, 12, 3)"} <= set(lines("x"))
    assert "torch.from_numpy(m)" in lines("x", "m")
    assert "torch.tril(x + b)" in lines("x + b")


def test_examples_of_what_is_not_there_keep_their_own_names():
    assert "torch.zeros_like(a)" in lines("")


def test_each_is_explained():
    assert all(one.help and not one.help.endswith(".") for one in examples("x"))
    assert len(lines("x")) == len(set(lines("x")))
