"""Structured logs: one event per line, for people as `key=value`, for machines as JSON (SHIAN_LOG_FORMAT=json).

No query string and no form content is ever logged: names that were searched for are personal data. A mistake leaves the
places in the code where it happened, never the values that were there; a refusal (403, 404) not even those.
"""

import logging
import re
from collections.abc import Callable
from typing import Any

import structlog
from structlog.typing import Processor

SECRETS = re.compile(r"[A-Za-z0-9_-]{40,}")  # in addresses that stand for a sign-in: of calendars, of phones
SHARED: list[Processor] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_logger_name,
    structlog.stdlib.add_log_level,
    structlog.stdlib.ExtraAdder(),
    structlog.processors.TimeStamper(fmt="iso", utc=False),
]


def logging_config(*, form: str, level: str) -> dict[str, Any]:
    """The LOGGING setting: everything, libraries included, leaves through one formatter. `form` is json or plain."""
    last: Processor = structlog.dev.ConsoleRenderer(
        colors=False, pad_event_to=0, exception_formatter=structlog.dev.plain_traceback
    )
    if form == "json":
        last = structlog.processors.JSONRenderer(ensure_ascii=False)
    formatter = {
        "()": structlog.stdlib.ProcessorFormatter,
        "foreign_pre_chain": SHARED,
        "processors": [
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.processors.format_exc_info,
            last,
        ],
    }
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "filters": {"refusals": {"()": _bare_refusals}},
        "formatters": {"structured": formatter},
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "structured"}},
        "loggers": {"procrastinate": {"level": "WARNING"}, "django.request": {"filters": ["refusals"]}},
        "root": {"handlers": ["stderr"], "level": level},
    }


def without_secrets(path: str) -> str:
    """The address, with "…" for what would let its reader in."""
    return SECRETS.sub("…", path)


def _bare_refusals() -> Callable[[logging.LogRecord], bool]:
    """Django hands over the address and the exception behind every answer from 400: the address leaves without its
    secrets, and below 500 the exception tells of no mistake of ours."""

    def shortened(record: logging.LogRecord) -> bool:
        if record.levelno < logging.ERROR:
            record.exc_info = None
        if isinstance(record.args, tuple):
            record.args = tuple(without_secrets(each) if isinstance(each, str) else each for each in record.args)
        record.__dict__.pop("request", None)  # which tells its address once more
        return True

    return shortened
