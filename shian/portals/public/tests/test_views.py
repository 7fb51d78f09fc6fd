"""The page behind a code: what a stranger reads, what staff get, and that nothing can be guessed."""

import base64
import re
import secrets
import statistics
import time
from datetime import date, timedelta

import pytest
from django.core.cache import caches
from django.db import connection
from django.test import Client
from django.utils import timezone

from shian.domains.census import actions
from shian.domains.census.queries import public
from shian.domains.census.queries.codes import scan_totals
from shian.domains.census.queries.public import PublicFact, PublicSection
from shian.domains.census.rules.codes import serial_of, signed_token, spaced
from shian.engine.ledgers.models import LedgerRow
from shian.engine.measures.tests import factories
from shian.engine.measures.tests.factories import NORTH, SOUTH, make_operator
from shian.kernel.accounts import visitors
from shian.kernel.accounts.models import Role
from shian.registers.operators.models import Operator

pytestmark = pytest.mark.django_db
PHONE, PERSON = "13812341234", "欧阳小明"


@pytest.fixture(autouse=True)
def _fresh(settings, tmp_path):
    settings.SHIAN_HOME = tmp_path
    memory = {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "visitors"}
    settings.CACHES = {**settings.CACHES, visitors.CACHE: memory}
    caches[visitors.CACHE].clear()


@pytest.fixture
def operator():
    factories.make_areas()
    market = make_operator(9, name="银河农贸市场", kind="农贸市场")
    shop = make_operator(1, name="永兴便利店")
    Operator.objects.filter(pk=shop.pk).update(
        phone=PHONE, representative=PERSON, licence_kind="JY", licence_no="JY11310020000017", host_code=market.code,
        uscc="92131002MA0TEST00X", employees=7, lon="116.712345", lat="39.512345",
    )  # fmt: skip
    actions.issue_missing_codes(by="worker", at=timezone.now())
    shop.refresh_from_db()
    return shop


def code_of(operator):
    return operator.codes.latest("pk")


def address(operator) -> str:
    return f"/c/{signed_token(code_of(operator).serial, actions.signing_key())}"


def staff(name: str, role: Role, area: str) -> Client:
    client = Client()
    client.force_login(factories.make_user(name, role, area))
    return client


def forged() -> str:
    """A well-formed token that nobody signed."""
    return serial_of(secrets.token_bytes(10)) + base64.urlsafe_b64encode(secrets.token_bytes(64)).decode().rstrip("=")


def scans(operator) -> dict[str, int]:
    return scan_totals([code_of(operator)])


def test_visitor_reads_what_is_public(client, operator):
    answer = client.get(address(operator))

    html = answer.content.decode()
    told = (
        "永兴便利店",
        "在营",
        "便利店",
        "食品经营许可",
        "JY11310020000017",
        "某街1号",
        "安次区",
        "银河农贸市场",
        "12315",
    )
    assert answer.status_code == 200
    assert [word for word in told if word not in html] == []
    assert spaced(code_of(operator).serial) in html


def test_visitor_reads_nothing_else(client, operator):
    html = client.get(address(operator)).content.decode()

    hidden = [PHONE, "138****1234", PERSON, "欧阳", "小明", "116.7", "39.5", operator.code, "source_batch"]
    assert [word for word in hidden if word in html] == []
    assert set(public.PublicFile.__dataclass_fields__) == {
        "name", "kind", "format", "licence_kind", "licence_no", "address", "city", "places", "chain", "market",
        "opened_on", "closed_on", "updated_on", "sections",
    }  # fmt: skip


def test_the_sheet_of_the_operators_own_format_is_one_press_away(client, operator):
    assert "明白纸" not in client.get(address(operator)).content.decode()
    told = {"ledger": "format_sheets", "updated_at": timezone.now(), "updated_by": "office", "city": operator.city}
    point = {"sheet_version": "2022-08", "points": "亮证经营；票据留存"}
    LedgerRow.objects.bulk_create(
        LedgerRow(key=name, valid_from=date(2022, 8, 10), province="13", **told,
                  data={"format": name, "title": f"{name}明白纸", "operator_formats": formats, **point})
        for name, formats in (("中小超市便利店", "小型超市、便利店"), ("小餐饮", "小吃店"))
    )  # fmt: skip

    html = client.get(address(operator)).content.decode()
    (link,) = re.findall(r'href="(/campaign/benchmarks/sheets/\d+/)"', html)
    printed = client.get(link).content.decode()
    assert "中小超市便利店明白纸" in printed
    assert "<li>票据留存</li>" in printed


def test_page_is_neither_kept_nor_indexed_and_leaves_no_session(client, operator):
    answer = client.get(address(operator))

    assert "no-store" in answer["Cache-Control"]
    assert "noindex" in answer["X-Robots-Tag"]
    assert "sessionid" not in answer.cookies


def test_page_reads_in_english(client, operator):
    client.cookies["django_language"] = "en"

    assert '<html lang="en"' in client.get(address(operator)).content.decode()


def test_page_stays_within_its_budget(client, operator, django_assert_max_num_queries):
    url = address(operator)
    with django_assert_max_num_queries(6):
        client.get(url)


def test_closed_operator_is_said_to_be_closed(client, operator):
    Operator.objects.filter(pk=operator.pk).update(closed_on=date(2026, 1, 1))

    html = client.get(address(operator)).content.decode()
    assert "已注销" in html
    assert "sh-callout-overdue" in html
    assert "登记在册的食品经营主体" not in html


def test_operator_that_opens_later_is_said_so(client, operator):
    Operator.objects.filter(pk=operator.pk).update(opened_on=timezone.localdate() + timedelta(days=30))

    assert "未开业" in client.get(address(operator)).content.decode()


@pytest.mark.parametrize(("act", "said"), [("suspend_code", "已暂停使用"), ("revoke_code", "已作废")])
def test_stopped_code_says_so_and_shows_nothing_that_misleads(client, operator, act, said):
    county = factories.make_user("bob", Role.COUNTY, SOUTH)
    getattr(actions, act)(operator=operator, reason="标签被冒用", by=county, at=timezone.now())

    html = client.get(address(operator)).content.decode()

    assert said in html
    shown = [word for word in ("永兴便利店", "JY1131", "某街1号", "在营", "标签被冒用", "bob") if word in html]
    assert shown == []


def test_resumed_code_shows_the_operator_again(client, operator):
    county = factories.make_user("bob", Role.COUNTY, SOUTH)
    actions.suspend_code(operator=operator, reason="核对", by=county, at=timezone.now())
    actions.resume_code(operator=operator, reason="无误", by=county, at=timezone.now())

    assert "永兴便利店" in client.get(address(operator)).content.decode()


def test_replaced_code_is_void_and_the_new_one_valid(client, operator):
    old = address(operator)
    actions.replace_code(
        operator=operator, reason="破损", by=factories.make_user("bob", Role.COUNTY, SOUTH), at=timezone.now()
    )

    assert "已作废" in client.get(old).content.decode()
    assert "永兴便利店" in client.get(address(operator)).content.decode()


def test_sections_of_other_domains_appear_with_names_masked(client, operator, monkeypatch):
    monkeypatch.setattr(public, "_sections", {})
    public.register_public_section(PublicSection("late", "空", 5, lambda each: []))
    public.register_public_section(
        PublicSection(
            "officer", "食品安全员", 20,
            lambda each: [PublicFact("姓名", PERSON, is_name=True), PublicFact("所属", each.name)],
        )
    )  # fmt: skip
    public.register_public_section(PublicSection("grade", "风险等级", 10, lambda each: [PublicFact("等级", "乙级")]))

    html = client.get(address(operator)).content.decode()

    assert html.index("风险等级") < html.index("乙级") < html.index("食品安全员") < html.index("欧阳**")
    assert PERSON not in html
    assert "空" not in html


@pytest.mark.parametrize(("name", "role", "area"), [("bob", Role.COUNTY, SOUTH), ("ann", Role.STATION, "131002001")])
def test_staff_of_the_area_are_led_to_the_file(operator, name, role, area):
    client = staff(name, role, area)

    answer = client.get(address(operator), follow=True)

    assert answer.redirect_chain == [("/operators/LF000001/", 302)]
    assert "扫码打开" in answer.content.decode()
    assert scans(operator) == {"visitor": 0, "staff": 1}


def test_staff_learn_that_the_code_is_revoked(operator):
    county = factories.make_user("boss", Role.COUNTY, SOUTH)
    actions.revoke_code(operator=operator, reason="冒用", by=county, at=timezone.now())
    client = staff("bob", Role.COUNTY, SOUTH)

    assert "已作废，请收回旧标签" in client.get(address(operator), follow=True).content.decode()


def test_staff_of_elsewhere_are_visitors(operator):
    answer = staff("carol", Role.COUNTY, NORTH).get(address(operator))

    assert answer.status_code == 200
    assert PHONE not in answer.content.decode()
    assert scans(operator) == {"visitor": 1, "staff": 0}


def test_page_opened_from_itself_is_not_counted_again(client, operator):
    client.get(address(operator))
    client.get(address(operator), headers={"Sec-Fetch-Site": "same-origin"})
    client.head(address(operator))

    assert scans(operator) == {"visitor": 1, "staff": 0}


def test_page_takes_no_data(client, operator):
    assert client.post(address(operator)).status_code == 405


def test_random_serials_get_one_answer_and_never_reach_the_database(client, operator, django_assert_num_queries):
    answers = set()
    with django_assert_num_queries(0):
        for _each in range(visitors.GUESSES):
            answer = client.get(f"/c/{forged()}")
            answers.add((answer.status_code, _without_token(answer.content)))

    assert len(answers) == 1
    assert answers.pop()[0] == 404


def test_serial_that_exists_with_a_wrong_signature_gets_the_same_answer(client, operator, django_assert_num_queries):
    known = code_of(operator).serial + forged()[16:]
    with django_assert_num_queries(0):
        answer, other = client.get(f"/c/{known}"), client.get(f"/c/{forged()}")

    assert (answer.status_code, _without_token(answer.content)) == (404, _without_token(other.content))


def test_forged_text_needs_no_database_at_all(client, operator):
    """As when PostgreSQL is away: the answer is the same."""

    def refuse(*_args, **_terms):
        raise AssertionError("the database was asked")

    with connection.execute_wrapper(refuse):
        assert client.get(f"/c/{forged()}").status_code == 404
        assert client.get("/c/0").status_code == 404


def test_signed_serial_that_is_not_kept_looks_like_a_forged_one(client, operator):
    unknown = signed_token("0" * 16, actions.signing_key())

    answer, other = client.get(f"/c/{unknown}"), client.get(f"/c/{forged()}")

    assert (answer.status_code, _without_token(answer.content)) == (404, _without_token(other.content))


def test_time_does_not_tell_whether_a_serial_exists(client, operator, monkeypatch):
    """The quickest tenth of interleaved requests: what the machine is busy with besides does not count."""
    monkeypatch.setattr(visitors, "GUESSES", 10_000)
    serial = code_of(operator).serial
    taken: dict[bool, list[float]] = {True: [], False: []}
    client.get(f"/c/{forged()}")
    for turn in range(80):
        for exists in (True, False) if turn % 2 else (False, True):
            token = forged()
            url = f"/c/{serial + token[16:] if exists else token}"
            began = time.perf_counter()
            client.get(url)
            taken[exists].append(time.perf_counter() - began)

    known, unknown = (statistics.quantiles(taken[exists], n=10)[0] for exists in (True, False))
    assert abs(known - unknown) < 0.25 * unknown


def test_without_any_key_there_are_no_codes(client):
    assert client.get(f"/c/{forged()}").status_code == 404


def test_guessing_is_stopped_and_scanning_goes_on(client, operator):
    for _each in range(visitors.GUESSES):
        client.get(f"/c/{forged()}")

    assert client.get(f"/c/{forged()}").status_code == 429
    assert client.get(f"/c/{forged()}", REMOTE_ADDR="203.0.113.9").status_code == 404
    assert client.get(address(operator)).status_code == 200


def test_scanning_has_its_limit_too(client, operator, monkeypatch):
    monkeypatch.setattr(visitors, "SCANS", 2)
    codes = [client.get(address(operator)).status_code for _each in range(3)]

    assert codes == [200, 200, 429]
    assert scans(operator)["visitor"] == 2


def test_neighbours_in_one_network_share_a_limit(client, monkeypatch):
    monkeypatch.setattr(visitors, "GUESSES", 1)
    places = ("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", "2001:db8:1:3::1")

    codes = [client.get(f"/c/{forged()}", REMOTE_ADDR=place).status_code for place in places]

    assert codes == [404, 429, 404]


def _without_token(html: bytes) -> str:
    """The page without its own address and the form's random token."""
    import re

    text = re.sub(r"/c/[\w-]+", "/c/", html.decode())
    return re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", text)
