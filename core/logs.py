"""What is written to standard error: one JSON object a line, or plain lines on a terminal."""

from __future__ import annotations

import logging
import sys

import structlog
from structlog.stdlib import ProcessorFormatter
from structlog.typing import Processor

_SHARED: list[Processor] = [
    structlog.processors.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    structlog.processors.format_exc_info,
]


def configure(level: str) -> None:
    """Everything at ``level`` and above; nothing that people wrote or that opens doors."""
    number = logging.getLevelNamesMapping()[level.upper()]
    logging.getLogger("tornado.access").setLevel(logging.ERROR)
    # It names the address of whoever sends what is no HTTP.
    logging.getLogger("tornado.general").setLevel(logging.ERROR)
    logging.getLogger("alembic").setLevel(logging.WARNING)
    structlog.configure(
        wrapper_class=structlog.make_filtering_bound_logger(number),
        processors=[*_SHARED, _renderer()],
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
    logging.basicConfig(level=number, handlers=[_handler()], force=True)


def _renderer() -> Processor:
    if sys.stderr.isatty():
        return structlog.dev.ConsoleRenderer(colors=True)
    return structlog.processors.JSONRenderer(ensure_ascii=False)


def _handler() -> logging.Handler:
    """Brings what goes through the standard library into the same form."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        ProcessorFormatter(
            foreign_pre_chain=_SHARED,
            processors=[ProcessorFormatter.remove_processors_meta, _renderer()],
        )
    )
    return handler
