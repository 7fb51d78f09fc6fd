"""Evidence as people see it: the reviewer's rounds side by side, gap lists, filing, previews, the item's tab."""

from datetime import timedelta
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from shian.domains.campaign.actions.evidence import Content, add_version
from shian.domains.campaign.actions.reviews import close_round
from shian.domains.campaign.models import Evidence, EvidenceLink, EvidenceNeed, ReviewVerdict, RoundItem
from shian.domains.campaign.tests.factories import make_organisation, make_user
from shian.domains.campaign.tests.test_evidence import (
    AT,
    agriculture,
    content,
    filed,
    first_items,
    liaison,
    office,
    opened,
    reviewed,
    reviewer,
)
from shian.kernel.accounts.models import Role
from shian.kernel.files.actions import store_file
from shian.kernel.files.tests.test_dangers import JPG
from shian.registers.people.models import Post

__all__ = ["agriculture", "liaison", "office", "reviewer"]
PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"
pytestmark = pytest.mark.django_db


def text_of(client, user, name: str, *args, query: str = "") -> str:
    client.force_login(user)
    answer = client.get(f"{reverse(f'campaign:{name}', args=args)}{query}")
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_reviewer_sees_every_rounds_verdict_side_by_side(client, agriculture, liaison, reviewer, office) -> None:
    item = first_items(1)[0]
    first, found = opened(office), filed(agriculture, item, by=liaison)
    reviewed(first, found, "returned", reviewer, "缺少盖章页")
    close_round(review=first, by=office, at=AT)
    second = opened(office)
    add_version(evidence=found, content=content("乙"), note="补盖公章", by=liaison, at=AT)
    reviewed(second, found, "conditional", reviewer, "补充附件二")

    need = EvidenceNeed.objects.get(item_code=item, county="")
    text = text_of(client, reviewer, "need_detail", need.pk)
    row = text[text.index("实施方案") :].partition("</tr>")[0]
    assert "版本 1；缺少盖章页" in row
    assert "版本 2；补充附件二" in row
    assert row.index("退回") < row.index("有条件通过")


def test_the_page_of_round_two_lists_only_what_did_not_pass(client, agriculture, liaison, reviewer, office) -> None:
    passed, returned = first_items(2)
    first = opened(office)
    reviewed(first, filed(agriculture, passed, title="甲材料", by=liaison), "passed", reviewer)
    reviewed(first, filed(agriculture, returned, title="乙材料", by=liaison), "returned", reviewer, "缺页")
    close_round(review=first, by=office, at=AT)
    second = opened(office)

    text = text_of(client, reviewer, "round_detail", second.pk)
    listed = set(RoundItem.objects.filter(round=second).values_list("need", flat=True))
    assert f"/needs/{EvidenceNeed.objects.get(item_code=returned).pk}/" in text
    assert f"/needs/{EvidenceNeed.objects.get(item_code=passed).pk}/" not in text
    assert text.count('href="/campaign/evidence/needs/') >= len(listed)


def test_reviewing_leads_from_document_to_document_and_passes_several_at_once(
    client, agriculture, liaison, reviewer, office
) -> None:
    review, items = opened(office), first_items(4)
    for item in items:
        filed(agriculture, item, title=f"材料{item}", by=liaison)
    url = reverse("campaign:round_review", args=[review.pk])
    text = text_of(client, reviewer, "round_review", review.pk)
    first, second, third, fourth = EvidenceLink.objects.order_by("pk")
    assert text.count("data-review-file") == 4
    assert f"/evidence/{first.evidence_id}/1/preview/" in text

    answer = client.post(f"{url}?file={first.pk}", {"verdict": "returned", "comment": "", "seen": "1"})
    assert answer.url.endswith(f"file={first.pk}")  # refused: a return needs its reason
    answer = client.post(f"{url}?file={first.pk}", {"verdict": "returned", "comment": "缺页", "seen": "1"})
    assert answer.url.endswith(f"file={second.pk}")
    answer = client.post(url, {"batch": "1", "key": [second.pk, third.pk]}, follow=True)
    assert "已通过 2 份" in answer.content.decode()
    assert dict(ReviewVerdict.objects.values_list("link", "verdict")) == {
        first.pk: "returned", second.pk: "passed", third.pk: "passed",
    }  # fmt: skip
    assert text_of(client, reviewer, "round_review", review.pk).count("data-review-file") == 1
    assert EvidenceLink.objects.get(pk=fourth.pk).state == "filed"


def test_a_liaison_officer_files_and_sees_the_own_items_first(client, agriculture, liaison, office) -> None:
    opened(office)
    mine = EvidenceNeed.objects.filter(unit="1310-AGRI").first()
    assert mine is not None
    text = text_of(client, liaison, "need_list")
    body = text[text.index("<tbody>") :]
    assert "本单位" in body.partition("</tr>")[0]

    given = {
        "title": "工作方案", "doc_no": "廊农〔2023〕5 号", "issued_on": "2023-03-01", "period_from": "2023-01-01",
        "period_to": "2023-12-31", "expires_on": "2025-12-31", "unit": "1310-AGRI", "items": [mine.item_code],
        "file": SimpleUploadedFile("方案.pdf", PDF),
    }  # fmt: skip
    answer = client.post(reverse("campaign:evidence_create"), given, follow=True)
    found = Evidence.objects.get()
    assert answer.redirect_chain[-1][0] == reverse("campaign:evidence_detail", args=[found.pk])
    shown = answer.content.decode()
    for each in ("2023-03-01", "2023-01-01 — 2023-12-31", "2025-12-31", found.versions.get().stored.sha256):
        assert each in shown
    mine.refresh_from_db()
    assert mine.state == "filed"


def test_the_rate_counts_what_passed_of_what_is_owed_and_opens_as_lists(
    client, agriculture, liaison, reviewer, office
) -> None:
    review = opened(office)
    reviewed(review, filed(agriculture, first_items(1)[0], by=liaison), "passed", reviewer)
    whole = EvidenceNeed.objects.count()

    text = text_of(client, office, "need_list")
    assert "佐证率" in text
    assert f"1 / {whole}" in text or f"1/{whole}" in text
    rows = text_of(client, office, "need_list", query="?state=passed")
    assert rows[rows.index("<tbody>") :].count("<tr") == 1


def test_a_county_does_not_see_the_neighbours_documents(client, agriculture, office) -> None:
    opened(office, levels=("city", "county"))
    county = make_user("county", Role.COUNTY, "131022")
    for area, need in (("131022", 200), ("131002", 404)):
        found = EvidenceNeed.objects.filter(county=area).first()
        client.force_login(county)
        assert client.get(reverse("campaign:need_detail", args=[found.pk])).status_code == need


def test_a_photograph_is_shown_without_the_place_where_it_was_taken(client, agriculture, liaison, office) -> None:
    found = filed(agriculture, first_items(1)[0], by=liaison)
    stored = store_file(name="现场.jpg", stream=BytesIO(JPG), kinds=("jpg",), by="test", at=AT)
    add_version(evidence=found, content=Content(stored, "现场.jpg"), note="补照片", by=liaison, at=AT)
    client.force_login(office)

    shown = client.get(reverse("campaign:version_preview", args=[found.pk, 2]))

    picture = b"".join(shown.streaming_content)
    assert picture.startswith(b"\xff\xd8")
    assert b"GPS" in JPG
    assert b"GPS" not in picture
    shown.close()


def test_a_preview_stands_inside_our_page_only_and_a_download_leaves_by_the_door(
    client, agriculture, liaison, office
) -> None:
    found = filed(agriculture, first_items(1)[0], by=liaison)
    client.force_login(office)
    preview = client.get(reverse("campaign:version_preview", args=[found.pk, 1]))
    assert (preview["Content-Disposition"], preview["X-Frame-Options"]) == ("inline", "SAMEORIGIN")
    assert "frame-ancestors 'self'" in preview["Content-Security-Policy"]
    assert b"".join(preview.streaming_content).startswith(b"%PDF")
    taken = client.get(reverse("campaign:version_download", args=[found.pk, 1]))
    assert taken["Content-Disposition"].startswith("attachment")
    assert b"".join(taken.streaming_content).startswith(b"%PDF")
    for answer in (preview, taken):
        answer.close()


def test_what_expires_soon_is_coloured(client, agriculture, liaison, office) -> None:
    opened(office)
    soon = timezone.localdate() + timedelta(days=10)
    filed(agriculture, first_items(1)[0], by=liaison, expires_on=soon)
    assert f"{soon} 到期" in text_of(client, office, "need_list")


def test_the_items_page_has_a_tab_with_its_evidence(client, evaluate, agriculture, liaison, reviewer, office) -> None:
    evaluate()
    item = first_items(1)[0]
    review = opened(office)
    reviewed(review, filed(agriculture, item, by=liaison), "returned", reviewer, "缺页")
    text = text_of(client, office, "item_detail", item, query="?tab=evidence")
    assert "缺页" in text
    assert "打开佐证材料" in text


def test_another_departments_officer_cannot_renew_a_document(client, agriculture, liaison) -> None:
    found = filed(agriculture, first_items(1)[0], by=liaison)
    other = make_user("other", Role.DEPARTMENT)
    Post.objects.filter(person__user=other).update(organisation=make_organisation("EDU"))
    client.force_login(other)
    assert client.get(reverse("campaign:version_add", args=[found.pk])).status_code == 404
