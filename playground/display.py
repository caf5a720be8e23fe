"""Looks for a screen and for the libraries that Qt needs, before Qt does: where they are missing, Qt ends the process
with a misleading line that nothing can catch. Standard library only; some 10 ms."""

import ctypes
import os
import socket
import sys
from pathlib import Path

from playground.core.problem import Problem
from playground.core.text import _

# library -> package of Debian and Ubuntu
ALWAYS = {
    "libGL.so.1": "libgl1",
    "libEGL.so.1": "libegl1",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libdbus-1.so.3": "libdbus-1-3",
    "libfontconfig.so.1": "libfontconfig1",
    "libglib-2.0.so.0": "libglib2.0-0",
}
FOR_X11 = {
    "libxcb.so.1": "libxcb1",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-shape.so.0": "libxcb-shape0",
}
PLATFORM = "QT_QPA_PLATFORM"


def look() -> None:
    """Return where a window can be opened. raises Problem: what is missing, and the packages to install"""
    if sys.platform != "linux":
        return
    chosen = os.environ.get(PLATFORM, "").partition(":")[0]
    x11, wayland = os.environ.get("DISPLAY"), os.environ.get("WAYLAND_DISPLAY")
    if chosen and not chosen.startswith(("xcb", "wayland")):
        _need(ALWAYS)  # offscreen, vnc and the like: no screen to look for
        return
    if not x11 and not wayland:
        raise Problem(
            where=_("Window"),
            what=_("there is no screen: neither DISPLAY nor WAYLAND_DISPLAY is set"),
            fix=_("Start it in a desktop session, or train without a window: playground train preset:lenet-digits"),
        )
    _need(ALWAYS)
    if wayland and not chosen.startswith("xcb") and _answers_wayland(wayland):
        return
    if not x11:
        raise _dead("WAYLAND_DISPLAY", wayland or "")
    _need(FOR_X11)
    if not _answers_x11():
        raise _dead("DISPLAY", x11)
    if wayland and not chosen:
        os.environ[PLATFORM] = "xcb"  # Qt would try the dead one first


def _need(libraries: dict[str, str]) -> None:
    missing = []
    for library, package in libraries.items():
        try:
            ctypes.CDLL(library)
        except OSError:
            missing.append(package)
    if missing:
        raise Problem(
            where=_("Window"),
            what=_("libraries of the system are missing that every window needs"),
            fix=_("Install them: sudo apt-get install {packages}").format(packages=" ".join(missing)),
        )


def _answers_wayland(name: str) -> bool:
    path = Path(os.environ.get("XDG_RUNTIME_DIR", "/run/user/0")) / name  # an absolute name stays as it is
    try:
        with socket.socket(socket.AF_UNIX) as connection:
            connection.settimeout(2)
            connection.connect(str(path))
    except OSError:
        return False
    return True


def _answers_x11() -> bool:
    xcb = ctypes.CDLL("libxcb.so.1")
    xcb.xcb_connect.restype = ctypes.c_void_p
    xcb.xcb_connect.argtypes = [ctypes.c_char_p, ctypes.c_void_p]
    xcb.xcb_connection_has_error.argtypes = [ctypes.c_void_p]
    xcb.xcb_disconnect.argtypes = [ctypes.c_void_p]
    connection = xcb.xcb_connect(None, None)
    fault = xcb.xcb_connection_has_error(connection)
    xcb.xcb_disconnect(connection)
    return not fault


def _dead(variable: str, value: str) -> Problem:
    return Problem(
        where=_("Window"),
        what=_("the screen {variable}={value} does not answer").format(variable=variable, value=value),
        fix=_("Start it in a desktop session, or train without a window: playground train preset:lenet-digits"),
    )
