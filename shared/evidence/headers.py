"""How kept evidence is sent to a browser; without it a stranger's file could run as a page of ours."""

from urllib.parse import quote

from shared.evidence.store import Kept

_EXTENSIONS = {
    "image/jpeg": "jpg",
    "image/png": "png",
    "image/webp": "webp",
    "application/pdf": "pdf",
    "video/mp4": "mp4",
    "video/webm": "webm",
}


def safe_headers(kept: Kept, filename: str | None = None) -> dict[str, str]:
    """Return headers that show pictures, offer all else for saving, let nothing be guessed, run or cached.

    `filename` is a label of ours without extension ("复查-3"); the extension follows the content (RFC 6266).
    """
    extension = _EXTENSIONS[kept.media_type]
    shown = "inline" if kept.media_type.startswith("image/") else "attachment"
    plain = f"evidence-{kept.id}.{extension}"
    full = quote(f"{filename}.{extension}" if filename else plain, safe="")
    return {
        "Content-Type": kept.media_type,
        "Content-Disposition": f"{shown}; filename=\"{plain}\"; filename*=UTF-8''{full}",
        "Content-Security-Policy": "sandbox; default-src 'none'",
        "X-Content-Type-Options": "nosniff",
        "Cross-Origin-Resource-Policy": "same-site",
        "Cache-Control": "private, no-store",
    }
