"""How each sort of cell is read as people write it; without it a date typed with dots would be a bad row.

A reader takes a cell that is stripped and not empty, and gives its value or the `Fault` that it has. What a reader
lets through the API's own shapes let through, too.
"""

import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from decimal import Decimal
from functools import partial
from typing import Any
from uuid import UUID

from services.registry.imports.domain.faults import CONTROL, LOST_DIGITS, Fault
from services.registry.parties.domain.codes import code_fault, is_temporary
from services.registry.parties.domain.industry import is_industry
from shared.contracts.uscc import is_uscc

Reader = Callable[[str], Any]

MAX_LINE = 200
UNSHOWN = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufffe\uffff]")
_SCIENTIFIC = re.compile(r"[0-9](?:\.[0-9]+)?[Ee]\+?[0-9]{1,3}")
_AREA = re.compile(r"[0-9]{6}(?:[0-9]{3}(?:[0-9]{3})?)?")
_INDUSTRY = re.compile(r"[A-T][0-9]{0,4}")
_WHOLE = re.compile(r"[+-]?[0-9]{1,15}(?:\.0+)?")
_THOUSANDS = re.compile(r"[0-9]{1,3}(?:,[0-9]{3})+")
_DECIMAL = re.compile(r"[+-]?(?:[0-9]{1,15}(?:\.[0-9]{0,20})?|\.[0-9]{1,20})(?:[Ee][+-]?[0-9]{1,2})?")
_DAY = re.compile(
    r"([0-9]{4})(?:[-/.]([0-9]{1,2})[-/.]([0-9]{1,2})|年([0-9]{1,2})月([0-9]{1,2})日|([0-9]{2})([0-9]{2}))"
)
_MIDNIGHT = re.compile(r"[T ]0?0:00(?::00)?(?:\.0+)?Z?$")
_SERIAL = re.compile(r"[1-7][0-9]{4}(?:\.0+)?")
_FIRST_SERIAL = date(1899, 12, 30)
_MONEY = re.compile(r"([0-9]{1,15}(?:\.[0-9]{0,8})?)([万亿]?元|[万亿])?(?:整|人民币)?")
_UNITS = {"元": Decimal(1), "万元": Decimal(10**4), "万": Decimal(10**4), "亿元": Decimal(10**8), "亿": Decimal(10**8)}
MAX_FEN = 10**17
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+")
MAX_EMAIL = 254
_PHONE = re.compile(r"\+?[0-9][0-9 ()-]{3,22}[0-9]")


def line(cell: str, most: int = MAX_LINE) -> str | Fault:
    """Read one line of text."""
    if len(cell) > most:
        return Fault(
            "text-too-long",
            f"The text has {len(cell)} characters; {most} fit.",
            f"文字有 {len(cell)} 个字符，最多 {most} 个。",
            "Shorten the text.",
            "请缩短文字。",
        )
    if not cell.isprintable() and UNSHOWN.search(cell):
        return CONTROL
    return cell


def short_line(most: int) -> Reader:
    return partial(line, most=most)


def plain(cell: str) -> str:
    """Give a code as it is meant: full-width digits and letters, which Chinese input methods make, become plain."""
    return cell if cell.isascii() else unicodedata.normalize("NFKC", cell).strip()


def is_scientific(code: str) -> bool:
    """Tell whether a spreadsheet made a number of a code: 9.15E+17."""
    return _SCIENTIFIC.fullmatch(code) is not None


def uscc(cell: str) -> str | Fault:
    """Read a unified social credit code, or X and a serial for an enterprise without one."""
    if is_uscc(cell):
        return cell
    code = plain(cell).upper().replace(" ", "")
    if is_uscc(code) or is_temporary(code):
        return code
    if is_scientific(code):
        return LOST_DIGITS
    words = code_fault(code)
    assert words is not None, "it is neither a code nor a temporary one"
    return Fault(
        *words,
        "Compare with the business licence. An enterprise without a code gets X, the county's 6 digits and a serial.",
        "请对照营业执照核对；没有代码的，填 X、县级区划 6 位数字和顺序号。",
    )


def area(cell: str) -> str | Fault:
    """Read a division code; the statistical form, padded with zeros to 12 digits, is the shorter code."""
    code = plain(cell).removesuffix(".0")
    if len(code) == 12 and code.isdigit() and code.endswith("000"):  # noqa: PLR2004 — digits of a village code
        code = code[:6] if code.endswith("000000") else code[:9]
    if _AREA.fullmatch(code):
        return code
    if is_scientific(code):
        return LOST_DIGITS
    return Fault(
        "area-code-malformed",
        "This is not a division code: 6 digits a county, 9 a township, 12 a village.",
        "不是有效的区划编码：县 6 位、乡镇 9 位、村 12 位数字。",
        "Take the code from the list of areas (export `areas`).",
        "请按区划表（可导出 areas）填写编码。",
    )


def industry(cell: str) -> str | Fault:
    code = plain(cell).upper()
    if _INDUSTRY.fullmatch(code):
        return code if is_industry(code) else _NO_INDUSTRY
    return Fault(
        "industry-code-malformed",
        "This is not an industry code of GB/T 4754: a letter A to T and up to four digits.",
        "不是有效的行业代码（GB/T 4754）：应为字母 A–T 加至多四位数字。",
        "Put the letter of the section before the digits, for example C1310.",
        "请在数字前加门类字母，例如 C1310。",
    )


def whole(least: int, most: int) -> Reader:
    """Make a reader of whole numbers within bounds."""
    beyond = Fault(
        "number-out-of-range",
        f"The number must lie between {least} and {most}.",
        f"数值应在 {least} 到 {most} 之间。",
        "Correct the number.",
        "请更正数值。",
    )

    def read(cell: str) -> int | Fault:
        text = plain(cell)
        if _THOUSANDS.fullmatch(text):
            text = text.replace(",", "")
        if not _WHOLE.fullmatch(text):
            return _NO_WHOLE
        number = int(text.partition(".")[0])
        return number if least <= number <= most else beyond

    return read


def _money(unit: Decimal | None) -> Reader:
    """Make a reader of amounts, kept in fen; a number alone means so many yuan each, None: its cell tells the unit."""

    def read(cell: str) -> int | Fault:
        found = _MONEY.fullmatch(plain(cell).replace(",", "").replace(" ", ""))
        if found is None:
            return _NO_MONEY
        number, said = found.groups()
        worth = _UNITS.get(said) if said else unit
        if worth is None:
            return _NO_UNIT
        fen = Decimal(number) * worth * 100
        if fen > MAX_FEN:
            return _TOO_RICH
        return int(fen) if fen == fen.to_integral_value() else _NO_MONEY

    return read


def yuan_written(fen: int) -> str:
    return format(Decimal(fen) / 100, "f")


def degrees(most: int) -> Reader:
    """Make a reader of longitudes (180) or latitudes (90) in degrees with decimals."""

    def read(cell: str) -> float | Fault:
        text = cell if cell.isascii() else plain(cell).removesuffix("°")
        if _DECIMAL.fullmatch(text) and -most <= (number := float(text)) <= most:
            return number
        return Fault(
            "degrees-out-of-range",
            f"This is not a number of degrees between -{most} and {most}.",
            f"应为 -{most} 到 {most} 之间的十进制度数。",
            "Write degrees with decimals, for example 110.5243; not minutes and seconds.",
            "请填写带小数的度数，例如 110.5243，不用度分秒。",
        )

    return read


def day(cell: str) -> date | Fault:
    """Read a day in the ways it is written here, year first, or the serial number that a spreadsheet keeps."""
    text = _MIDNIGHT.sub("", plain(cell))
    if _SERIAL.fullmatch(text):
        return _FIRST_SERIAL + timedelta(days=int(text.partition(".")[0]))
    if found := _DAY.fullmatch(text):
        year, *rest = (int(part) for part in found.groups() if part is not None)
        try:
            return date(year, rest[0], rest[1])
        except ValueError:
            return _NO_SUCH_DAY
    return Fault(
        "day-unclear",
        "This is not a day that can be read without doubt.",
        "无法确定是哪一天。",
        "Write year, month, day: 2026-01-31.",
        "请按年-月-日填写，例如 2026-01-31。",
    )


def identity(cell: str) -> UUID | Fault:
    try:
        return UUID(cell)
    except ValueError:
        return Fault(
            "id-malformed",
            "This is not an id of the register.",
            "不是登记系统的编号（id）。",
            "Leave the cell empty for a new entry, or take the id from an export.",
            "新增请留空；修改请使用导出文件中的 id。",
        )


def email(cell: str) -> str | Fault:
    text = plain(cell)
    if len(text) <= MAX_EMAIL and text.isprintable() and _EMAIL.fullmatch(text):
        return text
    return Fault(
        "email-malformed",
        "This is not a mail address.",
        "不是有效的电子邮箱。",
        "Write one address, with @.",
        "请填写一个带 @ 的邮箱地址。",
    )


def phone(cell: str) -> str | Fault:
    text = plain(cell)
    if _PHONE.fullmatch(text):
        return text
    return Fault(
        "phone-malformed",
        "This is not a telephone number.",
        "不是有效的电话号码。",
        "Write digits, spaces and hyphens; begin with + for another country.",
        "请只填数字、空格和连字符；境外号码以 + 开头。",
    )


def word(words: Mapping[str, tuple[str, ...]]) -> Reader:
    """Make a reader of one word out of some: each under its own name and as people call it."""
    meant = {name.casefold(): value for value, names in words.items() for name in (value, *names)}
    listed_en, listed_zh = ", ".join(words), "、".join(names[0] if names else value for value, names in words.items())

    def read(cell: str) -> str | Fault:
        found = meant.get(plain(cell).casefold())
        if found is not None:
            return found
        return Fault(
            "word-unknown",
            f"This is none of: {listed_en}.",
            f"只能填写：{listed_zh}。",
            "Choose one of the list; the template offers it in the cell.",
            "请从列表中选择（模板单元格中有下拉选项）。",
        )

    return read


_NO_INDUSTRY = Fault(
    "unknown-industry",
    "There is no such industry: the first two digits are no class of the letter.",
    "没有这个行业：前两位数字不属于该门类。",
    "Look the code up in GB/T 4754-2017, for example C1310.",
    "请按 GB/T 4754-2017 查询代码，例如 C1310。",
)
_NO_WHOLE = Fault(
    "number-malformed",
    "This is not a whole number.",
    "不是整数。",
    "Write digits only, without a unit.",
    "请只填数字，不带单位。",
)
_NO_SUCH_DAY = Fault(
    "no-such-day",
    "There is no such day in the calendar.",
    "日历中没有这一天。",
    "Correct the day: year, month, day, for example 2026-01-31.",
    "请更正日期（年-月-日），例如 2026-01-31。",
)
_NO_MONEY = Fault(
    "amount-malformed",
    "This is not an amount of yuan.",
    "不是有效的人民币金额。",
    "Write digits, with no more than two decimals of a yuan: 5000000 or 500万元.",
    "请填数字，最多到分，例如 5000000 或 500万元。",
)
_NO_UNIT = Fault(
    "amount-without-unit",
    "It is not said whether this is in yuan or in ten thousands of yuan.",
    "未说明金额单位是元还是万元。",
    "Write the unit into the heading, (元) or (万元), or into the cell: 500万元.",
    "请在表头注明（元）或（万元），或在单元格中带单位，例如 500万元。",
)
_TOO_RICH = Fault(
    "amount-too-large",
    "The amount is larger than any enterprise has.",
    "金额过大。",
    "Check the unit in the heading.",
    "请核对表头中的单位。",
)
money = _money(None)
MONEY: Mapping[str, Reader] = {
    "": money,
    "元": _money(_UNITS["元"]),
    "yuan": _money(_UNITS["元"]),
    "万元": _money(_UNITS["万元"]),
    "万": _money(_UNITS["万元"]),
    "亿元": _money(_UNITS["亿元"]),
}
"""The unit that a heading tells in brackets → how its cells are read."""
