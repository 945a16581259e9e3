"""Several kiosks: their ids and where they stand, from the setting `PEIPAO_KIOSKS`."""

from __future__ import annotations

import re

from bot.settings import PREFIX, Settings, SettingsError

VARIABLE = f"{PREFIX}KIOSKS"
_ID = re.compile(r"[A-Za-z0-9_-]{1,40}")
# What fits the page's header, a printed slip and a line at the desk.
MOST_CHARS = 30


def read_places(text: str) -> dict[str, str]:
    """The places by kiosk id, in their order.

    >>> read_places("a1=金融便利店一楼, a2=政务大厅")
    {'a1': '金融便利店一楼', 'a2': '政务大厅'}

    Raises:
        ValueError: in Chinese, which part cannot be read.
    """
    places: dict[str, str] = {}
    for part in filter(None, (part.strip() for part in text.replace("，", ",").split(","))):
        kiosk, sign, place = (piece.strip() for piece in part.partition("="))
        if not sign or not place or not _ID.fullmatch(kiosk):
            raise ValueError(f"“{part}”应写成 编号=地点，编号只用字母、数字、-、_")
        if len(place) > MOST_CHARS:
            raise ValueError(f"“{place}”太长，地点最多{MOST_CHARS}个字")
        if kiosk in places:
            raise ValueError(f"编号“{kiosk}”写了两次")
        places[kiosk] = place
    return places


def places_of(settings: Settings) -> dict[str, str]:
    """The installation's kiosks. Raises `SettingsError`."""
    try:
        return read_places(settings.kiosks)
    except ValueError as error:
        raise SettingsError(f"{VARIABLE}：{error}。") from None
