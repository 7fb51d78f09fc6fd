"""The examples of docs/api.md work as they stand: each command is read as curl reads it and sent to the program."""

import re
import shlex
import subprocess
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from shian.config.home import PROJECT
from shian.kernel.accounts.models import Role
from shian.kernel.api.problems import PROBLEMS
from shian.registers.people.tests.factories import reach_user
from tests.api.programs import token_for

GUIDE = (PROJECT / "docs" / "api.md").read_text(encoding="utf-8")
# What each answer holds, in the order of the guide.
EXPECTED: list[Any] = [
    "items",
    "items",
    "type",
    [{"state": "checked", "rows_good": 1}],
    "items",
    {"measure": "operators.total", "shown": "64098"},
    {"dataSet": "operators"},
    {"status": "SUCCESS", "dryRun": True},
    {"type": "FeatureCollection"},
]


def commands() -> list[str]:
    """The commands of the examples, in order; one begins at the start of a line."""
    blocks = [block.replace("\\\n", " ") for block in re.findall(r"```sh\n(.*?)```", GUIDE, re.DOTALL)]
    return [
        each for block in blocks for each in re.split(r"(?m)^(?=curl |printf )", block) if each[:4] in {"curl", "prin"}
    ]


def test_the_guide_explains_every_type_of_error() -> None:
    table = dict(re.findall(r"^\| `([a-z-]+)` \| (\d{3}) \|", GUIDE, re.MULTILINE))

    assert table == {key: str(found.status) for key, found in PROBLEMS.items()}


@pytest.mark.django_db
@pytest.mark.usefixtures("langfang")
def test_the_examples_work(tmp_path: Path) -> None:
    key = token_for(reach_user("office", "131000", Role.OFFICE))
    answers = []
    for command in commands():
        if command.startswith("printf"):
            subprocess.run(["sh", "-c", command], cwd=tmp_path, check=True)
        else:
            answers.append(sent(command.replace("$TOKEN", key).replace("$SHIAN", ""), tmp_path))

    assert len(answers) == len(EXPECTED)
    for answer, expected in zip(answers, EXPECTED, strict=True):
        assert fits(answer, expected), answer


def sent(command: str, folder: Path) -> Any:
    """The JSON that the command is answered with. It knows the options that the guide uses."""
    headers, fields, body, address = {}, {}, "", ""
    words = iter(shlex.split(command))
    for word in words:
        if word == "-H":
            name, _colon, value = next(words).partition(":")
            headers[name] = value.strip()
        elif word == "-F":
            name, _sign, value = next(words).partition("=")
            fields[name] = uploaded(folder / value[1:]) if value.startswith("@") else value
        elif word == "-d":
            body = next(words)
        elif word.startswith("/"):
            address = word
    client = Client()
    if fields:
        return client.post(address, fields, headers=headers).json()
    if body:
        return client.post(address, body, content_type=headers.pop("Content-Type"), headers=headers).json()
    return client.get(address, headers=headers).json()


def uploaded(path: Path) -> SimpleUploadedFile:
    return SimpleUploadedFile(path.name, path.read_bytes())


def fits(answer: Any, expected: Any) -> bool:
    """Has the answer the member, or the members with these values?"""
    if isinstance(expected, str):
        return expected in answer
    if isinstance(expected, list):
        return len(answer) == len(expected) and all(map(fits, answer, expected))
    return all(answer.get(name) == value for name, value in expected.items())
