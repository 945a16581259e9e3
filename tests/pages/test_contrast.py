"""Every pair of text and background colour that the style sheets use reaches WCAG AA."""

from __future__ import annotations

import re

import pytest

from bot.web.render import STATIC

PAIRS = [
    ("ink", "paper"),
    ("ink", "sheet"),
    ("ink-2", "paper"),
    ("ink-2", "sheet"),
    ("ink-2", "sunken"),
    ("ink-3", "paper"),
    ("ink-3", "sheet"),
    ("brand", "sheet"),
    ("brand", "brand-soft"),
    ("on-brand", "brand"),
    ("on-brand", "brand-deep"),
    ("holds", "holds-soft"),
    ("holds", "sheet"),
    ("open", "open-soft"),
    ("open", "sheet"),
    ("ink", "open-soft"),
    ("ink-2", "open-soft"),
    ("ink-2", "brand-soft"),
    ("fails", "open-soft"),
    ("fails", "fails-soft"),
    ("fails", "sheet"),
    ("dark", "dark-soft"),
    ("dark", "sheet"),
]


def colours(theme: str) -> dict[str, str]:
    css = (STATIC / "css" / "base.css").read_text("utf-8")
    blocks = {
        "plain": re.search(r":root \{(.*?)\n\}", css, re.DOTALL),
        "high": re.search(r'html\[data-contrast="high"\] \{(.*?)\n\}', css, re.DOTALL),
    }
    found: dict[str, str] = {}
    for name in ("plain", "high") if theme == "high" else ("plain",):
        block = blocks[name]
        assert block
        found |= dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", block[1]))
    return found


def luminance(colour: str) -> float:
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize(("theme", "least"), [("plain", 4.5), ("high", 7.0)])
@pytest.mark.parametrize(("text", "background"), PAIRS)
def test_contrast(theme: str, least: float, text: str, background: str) -> None:
    found = colours(theme)
    bright, dim = sorted((luminance(found[text]), luminance(found[background])), reverse=True)
    assert (bright + 0.05) / (dim + 0.05) >= least
