"""Writes docs/cases/<type>.md, the drawn state diagrams of all case types: python -m tools.case_diagrams"""

import os
from pathlib import Path

import django

TARGET = Path(__file__).resolve().parent.parent / "docs" / "cases"


def pages() -> dict[str, str]:
    """File name → text. Django is set up."""
    from django.conf import settings
    from django.utils.translation import override

    from shian.engine.cases.declarations import case_types
    from shian.engine.cases.diagrams import page_of

    with override(settings.LANGUAGE_CODE):
        found = {f"{each.key}.md": page_of(each) for each in case_types()}
        listed = [f"- [{each.title}]({each.key}.md) — {each.description}" for each in case_types()]
    return {"README.md": "\n".join(["# 闭环事项", "", *listed, ""]), **found}


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shian.config.settings")
    os.environ.setdefault("SHIAN_SECRET_KEY", "unused: nothing is signed here")
    django.setup()
    made = pages()
    TARGET.mkdir(exist_ok=True)
    for path in TARGET.glob("*.md"):
        if path.name not in made:
            path.unlink()
    for name, text in made.items():
        (TARGET / name).write_text(text, encoding="utf-8")
    print(f"{TARGET.name}: {len(made)}")


if __name__ == "__main__":
    main()
