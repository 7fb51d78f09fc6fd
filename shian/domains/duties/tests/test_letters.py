"""Letters are signed by both sides, boards are printed again after a change, a past day has its own persons."""

from datetime import date, timedelta
from io import BytesIO

import docx
import pytest
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from shian.domains.duties.actions.boards import deliver_boards, post_board, print_boards
from shian.domains.duties.actions.letters import countersign_letter, sign_letter
from shian.domains.duties.actions.matches import change_match
from shian.domains.duties.actions.refusals import DutyRefused
from shian.domains.duties.definitions.letters import letter_papers
from shian.domains.duties.models import Board, Letter, Match, MatchPlan, PlanKind
from shian.domains.duties.queries.boards import board_counts, boards_needed, matches_in_force
from shian.domains.duties.queries.letters import letters_of, letters_to_sign, subjects_of
from shian.domains.duties.queries.responsibility import answer_for
from shian.domains.duties.tests.factories import (
    AT,
    DAY,
    make_letter,
    make_match,
    make_official,
    make_operator,
    make_tier,
    matched,
)
from shian.kernel.accounts.models import Role, User
from shian.kernel.notary.models import Entry
from shian.kernel.scope.models import OutOfReach
from shian.kernel.ui.languages import language_of_record
from shian.registers.people.models import Person
from shian.registers.people.tests.factories import reach_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("place")]
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c4944415408d763f8ffff3f0005fe02fea735819e"
    "0000000049454e44ae426082"
)


@pytest.fixture
def media(tmp_path, settings):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def village(place):
    """An official with an account, and a letter that is due."""
    user = reach_user("vera", "131022100", Role.OFFICIAL)
    official = make_official(person=Person.objects.get(user=user))
    letter = make_letter(
        official, state="due", signed_at=None, countersigned_at=None, signed_by="", countersigned_by=""
    )
    return user, letter


def test_the_official_signs_and_a_keeper_records_the_other_side(people, village, media) -> None:
    user, letter = village
    assert list(letters_to_sign(user)) == [letter]

    sign_letter(letter=letter, signature=BytesIO(PNG), by=user, at=AT)
    with pytest.raises(PermissionDenied):
        countersign_letter(letter=letter, signature=BytesIO(PNG), counter_name="甲", by=user, at=AT)
    with pytest.raises(DutyRefused, match="姓名"):
        countersign_letter(letter=letter, signature=BytesIO(PNG), counter_name=" ", by=people["county"], at=AT)
    letter.refresh_from_db()
    countersign_letter(letter=letter, signature=BytesIO(PNG), counter_name="甲", by=people["county"], at=AT)

    letter.refresh_from_db()
    assert (letter.state, letter.signed_by, letter.countersigned_by) == ("in_force", "vera", "alice")
    sealed = Entry.objects.filter(subject=letter.subject).order_by("id").values_list("action", "data__sha256")
    assert [action for action, _ in sealed] == ["duties.letter_signed", "duties.letter_countersigned"]
    assert {digest for _, digest in sealed} == {letter.signature.sha256}
    with pytest.raises(DutyRefused, match="已生效"):
        sign_letter(letter=letter, signature=BytesIO(PNG), by=user, at=AT)


def test_one_who_signed_on_paper_for_the_official_cannot_sign_for_the_other_side(people, village, media) -> None:
    _user, letter = village
    sign_letter(letter=letter, signature=BytesIO(PNG), by=people["county"], at=AT)
    letter.refresh_from_db()

    with pytest.raises(PermissionDenied):
        countersign_letter(letter=letter, signature=BytesIO(PNG), counter_name="甲", by=people["county"], at=AT)
    countersign_letter(letter=letter, signature=BytesIO(PNG), counter_name="甲", by=people["second"], at=AT)


def test_a_letter_without_a_signature_is_refused(people, village) -> None:
    with pytest.raises(DutyRefused, match="手写签名"):
        sign_letter(letter=village[1], signature=None, by=village[0], at=AT)


def test_an_official_sees_the_own_letter_only(people, village) -> None:
    other = make_letter(make_official())

    assert list(letters_of(village[0])) == [village[1]]
    assert set(letters_of(people["county"])) == {village[1], other}
    assert not letters_of(people["other"]).exists()
    admin = User.objects.create(username="root", role=Role.ADMIN, is_superuser=True)
    assert set(letters_of(admin)) == {village[1], other}


def test_the_papers_name_the_same_operators_four_times() -> None:
    match = matched("D")
    second = make_operator()
    make_match(second, match.official, make_tier(second))
    letter = make_letter(match.official, subjects=2)

    paper = docx.Document(BytesIO(letter_papers(letter, list(subjects_of(letter)))))

    named = [[row.cells[2].text for row in table.rows[1:]] for table in paper.tables]
    assert len(named) == 4
    assert {tuple(each) for each in named} == {(match.operator.code, second.code)}
    text = "\n".join(each.text for each in paper.paragraphs)
    assert all(title in text for title in ("责任清单", "任务清单", "督查清单", "食品安全责任与任务承诺书"))


def test_a_letter_keeps_its_operators_after_the_change(people) -> None:
    match, other = matched("D"), make_official()
    letter = make_letter(match.official)

    change_match(operator=match.operator, official=other, reason="调整", by=people["county"], at=AT)

    letter.refresh_from_db()
    assert [each.operator for each in subjects_of(letter)] == [match.operator]
    assert [each.operator for each in subjects_of(Letter.objects.get(official=other))] == [match.operator]


def test_boards_must_be_printed_again_after_a_change_of_the_official(people, media) -> None:
    match, stays = matched("D"), matched("D")
    rows = matches_in_force(people["county"])
    print_boards(matches=list(boards_needed(rows)), by=people["county"], at=AT)
    board = Board.objects.get(operator=match.operator)
    assert board.content["official"] == match.official.name
    assert board.content["complaint"] == "12315"
    post_board(board=board, photo=BytesIO(PNG), by=people["station"], at=AT)
    assert not boards_needed(rows).exists()

    change_match(operator=match.operator, official=make_official(), reason="调整", by=people["county"], at=AT)

    needed = list(boards_needed(rows))
    assert [each.operator for each in needed] == [match.operator]
    print_boards(matches=needed, by=people["station"], at=AT)
    states = Board.objects.filter(operator=match.operator).order_by("version").values_list("version", "state")
    assert list(states) == [(1, "replaced"), (2, "generated")]
    assert Board.objects.get(operator=stays.operator).version == 1


def test_boards_are_delivered_with_the_ledger_once_and_the_ledger_stays_with_the_next_board(people, media) -> None:
    match, alone = matched("D"), matched("D")
    boards = print_boards(matches=[match, alone], by=people["station"], at=AT)

    assert len(deliver_boards(boards=boards[:1], with_ledger=True, by=people["station"], at=AT)) == 1
    later = AT + timedelta(days=1)
    assert [
        each.operator for each in deliver_boards(boards=boards, with_ledger=False, by=people["station"], at=later)
    ] == [alone.operator]
    for with_ledger, chosen in ((False, boards), (True, boards[:1]), (True, [])):
        with pytest.raises(DutyRefused):
            deliver_boards(boards=chosen, with_ledger=with_ledger, by=people["station"], at=later)
    with pytest.raises(OutOfReach):
        deliver_boards(boards=boards, with_ledger=True, by=people["other"], at=later)
    post_board(board=boards[0], photo=BytesIO(PNG), by=people["station"], at=later)
    told = list(Board.objects.order_by("pk").values_list("delivered_on", "ledger_on", "posted_on"))
    assert told == [(DAY, DAY, DAY + timedelta(days=1)), (DAY + timedelta(days=1), None, None)]
    assert board_counts(Board.objects.all()) == {"delivered": 2, "ledgers": 1, "posted": 1}

    again = print_boards(matches=[match], by=people["station"], at=later)[0]
    assert (again.version, again.delivered_on, again.ledger_on) == (2, None, DAY)
    post_board(board=again, photo=BytesIO(PNG), by=people["station"], at=later)
    again.refresh_from_db()
    assert again.delivered_on == again.posted_on


def test_the_business_and_its_official_post_their_own_board_and_no_other(people, village, media, client) -> None:
    user, letter = village
    mine, strange = matched("D", letter.official), matched("D")
    boards = print_boards(matches=[mine, strange], by=people["station"], at=AT)
    client.force_login(user)
    page = reverse("duties:board_publish", args=[boards[0].pk])
    assert page in client.get(reverse("duties:mine_detail")).text
    assert client.get(reverse("duties:board_publish", args=[boards[1].pk])).status_code == 404
    with pytest.raises(OutOfReach):
        post_board(board=boards[1], photo=BytesIO(PNG), by=user, at=AT)
    photo = BytesIO(PNG)
    photo.name = "door.png"
    assert client.post(page, {"photo": photo}).url == reverse("duties:mine_detail")
    assert Board.objects.get(pk=boards[0].pk).posted_by == user

    change_match(operator=strange.operator, official=letter.official, reason="调整", by=people["county"], at=AT)
    assert strange.operator.name in client.get(reverse("duties:mine_detail")).text
    with pytest.raises(DutyRefused, match="已经更换"):
        post_board(board=boards[1], photo=BytesIO(PNG), by=people["station"], at=AT)


def test_the_station_delivers_ticked_boards_or_one_from_its_page(people, client) -> None:
    boards = print_boards(matches=[matched("D"), matched("D")], by=people["station"], at=AT)
    client.force_login(people["station"])
    url, detail = reverse("duties:board_deliver"), reverse("duties:board_detail", args=[boards[1].pk])

    answer = client.post(url, {"key": [boards[0].pk], "ledger": "1"})
    assert answer.url == f"{reverse('duties:board_list')}?view=made"
    assert client.post(f"{url}?key={boards[1].pk}").url == detail
    labels = [str(each.label) for each in client.get(detail).context["record"].actions]
    assert labels == ["打印", "公示板和台账已送达", "登记张贴"]
    made = client.get(reverse("duties:board_list"), {"view": "made"}).context
    assert [stat.value for stat in made["stats"]] == [0, 2, 1, 0]
    client.force_login(people["other"])
    client.post(f"{url}?key={boards[1].pk}", {"ledger": "1"})
    assert Board.objects.get(pk=boards[1].pk).ledger_on is None


def test_each_county_has_its_own_seal_of_the_boards_printed(people) -> None:
    near, far = [matched("D"), matched("D")], matched("D", area="131002100201")

    print_boards(matches=[near[0], far, near[1]], by=people["office"], at=AT)

    told = Entry.objects.filter(action="duties.boards_printed").values_list("subject", "data__boards", "rows_count")
    assert sorted(told) == [("duties.area:131002", 1, 1), ("duties.area:131022", 2, 2)]


def test_a_past_day_names_the_official_of_that_day(people, django_assert_num_queries) -> None:
    match, other = matched("D"), make_official()
    make_letter(match.official)
    change_match(operator=match.operator, official=other, reason="调整", by=people["county"], at=AT)

    with django_assert_num_queries(1):
        before = answer_for(match.operator, date(2022, 11, 20))
    assert (before.official, before.letter_number, before.until) == (match.official_id, 1, DAY)
    after = answer_for(match.operator, DAY)
    assert (after.official, after.letter) == (other.pk, None)
    assert answer_for(match.operator, date(2022, 1, 1)).official is None


@pytest.fixture
def county(people):
    client = Client()
    client.force_login(people["county"])
    return client


PAGES = (
    "census_list", "tier_list", "official_list", "match_list", "match_plan_list", "match_plan_create", "letter_list",
    "board_list", "official_create",
)  # fmt: skip


def test_pages_show_what_the_county_has_and_nothing_of_another(county, people) -> None:
    match = matched("D")
    make_letter(match.official)
    gap, proposal = make_operator(), make_operator()
    make_tier(proposal, "C", state="proposed")
    far = make_operator(area="131002100201")
    make_match(far, make_official(area="131002100201"), make_tier(far))
    shown = {name: county.get(reverse(f"duties:{name}")).content.decode() for name in PAGES}

    assert gap.name in shown["census_list"]
    assert match.operator.name in shown["tier_list"]
    assert match.official.name in shown["official_list"]
    assert match.official.name in shown["letter_list"]
    assert match.operator.name in shown["board_list"]
    assert not any(far.name in page for page in shown.values())
    for url in (
        reverse("duties:official_detail", args=[match.official_id]),
        f"{reverse('duties:tier_list')}?state=proposed", f"{reverse('duties:match_list')}?state=unmatched",
        f"{reverse('duties:responsibility_detail')}?code={match.operator.code}&on=2022-11-01",
        reverse("duties:match_edit", args=[match.operator.code]), reverse("duties:tier_edit", args=[gap.code]),
        reverse("duties:census_edit", args=[gap.code]),
        reverse("duties:official_replace", args=[match.official_id]),
        f"{reverse('census:operator_detail', args=[match.operator.code])}?tab=duty",
    ):  # fmt: skip
        answer = county.get(url)
        assert answer.status_code == 200, url
    assert county.get(reverse("duties:match_edit", args=[far.code])).status_code == 404
    told = {"state": "verified", "employees": "99999999999", "output": "1"}
    assert county.post(reverse("duties:census_edit", args=[gap.code]), told).status_code == 200


def test_a_what_if_page_writes_nothing_and_its_button_makes_a_plan(county) -> None:
    tier, official = make_tier(make_operator()), make_official()

    page = county.get(reverse("duties:match_plan_create")).content.decode()
    assert official.name in page
    assert not Match.objects.exists()
    answer = county.post(reverse("duties:match_plan_create"), {"area": "131022"}, follow=True)

    assert official.name in answer.content.decode()
    assert tier.operator.name in answer.content.decode()


def test_an_official_signs_on_the_own_page_after_the_password(village, media) -> None:
    user, letter = village
    client = Client()
    client.force_login(user)
    url = reverse("duties:letter_sign", args=[letter.pk])
    assert client.get(url).status_code == 200

    answer = client.post(url, {"signature_file": SimpleUploadedFile("s.png", PNG, "image/png")})

    assert answer.status_code == 302
    letter.refresh_from_db()
    assert letter.state == "due"  # the password is asked for first


def test_every_operator_and_letter_of_an_official_is_shown_where_the_reader_reaches(county, people) -> None:
    official = make_official("county")
    for _number in range(201):
        operator = make_operator()
        make_match(operator, official, make_tier(operator, "B"))
    letter = make_letter(official, number=12, subjects=201)
    for number in range(1, 12):
        make_letter(official, number=number, state="invalid", ended_at=AT)
    url = reverse("duties:official_detail", args=[official.pk])

    counts = [len(table.rows) for _title, table in county.get(url).context["tables"]]
    assert counts == [201, 12]
    assert len(county.get(reverse("duties:letter_detail", args=[letter.pk])).context["tables"][0][1].rows) == 201
    station = Client()
    station.force_login(people["station"])
    counts = [len(table.rows) for _title, table in station.get(url).context["tables"]]
    assert counts == [201, 0]  # letters of the county's own official are beyond a station


def test_boards_are_sought_by_name_or_code_on_both_tabs(county, people) -> None:
    first, second = matched("D"), matched("D")
    for view in ("needed", "made"):
        for text in (first.operator.code, first.operator.name):
            page = county.get(reverse("duties:board_list"), {"view": view, "q": text}).context["list"]
            assert [each.cells["operator"] for each in page.table.rows] == [first.operator.name], (view, text)
        print_boards(matches=[first, second], by=people["county"], at=AT)


def test_a_plan_keeps_its_reason_in_the_language_of_record(county) -> None:
    make_tier(make_operator())
    make_official()
    county.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"

    county.post(reverse("duties:match_plan_create"), {"area": "131022"})

    with language_of_record():
        assert MatchPlan.objects.get().reason == str(PlanKind.FILL.label)
