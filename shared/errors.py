"""Every refusal a person may read, as a typed error; without this file errors would be sentences nobody tests."""

from typing import ClassVar


class Problem(Exception):
    """A refusal with a stable slug and one sentence in each language (RFC 9457 at the edge, see `shared.web`)."""

    status: ClassVar[int] = 500

    def __init__(self, slug: str, en: str, zh: str, **facts: object) -> None:
        super().__init__(en)
        self.slug = slug
        self.en = en
        self.zh = zh
        self.facts = facts

    def sentence(self, language: str) -> str:
        return self.zh if language.startswith("zh") else self.en


class Malformed(Problem):
    """The request cannot be read."""

    status = 400


class Unauthenticated(Problem):
    """Nobody, or nobody whom we can recognise, is asking."""

    status = 401


class Forbidden(Problem):
    """This person may not do this."""

    status = 403


class NotFound(Problem):
    """No such object, or none that this person may know of."""

    status = 404


class TooSlow(Problem):
    """The request did not arrive in time."""

    status = 408


class Conflict(Problem):
    """The object is not in a state that allows this."""

    status = 409


class Stale(Problem):
    """The object changed after the asking person read it."""

    status = 412


class TooLarge(Problem):
    status = 413


class TooLong(Problem):
    """The address is longer than allowed."""

    status = 414


class Unsupported(Problem):
    """Content of a type that is not accepted."""

    status = 415


class BadInput(Problem):
    """The request can be read, but what it asks cannot be done as written."""

    status = 422


class TooMany(Problem):
    """Asked too often."""

    status = 429


class HeadersTooLarge(Problem):
    status = 431


class Unavailable(Problem):
    """A part of the platform cannot answer now; nothing was lost or half done."""

    status = 503


def no_such(kind: str, kind_zh: str) -> NotFound:
    """Return the one answer for an object that is absent and for one that may not be known of."""
    return NotFound("not-found", f"There is no such {kind}.", f"没有这个{kind_zh}。")
