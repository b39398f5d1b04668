"""What can be wrong with a file, a row or a cell, and how it is mended; else a clerk would read only "bad row"."""

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Fault:
    """A reason under a stable slug and the way to mend it, each as a sentence in both languages."""

    slug: str
    en: str
    zh: str
    mend_en: str
    mend_zh: str


@dataclass(frozen=True, slots=True)
class BadCell:
    """One fault at its place; `column` None speaks of the whole row. `value` is what was read there."""

    line: int
    column: str | None
    position: int | None
    """Place of the column in the file, from 0."""
    value: str
    fault: Fault

    @property
    def letter(self) -> str | None:
        return None if self.position is None else letter(self.position)


class Words(Protocol):
    """What a rule of any noun says is wrong."""

    @property
    def slug(self) -> str: ...
    @property
    def en(self) -> str: ...
    @property
    def zh(self) -> str: ...


class UnreadableFile(Exception):
    """The file as a whole cannot be read: nothing in it was looked at."""

    def __init__(self, fault: Fault, line: int | None = None, column: int | None = None) -> None:
        super().__init__(fault.en)
        self.fault = fault
        self.line = line
        self.column = column


def letter(position: int) -> str:
    """Name a column as spreadsheets do: 0 is A, 26 is AA."""
    name = ""
    position += 1
    while position:
        position, rest = divmod(position - 1, 26)
        name = chr(ord("A") + rest) + name
    return name


def told(rule: Words, mend_en: str, mend_zh: str) -> Fault:
    """Take over a rule's own words and add how a clerk mends it."""
    return Fault(rule.slug, rule.en, rule.zh, mend_en, mend_zh)


MISSING = Fault(
    "value-missing",
    "A value is required here.",
    "此处必须填写。",
    "Fill the cell. In a merged block every row needs its own value.",
    "请填写该单元格；合并的单元格须拆分后逐行填写。",
)
CONTROL = Fault(
    "control-character",
    "The text holds a character that cannot be shown or stored.",
    "文字中含有无法显示或保存的字符。",
    "Type the text anew; line breaks and invisible characters often come from copying.",
    "请重新输入文字；换行和不可见字符常由复制带入。",
)
LOST_DIGITS = Fault(
    "number-lost-digits",
    "The spreadsheet turned a long code into a number and lost its last digits.",
    "表格软件把长编码当作数字，末尾数字已丢失。",
    "Format the column as text, then type the code again from its certificate.",
    "请先把该列设为文本格式，再按证照重新输入编码。",
)
FORMULA = Fault(
    "formula",
    "The cell holds a formula, not a value.",
    "单元格中是公式，不是数值或文字。",
    "Copy the column and paste it as values.",
    "请复制该列并选择性粘贴为数值。",
)
FORMULA_ERROR = Fault(
    "cell-error",
    "The cell shows an error of the spreadsheet.",
    "单元格显示表格软件的错误值。",
    "Type the value in the place of the error.",
    "请改填实际内容。",
)
MERGED = Fault(
    "merged-cell",
    "The cell is merged with others, so it is not clear for which rows its value holds.",
    "该单元格与其他单元格合并，无法确定内容属于哪些行。",
    "Unmerge the cells and fill every row.",
    "请取消合并并逐行填写。",
)


def ragged(found: int, expected: int) -> Fault:
    return Fault(
        "ragged-row",
        f"The row has {found} cells, the headings {expected}.",
        f"本行有 {found} 个单元格，表头有 {expected} 个。",
        "Look for a missing or surplus separator, or a separator inside a text that is not in quotes.",
        "请检查是否缺少或多出分隔符，或文字中的分隔符未加引号。",
    )


def listed_twice(line: int) -> Fault:
    return Fault(
        "listed-twice",
        f"Line {line} of the file is about the same one.",
        f"与文件第 {line} 行重复。",
        "Keep the line that is right and delete the other.",
        "请保留正确的一行，删除另一行。",
    )


def unknown_area(code: str) -> Fault:
    return Fault(
        "unknown-area",
        f"There is no area {code} in the register.",
        f"没有编码为 {code} 的区划。",
        "Correct the code, or import the areas first (and mend the line of the area if it stands in this file).",
        "请更正编码，或先导入区划（若该区划在本文件中，请先改正其所在行）。",
    )


def unknown_one(what: str, en: str, zh: str) -> Fault:
    return Fault(
        f"unknown-{what}",
        f"There is no such {en} in the register.",
        f"登记中没有该{zh}。",
        f"Correct the reference, or import the {en} first.",
        f"请更正，或先导入该{zh}。",
    )


ALREADY_EXISTS = Fault(
    "already-exists",
    "The register holds this number for another entry, with another id.",
    "该编号在登记中已属于另一条记录（编号 id 不同）。",
    "Remove the id of this line to change the entry that has the number, or correct the number.",
    "如需修改已有记录，请清空本行的 id；否则请更正编号。",
)
