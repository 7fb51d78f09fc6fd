"""The layers hold, without a single exception."""

import configparser

from importlinter.cli import EXIT_STATUS_SUCCESS, lint_imports

from tests.architecture.sources import PROJECT


def test_every_import_contract_is_kept() -> None:
    assert lint_imports(config_filename=str(PROJECT / ".importlinter"), no_cache=True) == EXIT_STATUS_SUCCESS


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
