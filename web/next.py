"""Where to go after a form: only ever to a page of our own."""

from urllib.parse import urlsplit

HOME = "/"


def safe_next(wanted: str) -> str:
    """``wanted`` if it is a plain path on this server, else the chat.

    Browsers read a backslash as a slash and drop tabs and line breaks, so that these could make
    ``//elsewhere`` of what looks like a path.
    """
    plain = wanted.isascii() and wanted.isprintable() and "\\" not in wanted
    if not plain or not wanted.startswith("/") or wanted.startswith("//"):
        return HOME
    try:
        parts = urlsplit(wanted)
    except ValueError:
        return HOME
    return HOME if parts.scheme or parts.netloc else wanted
