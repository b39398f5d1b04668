"""What a boundary may be, and whether a place lies in it; without it a slip of the pen would move a village.

Coordinates are degrees of longitude and latitude, in CGCS2000 (EPSG:4490) or WGS 84 (EPSG:4326): the two differ by
centimetres.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import shapely
from shapely import geometry as shapes

from shared.errors import BadInput

MAX_VERTICES = 20_000
MAX_SPAN_DEG = 15
"""What spans more is no county."""
SLACK_DEG = 0.01
"""About a kilometre: boundaries of parent and child are surveyed apart."""
CRS = frozenset({"EPSG:4326", "EPSG:4490", "CRS84", "OGC:CRS84"})

Bounds = tuple[float, float, float, float]
"""West, south, east, north."""
# shapely ships no types: what is asked of it is spelt out here and nowhere else.
_geo: Any = shapely
_shape: Any = shapes.shape


@dataclass(frozen=True, slots=True)
class Outline:
    """A boundary as it is kept: `wkb` is its exact form, `bounds` the box around it."""

    bounds: Bounds
    wkb: bytes


def outline(kind: str, coordinates: Sequence[Any], crs: str | None = None) -> Outline:
    """Read a GeoJSON Polygon or MultiPolygon; raises `BadInput` that says what is wrong with it."""
    if crs is not None and crs.upper().rpartition("CRS:")[2].replace("::", ":") not in CRS:
        raise _bad("boundary-crs", f"not in longitude and latitude of EPSG:4490 or 4326: {crs}", f"坐标系不支持：{crs}")
    polygons: Sequence[Any] = coordinates if kind == "MultiPolygon" else [coordinates]
    rings = [ring for polygon in polygons for ring in polygon]
    if not rings or any(not polygon for polygon in polygons):
        raise _bad("boundary-empty", "it has no ring", "缺少边界环")
    if (count := sum(map(len, rings))) > MAX_VERTICES:
        raise _bad(
            "boundary-too-fine",
            f"{count} vertices; {MAX_VERTICES} are enough, simplify it",
            f"顶点过多（{count} 个），请简化至 {MAX_VERTICES} 个以内",
        )
    if any(ring[0] != ring[-1] for ring in rings):
        raise _bad("boundary-open", "a ring does not end where it begins", "边界环未闭合")
    flat = [[[point[:2] for point in ring] for ring in polygon] for polygon in polygons]
    drawn = _shape({"type": "MultiPolygon", "coordinates": flat} if len(flat) > 1 else _polygon(flat[0]))
    if not drawn.is_valid:
        why = _geo.is_valid_reason(drawn)
        raise _bad("boundary-invalid", f"it crosses or touches itself ({why})", f"图形自相交或无效（{why}）")
    bounds: Bounds = drawn.bounds
    if bounds[2] - bounds[0] > MAX_SPAN_DEG or bounds[3] - bounds[1] > MAX_SPAN_DEG:
        raise _bad("boundary-too-wide", f"it spans more than {MAX_SPAN_DEG}°", f"范围超过 {MAX_SPAN_DEG} 度")
    return Outline(bounds, _geo.to_wkb(drawn))


def _polygon(coordinates: Sequence[Any]) -> Mapping[str, Any]:
    return {"type": "Polygon", "coordinates": coordinates}


def inside(inner: Bounds, outer: Bounds) -> bool:
    """Tell whether a box lies in another, within the slack of survey."""
    return (
        inner[0] >= outer[0] - SLACK_DEG
        and inner[1] >= outer[1] - SLACK_DEG
        and inner[2] <= outer[2] + SLACK_DEG
        and inner[3] <= outer[3] + SLACK_DEG
    )


def holds(wkb: bytes, lon: float, lat: float) -> bool:
    """Tell whether a place lies in the boundary, or on it."""
    return bool(_geo.intersects_xy(_geo.from_wkb(wkb), lon, lat))


def geojson(wkb: bytes) -> dict[str, Any]:
    drawn: dict[str, Any] = _geo.geometry.mapping(_geo.from_wkb(wkb))
    return drawn


def outside_parent(code: str) -> BadInput:
    return BadInput(
        "boundary-outside",
        f"The boundary does not lie in that of {code}. Are longitude and latitude the right way round?",
        f"该边界不在 {code} 的范围之内，请检查经纬度是否颠倒。",
        area_code=code,
    )


def _bad(slug: str, en: str, zh: str) -> BadInput:
    return BadInput(slug, f"This cannot be a boundary: {en}.", f"边界无效：{zh}。")
