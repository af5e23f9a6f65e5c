"""The headers that every response bears, errors and static files included."""

from __future__ import annotations

from collections.abc import Mapping

_POLICY = (
    "default-src 'none'",
    "style-src 'self'",
    "img-src 'self'",
    "font-src 'self'",
    "connect-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
)

_ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    # Not no-referrer: with it a form's own POST would say "Origin: null".
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": (
        "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()"
    ),
    "Cache-Control": "no-store",
}

_HSTS = {"Strict-Transport-Security": "max-age=31536000"}


def security_headers(*, secure: bool, nonce: str | None = None) -> Mapping[str, str]:
    """All of them; ``nonce`` is that of the page's one inline script, its import map."""
    scripts = "script-src 'self'" + (f" 'nonce-{nonce}'" if nonce else "")
    policy = {"Content-Security-Policy": "; ".join((*_POLICY, scripts))}
    return policy | _ALWAYS | (_HSTS if secure else {})
