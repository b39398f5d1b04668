"""Videos whose places and times are taken out where they stand; without it a film tells where and when it was made."""

from shared.evidence.video import mp4, webm
from shared.evidence.video.buffer import Broken, Foreign, Telltale, Writable

MP4, WEBM = "video/mp4", "video/webm"
HEAD_BYTES = 12

__all__ = ["HEAD_BYTES", "MP4", "WEBM", "Broken", "Foreign", "Telltale", "Writable", "claimed", "silence"]


def claimed(head: bytes) -> str | None:
    """Say which kind of video a file claims to be by its first bytes; only `silence` finds out whether it is."""
    if mp4.claims(head):
        return MP4
    return WEBM if webm.claims(head) else None


def silence(data: Writable, media_type: str) -> None:
    """Take out of a video, in place and without moving a byte, all that tells a place or a time.

    Raises Foreign for another container of the family, Broken for what does not hold together, Telltale for a track
    that might tell a place and cannot be taken out.
    """
    (mp4 if media_type == MP4 else webm).silence(data)
