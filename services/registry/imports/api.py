"""Routes: templates to fill in, files handed in, checked and confirmed, and the register to take home."""

import asyncio
from collections.abc import AsyncGenerator, Iterable, Iterator
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import StreamingResponse

from services.registry.imports import queries
from services.registry.imports.actions import jobs
from services.registry.imports.clients import Files
from services.registry.imports.domain.columns import Kind
from services.registry.imports.domain.exporting import cells, exported
from services.registry.imports.domain.faults import letter
from services.registry.imports.domain.kinds import KINDS
from services.registry.imports.domain.lists import LISTS, List
from services.registry.imports.domain.reports import report
from services.registry.imports.domain.states import IMPORT, Case, State, Verb
from services.registry.imports.domain.templates import template
from services.registry.imports.models import Import, ImportFault
from services.registry.imports.shapes import Confirm, Faults, FaultView, ImportView, KindView
from services.registry.shapes import Limit, Listed
from shared.auth import Actor
from shared.contracts.values import AreaCode
from shared.errors import BadInput, Conflict, NotFound, no_such
from shared.permission import allowed, moves
from shared.problems import language_of
from shared.sheets import MEDIA_TYPES, download, writer
from shared.web import Here, Now, Tx, Who, part

router = APIRouter(tags=["imports"])

Form = Annotated[Literal["csv", "xlsx"], Query(alias="format")]
KindName = Annotated[str, Query(json_schema_extra={"enum": list(KINDS)}, max_length=40)]
_store: Any = part(Files)
_TABLE = {kind: {"schema": {"type": "string", "format": "binary"}} for kind in MEDIA_TYPES.values()}
_TABLE_BODY = {"requestBody": {"required": True, "content": _TABLE}}
_TABLE_ANSWER: dict[int | str, dict[str, Any]] = {200: {"content": _TABLE}}


@router.get("/imports/kinds", dependencies=[allowed("import.read")])
async def list_kinds() -> list[KindView]:
    """Describe the tables that can be imported, column by column."""
    return [KindView.model_validate(kind) for kind in KINDS.values()]


@router.get(
    "/templates/{kind}",
    response_class=Response,
    responses=_TABLE_ANSWER,
    dependencies=[allowed("import.read")],
)
async def download_template(kind: str, request: Request, form: Form = "xlsx") -> Response:
    """Give a file to fill in: headings, an example, explanations, lists to choose from."""
    made = await asyncio.to_thread(template, _kind(kind), form, language_of(request))
    return Response(made, headers=download(f"{kind}-template", form))


@router.put(
    "/imports/{import_id}", openapi_extra=_TABLE_BODY, dependencies=[moves(IMPORT, Verb.HAND_IN)], status_code=202
)
async def hand_in(
    import_id: UUID,
    kind: KindName,
    request: Request,
    who: Who,
    now: Now,
    tx: Tx,
    files: Annotated[Files, _store],
    name: Annotated[str, Query(max_length=200)] = "",
) -> ImportView:
    """Take a file in and check it soon; nothing is written before it is confirmed.

    Sent again it is the same import; the same file that is still open under another id is answered with that one.
    """
    data = await request.body()
    digest = await files.keep(data)
    file = jobs.HandedIn(_asked(kind).name, name.strip(), digest, len(data))
    return _view(await jobs.hand_in(tx, who, import_id, file, now), who)


@router.get("/imports", dependencies=[allowed("import.read")])
async def list_imports(who: Who, tx: Tx, after: UUID | None = None, limit: Limit = 50) -> Listed[ImportView]:
    found = await queries.imports(tx, after, limit)
    return Listed(items=[_view(job, who) for job in found.items], next=found.next)


@router.get("/imports/{import_id}", dependencies=[allowed("import.read")])
async def show_import(import_id: UUID, who: Who, tx: Tx) -> ImportView:
    return _view(await _standing(tx, import_id), who)


@router.get("/imports/{import_id}/faults", dependencies=[allowed("import.read")])
async def list_faults(
    import_id: UUID,
    request: Request,
    tx: Tx,
    after: Annotated[int, Query(ge=-1, le=2**31 - 1)] = -1,
    limit: Limit = 100,
) -> Faults:
    """List every fault in the order of the file: line, column, value, reason and the way to mend it."""
    job = await _standing(tx, import_id)
    found = await queries.faults(tx, import_id, after, limit + 1)
    shown = [_fault(KINDS[job.kind], fault, language_of(request)) for fault in found[:limit]]
    return Faults(items=shown, next=shown[-1].ordinal if len(found) > limit else None)


@router.get(
    "/imports/{import_id}/report",
    response_class=Response,
    responses=_TABLE_ANSWER,
    dependencies=[allowed("import.read")],
)
async def download_report(
    import_id: UUID,
    request: Request,
    tx: Tx,
    files: Annotated[Files, _store],
    form: Form = "xlsx",
    only_bad: bool = False,
) -> Response:
    """Give the file back with what is wrong beside each row, to be mended there and handed in again."""
    job = await _standing(tx, import_id)
    if job.state in {State.WAITING, State.UNREADABLE}:
        raise Conflict(
            "not-checked",
            "There is no report: the file was not checked, or could not be read.",
            "没有报告：文件尚未检查，或无法读取。",
        )
    language = language_of(request)
    told = await queries.reasons(tx, import_id, language)
    data = await files.read(job.sha256)
    written: Iterator[bytes] = report(KINDS[job.kind], data, told, form, language, only_bad=only_bad)
    return StreamingResponse(written, headers=download(f"{job.kind}-report", form))


@router.post("/imports/{import_id}/confirm", dependencies=[moves(IMPORT, Verb.CONFIRM)], status_code=202)
async def confirm(import_id: UUID, ask: Confirm, who: Who, now: Now, tx: Tx) -> ImportView:
    """Have a checked file written: all of its rows or, when one has become bad meanwhile, none."""
    return _view(await jobs.confirm(tx, who, import_id, now, skip_bad=ask.skip_bad), who)


@router.post("/imports/{import_id}/discard", dependencies=[moves(IMPORT, Verb.DISCARD)])
async def discard(import_id: UUID, who: Who, now: Now, tx: Tx) -> ImportView:
    return _view(await jobs.discard(tx, who, import_id, now), who)


@router.get(
    "/exports/{kind}",
    response_class=Response,
    responses=_TABLE_ANSWER,
    dependencies=[allowed("export.take")],
)
async def export(
    kind: str,
    request: Request,
    who: Who,
    now: Now,
    here: Here,
    form: Form = "xlsx",
    area: AreaCode | None = None,
    q: Annotated[str | None, Query(max_length=100)] = None,
) -> Response:
    """Give all rows of a list that the person may see whole; what can be imported is read back unchanged."""
    table, language = _table(kind), language_of(request)
    today = now.astimezone(here.profile.timezone).date()
    asked = queries.rows_for(who, table.name, area, (q or "").strip() or None, today)
    columns = exported(table)
    out = writer(form, table.zh if language.startswith("zh") else table.en)

    def piece(rows: list[dict[str, Any]]) -> bytes:
        return out.rows([cells(columns, row, language) for row in rows])

    async def written() -> AsyncGenerator[bytes]:
        yield out.rows([[column.heading(language) for column in columns]])
        async with here.database.reading() as tx:
            async for rows in queries.pieces(tx, asked):
                yield await asyncio.to_thread(piece, rows)
        yield out.end()

    return StreamingResponse(written(), headers=download(kind, form))


def _table(name: str) -> Kind | List:
    if (table := KINDS.get(name) or LISTS.get(name)) is None:
        raise NotFound("no-such-kind", *_no_kind(name, [*KINDS, *LISTS]), kinds=[*KINDS, *LISTS])
    return table


def _kind(name: str) -> Kind:
    if (kind := KINDS.get(name)) is None:
        raise NotFound("no-such-kind", *_no_kind(name), kinds=list(KINDS))
    return kind


def _asked(name: str) -> Kind:
    if (kind := KINDS.get(name)) is None:
        raise BadInput("no-such-kind", *_no_kind(name), kinds=list(KINDS))
    return kind


def _no_kind(name: str, kinds: Iterable[str] = KINDS) -> tuple[str, str]:
    known = ", ".join(kinds)
    return f"There is no table “{name}”; there are: {known}.", f"没有“{name}”这种表，可用：{known}。"


async def _standing(tx: Tx, import_id: UUID) -> Import:
    if (job := await tx.get(Import, import_id)) is None:
        raise no_such("import", "导入任务")
    return job


def _view(job: Import, who: Actor) -> ImportView:
    offers = IMPORT.offers(job.state, who.roles, Case(job.bad_rows))
    return ImportView.model_validate(job).model_copy(update={"offers": offers})


def _fault(kind: Kind, fault: ImportFault, language: str) -> FaultView:
    return FaultView(
        **fault.model_dump(exclude={"import_id", "position"}),
        letter=None if fault.position is None else letter(fault.position),
        heading=None if fault.column is None else kind.column(fault.column).heading(language),
    )
