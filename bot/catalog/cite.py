"""How a source is shown to people: document, number, issuer, date; an address only on trusted domains."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from bot.catalog.model import Source

RETOLD = "转述，以原文为准"
"""Added wherever the sureness is 中 or 低."""

MAIN_PRESS = (
    "xinhuanet.com", "news.cn", "people.com.cn", "people.cn", "cctv.com", "cctv.cn", "gmw.cn",
    "chinanews.com.cn", "cqrb.cn", "cqnews.net", "cbg.cn", "cqcb.com",
)  # fmt: skip
"""Domains of the main press, national and of Chongqing; government and central bank are all under gov.cn."""

_DOMAIN = re.compile(
    r"[(（]?\s*\b[a-z0-9][a-z0-9-]*(?:\.[a-z0-9-]+)*\.[a-z]{2,}\b\s*[)）]?\s*", re.IGNORECASE
)


def cite(source: Source) -> str:
    """One source as one string, e.g. ``《…办法》（渝高新发〔2024〕13号），重庆高新区管委会，2024-06-18``.

    A page on any other domain is named without its address: such pages move, and some carry advertising.
    """
    # Only a numbered document is sure to bear exactly this name; the rest are descriptions of pages.
    title = f"《{source.title}》" if source.number and "《" not in source.title else source.title
    parts = [title if source.number in title else f"{title}（{source.number}）"]
    issuer = _DOMAIN.sub("", source.issuer).strip()
    parts.append("网络转载" if issuer in ("", "转载", "转述") else issuer)
    parts.append(_date(source))
    address = shown_address(source)
    if address:
        parts.append(address)
    cited = "，".join(parts)
    return cited if source.sureness == "高" else f"{cited}（{RETOLD}）"


def shown_address(source: Source) -> str:
    """The first address on a government, central-bank or main-press domain, or ``""``."""
    addresses = [source.url] if isinstance(source.url, str) else source.url
    return next((address for address in addresses if _trusted(address)), "")


def _trusted(address: str) -> bool:
    parts = urlsplit(address)
    if parts.scheme not in ("http", "https"):
        return False
    host = (parts.hostname or "").rstrip(".")
    return any(host == domain or host.endswith("." + domain) for domain in ("gov.cn", *MAIN_PRESS))


def _date(source: Source) -> str:
    if not source.date:
        return source.date_note or "日期未显示"
    return f"{source.date}年" if re.fullmatch(r"\d{4}", source.date) else source.date
