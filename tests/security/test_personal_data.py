"""Tables with personal data stand behind row-level security, or a reason says why the first wall is all."""

import re

import pytest
from django.apps import apps
from django.db import connection, models

from shian.kernel.scope.walls import guarded_tables

SPEAKING = re.compile(
    r"phone|mobile|email|person_name|id_card|id_no|passport|birth|(^|_)plate|bank|ip_address|user_agent|representative"
    r"|display_name|real_name|first_name|last_name|recipient|contact|health|fingerprint",
)
WORDS = re.compile("手机|电话|姓名|身份证|住址|银行|车牌|法定代表人|收件人|联系人|健康")
# Tables whose personal data only the first wall protects, each with its reason.
FIRST_WALL = {
    "accounts_user": "read before anybody is signed in; pages show names as actor_names lets the reader see them",
    "accounts_usedpassword": "hashes, compared before a new password is set",
    "account_emailaddress": "the library's own; unused, sign-in goes by name",
    "account_emailconfirmation": "the library's own; unused",
    "auth_permission": "no person: names of rights",
    "axes_accessattempt": "counted before anybody is signed in",
    "axes_accessfailurelog": "counted before anybody is signed in",
    "axes_accesslog": "switched off",
    "mfa_authenticator": "asked for between password and second factor; secrets are encrypted",
    "usersessions_usersession": "written while signing in; a page shows the own sessions only",
    "socialaccount_socialaccount": "asked for before anybody is signed in",
    "notices_preference": "one choice of a user, no text",
    "operators_operator": "contact of a business; a policy makes the search 30 times slower (SECURITY.md tells)",
    "ledgers_ledgerrow": "personal fields lie in `data` of some ledgers; a policy makes lists 4 times slower",
    "duties_official": "names, posts and office phones that hang on the notice board of every operator (C-22)",
    "fieldchecks_teammember": "names a person by key; the name lies in people_person, behind its wall",
    "tracing_coldbatch": "the number plate of a firm's lorry; whoever has or had the goods reads it",
    "tracing_coldmove": "the number plate of a firm's lorry; whoever sends or gets the goods reads it",
    "tracing_recall": "the phone of the office that calls back, written for its notices and the public one",
    "ledgers_ledgerrowversion": "read through the row that the reader sees",
}
MODELS = [model for model in apps.get_models() if model._meta.managed]


def tells_of_a_person(field: models.Field) -> bool:
    if isinstance(field, models.ForeignKey | models.OneToOneField):
        return field.name in {"recipient", "person"}
    return bool(SPEAKING.search(field.name) or WORDS.search(str(field.verbose_name)))


def personal_tables(found: list[type[models.Model]]) -> dict[str, list[str]]:
    """Table → its fields that tell of a person."""
    told = {m._meta.db_table: [f.name for f in m._meta.fields if tells_of_a_person(f)] for m in found}
    return {table: names for table, names in told.items() if names}


def test_every_table_with_personal_data_is_classified() -> None:
    unclassified = {
        table: names
        for table, names in personal_tables(MODELS).items()
        if table not in guarded_tables() and table not in FIRST_WALL
    }

    assert unclassified == {}, "row-level security (register_guarded) or a reason in FIRST_WALL"


def test_a_new_table_with_a_number_of_a_phone_would_be_found() -> None:
    class Guest(models.Model):
        mobile_no = models.CharField("联系方式", max_length=20)

        class Meta:
            app_label = "scope"
            managed = False

    class Visit(models.Model):
        seen = models.CharField("姓名", max_length=20)

        class Meta:
            app_label = "scope"
            managed = False

    try:
        assert set(personal_tables([Guest, Visit])) == {"scope_guest", "scope_visit"}
    finally:
        for name in ("guest", "visit"):
            del apps.all_models["scope"][name]
        apps.clear_cache()


@pytest.mark.django_db
def test_guarded_tables_are_forced_and_have_a_policy_and_no_others_have() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.relname, c.relforcerowsecurity AND EXISTS (SELECT FROM pg_policy p WHERE p.polrelid = c.oid) "
            "FROM pg_class c WHERE c.relrowsecurity AND c.relkind = 'r'"
        )
        found = dict(cursor.fetchall())

    assert found == dict.fromkeys(guarded_tables(), True)
