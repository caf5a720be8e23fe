from types import SimpleNamespace

import pytest
import torch

from playground.engine import batches as module
from playground.engine.batches import Batches, in_layout


@pytest.mark.parametrize(("samples", "batch"), [(10, 3), (1000, 7), (64, 64), (5, 100)])
def test_an_epoch_holds_every_sample_once_in_its_order(samples, batch):
    inputs, targets = torch.arange(samples * 2.0).reshape(samples, 2), torch.arange(samples)
    batches = Batches(inputs, targets, batch, torch.device("cpu"))
    order = torch.randperm(samples, generator=torch.Generator().manual_seed(3))
    batches.begin(order)
    seen = [batches.at(position) for position in range(len(batches))]
    assert torch.equal(torch.cat([one for one, _ in seen]), inputs[order])
    assert torch.equal(torch.cat([one for _, one in seen]), targets[order])
    assert {len(one) for one, _ in seen[:-1]} <= {batch}


def test_a_batch_can_be_asked_for_from_the_middle_of_an_epoch():
    inputs = torch.arange(1000.0)[:, None]
    batches = Batches(inputs, inputs, 3, torch.device("cpu"))
    batches.begin(torch.arange(1000))
    assert batches.at(200)[0].flatten().tolist() == [600, 601, 602]


def test_pictures_come_in_the_layout_that_was_chosen():
    batches = Batches(torch.rand(8, 3, 4, 4), torch.zeros(8), 4, torch.device("cpu"), torch.channels_last)
    batches.begin(torch.arange(8))
    assert batches.at(0)[0].stride()[1] == 1


@pytest.mark.parametrize("kind", ["cuda", "xpu"])
@pytest.mark.parametrize(("free", "moved"), [(2_000, False), (2_002, True)])
def test_data_move_to_a_gpu_where_they_leave_half_of_what_is_free(monkeypatch, kind, free, moved):
    said = SimpleNamespace(mem_get_info=lambda _device: (free, 80_000_000_000))
    monkeypatch.setattr(torch, "get_device_module", lambda device: {kind: said}[torch.device(device).type])
    assert module._fits(torch.zeros(250), torch.device(f"{kind}:0")) == moved  # 1,000 bytes


@pytest.mark.parametrize("channels", [1, 3])
def test_pictures_are_in_the_layout_as_pytorch_would_have_them(channels):
    pictures = torch.randn(5, channels, 7, 9)
    ours, theirs = in_layout(pictures, torch.channels_last), pictures.to(memory_format=torch.channels_last)
    assert torch.equal(ours, pictures)
    assert ours.stride() == theirs.stride()
    assert (ours.data_ptr() == pictures.data_ptr()) == (channels == 1)  # nothing is copied where nothing is moved
    assert in_layout(pictures, torch.contiguous_format) is pictures
