"""The menu of devices."""

import pytest

from playground.core.messages import Device
from playground.window.run_chooser import DeviceChooser
from tests.window.frame import session  # noqa: F401

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints", extend=True)


def test_each_device_shows_its_memory_or_why_it_cannot_be_used(session, qtbot):  # noqa: F811
    chooser = DeviceChooser(session)
    qtbot.addWidget(chooser)
    session.client.devices = (
        Device("cpu", "CPU · 2 cores", 8 * 2**30),
        Device("cuda:0", "NVIDIA H100 80GB HBM3", 85_029_158_912),
        Device("cuda:1", "Tesla K80", 11_996_954_624, "this PyTorch has no code for it"),
    )
    session.client.devices_changed.emit()
    chooser.fill()
    shown = {action.text(): action.isEnabled() for action in chooser.menu().actions()}
    assert shown == {
        "Automatic: the fastest there is": True,
        "CPU · 2 cores   8 GiB": True,
        "NVIDIA H100 80GB HBM3   79 GiB": True,
        "Tesla K80   this PyTorch has no code for it": False,
    }
    assert chooser.caption == "NVIDIA H100 80GB HBM3"
