"""The notice board in the portal of the business: its sheet, a photo at the door, and word that another one comes."""

from io import BytesIO

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from shian.domains.duties.actions.boards import print_boards
from shian.domains.duties.actions.matches import change_match
from shian.domains.duties.queries.boards import board_of
from shian.domains.duties.tests.factories import make_areas, make_official, matched
from shian.domains.duties.tests.visiting import PNG
from shian.domains.selfcontrol.actions.accounts import create_demo_operator
from shian.kernel.accounts.models import User

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop(settings, tmp_path):
    """A business with an official and an account of its principal."""
    settings.MEDIA_ROOT = tmp_path
    make_areas()
    match = matched("D")
    create_demo_operator(code=match.operator.code, username="boss", by="test", at=timezone.now())
    client = Client()
    client.force_login(User.objects.get(username="boss"))
    return match, client


def photo():
    found = BytesIO(PNG)
    found.name = "door.png"
    return found


def test_the_business_posts_its_board_and_hears_when_another_one_comes(shop):
    match, client = shop
    page, post = (reverse(f"operator:{name}", args=[match.operator.code]) for name in ("board_detail", "board_publish"))
    assert "还没有公示板" in client.get(page).text
    assert "还没有公示板" in client.post(post, {"photo": photo()}).text
    print_boards(matches=[match], by="test", at=timezone.now())
    assert "待张贴" in client.get(reverse("operator:desk_detail", args=[match.operator.code])).text
    assert match.official.name in client.get(page).text

    assert client.post(post).status_code == 200
    assert client.post(post, {"photo": photo()}).url == page
    board = board_of(match.operator)
    assert (board.state, board.posted_by.username, bool(board.photo)) == ("posted", "boss", True)
    change_match(operator=match.operator, official=make_official(), reason="调整", by="test", at=timezone.now())
    assert "等新的公示板" in client.get(page).text
    assert client.get(reverse("operator:board_detail", args=[matched("D").operator.code])).status_code == 404
