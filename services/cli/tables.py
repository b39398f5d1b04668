"""`commonwatch import`, `export`, `template`: the register as files, through the public API of a running platform."""

import asyncio
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any
from uuid import uuid4

import httpx
import typer
from rich.markup import escape
from rich.progress import BarColumn, Progress, TextColumn
from rich.table import Table

from services.cli.operation import REFUSED, Gateway, SecretFile, operating
from services.cli.terminal import Var, console, run
from shared.embedded.faults import Misconfigured

LOOK_S = 0.3
UPLOAD_WITHIN_S = 120.0
MAX_SHOWN = 20
FORMS = (".csv", ".xlsx")
UNDER_WAY = frozenset({"waiting", "confirmed"})

KindName = Annotated[str, typer.Argument(help="areas, parties, enterprises, people, memberships, certificates.")]
Target = Annotated[Path, typer.Argument(help="Where to write; its ending says CSV or XLSX.")]
Language = Annotated[str, typer.Option(help="zh or en: of headings, reasons and sentences.")]
_SAYS: Mapping[str, Mapping[str, str]] = {
    "en": {
        "reading": "checking",
        "writing": "writing",
        "checked": "{rows} rows: {new} new, {changed} changed, {unchanged} unchanged, {bad_rows} bad",
        "ignored": "headings that mean nothing here: {ignored}",
        "more": "… and more; `commonwatch import … --report FILE` writes all of them beside your rows",
        "preview": "Nothing was written. Write the rows with --confirm.",
        "preview_bad": "Nothing was written. Mend the bad rows, or leave them out with --confirm --skip-bad.",
        "stopped": "Nothing was written: rows are bad. Mend them, or leave them out with --skip-bad.",
        "done": "Written.",
        "unwatched": "Goes on by itself; see its outcome with the API: /api/v1/imports/{id}",
        "unreadable": "The file cannot be read",
        "line": "line",
        "columns": "line|column|value|what|how to mend it",
        "report": "report written to {path}",
        "file": "{path} cannot be read: {why}.",
        "form": "{path}: the name must end in .csv or .xlsx.",
        "saved": "{size} bytes written to {path}",
    },
    "zh": {
        "reading": "检查中",
        "writing": "写入中",
        "checked": "共 {rows} 行：新增 {new}，变更 {changed}，未变 {unchanged}，有问题 {bad_rows}",
        "ignored": "未识别的表头：{ignored}",
        "more": "……还有更多；用 --report 文件名 可把全部问题写在原表旁",
        "preview": "尚未写入任何数据。确认写入请加 --confirm。",
        "preview_bad": "尚未写入任何数据。请改正有问题的行，或用 --confirm --skip-bad 跳过。",
        "stopped": "没有写入任何数据：有问题的行须先改正，或用 --skip-bad 跳过。",
        "done": "已写入。",
        "unwatched": "后台继续进行；结果见 /api/v1/imports/{id}",
        "unreadable": "文件无法读取",
        "line": "行",
        "columns": "行|列|内容|问题|如何改正",
        "report": "报告已写入 {path}",
        "file": "无法读取 {path}：{why}。",
        "form": "{path}：文件名须以 .csv 或 .xlsx 结尾。",
        "saved": "已写入 {path}（{size} 字节）",
    },
}


def import_(
    kind: KindName,
    file: Annotated[Path, typer.Argument(help="CSV or XLSX.")],
    *,
    confirm: Annotated[bool, typer.Option("--confirm", help="Write; otherwise only a preview is shown.")] = False,
    skip_bad: Annotated[
        bool, typer.Option("--skip-bad", help="Write the good rows and leave the bad ones out.")
    ] = False,
    watch: Annotated[bool, typer.Option("--watch/--no-watch", help="Wait until it is written.")] = True,
    report: Annotated[Path | None, typer.Option(help="Write the rows with what is wrong beside them here.")] = None,
    language: Language = "en",
    var: Var = Path("var"),
    gateway: Gateway = None,
    secret_file: SecretFile = None,
) -> None:
    """Check a table and, with --confirm, write it into the register. Ends with 1 when rows are bad."""
    says = _says(language)
    try:
        data = file.read_bytes()
    except OSError as unread:
        raise typer.BadParameter(says["file"].format(path=file, why=unread.strerror)) from None
    form = None if report is None else _form(report, says)

    async def importing() -> bool:
        async with operating(var, gateway, secret_file) as operation:
            desk = _Desk(operation.http, language, says)
            job = await desk.hand_in(kind, file.name, data)
            desk.tell(job, await desk.faults(job))
            if report is not None and form is not None and job["state"] != "unreadable":
                report.write_bytes(await desk.download(f"imports/{job['id']}/report", form))
                console.print(says["report"].format(path=report))
            return await desk.settle(job, confirm=confirm, skip_bad=skip_bad, watch=watch)

    if not run(importing()):
        raise typer.Exit(1)


def export(
    kind: KindName,
    file: Target,
    area: Annotated[str | None, typer.Option(help="Only this area and below.")] = None,
    language: Language = "en",
    var: Var = Path("var"),
    gateway: Gateway = None,
    secret_file: SecretFile = None,
) -> None:
    """Write a table of the register into a file that `commonwatch import` reads back unchanged."""
    _save(f"exports/{kind}", file, language, (var, gateway, secret_file), {"area": area} if area else {})


def template(
    kind: KindName,
    file: Target,
    language: Language = "en",
    var: Var = Path("var"),
    gateway: Gateway = None,
    secret_file: SecretFile = None,
) -> None:
    """Write a file to fill in: headings, an example, and in XLSX explanations and lists to choose from."""
    _save(f"templates/{kind}", file, language, (var, gateway, secret_file), {})


def _save(
    path: str, file: Path, language: str, where: tuple[Path, str | None, Path | None], query: Mapping[str, str]
) -> None:
    says = _says(language)
    form = _form(file, says)

    async def saving() -> int:
        async with operating(*where) as operation:
            data = await _Desk(operation.http, language, says).download(path, form, **query)
            return await asyncio.to_thread(file.write_bytes, data)

    console.print(says["saved"].format(size=run(saving()), path=file))


def _says(language: str) -> Mapping[str, str]:
    return _SAYS["zh" if language.startswith("zh") else "en"]


def _form(file: Path, says: Mapping[str, str]) -> str:
    if file.suffix.lower() not in FORMS:
        raise typer.BadParameter(says["form"].format(path=file))
    return file.suffix.lower().removeprefix(".")


class _Desk:
    """Hands files in at the public API, in the operator's name."""

    def __init__(self, http: httpx.AsyncClient, language: str, says: Mapping[str, str]) -> None:
        self._http = http
        self._says = says
        http.headers["accept-language"] = language

    async def hand_in(self, kind: str, name: str, data: bytes) -> dict[str, Any]:
        """Hand a file in and wait until it is checked."""
        query = {"kind": kind, "name": name}
        headers = {"content-type": "application/octet-stream"}
        job = await self._ask("PUT", f"imports/{uuid4()}", params=query, content=data, headers=headers)
        return await self._through(job, self._says["reading"])

    async def settle(self, job: dict[str, Any], *, confirm: bool, skip_bad: bool, watch: bool) -> bool:
        """Confirm if that was asked for; tell whether all went as asked."""
        if job["state"] == "unreadable":
            return False
        bad = job["bad_rows"] > 0
        if not confirm:
            console.print(self._says["preview_bad" if bad else "preview"])
            return not bad
        if bad and not skip_bad:
            console.print(self._says["stopped"])
            return False
        job = await self._ask("POST", f"imports/{job['id']}/confirm", json={"skip_bad": skip_bad})
        if not watch:
            console.print(self._says["unwatched"].format(**job))
            return True
        job = await self._through(job, self._says["writing"])
        if job["state"] != "done":
            self.tell(job, await self.faults(job))
            console.print(self._says["stopped"])
            return False
        console.print(self._says["checked"].format(**job), self._says["done"])
        return True

    async def faults(self, job: dict[str, Any]) -> list[dict[str, Any]]:
        page = await self._ask("GET", f"imports/{job['id']}/faults", params={"limit": MAX_SHOWN + 1})
        found: list[dict[str, Any]] = page["items"]
        return found

    def tell(self, job: dict[str, Any], faults: list[dict[str, Any]]) -> None:
        """Say what was found: the counts, and the first faults with how to mend them."""
        zh = self._says is _SAYS["zh"]
        if refusal := job["refusal"]:
            where = f" ({self._says['line']} {refusal['line']})" if refusal["line"] else ""
            why, mend = (refusal["zh"], refusal["mend_zh"]) if zh else (refusal["en"], refusal["mend_en"])
            console.print(f"[bold red]{self._says['unreadable']}[/]{where}: {escape(why)} {escape(mend)}")
            return
        console.print(self._says["checked"].format(**job))
        if job["ignored"]:
            console.print(escape(self._says["ignored"].format(ignored=", ".join(job["ignored"]))))
        if faults:
            table = Table(box=None, pad_edge=False)
            for heading in self._says["columns"].split("|"):
                table.add_column(heading, overflow="fold")  # Chinese has no spaces to wrap at
            for fault in faults[:MAX_SHOWN]:
                column = " ".join(filter(None, (fault["letter"], fault["heading"])))
                why, mend = (fault["zh"], fault["mend_zh"]) if zh else (fault["en"], fault["mend_en"])
                table.add_row(str(fault["line"]), *map(escape, (column, fault["value"], why, mend)))
            console.print(table)
        if len(faults) > MAX_SHOWN:
            console.print(self._says["more"])

    async def download(self, path: str, form: str, **query: str) -> bytes:
        return (await self._send("GET", path, params={"format": form, **query})).content

    async def _through(self, job: dict[str, Any], doing: str) -> dict[str, Any]:
        """Show progress until the platform has done its part."""
        with Progress(TextColumn(doing), BarColumn(), TextColumn("{task.percentage:.0f} %"), console=console) as shown:
            task = shown.add_task(doing, total=1.0)
            while job["state"] in UNDER_WAY:
                shown.update(task, completed=job["share"])
                await asyncio.sleep(LOOK_S)
                job = await self._ask("GET", f"imports/{job['id']}")
            shown.update(task, completed=1.0)
        return job

    async def _ask(self, method: str, path: str, **content: Any) -> dict[str, Any]:
        answer: dict[str, Any] = (await self._send(method, path, **content)).json()
        return answer

    async def _send(self, method: str, path: str, **content: Any) -> httpx.Response:
        try:
            answer = await self._http.request(method, f"/api/v1/{path}", timeout=UPLOAD_WITHIN_S, **content)
        except httpx.HTTPError as away:
            raise Misconfigured(f"The gateway does not answer ({type(away).__name__}).") from None
        if answer.status_code >= REFUSED:
            raise Misconfigured(str(answer.json()["detail"]))
        return answer
