"""Writes docs/openapi.json, the description of the interface that is committed: python -m tools.openapi"""

import os
from pathlib import Path

import django

TARGET = Path(__file__).resolve().parent.parent / "docs" / "openapi.json"


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shian.config.settings")
    os.environ.setdefault("SHIAN_SECRET_KEY", "unused: nothing is signed here")
    django.setup()
    from shian.kernel.api.rendering import openapi_text
    from shian.kernel.api.site import openapi

    TARGET.write_text(openapi_text(openapi()), encoding="utf-8")
    print(TARGET.name)


if __name__ == "__main__":
    main()
