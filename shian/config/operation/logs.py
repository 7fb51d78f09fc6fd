"""Structured logs: one event per line, for people as `key=value`, for machines as JSON (SHIAN_LOG_FORMAT=json).

No query string and no form content is ever logged: names that were searched for are personal data.
"""

from typing import Any

import structlog
from structlog.typing import Processor

SHARED: list[Processor] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_logger_name,
    structlog.stdlib.add_log_level,
    structlog.stdlib.ExtraAdder(),
    structlog.processors.TimeStamper(fmt="iso", utc=False),
]


def logging_config(*, form: str, level: str) -> dict[str, Any]:
    """The LOGGING setting: everything, libraries included, leaves through one formatter. `form` is json or plain."""
    last: Processor = structlog.dev.ConsoleRenderer(colors=False, pad_event_to=0)
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
    if form != "json":
        formatter["processors"] = [structlog.stdlib.ProcessorFormatter.remove_processors_meta, last]
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"structured": formatter},
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "structured"}},
        "loggers": {"procrastinate": {"level": "WARNING"}},
        "root": {"handlers": ["stderr"], "level": level},
    }
