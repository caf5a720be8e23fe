"""What is built with the keyboard alone."""

import pytest
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from tests.window.frame import LENET_SHAPES

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints", extend=True)

LENET_LAYERS = (
    ("Conv2d", 6), ("ReLU", 0), ("MaxPool2d", 0), ("Conv2d", 16), ("ReLU", 0), ("MaxPool2d", 0), ("Flatten", 0),
    ("Linear", 120), ("ReLU", 0), ("Linear", 84), ("ReLU", 0), ("Linear", 10),
)  # fmt: skip


def test_enter_leads_from_a_row_to_its_arguments_and_back(typist):
    typist.session.document.select(((0,),))
    typist.press("Enter")
    field = typist.window.form.layer_page.grid.fields["out_channels"].editor
    assert (field.hasFocus(), field.selectedText()) == (True, "6")
    for keys in ("Enter", "Esc"):
        typist.press(keys)
        assert typist.list.hasFocus()
        typist.press("Enter")
        assert field.hasFocus()
    typist.press("/")
    assert typist.window.palette_panel.search.hasFocus()
    assert field.text() == "6"


def test_in_the_search_enter_can_be_pressed_again_and_esc_leads_to_the_list(typist):
    search = typist.window.palette_panel.search
    typist.press("/")
    QTest.keyClicks(search, "relu")
    typist.press("Esc")
    assert (search.text(), search.hasFocus()) == ("", True)
    QTest.keyClicks(search, "tanh")
    typist.press("Enter")
    typist.press("Enter")
    assert typist.names[:4] == ["Conv2d", "ReLU", "Tanh", "Tanh"]
    QTest.keyClicks(search, "sigm")
    assert search.text() == "sigm"
    typist.press("/")
    assert (search.text(), search.selectedText()) == ("sigm", "sigm")
    typist.press("Enter")
    typist.press("Esc")
    assert typist.list.hasFocus()
    assert typist.selection == ((4,),)


def test_the_keyboard_alone_builds_lenet_from_an_empty_list(typist, session, qtbot):
    """As the tutorial has it; the workbench says that it is that one."""
    session.client.start()
    typist.press("Ctrl+N")
    assert typist.names == []
    for layer, outputs in LENET_LAYERS:
        typist.press("/")
        QTest.keyClicks(QApplication.focusWidget(), layer)
        typist.press("Enter")
        if outputs:
            typist.press("Esc")
            typist.press("Enter")
            QTest.keyClicks(QApplication.focusWidget(), str(outputs))
    made = [(one.layer, one.arguments) for one in session.document.project.network]
    assert made == [(name, {first_of(name): outputs} if outputs else {}) for name, outputs in LENET_LAYERS]
    report = lambda: session.client.report if session.client.checked == session.document.project else None  # noqa: E731
    qtbot.waitUntil(lambda: report() is not None and len(report().rows) == 12, timeout=120_000)
    assert report().parameters == 81_194
    assert (report().input_shape, *(row.output_shape for row in report().rows)) == LENET_SHAPES


def first_of(layer: str) -> str:
    return "out_channels" if layer == "Conv2d" else "out_features"
