"""Photos and documents as proof; without it evidence could lie about its type, leak a place or change."""

from shared.evidence.headers import safe_headers
from shared.evidence.store import EvidenceStore, Kept

__all__ = ["EvidenceStore", "Kept", "safe_headers"]
