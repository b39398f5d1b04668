"""Who may report here, what of their words must be masked, and how their codes are read. Pure."""

import re

from shared.contracts.values import Channel, Role

CHANNELS: dict[str, Channel] = {
    Role.VOLUNTEER: Channel.VOLUNTEER,
    Role.GRID_WORKER: Channel.GRID_PATROL,
    Role.ENTERPRISE_WORKER: Channel.WEB,
    Role.PUBLIC: Channel.WEB,
    Role.ASSOCIATION: Channel.WEB,
}
"""Who reports through this service. Everyone else speaks for an organisation and uses its own channel."""

CODE_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
CODE_LENGTH = 16
"""Tracking codes: 16 characters of 32, 80 bits (domain reference §9.1); read aloud without I, L, O, U."""

_MASKED = "［…］"
_PERSONAL = [
    re.compile(r"(?<!\d)\d{17}[\dXx](?!\d)"),  # identity card
    re.compile(r"(?<!\d)(?:\+?86[- ]?)?1[3-9]\d[- ]?\d{4}[- ]?\d{4}(?!\d)"),  # mobile number
    re.compile(r"(?<!\d)0\d{2,3}[- ]?\d{7,8}(?!\d)"),  # landline
    re.compile(r"[\w.+-]+@[\w-]+\.[\w.-]+"),
    re.compile(r"(?:(?:wechat|weixin|微信|QQ)号?\s*[:：]?\s*)[\w-]{5,}", re.IGNORECASE),
    re.compile(r"(?<=我叫)[\u4e00-\u9fff]{2,4}|(?<=姓名[:：])\s*[\u4e00-\u9fff]{2,4}"),
    re.compile(r"(?i:(?<=my name is ))[A-Z][\w-]+(?: [A-Z][\w-]+)?"),
]


def mask(text: str) -> str:
    """Blot out numbers, addresses and names that would tell who wrote (安监总财〔2012〕63号 [S]).

    The text as it was sent stays in the vault. What is masked is never longer than what was written.
    """
    for pattern in _PERSONAL:
        text = pattern.sub(lambda found: _MASKED if len(found[0]) >= len(_MASKED) else "…", text)
    return text


def normal_code(typed: str) -> str:
    """Read a tracking code as people type it: lower case, spaces, O for 0."""
    plain = re.sub(r"[\s-]", "", typed).upper()
    return plain.translate(str.maketrans({"O": "0", "I": "1", "L": "1"}))
