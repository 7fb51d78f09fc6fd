"""Writes a set: one zip that unpacks to a folder which needs no system and no network.

    <set>/index.html  manifest.json  SHA256SUMS  checkpoint  index.json
    <set>/items/<code title>/index.html  item.json  seals.json  rows/*.csv  files/*

manifest.json names every other file with size and SHA-256; SHA256SUMS says the same for `sha256sum -c`. The order is
that of the standard, so that equal content gives equal checksums of the files.
"""

import hashlib
import json
import re
import shutil
import tempfile
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import IO, Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.encoding import force_str
from django.utils.translation import gettext as _
from django.utils.translation import override

from shian.engine.archives.rows import Side, sides_of, write_rows
from shian.engine.archives.seals import Sealer
from shian.engine.archives.sets import ItemAsk, ItemFolder, SetAsk, SetContent, SetKind, contributions
from shian.engine.measures.declarations import measure
from shian.engine.measures.queries import frozen_figures
from shian.engine.measures.rules import PeriodInvalid
from shian.kernel.notary.deeds import deed_text
from shian.kernel.scope.rules import code_of_key

FORMAT = "shian-archive/1"
CHUNK = 1 << 20
NAME_LENGTH = 60
_UNFIT = re.compile(r'[\\/:*?"<>|\x00-\x1f]+')
Tell = Callable[[int, str], None]


@dataclass(frozen=True)
class Packed:
    """What was written. `manifest` is the SHA-256 of manifest.json."""

    items: int
    entries: int
    manifest: str


@dataclass
class _Zip:
    """The zip under way: every file is hashed on its way in."""

    archive: zipfile.ZipFile
    folder: str
    made: datetime
    listed: list[dict[str, Any]] = field(default_factory=list)

    def text(self, path: str, content: str) -> str:
        data = content.encode()
        self.archive.writestr(self._info(path), data)
        return self._list(path, hashlib.sha256(data).hexdigest(), len(data))

    def copy(self, path: str, source: IO[bytes]) -> int:
        """Stream a file in; its size."""
        digest, size = hashlib.sha256(), 0
        with self.archive.open(self._info(path), "w", force_zip64=True) as out:
            while chunk := source.read(CHUNK):
                digest.update(chunk)
                size += out.write(chunk)
        self._list(path, digest.hexdigest(), size)
        return size

    def _info(self, path: str) -> zipfile.ZipInfo:
        info = zipfile.ZipInfo(f"{self.folder}/{path}", timezone.localtime(self.made).timetuple()[:6])
        info.compress_type = zipfile.ZIP_DEFLATED
        info.external_attr = 0o644 << 16
        return info

    def _list(self, path: str, sha256: str, size: int) -> str:
        self.listed.append({"path": path, "size": size, "sha256": sha256})
        return sha256


@dataclass
class _Rows:
    """CSV files by side: written once, though several items rest on the same rows."""

    ask: SetAsk
    made: datetime
    folder: Path
    known: dict[Side, tuple[Path, int, str]] = field(default_factory=dict)

    def of(self, side: Side) -> tuple[Path, int, str]:
        if side not in self.known:
            written = write_rows(side, area=self.ask.area, reader=self.ask.reader, at=self.made)
            path = self.folder / str(len(self.known))
            with written.file, path.open("wb") as out:
                shutil.copyfileobj(written.file, out)
            self.known[side] = (path, written.rows, written.checksum)
        return self.known[side]


def pack(out: IO[bytes], kind: SetKind, ask: SetAsk, *, folder: str, at: datetime, tell: Tell) -> Packed:
    """Write the whole set in the language of record. Raises what the kind's content raises, and OutOfReach."""
    with override(settings.LANGUAGE_CODE), tempfile.TemporaryDirectory(prefix="shian-archive-") as work:
        tell(0, _("汇集评价内容"))
        content = kind.content(ask)
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
            target, rows, sealer = _Zip(archive, folder, at), _Rows(ask, at, Path(work)), Sealer()
            lines = []
            for place, item in enumerate(content.items):
                tell(100 * place // len(content.items), f"{item.code} {item.title}")
                lines.append(_pack_item(target, kind, ask, item, content, rows, sealer))
            target.text("checkpoint", sealer.note)
            return _close(target, kind, ask, content, lines)


def _pack_item(
    target: _Zip, kind: SetKind, ask: SetAsk, item: ItemFolder, content: SetContent, rows: _Rows, sealer: Sealer
) -> dict[str, Any]:
    """One folder; what the index says of it."""
    place = f"items/{safe_name(f'{item.code} {item.title}')}"
    tables = _pack_rows(target, place, item, ask, rows)
    files = _pack_files(target, place, kind, item, ask)
    frozen = _frozen(item, ask.area)
    seals = sealer.seals_of(item.subjects)
    data = {**item.data, "rows": tables, "files": files, "frozen": frozen}
    target.text(f"{place}/item.json", _json(data))
    target.text(f"{place}/seals.json", _json(seals))
    context = {"item": item, "set": content, "ask": _asked(ask), "tables": tables, "files": files, "frozen": frozen,
               "seals": [_sealed(each) for each in seals["seals"]]}  # fmt: skip
    target.text(f"{place}/index.html", render_to_string("archives/offline_item.html", context))
    return {"item": item, "path": f"{place}/index.html", "tables": len(tables), "files": len(files)}


def _sealed(told: dict[str, Any]) -> dict[str, Any]:
    """A seal as the index shows it."""
    return {**told, "at": datetime.fromisoformat(told["at"]), "deed": deed_text(told["action"])}


def _pack_rows(target: _Zip, place: str, item: ItemFolder, ask: SetAsk, rows: _Rows) -> list[dict[str, Any]]:
    tables = []
    for side in dict.fromkeys(side for each in item.figures for side in _sides(each.measure, ask, each.period)):
        path, count, checksum = rows.of(side)
        name = f"rows/{safe_name(side.name)}.csv"
        with path.open("rb") as source:
            target.copy(f"{place}/{name}", source)
        title = force_str(measure(side.measure).title)
        told = {"path": name, "measure": side.measure, "title": title, "side": side.side, "period": side.period}
        tables.append({**told, "as_of": side.as_of.isoformat(), "rows": count, "rows_sha256": checksum})
    return tables


def _sides(key: str, ask: SetAsk, period: str) -> list[Side]:
    """None for a measure that nobody declares any more: the item says so itself."""
    try:
        return sides_of(key, ask.as_of, period)
    except (LookupError, PeriodInvalid):
        return []


def _pack_files(target: _Zip, place: str, kind: SetKind, item: ItemFolder, ask: SetAsk) -> list[dict[str, Any]]:
    asked = ItemAsk(kind.key, item.code, ask.area, ask.as_of, ask.reader)
    files: list[dict[str, Any]] = []
    for number, each in enumerate(contributions(asked), 1):
        name = f"files/{number:02d} {safe_name(each.name)}"
        with each.path.open("rb") as source:
            size = target.copy(f"{place}/{name}", source)
        files.append({"path": name, "title": force_str(each.title), "source": force_str(each.source), "size": size})
    return files


def _frozen(item: ItemFolder, area: str) -> list[dict[str, Any]]:
    """What documents printed of the item's figures: kept values, whatever the registers say today."""
    found = []
    for key in dict.fromkeys(each.measure for each in item.figures):
        for row in frozen_figures(key, code_of_key(area)):
            value = None if row.shown is None else str(row.shown)
            told = {"measure": key, "as_of": row.as_of.isoformat(), "period": row.period, "value": value}
            found.append({**told, "unit": row.unit, "document": row.document, "frozen_at": row.frozen_at.isoformat()})
    return found


def _close(target: _Zip, kind: SetKind, ask: SetAsk, content: SetContent, lines: list[dict[str, Any]]) -> Packed:
    context = {"set": content, "ask": _asked(ask), "lines": lines, "made": target.made, "kind": kind}
    target.text("index.html", render_to_string("archives/offline_index.html", context))
    index = [{"code": each["item"].code, "title": each["item"].title, "path": each["path"]} for each in lines]
    target.text("index.json", _json({**content.data, "items": index}))
    sums = "".join(f"{each['sha256']}  {each['path']}\n" for each in target.listed)
    target.text("SHA256SUMS", sums)
    told = {"format": FORMAT, "kind": kind.key, **_asked(ask), "made_at": target.made.isoformat()}
    manifest = target.text("manifest.json", _json({**told, "items": len(lines), "files": list(target.listed)}))
    return Packed(len(lines), len(target.listed), manifest)


def _asked(ask: SetAsk) -> dict[str, str]:
    return {"area": code_of_key(ask.area), "as_of": ask.as_of.isoformat()}


def _json(data: Mapping[str, Any]) -> str:
    return json.dumps(data, ensure_ascii=False, indent=1, default=force_str)


def safe_name(text: str) -> str:
    """A name that every file system takes: no separators, no reserved signs, at most 60 characters and its ending."""
    cleaned = " ".join(_UNFIT.sub(" ", text).split()).strip(". ") or "_"
    stem, dot, ending = cleaned.rpartition(".")
    if dot and ending.isalnum() and len(ending) <= 5:
        return f"{stem[:NAME_LENGTH]}.{ending}"
    return cleaned[:NAME_LENGTH].rstrip()
