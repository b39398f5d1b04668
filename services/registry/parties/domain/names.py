"""How the names of an enterprise are looked through; without it each would be spelt as its clerk happened to."""

from shared.searching import doubled, folded


def searched(*names: str) -> str:
    """Give what a search looks through; no word is found across two names."""
    return doubled("\n".join(dict.fromkeys(folded(name) for name in names)))
