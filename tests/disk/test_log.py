import logging

import pytest

from playground.disk import folders, log


@pytest.fixture
def root(tmp_path, monkeypatch):
    """The root logger as it was, and a log file of this test's own."""
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    monkeypatch.setattr(folders, "log", lambda: tmp_path / "logs" / "playground.log")
    yield root
    for handler in set(root.handlers) - set(handlers):
        root.removeHandler(handler)
        handler.close()
    root.setLevel(level)


def test_a_traceback_goes_to_the_log_file_with_the_name_of_its_process(root):
    log.install("workbench")
    log.install("workbench")  # twice is once
    try:
        raise ZeroDivisionError("by zero")
    except ZeroDivisionError:
        logging.getLogger("playground.engine.check").exception("checking")
    written = folders.log().read_text()
    assert written.count("workbench ERROR playground.engine.check: checking") == 1
    assert "ZeroDivisionError: by zero" in written


def test_chatter_is_left_out(root):
    log.install("window")
    logging.getLogger("some.library").info("hello")
    logging.getLogger("some.library").warning("careful")
    assert "hello" not in folders.log().read_text()


def test_no_place_for_a_log_is_no_reason_not_to_start(root, tmp_path):
    (tmp_path / "logs").write_text("a file where the folder should be")
    log.install("window")
    logging.getLogger("some.library").warning("careful")
