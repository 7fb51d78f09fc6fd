"""The city as its users have it: a clone of its database, a home of its own, the program's own web server."""

import os
import shutil
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.request import urlopen

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


@dataclass(frozen=True)
class Site:
    """A served city: its address, the passwords of its accounts, one account that waits for its owner."""

    url: str
    passwords: dict[str, str]
    newcomer: str
    activation_code: str
    web: Service
    environment: dict[str, str]

    def restart(self) -> None:
        """As after a power cut: the server is gone at once and comes back on the same port."""
        processes.end(processes.marked(self.web.mark), patience=0.0)
        _launch(self.web, self.environment, self.url)


@contextmanager
def served(home_folder: Path) -> Iterator[Site]:
    """The city's site for the length of the block."""
    assert (PROJECT / "frontend" / "dist" / ".vite").exists(), "Build the pages' scripts first: make setup"
    admin, name = database.cluster().conninfo(), f"{database.session_name()}_browser"
    template = city_template(admin, database.migrated_template(admin))
    database.clone(admin, template, name)
    try:
        with connected_to(name):
            passwords, newcomer, code = _accounts()
        home, port = Home(home_folder), _free_port()
        home.prepare()
        shutil.copytree(files_of(template), home.folder / "files", dirs_exist_ok=True, copy_function=os.link)
        web = services_of(home, port)[0]
        told = _environment(home, database.cluster().url(roles.WEB, name))
        site = Site(f"http://127.0.0.1:{port}", passwords, newcomer, code, web, told)
        _launch(web, told, site.url)
        try:
            yield site
        finally:
            web.stop()
    finally:
        database.drop(admin, name)


def _accounts() -> tuple[dict[str, str], str, str]:
    """The demo's accounts with their passwords, and one more person with an activation code."""
    from shian.registers.people.actions import open_account
    from shian.registers.people.models import Person

    told = yaml.safe_load(LANGFANG.read_text(encoding="utf-8"))
    with override_settings(PASSWORD_HASHERS=ARGON2):
        made = verbs.demo_accounts(told["demo_accounts"]) + verbs.demo_operator(told["demo_operator"])
    waiting = Person.objects.filter(user=None, posts__kind="联络员", posts__valid_to=None).order_by("person_no")[0]
    user, code = open_account(person=waiting, by="test", at=verbs.now())
    return {each["username"]: each["password"] for each in made}, user.username, code


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
