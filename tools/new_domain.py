"""Scaffolds a domain: `make new-domain NAME=kitchens TITLE="明厨亮灶"`. The result passes `make check` at once.

It holds the smallest page that works, stated permission and test included; the other files of the anatomy
(docs/architecture.md, section 3) are added when there is something to put into them.
"""

import re
import sys
from pathlib import Path

from tools import translations

PROJECT = Path(__file__).resolve().parent.parent
DOMAINS = PROJECT / "shian" / "domains"

FILES = {
    "__init__.py": '"""{klass} ({title}): what the area is. Legal basis, who uses it, its verbs."""\n',
    "apps.py": """from django.apps import AppConfig


class {klass}Config(AppConfig):
    name = "shian.domains.{name}"
    label = "{name}"
    verbose_name = "{title}"
""",
    "permissions.py": '''"""Who may do what in {name}; rows are cut by scope besides."""

from shian.kernel.accounts.permissions import any_user

{constant}_VIEW = any_user
''',
    "urls.py": '''"""Urls of {name}: `{name}:<noun>_<verb>`."""

from django.urls import URLPattern, path

from shian.domains.{name} import views

app_name = "{name}"
urlpatterns: list[URLPattern] = [
    path("", views.{name}_overview, name="{name}_overview"),
]
''',
    "views.py": '''"""Pages of {name}."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from shian.domains.{name}.permissions import {constant}_VIEW
from shian.kernel.accounts.permissions import requires


@requires({constant}_VIEW)
def {name}_overview(request: HttpRequest) -> HttpResponse:
    return render(request, "{name}/{name}_overview.html")
''',
    "templates/{name}/{name}_overview.html": """{{% extends "ui/shell.html" %}}
{{% load i18n %}}
{{% block title %}}{{% translate "{title}" %}}{{% endblock %}}
{{% block heading %}}<h1>{{% translate "{title}" %}}</h1>{{% endblock %}}
{{% block content %}}{{% endblock %}}
""",
    "migrations/__init__.py": "",
    "tests/__init__.py": "",
    "tests/test_views_{name}.py": '''"""The pages of {name}."""

import pytest
from django.test import Client
from django.urls import reverse

pytestmark = pytest.mark.django_db


def test_overview_asks_strangers_to_sign_in(client: Client) -> None:
    answer = client.get(reverse("{name}:{name}_overview"))

    assert answer.status_code == 302


def test_overview_is_shown_to_whoever_is_signed_in(client: Client, django_user_model) -> None:
    client.force_login(django_user_model.objects.create(username="alice"))

    answer = client.get(reverse("{name}:{name}_overview"))

    assert answer.status_code == 200
''',
}
CONTRACT = """
[importlinter:contract:models-{name}]
name = The models of {name} are its own
type = protected
protected_modules =
    shian.domains.{name}.models
allowed_importers =
    shian.domains.{name}
"""


def main(name: str, title: str) -> int:
    """Write the files and register the app; refuses a bad name or one that is taken."""
    if not re.fullmatch(r"[a-z]+", name) or not title:
        sys.stderr.write('Usage: make new-domain NAME=kitchens TITLE="明厨亮灶"  (NAME: one lower-case plural noun)\n')
        return 2
    if (DOMAINS / name).exists():
        sys.stderr.write(f"There is a domain {name} already.\n")
        return 1
    words = {"name": name, "title": title, "klass": name.capitalize(), "constant": name.upper()}
    for path, text in FILES.items():
        target = DOMAINS / name / path.format(**words)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text.format(**words), encoding="utf-8")
    config = PROJECT / "shian" / "config"
    insert_after_last(config / "settings.py", '    "shian.domains.', f'    "shian.domains.{name}",\n')
    route = f'    path("{name}/", include("shian.domains.{name}.urls")),\n'
    insert_after_last(config / "urls.py", '    path("campaign/"', route)
    page = f'    "{name}:{name}_overview": Page(),\n'
    insert_at_end_of(PROJECT / "tests" / "access" / "test_every_page.py", "PAGES:", page)
    insert_after_last(PROJECT / "docs" / "glossary.md", "| ", f"| {title} | {name} | |\n")
    translations.add(title, name.replace("_", " ").capitalize())
    print(
        f"shian/domains/{name} is made and registered. Next: models, then an entry in the sidebar (apps.py, ready())."
    )
    print(f"The English of {title} is a first guess, see {translations.PO.name}; tests/access says who opens the page.")
    print(f"With models.py add this contract to .importlinter:\n{CONTRACT.format(name=name)}")
    return 0


def insert_after_last(path: Path, start: str, line: str) -> None:
    """Put a line after the last one that begins like this."""
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    place = max(number for number, each in enumerate(lines) if each.startswith(start))
    path.write_text("".join([*lines[: place + 1], line, *lines[place + 1 :]]), encoding="utf-8")


def insert_at_end_of(path: Path, start: str, line: str) -> None:
    """Put a line before the brace that closes the dictionary which begins like this."""
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    opening = next(number for number, each in enumerate(lines) if each.startswith(start))
    place = next(number for number, each in enumerate(lines) if number > opening and each.startswith("}"))
    path.write_text("".join([*lines[:place], line, *lines[place:]]), encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main(*[*sys.argv[1:], "", ""][:2]))
