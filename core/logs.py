"""What is written to standard error: one JSON object a line, or plain lines on a terminal."""

from __future__ import annotations

import logging
import sys

import structlog


def configure(level: str) -> None:
    """Everything at ``level`` and above; nothing that people wrote or that opens doors."""
    number = logging.getLevelNamesMapping()[level.upper()]
    logging.basicConfig(level=number, format="%(levelname)s %(name)s %(message)s", force=True)
    logging.getLogger("tornado.access").setLevel(logging.ERROR)
    # It names the address of whoever sends what is no HTTP.
    logging.getLogger("tornado.general").setLevel(logging.ERROR)
    logging.getLogger("alembic").setLevel(logging.WARNING)
    on_terminal = sys.stderr.isatty()
    renderer = (
        structlog.dev.ConsoleRenderer(colors=True)
        if on_terminal
        else structlog.processors.JSONRenderer(ensure_ascii=False)
    )
    structlog.configure(
        wrapper_class=structlog.make_filtering_bound_logger(number),
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            renderer,
        ],
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
