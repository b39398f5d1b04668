"""Columns that several tables have; without it each would call them otherwise."""

from services.registry.imports.domain import readers
from services.registry.imports.domain.columns import Column


def id_column(why_en: str, why_zh: str) -> Column:
    return Column(
        name="id",
        en="Id",
        zh="登记编号",
        read=readers.identity,
        example="",
        why_en=why_en,
        why_zh=why_zh,
        aliases=("编号id",),
    )


def name_zh(example: str, *aliases: str) -> Column:
    return Column(
        name="name_zh",
        en="Name (Chinese)",
        zh="名称",
        read=readers.line,
        example=example,
        why_en="The full name as registered.",
        why_zh="登记的全称。",
        required=True,
        aliases=("name", "中文名称", "name in Chinese", *aliases),
    )


def name_en(example: str) -> Column:
    return Column(
        name="name_en",
        en="English name",
        zh="英文名称",
        read=readers.line,
        example=example,
        why_en="Empty: it goes by its Chinese name.",
        why_zh="可不填；不填时使用中文名称。",
        aliases=("name in English",),
    )


def area_column(example: str, why_en: str, why_zh: str) -> Column:
    return Column(
        name="area_code",
        en="Area code",
        zh="区划编码",
        read=readers.area,
        example=example,
        why_en=why_en,
        why_zh=why_zh,
        required=True,
        repeats=True,
        aliases=("所在区划编码", "所属区划编码", "区划代码", "行政区划代码"),
    )
