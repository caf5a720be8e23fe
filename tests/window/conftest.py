"""The fixtures that the tests of the window share."""

from tests.window.bar import at_rest as at_rest
from tests.window.bar import bar as bar
from tests.window.bar import called as called
from tests.window.frame import session as session
