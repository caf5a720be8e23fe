"""The devices that a run can use, and why not where it cannot: each reason is one sentence without its full stop."""

import os
import platform
import warnings
from collections.abc import Callable
from pathlib import Path

import msgspec
import psutil
import torch

from playground.core.arguments import did_you_mean
from playground.core.devices import automatic
from playground.core.messages import Device
from playground.core.problem import Problem
from playground.core.text import _, plural
from playground.engine.memory import free_memory
from playground.engine.precision import refused_precisions

_NO_MEMORY = ("out of memory", "allocate memory", "not enough memory", "memory allocation", "alloc_failed")
# oneDNN's, whatever the reason. source: https://github.com/pytorch/pytorch/issues/55884
_UNEXPLAINED = ("could not create a primitive", "could not execute a primitive", "could not create a memory")
_NEXT_TO_NOTHING = 64_000_000  # bytes
_NVIDIA = "0x10de"  # source: https://pcisig.com/membership/member-companies
_DISPLAYS = "0x03"  # class of display controllers. source: PCI Code and ID Assignment Specification
_PCI = Path("/sys/bus/pci/devices")


def list_devices(*, tried: bool = False) -> tuple[Device, ...]:
    """The CPU, each CUDA device, Apple's MPS and each Intel XPU; those that cannot be used with the reason.

    tried: put one number on each device to see whether it works, and in which precisions; that takes some of its memory
    """
    found = (_cpu(), *_cuda(), _mps(), *_xpu())
    return tuple(_with_refused(_tried(one) if tried else one, tried) for one in found)


def is_usable(device: Device) -> bool:
    return not device.reason


def pick(name: str) -> torch.device:
    """The device of this name; "auto" is the fastest there is. raises Problem: unknown, or not usable here"""
    devices = {device.name: device for device in list_devices()}
    if name == "auto":
        name = automatic(devices.values())
    name = f"{name}:0" if f"{name}:0" in devices else name
    usable = ", ".join(one.name for one in devices.values() if is_usable(one) and one.name != name)
    fix = _("Choose one of {names}").format(names=usable)
    if name not in devices:
        where = _("Device {name}").format(name=name)
        raise Problem(where=where, what=_("there is no such device") + did_you_mean(name, devices), fix=fix)
    device = devices[name] if name == "cpu" else _tried(devices[name])
    if device.reason:
        raise Problem(where=device.title, what=device.reason, fix=fix)
    return torch.device(name)


def wait_for(device: torch.device) -> None:
    """Return when this device, and not the first of its kind, has done all that it was given."""
    match device.type:
        case "cpu":
            return
        case "mps":
            torch.mps.synchronize()
        case _:
            torch.get_device_module(device).synchronize(device)


def available_cores() -> int:
    """Cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def is_no_memory(error: BaseException) -> bool:
    """Whether it says that memory is used up, or says nothing while it is."""
    said = str(error).lower()
    if isinstance(error, MemoryError | torch.OutOfMemoryError) or any(one in said for one in _NO_MEMORY):
        return True
    return any(one in said for one in _UNEXPLAINED) and free_memory(torch.device("cpu")) < _NEXT_TO_NOTHING


def _cpu() -> Device:
    cores = os.cpu_count() or 1
    return Device("cpu", plural("CPU · {n} core", "CPU · {n} cores", cores), psutil.virtual_memory().total)


def _cuda() -> tuple[Device, ...]:
    """Also AMD's: a PyTorch that is built with ROCm shows them under this name."""
    if not torch.backends.cuda.is_built():
        return (Device("cuda", "CUDA", reason=_("this PyTorch was built without CUDA")),)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of a driver that is too old, which is told below
        there = torch.cuda.is_available()
    if not there:
        return (Device("cuda", "CUDA", reason=_why_no_cuda()),)
    return _each("cuda", "CUDA", torch.cuda, _unfit)


def _mps() -> Device:
    title = _("Apple GPU (MPS)")
    if platform.system() != "Darwin":
        return Device("mps", title, reason=_("this is not a Mac"))
    if not torch.backends.mps.is_built():
        return Device("mps", title, reason=_("this PyTorch was built without MPS"))
    if not torch.backends.mps.is_available():
        return Device("mps", title, reason=_("MPS needs macOS 12.3 or newer and an Apple GPU"))
    return Device("mps", title, psutil.virtual_memory().total)  # its memory is the machine's


def _xpu() -> tuple[Device, ...]:
    title = _("Intel GPU (XPU)")
    if torch.xpu.is_available():
        return _each("xpu", title, torch.xpu, lambda _properties: "")
    # torch has no public word for it
    built = getattr(torch.xpu, "_is_compiled", lambda: False)()
    reason = _("no Intel GPU, or no driver for it, was found") if built else _("this PyTorch was built without XPU")
    return (Device("xpu", title, reason=reason),)


def _each(kind: str, title: str, module: object, unfit: Callable[[object], str]) -> tuple[Device, ...]:
    """Every device of a kind by its own name; one that does not tell its properties says why."""
    found = []
    for index in range(module.device_count()):  # type: ignore[attr-defined]
        name = f"{kind}:{index}"
        try:
            one = module.get_device_properties(index)  # type: ignore[attr-defined]
        except (RuntimeError, AssertionError) as error:
            found.append(Device(name, f"{title} {index}", reason=_refusal(error)))
        else:
            found.append(Device(name, one.name, one.total_memory, unfit(one)))
    return tuple(found)


def _why_no_cuda() -> str:
    """PyTorch's own attempt tells: it raises. source: torch/csrc/cuda/Module.cpp, c10/cuda/CUDAFunctions.cpp"""
    if torch.version.hip:
        return _("no AMD GPU, or no driver for it, was found")
    try:
        torch.cuda.init()
    except (RuntimeError, AssertionError) as error:
        said = str(error)
    else:
        said = ""
    if "too old" in said:
        return _("the NVIDIA driver is too old for this PyTorch")
    if os.environ.get("CUDA_VISIBLE_DEVICES") in ("", "-1"):
        return _("the variable CUDA_VISIBLE_DEVICES hides every GPU")
    match _has_nvidia_gpu():
        case True if "no NVIDIA driver" in said:
            return _("there is an NVIDIA GPU, but no driver for it")
        case True:
            return _("there is an NVIDIA GPU, but its driver does not offer it")
        case False:
            return _("no NVIDIA GPU was found in this machine")
    return _("no NVIDIA GPU, or no driver for it, was found")


def _has_nvidia_gpu() -> bool | None:
    """Whether one is plugged in; None where the system does not tell us."""
    try:
        for device in _PCI.iterdir():
            vendor, kind = ((device / name).read_text().strip() for name in ("vendor", "class"))
            if vendor == _NVIDIA and kind.startswith(_DISPLAYS):
                return True
        return False
    except OSError:
        return None


def _unfit(properties: object) -> str:
    """Why this PyTorch has no code for a GPU; empty where it has. source: torch/cuda/__init__.py"""
    if torch.version.hip:
        return ""
    own = (properties.major, properties.minor)  # type: ignore[attr-defined]
    codes, readable = list[tuple[int, int]](), list[tuple[int, int]]()
    for arch in torch.cuda.get_arch_list():
        kind, _underscore, figures = arch.partition("_")
        digits = "".join(one for one in figures if one.isdigit())
        if digits:
            (codes if kind == "sm" else readable).append((int(digits[:-1]), int(digits[-1])))
    fits = any(one[0] == own[0] and one <= own for one in codes) or any(one <= own for one in readable)
    if fits or not codes:
        return ""
    return _("this PyTorch has no code for its compute capability {own} (it has it for {known})").format(
        own="{}.{}".format(*own), known=", ".join("{}.{}".format(*one) for one in sorted(codes))
    )


def _tried(device: Device) -> Device:
    """The device, with the reason if it cannot hold a number and count with it."""
    if device.reason or device.name == "cpu":
        return device
    try:
        number = torch.ones(1, device=device.name)
        reason = "" if (number + number).item() == 2 else _("it does not calculate correctly")
    except (RuntimeError, AssertionError) as error:
        reason = _refusal(error)
    return Device(device.name, device.title, device.memory, reason)


def _with_refused(device: Device, tried: bool) -> Device:
    """The device, with the precisions that it cannot compute in."""
    if device.reason:
        return device
    if device.name == "cpu" or tried:
        refused = refused_precisions(torch.device(device.name))
    elif device.name == "mps" and not torch.backends.mps.is_macos_or_newer(14, 0):
        refused = {"bfloat16": _("it needs macOS 14 or newer")}  # source: torch/amp/autocast_mode.py
    else:
        refused = {}
    return msgspec.structs.replace(device, refused=refused)


def _refusal(error: Exception) -> str:
    if is_no_memory(error):
        return _("it is out of memory, other programs use it")
    first = next((line.strip() for line in str(error).splitlines() if line.strip()), type(error).__name__)
    return _("PyTorch cannot use it: {message}").format(message=first.rstrip(".")[:200])
