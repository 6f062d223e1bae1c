"""The other files for a deployment: they name settings and commands that exist, and stay locked down."""

from __future__ import annotations

import re
import shlex
from configparser import ConfigParser
from pathlib import Path

import pytest
import yaml

from quizapp.cli import main
from quizapp.settings import Settings
from tests.serving import ROOT

DEPLOY = ROOT / "docs" / "deploy"
FILES = sorted(file for file in DEPLOY.iterdir() if file.is_file())
PAGES = [ROOT / "docs" / "operator-guide.md", ROOT / "README.md"]


@pytest.mark.parametrize("file", [*FILES, *PAGES], ids=lambda file: file.name)
def test_settings_that_are_named_exist(file: Path) -> None:
    named = set(re.findall(r"QUIZAPP_([A-Z][A-Z_]*[A-Z])", file.read_text("utf-8")))

    assert named - {name.upper() for name in Settings.model_fields} == set()


def _code(file: Path) -> str:
    text = file.read_text("utf-8")
    return (
        "\n".join(re.findall(r"```sh\n(.*?)```", text, re.DOTALL)) if file.suffix == ".md" else text
    )


def _wrong(words: list[str]) -> list[str]:
    """What of a command line is no command, or no option of it."""
    group, rest = main, list(words)
    while rest and hasattr(group, "commands") and rest[0] in group.commands:
        group = group.commands[rest.pop(0)]
    if group is main:
        return [] if rest[:1] == ["--help"] else words
    options = {name for parameter in group.params for name in parameter.opts}
    return [word for word in rest if word.startswith("--") and word not in options]


@pytest.mark.parametrize("file", [*FILES, *PAGES], ids=lambda file: file.name)
def test_commands_that_are_named_exist(file: Path) -> None:
    lines = re.findall(
        r"(?:bin/quizapp|-m quizapp|^quizapp) ([^\n;|#]+)", _code(file), re.MULTILINE
    )

    assert [wrong for line in lines if (wrong := _wrong(shlex.split(line.strip("\\ '"))))] == []


def test_commands_of_the_containers_exist() -> None:
    services = yaml.safe_load((DEPLOY / "compose.yaml").read_text("utf-8"))["services"]

    ours = [one["command"] for one in services.values() if one["image"] == "quizapp"]

    assert len(ours) == 2
    assert [wrong for words in ours if (wrong := _wrong(words))] == []


@pytest.mark.parametrize("service", ["app", "upgrade"])
def test_container_has_no_rights_and_writes_in_one_volume(service: str) -> None:
    found = yaml.safe_load((DEPLOY / "compose.yaml").read_text("utf-8"))["services"][service]

    assert (found["read_only"], found["user"], found["cap_drop"]) == (True, "10001:10001", ["ALL"])
    assert found["security_opt"] == ["no-new-privileges:true"]
    assert found["volumes"] == ["instance:/var/lib/quizapp"]


@pytest.mark.parametrize("name", ["quizapp.service", "quizapp-backup.service"])
def test_unit_is_locked_down(name: str) -> None:
    unit = ConfigParser(strict=False, interpolation=None)
    unit.optionxform = str  # type: ignore[assignment,method-assign]
    unit.read_string((DEPLOY / name).read_text("utf-8").replace("\\\n", " "))

    found = unit["Service"]
    assert (found["ProtectSystem"], found["DynamicUser"], found["NoNewPrivileges"]) == (
        "strict", "yes", "yes",
    )  # fmt: skip
    assert (found["CapabilityBoundingSet"], found["ProtectHome"]) == ("", "yes")
    if name == "quizapp.service":
        assert found["KillMode"] == "mixed"
