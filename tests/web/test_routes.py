"""A route without a guard of its own stops the start."""

import pytest

from tests.web.handlers import ROUTES, Admin
from web.guards import Guard
from web.handler import Handler
from web.routes import UnguardedRoute, audit
from web.static import NotFound, Static


def test_a_handler_without_a_guard_is_refused() -> None:
    class Forgetful(Handler):
        """Says nothing."""

    with pytest.raises(UnguardedRoute, match="Forgetful has no guard"):
        audit(Forgetful)


def test_an_inherited_guard_does_not_count() -> None:
    class Grandchild(Admin):
        """May have grown methods that its parent's guard was not meant for."""

    with pytest.raises(UnguardedRoute):
        audit(Grandchild)


def test_all_others_pass() -> None:
    for handler in [*(route.handler for route in ROUTES), Static, NotFound]:
        audit(handler)
    assert {route.handler.guard for route in ROUTES} == set(Guard) - {Guard.STATIC}
