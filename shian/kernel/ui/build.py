"""Where the front-end build lies: Vite's manifest, read once per build."""

import json
from functools import lru_cache
from pathlib import Path
from typing import Any, TypedDict

from django.conf import settings
from django.core.checks import CheckMessage, Warning

MAIN = "frontend/main.ts"


class Chunk(TypedDict, total=False):
    file: str
    css: list[str]
    imports: list[str]


def manifest_path() -> Path:
    return Path(getattr(settings, "SHIAN_VITE_MANIFEST", "frontend/dist/.vite/manifest.json"))


@lru_cache(maxsize=4)
def _read(path: Path, changed_at: int) -> dict[str, Chunk]:
    manifest: dict[str, Chunk] = json.loads(path.read_text(encoding="utf-8"))
    return manifest


def manifest() -> dict[str, Chunk] | None:
    """The manifest of the present build, or None when nothing was built. A rebuild is seen without a restart."""
    path = manifest_path()
    try:
        return _read(path, path.stat().st_mtime_ns)
    except FileNotFoundError:
        return None


def check_build(**_: Any) -> list[CheckMessage]:
    if manifest() is not None:
        return []
    hint = "Run `npm ci && npm run build` (or `make setup`). Pages work without it but look bare."
    return [Warning(f"The front end is not built: {manifest_path()} is missing.", hint=hint, id="ui.W001")]
