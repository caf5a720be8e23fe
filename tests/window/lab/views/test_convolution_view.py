"""The lab's convolution: what a person slides, over what, and that the numbers are PyTorch's."""

import numpy as np
import pytest
import torch
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtTest import QTest
from torch.nn import functional as F

from playground.core.kernels import KERNELS
from playground.session.history import numbers
from playground.window.lab.convolution.own_picture import MOST, picture_of
from tests.window.lab.opened import opened


@pytest.fixture
def view(session, qtbot):
    return opened(session, qtbot, "convolution")


def test_it_begins_with_edges_over_a_digit(view):
    slid, asked = view.answer.slid, view.answer.asked
    kernel = torch.tensor(KERNELS["edges"], dtype=torch.float32)[None, None]
    expected = F.conv2d(torch.tensor(numbers(asked.input))[None], kernel, padding=1)[0, 0].numpy()
    np.testing.assert_allclose(numbers(slid.maps[0]), expected, rtol=1e-5, atol=1e-6)
    assert view.head.kernels.currentData() == "edges"
    assert view.page.stage.isVisible()


def test_an_arrow_key_moves_the_window_without_a_step_for_undo(view):
    steps = view.lab.undo_stack.count()
    row, column = view.answer.slid.at
    QTest.keyClick(view.page.stage, Qt.Key.Key_Right)
    QTest.keyClick(view.page.stage, Qt.Key.Key_Down)
    assert view.answer.slid.at == (row + 1, column + 1) == view.state.place
    assert view.lab.undo_stack.count() == steps


def test_a_painted_cell_is_a_part_of_the_page_and_can_be_undone(view):
    kernel = np.array(view.page.arithmetic.kernel)
    kernel[1, 1] = 3.5
    view.page.arithmetic.kernel_changed.emit(kernel)
    assert view.layer.kernel[0][1][1] == 3.5
    assert numbers(view.answer.slid.weight)[0, 1, 1] == 3.5
    view.lab.undo_stack.undo()
    assert view.layer.kernel == (KERNELS["edges"],)
    assert numbers(view.answer.slid.weight)[0, 1, 1] == 8


def test_a_larger_window_takes_the_painted_cells_along(view):
    view.page.what_if.field("kernel_size").set_requested.emit(5)
    assert numbers(view.answer.slid.weight).shape == (1, 5, 5)
    np.testing.assert_array_equal(numbers(view.answer.slid.weight)[0, 1:4, 1:4], KERNELS["edges"])
    assert not view.answer.slid.fresh


@pytest.mark.parametrize("kind", ["MaxPool2d", "AvgPool2d", "ConvTranspose2d"])
def test_every_kind_of_layer_slides(view, kind):
    view.head.kind_chosen.emit(kind)
    module = {
        "MaxPool2d": torch.nn.MaxPool2d(2), "AvgPool2d": torch.nn.AvgPool2d(2),
        "ConvTranspose2d": torch.nn.ConvTranspose2d(1, 1, 3, stride=2, bias=False),
    }[kind]  # fmt: skip
    if kind == "ConvTranspose2d":
        module.weight.data[0, 0] = torch.tensor(KERNELS["smooth"])
    with torch.no_grad():
        expected = module(torch.tensor(numbers(view.answer.asked.input))[None])[0, 0].numpy()
    np.testing.assert_allclose(numbers(view.answer.slid.maps[0]), expected, rtol=1e-5, atol=1e-6)
    assert view.head.kernels.isVisible() == (kind == "ConvTranspose2d")


def test_two_in_a_row_and_one_again(view):
    view.head.chain.click()
    assert len(view.answer.slid.maps) == 2
    assert view.answer.asked.told == 1
    view.head.kind_chosen.emit("MaxPool2d")
    edges, pooled = (numbers(one) for one in view.answer.slid.maps)
    np.testing.assert_allclose(pooled, F.max_pool2d(torch.tensor(edges)[None, None], 2)[0, 0].numpy())
    view.head.which.button("0").click()
    assert view.answer.asked.told == 0
    view.head.chain.click()
    assert len(view.answer.slid.maps) == 1


def test_a_photo_has_channels_to_go_through(view):
    view.head.sample_chosen.emit("photo:flower")
    assert view.page.strip.isVisible()
    assert view.answer.slid.channels == (0, 1, 2)
    view.page.channels.chosen.emit(2)
    assert view.page.scene.channel == 2
    kernel = np.array(view.page.arithmetic.kernel)
    kernel[0, 0] = 7
    view.page.arithmetic.kernel_changed.emit(kernel)
    assert [channel[0][0] for channel in view.layer.kernel] == [-1, -1, 7]


def test_what_pytorch_refuses_is_said_and_the_picture_stays(view):
    view.page.what_if.field("kernel_size").set_requested.emit(99)
    assert "99" in view.page.fault.text()
    assert view.page.fault.isVisible()
    assert view.page.stage.isVisible()
    view.lab.undo_stack.undo()
    assert not view.page.fault.isVisible()


def test_a_picture_of_ones_own_becomes_a_part_of_the_page(view, tmp_path, qtbot):
    image = QImage(100, 50, QImage.Format.Format_RGB32)
    image.fill(QColor(255, 0, 51))
    image.save(str(tmp_path / "red.png"))
    view.take_picture(tmp_path / "red.png")
    qtbot.waitUntil(lambda: bool(view.state.picture))
    assert numbers(view.answer.asked.input).shape == (3, MOST // 2, MOST)
    np.testing.assert_allclose(numbers(view.answer.asked.input)[:, 3, 3], [1, 0, 0.2], atol=1e-3)
    (tmp_path / "words.png").write_text("no picture")
    view.take_picture(tmp_path / "words.png")
    qtbot.waitUntil(lambda: "words.png" in view.page.fault.text())
    assert view.page.stage.isVisible()


def test_a_grey_picture_has_one_channel():
    image = QImage(3, 2, QImage.Format.Format_Grayscale8)
    image.fill(0)
    image.setPixelColor(QPoint(2, 1), QColor(255, 255, 255))
    assert picture_of(image) == (((0.0, 0.0, 0.0), (0.0, 0.0, 1.0)),)


def test_the_program_that_is_copied_prints_the_value(view, capsys, monkeypatch):
    copied = []
    monkeypatch.setattr(view.page.tail, "take", copied.append)
    view.page.tail.copy.click()
    exec(copied[0], {})
    assert float(capsys.readouterr().out) == pytest.approx(view.answer.slid.value, rel=1e-5)
