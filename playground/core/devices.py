"""Which of the devices a run will start on."""

from collections.abc import Iterable

from playground.core.carried import Device

AUTO = "auto"


def automatic(devices: Iterable[Device]) -> str:
    """What "auto" means: the first that can be used and is not the CPU, else the CPU."""
    return next((one.name for one in devices if one.name != "cpu" and not one.reason), "cpu")


def chosen_device(devices: Iterable[Device], name: str) -> Device | None:
    """The device of this name, or that "auto" means; None where it is not among them. name: PyTorch's, or "auto" """
    known = {one.name: one for one in devices}
    return known.get(automatic(known.values()) if name == AUTO else name)
