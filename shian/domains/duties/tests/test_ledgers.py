"""The ledger of an operator gathers what was there for it, and only what its reader may see."""

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from shian.domains.duties.actions.boards import print_boards
from shian.domains.duties.models import Board
from shian.domains.duties.queries.ledgers import ledger_of
from shian.domains.duties.tests.factories import AT, BEGAN, DAY, make_letter, make_match, make_official, matched

pytestmark = pytest.mark.django_db


def test_the_ledger_holds_former_officials_with_the_letters_that_stood_for_the_operator(people, time_machine):
    time_machine.move_to(AT, tick=False)
    former = matched()
    operator, changed = former.operator, DAY - timedelta(days=7)
    ended = datetime(2022, 11, 17, 2, 0, tzinfo=UTC)
    signed = make_letter(former.official, state="invalid", ended_at=ended, ended_because="调整")
    later = make_letter(former.official, number=2, issued_at=ended + timedelta(hours=1))
    former.valid_to, former.ended_at = changed, ended
    former.save()
    now = make_match(operator, make_official(), former.tier_row, valid_from=changed, begun_at=ended)
    print_boards(matches=[now], by=people["station"], at=AT)

    ledger = ledger_of(operator, people["county"])
    assert [each.pk for each in ledger.matches] == [now.pk, former.pk]
    assert [each.pk for each in ledger.letters] == [signed.pk]
    assert later.pk not in {each.pk for each in ledger.letters}
    assert (ledger.match, [each.version for each in ledger.boards]) == (now, [1])
    page = opened(people["county"], operator.code)
    assert page.status_code == 200
    assert former.official.name in page.text
    assert opened(people["other"], operator.code).status_code == 404
    assert former.valid_from == BEGAN


def test_the_ledger_shows_every_board_that_its_heading_counts(people):
    match = matched()
    board = print_boards(matches=[match], by=people["station"], at=AT)[0]
    kept = {field.attname: getattr(board, field.attname) for field in Board._meta.concrete_fields}
    former = [Board(**{**kept, "id": None, "version": number, "state": "replaced"}) for number in range(2, 103)]
    Board.objects.bulk_create(former)

    assert len(ledger_of(match.operator, people["county"]).boards) == 102


def opened(user, code):
    client = Client()
    client.force_login(user)
    return client.get(reverse("duties:ledger_print", args=[code]))
