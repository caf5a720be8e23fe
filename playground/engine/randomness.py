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


def repeatable() -> None:
    """Let cuDNN take only algorithms that add up in one order: with the others a seed gives other bits at each run.

    Measured on an H200, they take as long at batch 64, and a third longer for LeNet at batch 1,024. What still differs
    from run to run, in the last digits, is the gradient of a bilinear Upsample.
    source: docs.pytorch.org, "Reproducibility"
    """
    torch.backends.cudnn.deterministic = True


def device_state(device: torch.device) -> torch.Tensor | None:
    """What a device's own generator (dropout's) goes on from; None for the CPU, whose generator is torch's default."""
    match device.type:
        case "cpu":
            return None
        case "mps":
            return torch.mps.get_rng_state()
    state: torch.Tensor = torch.get_device_module(device).get_rng_state(device)  # of this GPU, not of the first one
    return state


def set_device_state(device: torch.device, state: torch.Tensor | None) -> None:
    """Go on from what `device_state` told; None, from a run on the CPU, changes nothing."""
    if state is None or device.type == "cpu":
        return
    if device.type == "mps":
        torch.mps.set_rng_state(state)
    else:
        torch.get_device_module(device).set_rng_state(state, device)
