import hashlib

import pytest
import torch

from playground.engine.randomness import derived_seed, generator


def test_a_derived_seed_is_the_first_63_bits_of_sha_256_on_every_machine():
    bits = int(hashlib.sha256(b"7\norder\n3").hexdigest(), 16)
    assert derived_seed(7, "order", 3) == bits >> (256 - 63)


def test_seed_purpose_and_epoch_each_make_another_stream():
    seeds = [derived_seed(*words) for words in ((0, "a"), (1, "a"), (0, "b"), (0, "a", 0), (0, "a", 1), (0, "a", 0, 1))]
    assert len(set(seeds)) == len(seeds)
    assert all(0 <= seed < 2**63 for seed in seeds)


@pytest.mark.parametrize("seed", [0, 1, 2**63 - 1])
def test_a_generator_repeats_its_numbers_and_leaves_the_global_ones_alone(seed):
    before = torch.random.get_rng_state()
    first, second = (torch.rand(5, generator=generator(seed, "weights")) for _turn in range(2))
    assert torch.equal(first, second)
    assert torch.equal(torch.random.get_rng_state(), before)
