"""Randomness has one source: the recipe's seed. Everything random gets a stream of its own, derived from it.

A stream depends on the seed and its purpose only, never on what was drawn before: that is why a run can be
resumed, or a panel opened, without changing a later number.
"""

import hashlib

import torch


def derived_seed(seed: int, purpose: str, *more: int) -> int:
    """A seed for one purpose, the same on every machine and in every process.

    purpose: "weights", "split", "order" ...;  more: what else the stream depends on, such as the epoch
    returns: 0 to 2**63 - 1, from SHA-256
    """
    words = "\n".join([str(int(seed)), purpose, *(str(int(number)) for number in more)])
    return int.from_bytes(hashlib.sha256(words.encode()).digest()[:8], "big") >> 1


def generator(seed: int, purpose: str, *more: int) -> torch.Generator:
    """A generator on the CPU, freshly seeded with `derived_seed`. Drawing from it touches no global state."""
    made = torch.Generator()
    made.manual_seed(derived_seed(seed, purpose, *more))
    return made
