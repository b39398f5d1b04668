"""Keeps a spreadsheet from running what a stranger typed; without it a name could be a formula."""

import re

BLANK = " \t\r\n\v\f\u00a0\u3000\u200b\u2060\ufeff"
_DANGEROUS = re.compile(r"'*[=+\-@\t\r＝＋－＠]")
_NUMBER = re.compile(r"[+-]?[0-9]+(?:\.[0-9]+)?(?:[Ee][+-]?[0-9]+)?")
_GUARDED = re.compile(r"'+[=+\-@\t\r＝＋－＠]")


def guarded(text: str) -> str:
    """Put a quote before what a spreadsheet could take for a formula (OWASP, CSV injection); a number is none."""
    if _DANGEROUS.match(text) and not _NUMBER.fullmatch(text):
        return f"'{text}"
    return text


def unguarded(text: str) -> str:
    """Undo `guarded`."""
    return text[1:] if _GUARDED.match(text) else text
