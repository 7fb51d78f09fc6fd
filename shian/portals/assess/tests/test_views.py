"""The assessor lands in the portal, follows a number to its proof, changes nothing, and every look is written down."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from shian.domains.campaign.tests.conftest import city, evaluate, registers
from shian.domains.campaign.tests.factories import make_user
from shian.domains.campaign.tests.test_evidence import AT, agriculture, filed, first_items, liaison, office
from shian.kernel.accounts.models import Role, User
from shian.kernel.disclosures.models import Disclosure, Kind
from shian.kernel.notary.actions import sequence
from shian.kernel.notary.models import Entry
from shian.kernel.scope.walls import system_scope

__all__ = ["agriculture", "city", "evaluate", "liaison", "office", "registers"]
pytestmark = pytest.mark.django_db


@pytest.fixture
def assessor(client: Client) -> User:
    user = make_user("assessor", Role.ASSESSOR)
    user.valid_to = timezone.now() + timedelta(days=5)
    user.save(update_fields=["valid_to"])
    client.force_login(user)
    return user


def text_of(client: Client, address: str, **query: str) -> str:
    answer = client.get(address, query)
    assert answer.status_code == 200, answer.status_code
    return str(answer.content.decode())


def looks() -> list[Disclosure]:
    with system_scope():
        return list(Disclosure.objects.filter(kind=Kind.LOOK).order_by("pk"))


def test_the_assessor_lands_in_the_portal_and_its_sidebar_holds_nothing_else(client, evaluate, assessor) -> None:
    evaluate()

    answer = client.get("/", follow=True)

    assert answer.redirect_chain == [(reverse("assess:home"), 302)]
    html = answer.content.decode()
    assert html.count("data-href=") == 94
    assert "到期" in html
    sidebar = html[html.index('class="sh-navgroup"') : html.index("</nav>")]
    assert re.findall(r'<a href="([^"]+)"', sidebar) == [reverse("assess:home"), reverse("assess:guide_detail")]


def test_an_item_shows_result_margin_figure_and_documents_with_hash_and_seal(
    client, evaluate, assessor, agriculture, liaison
) -> None:
    item = first_items(1)[0]
    found = filed(agriculture, item, by=liaison)
    evaluate()
    digest = found.versions.get().stored.sha256
    entry = Entry.objects.get(subject=f"campaign.evidence:{found.pk}", action="campaign.evidence_filed")

    html = text_of(client, reverse("assess:item_detail", args=[item]))

    assert digest in html
    assert reverse("notary:entry_detail", args=[entry.uid]) in html
    assert reverse("campaign:evidence_detail", args=[found.pk]) in html


def test_a_measured_item_leads_to_its_figure(client, evaluate, registers, assessor) -> None:
    registers["monitoring_sites.township_coverage", "1310"] = 100
    evaluate()

    html = text_of(client, reverse("assess:item_detail", args=["1.4.2"]))

    assert f"{reverse('figures:figure_detail', args=['monitoring_sites.township_coverage'])}?area=131000" in html


def test_the_assessor_opens_the_seal_of_a_document_and_its_proof(client, assessor, agriculture, liaison) -> None:
    found = filed(agriculture, first_items(1)[0], by=liaison)
    sequence(at=AT)
    entry = Entry.objects.get(subject=f"campaign.evidence:{found.pk}", action="campaign.evidence_filed")

    page = text_of(client, reverse("notary:entry_detail", args=[entry.uid]))
    proof = client.get(reverse("notary:proof_detail", args=[entry.uid])).json()

    assert 'data-island="verify"' in page
    assert re.search(r"上传.*campaign\.evidence_filed", page, re.DOTALL)
    assert "从本系统下载的照片已去除拍摄位置等信息" in page
    assert proof["keys"][0] in page
    assert proof["path"] is not None
    assert found.versions.get().stored.sha256 in proof["entry"]


def test_every_look_is_written_down_with_a_seal_and_the_office_reads_the_list(
    client, evaluate, assessor, office
) -> None:
    evaluate()
    address = reverse("assess:item_detail", args=["1.4.2"])
    text_of(client, reverse("assess:home"))
    text_of(client, address)
    assert client.get(reverse("imports:batch_list")).status_code == 403

    noted = looks()

    assert [(each.actor, each.details["path"], each.subject) for each in noted] == [
        ("assessor", "/assess/", "page:assessor/assess:home"),
        ("assessor", address, "page:assessor/assess:item_detail"),
    ]
    assert noted[0].title == "评估查阅"
    assert Entry.objects.filter(uid__in=[each.entry for each in noted]).count() == 2
    client.force_login(office)
    html = text_of(client, reverse("assess:look_list"))
    assert address in html
    assert html.count("<tr") == 3
    assert address not in text_of(client, reverse("assess:look_list"), q="没有这页")
    assert client.get(reverse("notary:entry_detail", args=[noted[0].entry])).status_code == 200
    assert len(looks()) == 2  # the office's own looks are nobody's business


def test_another_citys_office_does_not_read_the_looks(client, evaluate, assessor) -> None:
    evaluate()
    text_of(client, reverse("assess:guide_detail"))
    (look,) = looks()
    client.force_login(make_user("dora", Role.OFFICE, "131100"))

    assert "没有查阅记录" in text_of(client, reverse("assess:look_list"))
    assert client.get(reverse("notary:entry_detail", args=[look.entry])).status_code == 404


def test_an_ended_account_opens_nothing(client, evaluate, assessor) -> None:
    evaluate()
    assessor.valid_to = timezone.now() - timedelta(seconds=1)
    assessor.save(update_fields=["valid_to"])

    answers = [client.get(reverse(name)) for name in ("assess:home", "assess:guide_detail", "campaign:item_list")]

    assert [answer.status_code for answer in answers] == [302] * 3
    assert all("/account/login/" in answer["Location"] for answer in answers)
    assert looks() == []


def test_the_guide_hands_out_script_and_key(client, assessor) -> None:
    make_user("x", Role.OFFICE)
    sequence(at=AT)

    html = text_of(client, reverse("assess:guide_detail"))
    script = text_of(client, reverse("notary:script_detail"))

    assert reverse("notary:script_detail") in html
    assert "def root_by_path" in script
