"""Which device a run will start on."""

import pytest

from playground.core.carried import Device
from playground.core.devices import AUTO, automatic, chosen_device

CPU, GPU, BROKEN = Device("cpu", "CPU"), Device("cuda:0", "H100"), Device("mps", "MPS", reason="this is not a Mac")


@pytest.mark.parametrize(
    ("devices", "name"), [((), "cpu"), ((CPU, BROKEN), "cpu"), ((CPU, BROKEN, GPU), "cuda:0"), ((BROKEN,), "cpu")]
)
def test_automatic_is_the_first_that_works_and_is_not_the_cpu(devices, name):
    assert automatic(devices) == name
    assert chosen_device(devices, AUTO) == next((one for one in devices if one.name == name), None)


def test_a_device_by_its_name():
    assert chosen_device(iter((CPU, GPU)), "cpu") is CPU
    assert chosen_device((CPU, BROKEN), "mps") is BROKEN
    assert chosen_device((CPU,), "cuda:7") is None
