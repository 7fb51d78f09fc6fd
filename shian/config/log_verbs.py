"""The sealed log's verbs for the command line; like verbs.py, each imports the program when it is called."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from shian.config.home import Home
from shian.config.problems import Problem
from shian.config.verbs import now


def verify(export: Path | None, keys: Sequence[str]) -> Any:
    """What an export, or without one everything stored here, proves. `keys` are texts or files. An export needs no
    database."""
    from shian.kernel.notary.notes import BadKey, VerifierKey

    try:
        trusted = [VerifierKey.parse(_text_of(key)) for key in keys]
    except BadKey:
        raise Problem("That is no public key of a log; it reads name+id+base64.") from None
    if export:
        from shian.kernel.notary.verification import verify_export

        return verify_export(export, trusted)
    from shian.kernel.notary.audit import audit

    return audit(keys=trusted)


def _text_of(key: str) -> str:
    path = Path(key)
    return path.read_text(encoding="utf-8") if "+" not in key and path.is_file() else key


def verdict_line(outcome: Any) -> str:
    """What was checked, in one line."""
    if not outcome.holds:
        return f"NOT verified: {len(outcome.problems)} problems."
    absent = f" ({outcome.absent_files} more are named but not here)" if outcome.absent_files else ""
    name = f" of {outcome.origin}" if outcome.origin else ""
    return (
        f"Verified: {outcome.entries:,} entries and {outcome.files} files{absent}, "
        f"under a checkpoint{name} of {outcome.size:,} entries."
    )


def export_seals(out: Path, *, subject: str | None, by: str) -> Any:
    """Write an export after numbering what waits; all entries, because whoever may run this may read the database."""
    from shian.kernel.notary.actions import NothingSealed, export_log, export_record, sequence

    while sequence(at=now()):
        continue
    draft = out.with_name(f"{out.name}.part")
    try:
        with draft.open("wb") as stream:
            if subject:
                told = export_record(subject=subject, to=stream, by=by, at=now())
            else:
                told = export_log(user=None, to=stream, by=by, at=now())
        draft.replace(out)
    except NothingSealed:
        raise Problem(f"Nothing is sealed about {subject or 'anything'} yet.") from None
    finally:
        draft.unlink(missing_ok=True)
    return told


def log_keys(home: Home, *, add: bool) -> list[str]:
    """The public keys of the log in this home, the first of them made when there is none."""
    from django.conf import settings

    if not settings.configured:
        settings.configure(SHIAN_HOME=home.folder)
    from shian.kernel.notary.keys import add_key, signer_keys

    signer_keys()
    if add:
        add_key()
    return [str(key.verifier) for key in signer_keys()]
