"""Devices: found by name and with memory, and a reason of one sentence where they cannot be used.

This machine has none but its CPU as a rule, so what torch says of the others is put into its mouth.
"""

from types import SimpleNamespace

import pytest
import torch

from playground.core.problem import Problem
from playground.engine import devices

H100 = SimpleNamespace(name="NVIDIA H100 80GB HBM3", total_memory=85_029_158_912, major=9, minor=0)
OLD = SimpleNamespace(name="Tesla K80", total_memory=11_996_954_624, major=3, minor=7)
ARC = SimpleNamespace(name="Intel(R) Arc(TM) A770 Graphics", total_memory=16_225_243_136)


def found() -> dict:
    return {device.name: device for device in devices.list_devices()}


@pytest.fixture
def nvidia(monkeypatch):
    """A machine with two NVIDIA GPUs, the second too old for this torch."""
    cards = [H100, OLD]
    monkeypatch.setattr(torch.backends.cuda, "is_built", lambda: True)
    monkeypatch.setattr(torch.version, "hip", None)
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    monkeypatch.setattr(torch.cuda, "device_count", lambda: len(cards))
    monkeypatch.setattr(torch.cuda, "get_device_properties", cards.__getitem__)
    monkeypatch.setattr(torch.cuda, "get_arch_list", lambda: ["sm_75", "sm_80", "sm_90", "compute_90"])


@pytest.fixture
def no_cuda(monkeypatch):
    """no_cuda(words of torch, GPU plugged in): torch with CUDA that finds no GPU."""

    def make(said: str, plugged_in: bool | None) -> str:
        def init() -> None:
            raise RuntimeError(said)

        monkeypatch.setattr(torch.backends.cuda, "is_built", lambda: True)
        monkeypatch.setattr(torch.version, "hip", None)
        monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
        monkeypatch.setattr(torch.cuda, "init", init)
        monkeypatch.setattr(devices, "_has_nvidia_gpu", lambda: plugged_in)
        return found()["cuda"].reason

    return make


def answering(monkeypatch, number: object) -> None:
    """torch.ones gives this, or raises it, on every device but the CPU."""

    def ones(*_size, device="cpu"):
        assert device != "cpu"
        if isinstance(number, Exception):
            raise number
        return number

    monkeypatch.setattr(torch, "ones", ones)


def test_the_cpu_is_there_and_what_cannot_be_used_says_why():
    known = found()
    assert not known["cpu"].reason
    assert known["cpu"].memory > 0
    usable = {name for name, device in known.items() if not device.reason}
    assert ("mps" in usable) == torch.backends.mps.is_available()
    assert any(name.startswith("cuda:") for name in usable) == torch.cuda.is_available()
    assert any(name.startswith("xpu:") for name in usable) == torch.xpu.is_available()
    for device in known.values():
        assert not device.reason.endswith(".")


def test_every_gpu_has_its_name_and_memory_and_one_that_torch_has_no_code_for_says_so(nvidia):
    known = found()
    assert (known["cuda:0"].title, known["cuda:0"].memory, known["cuda:0"].reason) == (
        "NVIDIA H100 80GB HBM3", 85_029_158_912, "",
    )  # fmt: skip
    assert known["cuda:1"].title == "Tesla K80"
    assert "compute capability 3.7 (it has it for 7.5, 8.0, 9.0)" in known["cuda:1"].reason


@pytest.mark.parametrize(
    ("capability", "fits"),
    [((7, 5), True), ((8, 0), True), ((8, 9), True), ((7, 0), False), ((10, 0), False), ((12, 0), False)],
)
def test_code_serves_its_own_generation_from_its_capability_on(nvidia, monkeypatch, capability, fits):
    monkeypatch.setattr(torch.cuda, "get_arch_list", lambda: ["sm_75", "sm_80", "sm_90"])
    assert (devices._unfit(SimpleNamespace(major=capability[0], minor=capability[1])) == "") == fits


def test_readable_code_serves_newer_generations_too(nvidia):
    assert devices._unfit(SimpleNamespace(major=12, minor=0)) == ""


@pytest.mark.parametrize(
    ("said", "plugged_in", "reason"),
    [
        ("Found no NVIDIA driver on your system.", True, "there is an NVIDIA GPU, but no driver for it"),
        ("Found no NVIDIA driver on your system.", False, "no NVIDIA GPU was found in this machine"),
        ("Found no NVIDIA driver on your system.", None, "no NVIDIA GPU, or no driver for it, was found"),
        ("The NVIDIA driver on your system is too old (found version 11040).", True, "driver is too old"),
        ("No CUDA GPUs are available", True, "its driver does not offer it"),
    ],
)
def test_why_there_is_no_cuda(no_cuda, monkeypatch, said, plugged_in, reason):
    monkeypatch.delenv("CUDA_VISIBLE_DEVICES", raising=False)
    assert reason in no_cuda(said, plugged_in)


def test_gpus_that_a_variable_hides_are_told_from_none(no_cuda, monkeypatch):
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "")
    assert "CUDA_VISIBLE_DEVICES" in no_cuda("No CUDA GPUs are available", True)


def test_a_torch_without_cuda_says_so(monkeypatch):
    monkeypatch.setattr(torch.backends.cuda, "is_built", lambda: False)
    assert found()["cuda"].reason == "this PyTorch was built without CUDA"


def test_a_card_is_looked_for_among_the_displays_of_the_machine(tmp_path, monkeypatch):
    monkeypatch.setattr(devices, "_PCI", tmp_path)
    for number, (vendor, kind) in enumerate([("0x8086", "0x030000"), ("0x10de", "0x040300")]):
        folder = tmp_path / str(number)
        folder.mkdir()
        (folder / "vendor").write_text(f"{vendor}\n")
        (folder / "class").write_text(f"{kind}\n")
    assert devices._has_nvidia_gpu() is False  # Intel's display, NVIDIA's sound
    (tmp_path / "1" / "class").write_text("0x030200\n")
    assert devices._has_nvidia_gpu() is True
    monkeypatch.setattr(devices, "_PCI", tmp_path / "nowhere")
    assert devices._has_nvidia_gpu() is None


def test_intel_gpus_have_their_names(monkeypatch):
    monkeypatch.setattr(torch.xpu, "is_available", lambda: True)
    monkeypatch.setattr(torch.xpu, "device_count", lambda: 1)
    monkeypatch.setattr(torch.xpu, "get_device_properties", lambda _index: ARC)
    assert found()["xpu:0"] == devices.Device("xpu:0", ARC.name, ARC.total_memory)


@pytest.mark.parametrize(("built", "reason"), [(True, "no Intel GPU, or no driver"), (False, "built without XPU")])
def test_why_there_is_no_xpu(monkeypatch, built, reason):
    monkeypatch.setattr(torch.xpu, "is_available", lambda: False)
    monkeypatch.setattr(torch.xpu, "_is_compiled", lambda: built)
    assert reason in found()["xpu"].reason


@pytest.mark.parametrize(
    ("system", "built", "available", "reason"),
    [
        ("Linux", False, False, "this is not a Mac"),
        ("Darwin", False, False, "built without MPS"),
        ("Darwin", True, False, "macOS 12.3"),
        ("Darwin", True, True, ""),
    ],
)
def test_apples_gpu(monkeypatch, system, built, available, reason):
    monkeypatch.setattr(devices.platform, "system", lambda: system)
    monkeypatch.setattr(torch.backends.mps, "is_built", lambda: built)
    monkeypatch.setattr(torch.backends.mps, "is_available", lambda: available)
    monkeypatch.setattr(torch.backends.mps, "is_macos_or_newer", lambda *_version: True)
    mps = found()["mps"]
    assert reason in mps.reason
    assert bool(mps.reason) == bool(reason)
    assert bool(mps.memory) == available


def test_auto_is_the_fastest_that_can_be_used(monkeypatch):
    cpu, gpu = devices.Device("cpu", "CPU"), devices.Device("cuda:0", "A GPU")
    answering(monkeypatch, torch.ones(1))
    monkeypatch.setattr(devices, "list_devices", lambda: (cpu, gpu))
    assert devices.pick("auto") == devices.pick("cuda") == torch.device("cuda:0")
    monkeypatch.setattr(devices, "list_devices", lambda: (cpu, devices.Device("cuda", "CUDA", reason="none")))
    assert devices.pick("auto") == torch.device("cpu")


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 2.00 MiB."), "it is out of memory"),
        (RuntimeError("CUDA error: all CUDA-capable devices are busy\nCompile with ..."), "devices are busy"),
    ],
)
def test_a_gpu_is_tried_before_a_run_and_its_refusal_is_one_sentence(nvidia, monkeypatch, error, said):
    answering(monkeypatch, error)
    with pytest.raises(Problem, match=said) as raised:
        devices.pick("cuda:0")
    assert raised.value.fault.where == H100.name
    assert "\n" not in raised.value.fault.what
    tried = {device.name: device.reason for device in devices.list_devices(tried=True)}
    assert said in tried["cuda:0"]
    assert not tried["cpu"]


@pytest.mark.parametrize(("name", "said"), [("cpuu", "did you mean cpu"), ("cuda", "no driver"), ("mps", "not a Mac")])
def test_a_device_that_cannot_be_used_is_one_sentence(monkeypatch, name, said):
    cpu = devices.Device("cpu", "CPU")
    cuda = devices.Device("cuda", "CUDA", reason="no NVIDIA GPU, or no driver for it, was found")
    mps = devices.Device("mps", "MPS", reason="this is not a Mac")
    monkeypatch.setattr(devices, "list_devices", lambda: (cpu, cuda, mps))
    with pytest.raises(Problem, match=said):
        devices.pick(name)


@pytest.mark.parametrize(("newer", "refused"), [(True, {}), (False, {"bfloat16": "it needs macOS 14 or newer"})])
def test_a_precision_that_a_mac_has_not_yet_is_told(monkeypatch, newer, refused):
    monkeypatch.setattr(devices.platform, "system", lambda: "Darwin")
    monkeypatch.setattr(torch.backends.mps, "is_built", lambda: True)
    monkeypatch.setattr(torch.backends.mps, "is_available", lambda: True)
    monkeypatch.setattr(torch.backends.mps, "is_macos_or_newer", lambda *_version: newer)
    assert found()["mps"].refused == refused
