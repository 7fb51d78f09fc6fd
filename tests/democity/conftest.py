"""The cities that most of these tests look at, each made once for all of them; nobody changes them."""

from __future__ import annotations

from datetime import date

import pytest

from tools.democity.city import City, make_city

TODAY = date(2026, 6, 30)


@pytest.fixture(scope="package")
def langfang() -> City:
    return make_city("langfang", seed=1, today=TODAY)


@pytest.fixture(scope="package")
def qianjin() -> City:
    return make_city("qianjin", seed=1, today=TODAY)


@pytest.fixture(scope="package")
def another_qianjin() -> City:
    return make_city("qianjin", seed=2, today=TODAY)


@pytest.fixture(scope="package")
def weixian() -> City:
    return make_city("weixian", seed=1, today=TODAY)
