from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from shian.kernel.accounts.models import Role
from shian.kernel.accounts.policy import policy_at

DAY = date(2026, 11, 21)


def packs(folder: Path, *versions: dict[str, Any]) -> Path:
    (folder / "parameters").mkdir()
    (folder / "parameters" / "accounts.yaml").write_text(
        yaml.safe_dump({"versions": list(versions)}, allow_unicode=True)
    )
    return folder


def shipped() -> dict[str, Any]:
    told = yaml.safe_load((Path(settings.SHIAN_PACKS) / "parameters" / "accounts.yaml").read_text(encoding="utf-8"))
    return dict(told["versions"][-1])


def test_the_shipped_policy_holds_what_level_three_asks() -> None:
    policy = policy_at(DAY)

    assert policy.min_length >= 8
    assert policy.classes >= 3
    assert policy.history >= 5
    assert 0 < policy.max_age_days <= 90
    assert policy.lock_failures == 5
    assert 10 <= policy.lock_minutes <= 30
    assert policy.idle_minutes <= 15
    assert policy.change_when_given
    assert Role.ADMIN in policy.second_factor_roles


def test_only_demo_accounts_have_exceptions() -> None:
    normal, demo = policy_at(DAY), policy_at(DAY, is_demo=True)

    assert demo.second_factor_roles == frozenset()
    assert not demo.change_when_given
    assert (demo.min_length, demo.lock_failures, demo.idle_minutes) == (
        normal.min_length,
        normal.lock_failures,
        normal.idle_minutes,
    )


def test_the_newest_version_in_force_counts(tmp_path: Path, settings: Any) -> None:
    later = {**shipped(), "valid_from": date(2027, 1, 1), "lock": {"failures": 3, "minutes": 30}}
    settings.SHIAN_PACKS = packs(tmp_path, later, shipped())

    assert policy_at(date(2026, 12, 31)).lock_failures == 5
    assert policy_at(date(2027, 1, 1)).lock_failures == 3


def test_a_day_without_a_version_is_refused(tmp_path: Path, settings: Any) -> None:
    settings.SHIAN_PACKS = packs(tmp_path, shipped())

    with pytest.raises(ImproperlyConfigured):
        policy_at(date(2000, 1, 1))
