"""The devices that a run can use, and why not where it cannot."""

import os
import platform

import psutil
import torch

from playground.core.arguments import did_you_mean
from playground.core.messages import Device
from playground.core.problem import Problem
from playground.core.text import _, plural


def list_devices() -> tuple[Device, ...]:
    """The CPU, each CUDA device, and Apple's MPS; those that cannot be used with the reason."""
    return (_cpu(), *_cuda(), _mps())


def pick(name: str) -> torch.device:
    """The device of this name; "auto" is the fastest there is. raises Problem: unknown, or not usable here"""
    devices = {device.name: device for device in list_devices()}
    if name == "auto":
        name = next((one.name for one in devices.values() if one.name != "cpu" and not one.reason), "cpu")
    name = "cuda:0" if name == "cuda" and "cuda:0" in devices else name
    usable = ", ".join(one.name for one in devices.values() if not one.reason)
    fix = _("Choose one of {names}").format(names=usable)
    if name not in devices:
        where = _("Device {name}").format(name=name)
        raise Problem(where=where, what=_("there is no such device") + did_you_mean(name, devices), fix=fix)
    if devices[name].reason:
        raise Problem(where=devices[name].title, what=devices[name].reason, fix=fix)
    return torch.device(name)


def _cpu() -> Device:
    cores = os.cpu_count() or 1
    return Device("cpu", plural("CPU · {n} core", "CPU · {n} cores", cores), psutil.virtual_memory().total)


def _cuda() -> tuple[Device, ...]:
    if not torch.backends.cuda.is_built():
        return (Device("cuda", "CUDA", reason=_("this PyTorch was built without CUDA")),)
    if not torch.cuda.is_available():
        return (Device("cuda", "CUDA", reason=_("no NVIDIA GPU, or no driver for it, was found")),)
    properties = [torch.cuda.get_device_properties(index) for index in range(torch.cuda.device_count())]
    return tuple(Device(f"cuda:{index}", one.name, one.total_memory) for index, one in enumerate(properties))


def _mps() -> Device:
    title = _("Apple GPU (MPS)")
    if platform.system() != "Darwin":
        return Device("mps", title, reason=_("this is not a Mac"))
    if not torch.backends.mps.is_built():
        return Device("mps", title, reason=_("this PyTorch was built without MPS"))
    if not torch.backends.mps.is_available():
        return Device("mps", title, reason=_("MPS needs macOS 12.3 or newer and an Apple GPU"))
    return Device("mps", title, psutil.virtual_memory().total)
