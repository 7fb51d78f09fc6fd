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
    dynamicImports: list[str]
    assets: list[str]


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


def built_files(entry: str, *islands: str) -> list[str]:
    """The files that a page loads (scripts, styles, pictures), below the folder of static files: those of the entry,
    and of these islands with all that they load on demand. Nothing when nothing was built.

    Raises LookupError for an island that is no chunk of its own, such as one that another island imports: a page that
    is to work without a network would lack its files."""
    chunks, found = manifest() or {}, dict[str, Chunk]()
    if lost := [each for each in islands if chunks and each not in chunks]:
        raise LookupError(f"The build holds no {', '.join(lost)}.")
    _close(chunks, entry, found, is_lazy=False)
    for island in islands:
        _close(chunks, island, found, is_lazy=True)
    files = (file for each in found.values() for file in (each["file"], *each.get("css", []), *each.get("assets", [])))
    return list(dict.fromkeys(files))


def _close(chunks: dict[str, Chunk], name: str, found: dict[str, Chunk], *, is_lazy: bool) -> None:
    """Add the chunk and what it loads to those found."""
    if name in found or name not in chunks:
        return
    found[name] = chunk = chunks[name]
    for each in [*chunk.get("imports", []), *(chunk.get("dynamicImports", []) if is_lazy else [])]:
        _close(chunks, each, found, is_lazy=is_lazy)


def built_text(entry: str) -> str:
    """The script that the entry became; "" when nothing was built."""
    chunk = (manifest() or {}).get(entry)
    return (manifest_path().parent.parent / chunk["file"]).read_text(encoding="utf-8") if chunk else ""


def check_build(**_: Any) -> list[CheckMessage]:
    if manifest() is not None:
        return []
    hint = "Run `npm ci && npm run build` (or `make setup`). Pages work without it but look bare."
    return [Warning(f"The front end is not built: {manifest_path()} is missing.", hint=hint, id="ui.W001")]
