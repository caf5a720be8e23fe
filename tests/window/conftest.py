"""The fixtures that the tests of the window share."""

from tests.window.bar import at_rest as at_rest, bar as bar, called as called
from tests.window.frame import panel as panel, session as session
from tests.window.typist import typist as typist
