"""What a step allocates, against what is written out by hand."""

import subprocess
import sys

import torch
from torch import nn

from playground.engine.allocations import Growth, Moments

FLOAT = 4


def test_each_tensor_counts_from_its_making_to_its_end():
    with Moments(with_copies=False) as moments:
        first = torch.ones(1_000)
        second = first * 2
        del first
        third = second[:500]  # a view takes nothing
        third.add_(1)
        del second, third
        torch.zeros(10)
    assert moments.bytes == [4_000, 8_000, 4_000, 4_000, 40]


def test_what_is_there_before_is_told():
    held = torch.ones(100)
    moments = Moments(with_copies=False)
    moments.hold([held, held.view(10, 10)])
    with moments:
        kept = held + 1
    assert moments.bytes == [800]
    del kept


def test_a_step_of_a_perceptron_grows_with_its_batch_as_written_out():
    model = nn.Sequential(nn.Linear(100, 3_000), nn.ReLU(), nn.Linear(3_000, 10))
    parameters = list(model.parameters())
    weights = sum(one.numel() for one in parameters)

    def step(samples: int, moments: Moments) -> None:
        inputs = torch.zeros(samples, 100)
        moments.hold([*parameters, inputs])
        with moments:
            loss = model(inputs).square().mean()
            torch.autograd.grad(loss, parameters)

    growth = Growth(step, with_copies=False)
    each = growth.at(100_001) - growth.at(100_000)
    # of a sample: what comes in, the hidden layer that is kept, its slopes before and after ReLU, and some of ten outputs
    assert FLOAT * (100 + 3 * 3_000) <= each <= FLOAT * (100 + 3 * 3_000 + 40)
    # of one sample the weights and their gradients are nearly all
    assert 2 * FLOAT * weights <= growth.at(1) <= 2.1 * FLOAT * weights + each


def test_a_convolution_is_computed_on_copies():
    layer = nn.Conv2d(3, 20, 3, padding=1)

    def step(samples: int, moments: Moments) -> None:
        inputs = torch.zeros(samples, 3, 8, 8)
        moments.hold([*layer.parameters(), inputs])
        with moments:
            layer(inputs)

    plain, copied = (Growth(step, with_copies=one).at(1) for one in (False, True))
    assert copied - plain >= FLOAT * 64 * (16 + 32)  # 3 channels as 16, 20 as 32


def test_to_count_does_not_load_the_compiler():
    counted = "with Moments(False): torch.ones(3).sum()"
    code = f"import sys, torch; from playground.engine.allocations import Moments\n{counted}\nprint('sympy' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=120)
    assert done.stdout.strip() == "False", done.stderr
