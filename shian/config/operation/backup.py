"""Backup and restore: one file that holds the database, the stored files and the keys, and proves itself.

The dump and the row counts come from one snapshot. Stored files are named by their hash and never change, so those
copied after the dump are at least the ones that the dump names. The manifest stands last, with a digest of every
member: a file that was cut off has none. The archive holds secrets and personal data; it is readable by its owner only.
"""

import hashlib
import io
import json
import os
import shutil
import subprocess
import tarfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import IO, Any

import psycopg
from psycopg import sql

from shian.config import postgres
from shian.config.database import Database
from shian.config.home import Home
from shian.config.postgres import find_binaries, roles
from shian.config.problems import Problem

FORMAT = 1
MANIFEST, DUMP = "manifest.json", "database.dump"
KEPT_FOLDERS = ("files", "notary", "codes")
KEPT_FILES = ("secret_key", "demo-accounts.json")
PREFIX = "shian-"
Progress = Callable[[int, int | None], None]


@dataclass(frozen=True)
class Manifest:
    """What a backup holds. `members` maps names to SHA-256; `tables` maps tables to rows in the dump's snapshot."""

    made_at: str
    schema: str
    server: str
    format: int = FORMAT
    tables: dict[str, int] = field(default_factory=dict)
    members: dict[str, str] = field(default_factory=dict)


def back_up(home: Home, database: Database, target: Path) -> Manifest:
    """Write the backup of this home to `target`, complete or not at all."""
    target.parent.mkdir(parents=True, exist_ok=True)
    draft = target.with_name(f"{target.name}.new")
    admin = _admin_conninfo(database)
    dump = draft.with_suffix(".dump")
    try:
        manifest = _dumped(admin, database, dump)
        with _private(draft) as out, tarfile.open(fileobj=out, mode="w") as archive:
            _put(archive, manifest, DUMP, dump)
            for name, path in _kept(home):
                _put(archive, manifest, name, path)
            _put_manifest(archive, manifest)
        draft.replace(target)
    finally:
        dump.unlink(missing_ok=True)
        draft.unlink(missing_ok=True)
    return manifest


def default_target(home: Home) -> Path:
    """A new name below the home folder, in the order of time."""
    return home.folder / "backups" / f"{PREFIX}{time.strftime('%Y%m%d-%H%M%S')}.tar"


def forget_older(folder: Path, keep: int) -> list[Path]:
    """Remove all but the newest `keep` backups of this folder; the removed ones."""
    old = sorted(folder.glob(f"{PREFIX}*.tar"))[:-keep]
    for path in old:
        path.unlink()
    return old


def read_manifest(source: Path) -> Manifest:
    """The manifest of a backup. Raises Problem for a file that is no complete backup."""
    try:
        with tarfile.open(source) as archive:
            found = archive.extractfile(MANIFEST)
            told: dict[str, Any] = json.load(found) if found else {}
            return Manifest(**told)
    except (tarfile.TarError, KeyError, ValueError, TypeError, EOFError) as error:
        raise Problem(
            f"{source} is no complete backup of Shian; it may have been cut off while it was copied."
        ) from error


def restore(home: Home, database: Database, source: Path) -> Manifest:
    """Bring a backup to life in an empty home. Every member is checked first; a failure leaves no database behind."""
    manifest = read_manifest(source)
    if manifest.format != FORMAT:
        raise Problem(f"{source} was made by another version of Shian (format {manifest.format}); use that version.")
    admin = _admin_conninfo(database)
    _refuse_a_used_database(database, admin)
    work = home.folder / "restoring"
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir(mode=0o700)
    try:
        _unpack(source, manifest, work)
        _place(home, work)
        _load(admin, work / DUMP, manifest, database)
    finally:
        shutil.rmtree(work, ignore_errors=True)
    return manifest


def _admin_conninfo(database: Database) -> str:
    """A role that sees every row: row-level security must not thin out a backup. The owner is under it too (FORCE), so
    its session says that it is the system."""
    if database.cluster:
        return database.cluster.conninfo(database=roles.DATABASE)
    named = os.environ.get("SHIAN_BACKUP_DATABASE_URL") or database.owner_url
    return psycopg.conninfo.make_conninfo(postgres.server_url(named), options="-c shian.system=on")


def _dumped(admin: str, database: Database, dump: Path) -> Manifest:
    """pg_dump and the row counts from one snapshot."""
    with psycopg.connect(admin) as connection:
        connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        row = connection.execute("SELECT pg_export_snapshot(), current_setting('server_version')").fetchone()
        snapshot, server = row or ("", "")
        asked = ["--format=custom", "--enable-row-security", f"--snapshot={snapshot}", "--dbname", admin]
        with _private(dump) as out:
            _run_program("pg_dump", asked, stdout=out)
        tables = _counted(connection)
    made_at = time.strftime("%Y-%m-%dT%H:%M:%S%z")
    return Manifest(made_at=made_at, schema=database.migrated_state(), server=str(server), tables=tables)


def _counted(connection: psycopg.Connection) -> dict[str, int]:
    names = connection.execute(
        "SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace "
        "WHERE n.nspname = 'public' AND c.relkind = 'r' ORDER BY 1"
    ).fetchall()
    counted = {}
    for (name,) in names:
        found = connection.execute(sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(name))).fetchone()
        counted[str(name)] = int(found[0]) if found else 0
    return counted


def _kept(home: Home) -> Iterator[tuple[str, Path]]:
    """Names in the archive, and where they lie."""
    for folder in KEPT_FOLDERS:
        for path in sorted((home.folder / folder).rglob("*")):
            if path.is_file() and not path.name.startswith("incoming-"):
                yield str(path.relative_to(home.folder)), path
    for name in KEPT_FILES:
        if (home.folder / name).exists():
            yield name, home.folder / name


@contextmanager
def _private(path: Path) -> Iterator[IO[bytes]]:
    """A file that only its owner reads, on disk when the block ends."""
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as out:
        yield out
        out.flush()
        os.fsync(out.fileno())


class _Hashed(io.RawIOBase):
    """Reads on behalf of somebody else and keeps the digest of what went by."""

    def __init__(self, source: IO[bytes]) -> None:
        self.source, self.digest = source, hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        """The next bytes."""
        found = self.source.read(size)
        self.digest.update(found)
        return found


def _put(archive: tarfile.TarFile, manifest: Manifest, name: str, path: Path) -> None:
    with path.open("rb") as source:
        info = tarfile.TarInfo(name)
        info.size, info.mode, info.mtime = os.fstat(source.fileno()).st_size, 0o600, int(time.time())
        hashed = _Hashed(source)
        archive.addfile(info, hashed)
    manifest.members[name] = hashed.digest.hexdigest()


def _put_manifest(archive: tarfile.TarFile, manifest: Manifest) -> None:
    content = json.dumps(asdict(manifest), ensure_ascii=False, indent=1).encode()
    info = tarfile.TarInfo(MANIFEST)
    info.size, info.mode, info.mtime = len(content), 0o600, int(time.time())
    archive.addfile(info, io.BytesIO(content))


def _refuse_a_used_database(database: Database, admin: str) -> None:
    with psycopg.connect(admin) as connection:
        if connection.execute("SELECT to_regclass('public.django_migrations')").fetchone() != (None,):
            where = "this home" if database.cluster else "DATABASE_URL"
            raise Problem(
                f"The database of {where} holds data already; restore into an empty one (SHIAN_HOME names the folder)."
            )


def _unpack(source: Path, manifest: Manifest, work: Path) -> None:
    """Every member below `work`, each compared with its digest; anything else in the archive is refused."""
    with tarfile.open(source) as archive:
        for info in archive:
            if info.name == MANIFEST:
                continue
            content = archive.extractfile(info) if info.isreg() and info.name in manifest.members else None
            target = (work / info.name).resolve()
            if content is None or not target.is_relative_to(work):
                raise Problem(f"{source} holds {info.name!r}, which its manifest does not know; it is not restored.")
            target.parent.mkdir(parents=True, exist_ok=True)
            hashed = _Hashed(content)
            with _private(target) as out:
                shutil.copyfileobj(hashed, out, 1 << 20)
            if hashed.digest.hexdigest() != manifest.members[info.name]:
                raise Problem(f"{info.name} in {source} is damaged: its digest is not the one of the manifest.")
    missing = [name for name in manifest.members if not (work / name).exists()]
    if missing:
        raise Problem(f"{source} lacks {missing[0]} and {len(missing) - 1} more members; it is not restored.")


def _load(admin: str, dump: Path, manifest: Manifest, database: Database) -> None:
    """pg_restore in one transaction; then the rows are counted against the manifest."""
    asked = ["--single-transaction", "--exit-on-error", "--dbname", admin, str(dump)]
    _run_program("pg_restore", asked if database.cluster else ["--no-owner", *asked])
    with psycopg.connect(admin) as connection:
        found = _counted(connection)
    wrong = {name: rows for name, rows in manifest.tables.items() if found.get(name) != rows}
    if wrong:
        name, rows = next(iter(wrong.items()))
        if database.cluster:
            database.recreate()
        raise Problem(f"The restored table {name} has {found.get(name)} rows and should have {rows}.")
    owner = postgres.server_url(database.owner_url)
    postgres.grant_web_role(owner, roles.WEB if database.cluster else postgres.role_of(database.web_url))
    postgres.mark_migrated(owner, manifest.schema)
    postgres.analyze(owner)


def _place(home: Home, work: Path) -> None:
    """Files and keys into the home, over what an empty one made for itself. They come before the database, which is
    there at once or not at all: so a restore that was killed is simply run again."""
    for path in sorted(work.rglob("*")):
        name = path.relative_to(work)
        if path.is_file() and str(name) != DUMP:
            target = home.folder / name
            target.parent.mkdir(parents=True, exist_ok=True)
            path.replace(target)


def _run_program(program: str, arguments: list[str], **streams: Any) -> None:
    """A program of PostgreSQL; what it complains about becomes the sentence."""
    binaries = find_binaries()
    done = subprocess.run(
        [binaries[program], "--no-password", *arguments], stdin=subprocess.DEVNULL, stderr=subprocess.PIPE, text=False,
        check=False, **streams,
    )  # fmt: skip
    if done.returncode:
        said = done.stderr.decode(errors="replace").strip().splitlines()
        raise Problem(f"{program} {binaries.version} failed: {said[-1] if said else done.returncode}")
