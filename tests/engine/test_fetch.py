import gzip
import hashlib
import http.server
import io
import socket
import threading
import types
import zipfile

import numpy as np
import pytest

from playground.core.data import Data
from playground.core.problem import Problem
from playground.disk import folders
from playground.engine import fetch as fetching, loader
from playground.engine.datasets import mnist
from tests.engine import idx_files
from tests.engine.idx_files import NAMES, idx


@pytest.fixture(autouse=True)
def own_places(tmp_path, monkeypatch):
    idx_files.own_places(tmp_path, monkeypatch)
    for variable in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.setattr(fetching, "TIMEOUT_S", 2.0)
    monkeypatch.setattr(fetching, "_PROGRESS_EVERY_S", 0.0)


class Server:
    """Serves `files` (name -> bytes) on the loopback address and writes down what was asked for."""

    def __init__(self):
        self.files, self.asked, self.cut_at = {}, [], None
        outer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                name = self.path.rpartition("/")[2]
                outer.asked.append(name)
                content = outer.files.get(name)
                if content is None:
                    return self.send_error(404)
                self.send_response(200)
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                try:
                    self.wfile.write(content[: outer.cut_at])
                except OSError:
                    outer.asked.append("hung up")

            def log_message(self, *_words):
                """Says nothing."""

        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = False  # close waits for them
        self.address = f"http://127.0.0.1:{self._server.server_address[1]}/files/"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,))
        self._thread.start()

    def close(self):
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


@pytest.fixture
def server():
    made = Server()
    yield made
    made.close()


@pytest.fixture
def content(server, monkeypatch):
    """A small Fashion-MNIST on the server, in torchvision's tables."""
    content = idx_files.arrays(600, 200)
    server.files = {f"{name}.gz": gzip.compress(idx(array)) for name, array in content.items()}
    tables = types.SimpleNamespace(
        mirrors=[server.address],
        resources=[(name, hashlib.md5(packed).hexdigest()) for name, packed in server.files.items()],
    )
    monkeypatch.setattr(mnist, "_torchvision_class", lambda spec: tables)
    server.tables = tables
    return content


def fetch(progress=lambda done, total: None, cancelled=lambda: False):
    fetching.fetch("fashion-mnist", progress, cancelled)


def home():
    return folders.datasets() / "FashionMNIST" / "raw"


def test_a_download_can_be_read_by_us_and_by_torchvision(content):
    torchvision = pytest.importorskip("torchvision.datasets")
    fetch()
    prepared = loader.prepare(Data(dataset="fashion-mnist"), 0)
    assert np.array_equal(prepared.train_inputs.squeeze(1).numpy(), content[NAMES[0]])
    theirs = torchvision.FashionMNIST(folders.datasets(), train=False, download=False)
    assert np.array_equal(theirs.data.numpy(), content[NAMES[2]])
    assert sorted(file.name for file in home().iterdir()) == sorted(NAMES)


def test_progress_counts_bytes_to_the_end(server, content):
    told = []
    fetch(lambda done, total: told.append((done, total)))
    everything = sum(len(packed) for packed in server.files.values())
    assert [done for done, _total in told] == sorted(done for done, _total in told)
    assert told[-1] == (everything, everything)
    assert {total for _done, total in told[:-1]} == {30_878_645}
    assert len(told) > 4


def test_what_is_there_is_not_downloaded_again(server, content):
    fetch()
    del server.asked[:]
    fetch()
    assert server.asked == []


def test_only_missing_and_damaged_files_are_downloaded(server, content):
    fetch()
    (home() / NAMES[0]).write_bytes(b"damaged")
    (home() / NAMES[3]).unlink()
    del server.asked[:]
    fetch()
    assert server.asked == [f"{NAMES[0]}.gz", f"{NAMES[3]}.gz"]
    assert (home() / NAMES[0]).read_bytes() == idx(content[NAMES[0]])


def test_cancelling_leaves_no_half_file_and_the_next_try_goes_on(server, content):
    done_bytes = []
    with pytest.raises(fetching.Cancelled, match="Fashion-MNIST: the download was cancelled"):
        fetch(
            lambda done, total: done_bytes.append(done), lambda: sum(done_bytes) > len(server.files[f"{NAMES[0]}.gz"])
        )
    left = sorted(file.name for file in home().iterdir())
    assert set(left) < set(NAMES)
    del server.asked[:]
    fetch()
    assert len(server.asked) == 4 - len(left)
    assert loader.prepare(Data(dataset="fashion-mnist"), 0)


def test_cancelling_before_the_first_byte_asks_no_server(server, content):
    with pytest.raises(fetching.Cancelled):
        fetch(cancelled=lambda: True)
    assert server.asked == []


@pytest.mark.parametrize("trouble", ["not there", "cut off", "another file"])
def test_a_mirror_that_fails_is_followed_by_the_next(server, content, trouble):
    second = Server()
    try:
        second.files = dict(server.files)
        server.tables.mirrors.append(second.address)
        if trouble == "not there":
            server.files = {}
        elif trouble == "cut off":
            server.cut_at = 100
        else:
            server.files = dict.fromkeys(server.files, gzip.compress(b"something else") + b"longer" * 100_000)
        told = []
        fetch(lambda done, total: told.append(done))
        assert len(second.asked) == 4
        assert told[-1] == sum(len(packed) for packed in second.files.values())
    finally:
        second.close()
    assert np.array_equal(
        loader.prepare(Data(dataset="fashion-mnist"), 0).test_inputs.squeeze(1).numpy(), content[NAMES[2]]
    )


@pytest.mark.parametrize(
    ("mirror", "reason"),
    [
        ("http://127.0.0.1:9/", "refused"),
        ("nonsense", "unknown url type"),
    ],
)
def test_no_network_is_one_problem_with_the_way_out(content, server, mirror, reason):
    server.tables.mirrors[:] = [mirror]
    with pytest.raises(Problem) as caught:
        fetch()
    fault = caught.value.fault
    assert fault.where == "Fashion-MNIST"
    assert f"{NAMES[0]}.gz could not be downloaded" in fault.what
    assert reason in fault.what.lower()
    assert str(home()) in fault.fix
    assert list(home().iterdir()) == []


def test_a_server_that_falls_silent_is_given_up(server, content, monkeypatch):
    monkeypatch.setattr(fetching, "TIMEOUT_S", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as deaf:
        server.tables.mirrors[:] = [f"http://127.0.0.1:{deaf.getsockname()[1]}/"]
        with pytest.raises(Problem, match="timed out"):
            fetch()


def test_a_server_that_never_stops_is_stopped(server, content, monkeypatch):
    monkeypatch.setattr(fetching, "_MOST_BYTES", 1000)
    with pytest.raises(Problem, match="sends more than such a file has"):
        fetch()
    assert list(home().iterdir()) == []


def test_a_right_checksum_on_a_file_that_is_no_idx_is_a_problem(server, content):
    name = f"{NAMES[0]}.gz"
    server.files[name] = gzip.compress(b"<html>")
    server.tables.resources[0] = (name, hashlib.md5(server.files[name]).hexdigest())
    with pytest.raises(Problem, match="does not begin like an IDX file"):
        fetch()
    assert list(home().iterdir()) == []


def test_a_folder_that_cannot_be_made_is_a_problem(content, tmp_path):
    (tmp_path / "own data").write_text("a file where the folder should be")
    with pytest.raises(Problem, match="could not be saved"):
        fetch()


def test_an_error_of_the_caller_is_not_taken_for_one_of_the_network(server, content):
    def broken(done, total):
        raise BrokenPipeError("the window is gone")

    with pytest.raises((BrokenPipeError, Problem)) as caught:
        fetch(broken)
    assert "could not be downloaded" not in str(caught.value)
    assert server.asked == [f"{NAMES[0]}.gz"]


@pytest.mark.parametrize(
    "error", [ImportError("no torchvision"), RuntimeError("operator torchvision::nms does not exist")]
)
def test_a_torchvision_that_does_not_load_is_one_sentence(monkeypatch, error):
    import builtins

    known = builtins.__import__

    def importing(name, *rest):
        if name.startswith("torchvision"):
            raise error
        return known(name, *rest)

    monkeypatch.setattr(builtins, "__import__", importing)
    with pytest.raises(Problem) as caught:
        fetch()
    assert str(error) in caught.value.fault.what
    assert str(home()) in caught.value.fault.fix


def test_torchvisions_tables_are_what_we_expect_of_them():
    pytest.importorskip("torchvision.datasets")
    from playground.core.datasets import DATASETS

    for name in ("mnist", "fashion-mnist", "kmnist"):
        source = mnist._torchvision_class(DATASETS[name])
        assert sorted(file.removesuffix(".gz") for file, _md5 in source.resources) == sorted(NAMES)
        assert all(mirror.endswith("/") for mirror in source.mirrors)
    source = mnist._torchvision_class(DATASETS["emnist-letters"])
    assert source.url.startswith("https://")
    assert len(source.md5) == 32


def test_a_set_that_comes_with_the_program_needs_no_download():
    fetching.fetch("digits", lambda done, total: pytest.fail("nothing to download"), lambda: False)


def test_an_unknown_set_is_a_problem():
    with pytest.raises(Problem, match="did you mean digits"):
        fetching.fetch("digit", lambda done, total: None, lambda: False)


@pytest.mark.parametrize("trouble", ["none", "no archive", "a file is missing"])
def test_letters_come_out_of_the_archive_with_all_of_emnist(server, monkeypatch, trouble):
    content = dict(zip(mnist.LETTERS, idx_files.arrays().values(), strict=True))
    packed = {f"gzip/{name}.gz": gzip.compress(idx(array)) for name, array in content.items()}
    packed["gzip/emnist-byclass-mapping.txt"] = b"not wanted"
    if trouble == "a file is missing":
        del packed[f"gzip/{mnist.LETTERS[2]}.gz"]
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, one in packed.items():
            archive.writestr(name, one)
    sent = b"no archive" if trouble == "no archive" else buffer.getvalue()
    server.files = {"gzip.zip": sent}
    known = types.SimpleNamespace(url=f"{server.address}gzip.zip", md5=hashlib.md5(sent).hexdigest())
    monkeypatch.setattr(mnist, "_torchvision_class", lambda spec: known)
    place = folders.datasets() / "EMNIST" / "raw"
    if trouble == "none":
        fetching.fetch("emnist-letters", lambda *both: None, lambda: False)
        assert sorted(file.name for file in place.iterdir()) == sorted(f"{name}.gz" for name in mnist.LETTERS)
        assert mnist.locate(loader.spec_of("emnist-letters")).available
    else:
        with pytest.raises(Problem, match="damaged or cut off"):
            fetching.fetch("emnist-letters", lambda *both: None, lambda: False)
        assert list(place.iterdir()) == []
