"""Photos and documents as proof; without it evidence could lie about its type, leak a place or change."""

from shared.evidence.content import MAX_VIDEO_BYTES
from shared.evidence.headers import safe_headers
from shared.evidence.store import EvidenceStore, Kept

VIDEO_BODY_BYTES = MAX_VIDEO_BYTES + 1024 * 1024
"""Longest body where videos are taken at full length: a little more, so that the refusal names the real bound."""

__all__ = ["VIDEO_BODY_BYTES", "EvidenceStore", "Kept", "safe_headers"]
