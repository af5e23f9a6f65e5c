"""What someone is told when a request fails: the one place from exception to words."""

from __future__ import annotations

from http import HTTPStatus

from msgspec import UNSET, Struct, UnsetType
from tornado.web import HTTPError

from core.errors import ChatError
from core.i18n import Translator

_BY_STATUS = {
    HTTPStatus.BAD_REQUEST: "bad_request",
    HTTPStatus.FORBIDDEN: "wrong_origin",
    HTTPStatus.NOT_FOUND: "not_found",
    HTTPStatus.METHOD_NOT_ALLOWED: "method_not_allowed",
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: "too_large",
}


class Problem(Struct, frozen=True):
    """An error in the reader's language; ``retry_after`` is in seconds."""

    code: str
    message: str
    retryable: bool
    retry_after: float | UnsetType = UNSET


class ProblemDocument(Struct, frozen=True):
    """The body of every failed request that wants JSON."""

    error: Problem


def as_chat_error(error: BaseException | None) -> ChatError:
    """What may be told of an exception; of one that nobody foresaw, only that it happened."""
    if isinstance(error, ChatError):
        return error
    if isinstance(error, HTTPError):
        return ChatError(_BY_STATUS.get(HTTPStatus(error.status_code), "bad_request"))
    return ChatError("internal")


def problem(error: ChatError, translator: Translator) -> Problem:
    return Problem(
        code=error.code,
        message=message(error, translator),
        retryable=error.kind.retryable,
        retry_after=UNSET if error.retry_after is None else error.retry_after,
    )


def message(error: ChatError, translator: Translator) -> str:
    return translator.gettext(error.kind.text) % error.params
