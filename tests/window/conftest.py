"""The fixtures that the tests of the window share."""

import pytest

from tests.window.bar import at_rest as at_rest, bar as bar, called as called
from tests.window.frame import panel as panel, session as session
from tests.window.typist import typist as typist


@pytest.fixture(autouse=True)
def opened_pages(monkeypatch):
    """The addresses that the browser was asked to show: no test opens one."""
    opened = []
    monkeypatch.setattr("PySide6.QtGui.QDesktopServices.openUrl", lambda url: opened.append(url.toString()) or True)
    return opened
