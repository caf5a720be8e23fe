"""What a bug report needs, and the examples."""

import json
import platform

import torch

from playground.cli.main import run
from playground.core import registry
from playground.disk import folders, projects


def facts(capsys) -> dict:
    assert run(["info", "--json"]) == 0
    return json.loads(capsys.readouterr().out)


def test_versions_are_those_that_run(capsys):
    versions = facts(capsys)["versions"]
    assert versions["python"] == platform.python_version()
    assert versions["torch"] == torch.__version__.partition("+")[0]


def test_every_device_can_be_used_or_says_why_not(capsys):
    devices = {device["name"]: device for device in facts(capsys)["devices"]}
    assert devices["cpu"]["usable"]
    assert all(device["usable"] != bool(device["reason"]) for device in devices.values())
    assert any(device["usable"] for name, device in devices.items() if "cuda" in name) == torch.cuda.is_available()


def test_folders_are_named(capsys):
    found = facts(capsys)
    assert found["folders"]["data"] == str(folders.data())
    assert found["folders"]["log"] == str(folders.log())


def test_a_plug_in_that_was_left_out_is_named_with_its_reason(capsys, monkeypatch):
    monkeypatch.setitem(registry.FAILURES, "teachers.layers", "ImportError: no module chalk")
    assert facts(capsys)["left_out"]["teachers.layers"] == "ImportError: no module chalk"
    assert run(["info"]) == 0
    assert "left out: teachers.layers (ImportError: no module chalk)" in capsys.readouterr().out


def test_people_read_the_same(capsys):
    found = facts(capsys)
    assert run(["info"]) == 0
    said = capsys.readouterr().out
    for part in (*found["versions"].values(), *found["folders"].values()):
        assert part in said
    assert f"not usable: {next(one['reason'] for one in found['devices'] if one['reason'])}" in said


def test_presets_are_listed_with_what_they_hold(capsys):
    assert run(["presets", "--json"]) == 0
    rows = {row["name"]: row for row in json.loads(capsys.readouterr().out)}
    assert set(rows) == {f"preset:{name}" for name in projects.presets()}
    lenet, about = rows["preset:lenet-digits"], projects.load("preset:lenet-digits").about
    assert (lenet["dataset"], lenet["layers"]) == ("digits", 12)
    assert (lenet["title"], lenet["summary"]) == (about.title, about.summary)
    assert run(["presets"]) == 0
    said = capsys.readouterr().out
    assert all(row["name"] in said and f"{row['title']}: {row['summary']}" in said for row in rows.values())
