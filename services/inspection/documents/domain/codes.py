"""The code by which anybody can ask whether a document is genuine; without it one would have to believe paper. Pure."""

import json
import re
from collections.abc import Mapping
from hashlib import sha256
from typing import Any
from uuid import UUID

_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's: without letters that are read as digits."""
_LENGTH = 20
"""A hundred bits: nobody finds another document's code by trying."""
_READ_AS = str.maketrans({"O": "0", "I": "1", "L": "1", "-": None, " ": None})
_DIGEST = re.compile(r"[0-9a-f]{64}", re.ASCII)


def code_of(document_id: UUID, data: Mapping[str, Any]) -> str:
    """Give the first hundred bits of the digest of what the document says: other words have another code."""
    said = json.dumps({"id": str(document_id), "data": data}, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    number = int.from_bytes(sha256(said.encode()).digest()[:13], "big") >> 4
    return "".join(_ALPHABET[number >> 5 * place & 31] for place in reversed(range(_LENGTH)))


def read_code(typed: str) -> str | None:
    """Read a code as people copy it, in groups and small letters; None where it could not be one."""
    code = typed.upper().translate(_READ_AS)
    return code if len(code) == _LENGTH and set(code) <= set(_ALPHABET) else None


def read_digest(typed: str) -> str | None:
    """Read the SHA-256 of a file; None where it could not be one."""
    digest = typed.strip().lower()
    return digest if _DIGEST.fullmatch(digest) else None
