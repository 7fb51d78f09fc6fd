"""Actors in words: one look-up per page, as the viewer may see them."""

import pytest
from django.template import Context, Template

from shian.kernel.ui import actors
from shian.kernel.ui.actors import actor, actors_seen_by, is_system_actor


@pytest.fixture
def asked(monkeypatch):
    """The names that were asked for, look-up by look-up; a provider that knows alice and bob."""
    calls: list[list[str]] = []

    def provider(names, viewer):
        calls.append(list(names))
        return {name: f"{name.title()}（给{viewer}看）" for name in names if name in {"alice", "bob"}}

    monkeypatch.setattr(actors, "_providers", [provider])
    return calls


def test_all_actors_of_a_page_are_one_look_up(asked):
    with actors_seen_by(lambda: "carol"):
        drawn = [str(each) for each in [actor("alice"), actor("bob"), actor("alice"), actor("dave")]]

    assert drawn == ["Alice（给carol看）", "Bob（给carol看）", "Alice（给carol看）", "dave"]
    assert asked == [["alice", "bob", "dave"]]


def test_a_page_without_actors_asks_nothing(asked):
    with actors_seen_by(lambda: pytest.fail("nobody was named")):
        assert actor("") == ""
        assert str(actor("demo")) == "演示数据"

    assert asked == []


def test_the_next_page_asks_again_for_its_own_viewer(asked):
    for viewer in ("carol", "dave"):
        with actors_seen_by(lambda viewer=viewer: viewer):
            assert str(actor("alice")) == f"Alice（给{viewer}看）"

    assert len(asked) == 2


def test_outside_a_page_a_name_stays_as_it_is_stored(asked):
    assert str(actor("alice")) == "alice"
    assert asked == []


@pytest.mark.parametrize(("name", "words"), [("demo", "演示数据"), ("cli", "命令行"), ("worker", "后台任务")])
def test_systems_have_their_words_on_every_page_and_off_it(name, words, asked):
    assert is_system_actor(name)
    assert str(actor(name)) == words
    with actors_seen_by(lambda: "carol"):
        assert str(actor(name)) == words
    assert asked == []


def test_the_filter_names_an_actor_and_escapes_it(asked):
    with actors_seen_by(lambda: "<b>"):
        drawn = Template("{% load ui %}{{ name|actor }}").render(Context({"name": "alice"}))

    assert drawn == "Alice（给&lt;b&gt;看）"
