"""The city as its users have it: a clone of its database, a home of its own, the program's own web server."""

import hashlib
import json
import os
import shutil
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from urllib.request import urlopen

import psycopg
import yaml
from django.test import override_settings

from shian.config import processes, verbs
from shian.config.home import PROJECT, Home
from shian.config.postgres import roles
from shian.config.supervisor import Service, services_of
from tests import database
from tests.city import city_template, connected_to, files_of

LANGFANG = PROJECT / "packs" / "cities" / "langfang" / "city.yaml"
ARGON2 = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
PATIENCE = 60.0
PREFIX = "shian_accounts_"


@dataclass(frozen=True)
class Accounts:
    """The passwords of the demo's accounts, and one account that waits for its owner with an activation code."""

    passwords: dict[str, str]
    newcomer: str
    activation_code: str


@dataclass(frozen=True)
class Site:
    """A served city: its address, its accounts, the web server."""

    url: str
    accounts: Accounts
    web: Service
    environment: dict[str, str]

    @property
    def passwords(self) -> dict[str, str]:
        return self.accounts.passwords

    def restart(self) -> None:
        """As after a power cut: the server is gone at once and comes back on the same port."""
        processes.end(processes.marked(self.web.mark), patience=0.0)
        _launch(self.web, self.environment, self.url)


@contextmanager
def served(home_folder: Path) -> Iterator[Site]:
    """The city's site for the length of the block."""
    assert (PROJECT / "frontend" / "dist" / ".vite").exists(), "Build the pages' scripts first: make setup"
    admin, name = database.cluster().conninfo(), f"{database.session_name()}_browser"
    city = city_template(admin, database.migrated_template(admin))
    accounts = _clone_with_accounts(admin, city, name)
    try:
        home, port = Home(home_folder), _free_port()
        home.prepare()
        shutil.copytree(files_of(city), home.folder / "files", dirs_exist_ok=True, copy_function=os.link)
        web = services_of(home, port)[0]
        told = _environment(home, database.cluster().url(roles.WEB, name))
        site = Site(f"http://127.0.0.1:{port}", accounts, web, told)
        _launch(web, told, site.url)
        try:
            yield site
        finally:
            web.stop()
    finally:
        database.drop(admin, name)


def _clone_with_accounts(admin: str, city: str, name: str) -> Accounts:
    """A database with the city and people who can sign in to it.

    Hashing a password takes a quarter of a second of a processor on purpose, so the accounts are made once a day
    (activation codes and guests' visits run out) in a template of their own, not once for each process.
    """
    made_of = f"{city} {verbs.today()}".encode() + Path(__file__).read_bytes()
    template = PREFIX + hashlib.sha256(made_of).hexdigest()[:16]
    told = files_of(template).with_suffix(".json")
    with database._alone("accounts"), psycopg.connect(admin, autocommit=True) as connection:
        if not (told.exists() and database._exists(connection, template)):
            _make_accounts(connection, admin, city, template)
        database.clone(admin, template, name)
    return Accounts(**json.loads(told.read_text()))


def _make_accounts(connection: psycopg.Connection, admin: str, city: str, template: str) -> None:
    for (other,) in connection.execute("SELECT datname FROM pg_database").fetchall():
        if other.startswith(PREFIX):
            database._drop(connection, other)
            files_of(other).with_suffix(".json").unlink(missing_ok=True)
    draft = f"{template}_draft"
    database.clone(admin, city, draft)
    with connected_to(draft):
        accounts = _accounts()
    files_of(template).with_suffix(".json").write_text(json.dumps(asdict(accounts)))
    database._execute(connection, "ALTER DATABASE {} RENAME TO {}", draft, template)


def _accounts() -> Accounts:
    from shian.registers.people.actions import open_account
    from shian.registers.people.models import Person

    told = yaml.safe_load(LANGFANG.read_text(encoding="utf-8"))
    with override_settings(PASSWORD_HASHERS=ARGON2):
        made = verbs.demo_accounts(told["demo_accounts"]) + verbs.demo_operator(told["demo_operator"])
    waiting = Person.objects.filter(user=None, posts__kind="联络员", posts__valid_to=None).order_by("person_no")[0]
    user, code = open_account(person=waiting, by="test", at=verbs.now())
    return Accounts({each["username"]: each["password"] for each in made}, user.username, code)


def _environment(home: Home, url: str) -> dict[str, str]:
    left_out = {"SHIAN_SECRET_KEY", "SHIAN_DB_ROLE", "SHIAN_OWNER_DATABASE_URL"}
    told = {name: value for name, value in os.environ.items() if name not in left_out}
    return {
        **told,
        "DATABASE_URL": url,
        "DJANGO_SETTINGS_MODULE": "shian.config.settings",
        "SHIAN_HOME": str(home.folder),
    }


def _launch(web: Service, told: dict[str, str], url: str) -> None:
    web.launch(told)
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        try:
            with urlopen(f"{url}/account/login/", timeout=20):
                return
        except OSError:
            time.sleep(0.2)
    raise AssertionError(f"The web server does not answer: {web.log_path.read_text()[-2000:]}")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
