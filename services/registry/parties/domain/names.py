"""How names are spelt for searching: in one case and width, each character twice.

Most Chinese words are two characters long, and an index of trigrams finds nothing shorter than three: of 粉粉 文文
it does. A text holds a word exactly when the doubled text holds the doubled word.
"""

from shared.searching import folded

__all__ = ["doubled", "folded", "searched"]


def doubled(text: str) -> str:
    return "".join(character * 2 for character in text)


def searched(*names: str) -> str:
    """Give what a search looks through; no word is found across two names."""
    return doubled("\n".join(dict.fromkeys(folded(name) for name in names)))
