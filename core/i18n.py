"""Texts in the reader's language."""


def N_(text: str) -> str:
    """Mark a text for translation, where the reader is not known yet."""
    return text
