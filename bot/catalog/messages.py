"""What msgspec finds wrong with a record, in the words of those who write the policy files."""

from __future__ import annotations

import re

TYPES = {
    "str": "文字", "int": "整数", "float": "数", "bool": "true 或 false", "array": "列表",
    "object": "一组「键: 值」", "date": "日期（如 2026-11-24）", "null": "空",
}  # fmt: skip


def in_chinese(message: str) -> str:
    """One message of msgspec; unchanged where its form is not known."""
    told = re.sub(r" - at `[^`]*`", "", message)
    found = re.fullmatch(r"Object contains unknown field `(.+)`", told)
    if found:
        return f"没有「{found[1]}」这个字段，看看是不是写错了"
    found = re.fullmatch(r"Object missing required field `(.+)`", told)
    if found:
        return f"缺少「{found[1]}」"
    found = re.fullmatch(r"Expected `(.+)`, got `(.+)`", told)
    if found:
        wanted, got = ("或".join(_type(one) for one in kinds.split(" | ")) for kinds in found.groups())
        return f"这里应是{wanted}，写的却是{got}"
    found = re.fullmatch(r"Invalid enum value '?(.*?)'?", told)
    if found:
        return f"不能写「{found[1]}」，不在可选的值里"
    found = re.fullmatch(r"Invalid (?:RFC3339|ISO8601).*", told)
    return "这里应是日期（如 2026-11-24）" if found else told


def _type(name: str) -> str:
    return TYPES.get(name, name)
