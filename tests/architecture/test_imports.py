"""The layers hold, without a single exception."""

import configparser
import subprocess
import sys
from pathlib import Path

from tests.architecture.sources import PROJECT


def test_every_import_contract_is_kept() -> None:
    program = Path(sys.executable).with_name("lint-imports")  # in this process it would silence every logger

    done = subprocess.run([program, "--no-cache"], cwd=PROJECT, capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stdout


def test_contracts_have_no_ignore_list() -> None:
    config = configparser.ConfigParser()
    config.read(PROJECT / ".importlinter")

    assert not [name for name in config.sections() if config.has_option(name, "ignore_imports")]


def test_each_domain_protects_its_models() -> None:
    config = configparser.ConfigParser()
    config.read(PROJECT / ".importlinter")
    protected = {
        config.get(name, "protected_modules").strip()
        for name in config.sections()
        if config.get(name, "type", fallback="") == "protected"
    }
    domains = {
        f"shian.domains.{path.parent.name}.models" for path in (PROJECT / "shian/domains").glob("*/models.py")
    } | {
        f"shian.domains.{path.parent.parent.name}.models"
        for path in (PROJECT / "shian/domains").glob("*/models/__init__.py")
    }

    assert domains <= protected
