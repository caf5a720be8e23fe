"""A session whose questions about the lab are answered at once."""

from tests.window.frame import session as session
from tests.window.lab.conftest import told as told
from tests.window.lessons.learner import window as window
