import pytest
import torch

from playground.core.problem import Problem
from playground.engine import devices


def test_the_cpu_is_there_and_what_cannot_be_used_says_why():
    found = {device.name: device for device in devices.list_devices()}
    assert not found["cpu"].reason
    assert found["cpu"].memory > 0
    usable = {name for name, device in found.items() if not device.reason}
    assert ("mps" in usable) == torch.backends.mps.is_available()
    assert any(name.startswith("cuda:") for name in usable) == torch.cuda.is_available()


def test_auto_is_the_fastest_that_can_be_used(monkeypatch):
    cpu, gpu = devices.Device("cpu", "CPU"), devices.Device("cuda:0", "A GPU")
    monkeypatch.setattr(devices, "list_devices", lambda: (cpu, gpu))
    assert devices.pick("auto") == torch.device("cuda:0")
    monkeypatch.setattr(devices, "list_devices", lambda: (cpu, devices.Device("cuda", "CUDA", reason="none")))
    assert devices.pick("auto") == torch.device("cpu")


@pytest.mark.parametrize(("name", "said"), [("cpuu", "did you mean cpu"), ("cuda", "no driver"), ("mps", "not a Mac")])
def test_a_device_that_cannot_be_used_is_one_sentence(monkeypatch, name, said):
    cpu = devices.Device("cpu", "CPU")
    cuda = devices.Device("cuda", "CUDA", reason="no NVIDIA GPU, or no driver for it, was found")
    mps = devices.Device("mps", "MPS", reason="this is not a Mac")
    monkeypatch.setattr(devices, "list_devices", lambda: (cpu, cuda, mps))
    with pytest.raises(Problem, match=said):
        devices.pick(name)
