"""The rules of a browser's sign-in: what proves it, how long it lasts, where it leads; or routes would guess."""

import hashlib
import hmac
import re
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from urllib.parse import unquote, urlsplit

COOKIE_BYTES = 32
WRITTEN_EVERY = timedelta(minutes=1)
"""How exactly it is known when a browser was last seen: a write for every page would cost more than the page."""
BEGUN_FOR = timedelta(minutes=10)
"""How long a sign-in may stay half done: after the password, before the code."""

_FORMS = b"commonwatch forms"
_BROWSERS = (("Edg", "Edge"), ("OPR/", "Opera"), ("Firefox/", "Firefox"), ("MicroMessenger", "WeChat"),
             ("Chrome/", "Chrome"), ("Safari/", "Safari"))  # fmt: skip
_SYSTEMS = (("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Windows", "Windows"),
            ("Macintosh", "macOS"), ("Linux", "Linux"))  # fmt: skip
_UNSAFE = re.compile(r"[\x00-\x20\x7f\\]")


class Stage(StrEnum):
    """How far a sign-in has come; only an open one opens doors."""

    CODE = "code"
    """The password was right; the second factor is asked for."""
    ENROL = "enrol"
    """The password was right; a second factor is needed and has to be set up first."""
    CHOOSE = "choose"
    """Proven; the person holds several offices and chooses in which to act."""
    OPEN = "open"


@dataclass(frozen=True, slots=True)
class Lasting:
    """How long a sign-in lasts: without a request, and in all."""

    idle: timedelta
    whole: timedelta


def csrf_token_of(cookie: str) -> str:
    """Give the token of forms that belongs to a cookie: it changes with it, and nothing need be kept."""
    return hmac.new(cookie.encode(), _FORMS, hashlib.sha256).hexdigest()


def is_its_csrf_token(cookie: str, token: str) -> bool:
    return hmac.compare_digest(csrf_token_of(cookie).encode(), token.encode())


def came_from_here(public_url: str, host: str, origin: str | None, fetch_site: str | None) -> bool:
    """Tell whether a page of ours sent this request, by what the browser alone can write.

    At least one of `Origin` and `Sec-Fetch-Site` must be there, and none may say otherwise. A page that the browser
    reached by another of our names (`localhost`) says that name in both `Origin` and `Host`.
    """
    if fetch_site is not None and fetch_site not in {"same-origin", "none"}:
        return False
    if origin is None:
        return fetch_site is not None
    public = urlsplit(public_url)
    return origin in {f"{public.scheme}://{public.netloc}", f"{public.scheme}://{host}"}


def own_path(asked: str | None) -> str | None:
    """Give a path of ours to return to, or nothing: never another place, however it is spelled."""
    if asked is None or len(asked) > 2000:  # noqa: PLR2004 — longer than any address of ours
        return None
    spelled = asked
    for _ in range(3):  # a proxy or a browser may decode once more than we
        if not spelled.startswith("/") or spelled.startswith("//") or _UNSAFE.search(spelled):
            return None
        if (decoded := unquote(spelled.partition("?")[0])) == spelled.partition("?")[0]:
            break
        spelled = decoded
    parts = urlsplit(asked)
    if parts.scheme or parts.netloc or parts.path.startswith("/sign-"):
        return None
    return asked


def browser_family(user_agent: str) -> str:
    """Name browser and system as coarsely as a person needs to recognise their own."""
    names = [next((name for mark, name in known if mark in user_agent), "") for known in (_BROWSERS, _SYSTEMS)]
    return ", ".join(filter(None, names))
