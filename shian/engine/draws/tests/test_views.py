"""Pages of draws, from the form of a draft to the public record."""

import hashlib
import json
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from shian.engine.draws import actions
from shian.engine.draws.models import Draw, DrawPick, DrawRow, DrawState, Method
from shian.engine.draws.rules.record import verify_record
from shian.engine.draws.tests.factories import confirmed, drafted, drawn, frozen, number_entries, office
from shian.kernel.accounts.models import Role
from shian.kernel.accounts.tests.entrance import confirmed as as_if_confirmed
from shian.registers.areas.tests.factories import make_city_and_county
from shian.registers.people.tests.factories import reach_user

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def signed_in(client: Client) -> None:
    make_city_and_county()
    client.force_login(office())


def url(name: str, *args: Any) -> str:
    return reverse(f"draws:{name}", args=args)


def text(client: Client, name: str, *args: Any, **query: str) -> str:
    answer = client.get(url(name, *args), query)
    assert answer.status_code == 200
    return answer.content.decode()


def form(**changes: Any) -> dict[str, Any]:
    known = timezone.localtime(timezone.now() + timedelta(days=1))
    return {
        "title": "第三轮抽查", "area": "131000", "frame_kind": "list", "as_of": "2026-11-20", "ratio": "12.5",
        "rounding": "up", "minimum": "1", "reserves": "50", "method": "public", "source_1": "收盘点数",
        "kind_1": "numbers", "kind_2": "numbers", "kind_3": "numbers", "known_at": known.strftime("%Y-%m-%dT%H:%M"),
        "list_file": SimpleUploadedFile("名册.csv", "编号,层,等级\n1,餐饮,A\n2,餐饮,B\n3,生产,A\n".encode()), **changes,
    }  # fmt: skip


def test_a_draft_is_made_shown_and_changed(client: Client) -> None:
    answer = client.post(url("draw_create"), form())
    draw = Draw.objects.get()
    assert answer["Location"] == url("draw_detail", draw.pk)
    assert (draw.parameters["ratio"], draw.parameters["reserves"], draw.frame_count) == ("0.125", "0.5", 3)
    page = text(client, "draw_detail", draw.pk)
    assert "各层预计" in page
    assert "12.5%" in page.replace(" ", "")

    edit = text(client, "draw_edit", draw.pk)
    assert 'value="12.5' in edit
    client.post(url("draw_edit", draw.pk), form(title="改名", list_file="", weights="A=2\nB：0.5"))

    draw.refresh_from_db()
    assert (draw.title, draw.parameters["weights"]) == ("改名", {"A": "2", "B": "0.5"})
    assert DrawRow.objects.filter(draw=draw).count() == 3


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"ratio": "0"}, "大于或等于"),
        ({"ratio": "101"}, "小于或等于"),
        ({"source_1": ""}, "至少一个公开数据来源"),
        ({"known_at": ""}, "何时公布"),
        ({"weights": "A"}, "不能用"),
        ({"weights": "A=1.2.3"}, "这个数不能用"),
        ({"list_file": ""}, "请上传名册"),
        ({"list_file": SimpleUploadedFile("a.csv", b"x")}, "缺少表头"),
        ({"method": "commitments", "parties": "alice\nnobody"}, "nobody"),
        ({"title": ""}, "title"),
        ({"area": "131100"}, "131100"),
    ],
)
def test_a_wrong_draft_keeps_what_was_typed_and_says_why(changes: dict[str, Any], said: str, client: Client) -> None:
    answer = client.post(url("draw_create"), form(**changes))

    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert not Draw.objects.exists()


def test_buttons_follow_the_state(client: Client) -> None:
    draw = drafted(known_at=timezone.now() + timedelta(hours=1))
    assert url("draw_freeze", draw.pk) in text(client, "draw_detail", draw.pk)

    client.post(url("draw_freeze", draw.pk))

    page = text(client, "draw_detail", draw.pk)
    assert url("draw_freeze", draw.pk) not in page
    assert "等待公开数据" in page
    assert url("reading_enter", draw.pk) not in page
    assert client.get(url("draw_edit", draw.pk)).status_code == 404


def test_a_second_reader_sees_who_but_not_what_was_read(client: Client) -> None:
    draw = frozen()
    client.post(url("reading_enter", draw.pk), {"values_1": "3341.62", "values_2": "9 18 26"})
    client.force_login(office("bob"))
    page = text(client, "draw_detail", draw.pk)
    assert "已有一人录入" in page
    assert "3341.62" not in page

    client.post(url("reading_enter", draw.pk), {"values_1": "3341.26", "values_2": "9、18，26"})

    page = text(client, "draw_detail", draw.pk)
    assert "录入不一致" in page
    assert "3341.62" in page
    assert "开奖号码：" not in page
    client.post(url("reading_enter", draw.pk), {"values_1": "3341.62", "values_2": "26 9 18"})
    draw.refresh_from_db()
    assert (draw.state, draw.key) == (DrawState.SEEDED, "3341.62/9.18.26./")


def test_a_reading_that_cannot_be_used_is_said_at_its_field(client: Client) -> None:
    draw = frozen()

    page = client.post(url("reading_enter", draw.pk), {"values_1": "3,341.62", "values_2": "9"}).content.decode()

    assert "“3,341.62”不能用" in page
    assert 'id="id_values_1-error"' in page


def test_parties_commit_and_reveal_on_their_pages(client: Client) -> None:
    office("bob")
    draw = frozen(method=Method.COMMITMENTS, parties=["alice", "bob"], sources=())
    secrets = {"alice": "aLongSecret0123456789", "bob": "another0Secret9876543"}
    for name, secret in secrets.items():
        client.force_login(office(name))
        assert url("commitment_enter", draw.pk) in text(client, "draw_detail", draw.pk)
        client.post(url("commitment_enter", draw.pk), {"digest": hashlib.sha256(secret.encode()).hexdigest()})
    assert "等待揭示" in text(client, "draw_detail", draw.pk)
    wrong = client.post(url("commitment_open", draw.pk), {"secret": secrets["alice"]}).content.decode()
    assert "与承诺值不符" in wrong
    for name, secret in secrets.items():
        client.force_login(office(name))
        client.post(url("commitment_open", draw.pk), {"secret": secret})

    draw.refresh_from_db()
    assert draw.state == DrawState.SEEDED
    assert client.get(url("reading_enter", draw.pk)).status_code == 404


def test_what_was_drawn_is_listed_by_stratum_and_replaced(client: Client) -> None:
    draw = drawn()
    assert "各层结果" in text(client, "draw_detail", draw.pk)
    client.post(url("draw_confirm", draw.pk))
    page = text(client, "pick_list", draw.pk, stratum="餐饮", kind="sample")
    assert page.count('data-label="次序"') == 8
    pick = DrawPick.objects.filter(draw=draw, cell__stratum="餐饮", is_reserve=False).order_by("number")[0]
    reserve = DrawPick.objects.filter(draw=draw, cell__stratum="餐饮", is_reserve=True).order_by("number")[0]

    client.post(url("replacement_create", draw.pk, pick.pk), {"reason": "停业"})

    assert f"由 {reserve.row.key} 替换" in text(client, "pick_list", draw.pk, stratum="餐饮")
    page = text(client, "draw_detail", draw.pk)
    assert f"{pick.row.key} 由 {reserve.row.key} 替换：停业" in page
    again = client.post(url("replacement_create", draw.pk, pick.pk), {"reason": "停业"}).content.decode()
    assert "已被替换" in again


def test_the_frame_is_listed_with_a_filter(client: Client) -> None:
    draw = drafted()

    assert "49" in text(client, "frame_rows", draw.pk)
    assert text(client, "frame_rows", draw.pk, stratum="生产").count('data-label="编号"') == 9


def test_computing_again_says_that_all_agree(client: Client) -> None:
    draw = confirmed()
    number_entries()

    page = text(client, "draw_check", draw.pk)

    assert "全部一致" in page
    assert page.count("不一致") == 0


def test_the_record_is_downloaded_and_once_published_open_to_strangers(client: Client) -> None:
    draw = confirmed()
    number_entries()
    stranger = Client()
    assert stranger.get(url("record_file", draw.uid)).status_code == 404
    as_if_confirmed(client, office())
    answer = client.get(url("record_download", draw.pk))
    assert "attachment" in answer["Content-Disposition"]
    assert all(each.holds for each in verify_record(json.loads(answer.content)))

    client.post(url("draw_publish", draw.pk))

    published = stranger.get(url("record_file", draw.uid))
    record = json.loads(published.content)
    assert all(each.holds for each in verify_record(record))
    assert "餐饮店1" not in published.content.decode()  # names stay inside


def test_a_cancelled_draw_says_why(client: Client) -> None:
    draw = drafted()
    client.post(url("draw_cancel", draw.pk), {"reason": "名册有误"})

    assert "名册有误" in text(client, "draw_detail", draw.pk)
    assert client.get(url("draw_cancel", draw.pk)).status_code == 404


def test_a_verb_out_of_turn_is_told(client: Client) -> None:
    draw = drafted()

    answer = client.post(url("draw_run", draw.pk), follow=True)

    assert "抽签现为“起草”" in answer.content.decode()


@pytest.mark.parametrize("name", ["draw_detail", "frame_rows", "draw_check", "record_download", "draw_cancel"])
def test_outsiders_find_nothing(name: str, client: Client) -> None:
    draw = frozen()
    client.force_login(reach_user("dave", "131002", Role.COUNTY))
    assert client.get(url(name, draw.pk)).status_code == 404
    client.force_login(reach_user("carol", "131000", Role.STATION))
    assert client.get(url(name, draw.pk)).status_code == 403


def test_the_list_tells_state_and_numbers(client: Client) -> None:
    confirmed()
    actions.cancel_draw(draw=drafted(title="作废的"), reason="x", by=office(), at=timezone.now())

    page = text(client, "draw_list")

    assert "已确认" in page
    assert "作废的" in page
