"""Draws the reports' plots as SVG without scripts and without anything from outside."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from xml.etree.ElementTree import Element

import pygal
from pygal.etree import etree
from pygal.style import Style

from bot.desk.reports import Report, Spread

# Its hook into the import system looks for plug-ins (maps), which nobody here has, at every failing import.
sys.meta_path[:] = [one for one in sys.meta_path if type(one).__name__ != "PluginImportFixer"]

# Dark enough on white to be told apart and read (WCAG AA against the sheet).
_BLUE, _GREEN, _RED, _GREY = "#1f5fa8", "#1d7a4f", "#b3362c", "#5b6472"
_FONT = "'Noto Sans CJK SC', 'Microsoft YaHei', 'PingFang SC', sans-serif"
_MOST_PRODUCTS = 12
_SVG = "{http://www.w3.org/2000/svg}"

Names = Callable[[str], str]


def _style(*colors: str) -> Style:
    return Style(
        background="transparent",
        plot_background="transparent",
        foreground="#2a3140",
        foreground_strong="#1b2230",
        foreground_subtle="#5b6472",
        colors=colors,
        font_family=_FONT,
        label_font_size=15,
        major_label_font_size=15,
        value_font_size=14,
        value_label_font_size=14,
        legend_font_size=15,
        no_data_font_size=18,
        transition="none",
        opacity="1",
        opacity_hover="1",
        value_colors=("#ffffff",) * len(colors),
    )


def _settings(width: int, height: int, *colors: str, **more: object) -> dict[str, object]:
    return {
        "style": _style(*colors),
        "js": [],
        "width": width,
        "height": height,
        "explicit_size": True,
        "show_legend": False,
        "legend_at_bottom": True,
        "no_data_text": "还没有数据",
        "print_values": True,
        "value_formatter": _whole,
        "max_scale": 6,
        "margin": 12,
        "disable_xml_declaration": True,
        **more,
    }


def spread_plot(spread: Spread) -> bytes:
    """How many cases took how long."""
    chart = pygal.Bar(**_settings(640, 320, _BLUE))
    chart.x_labels = [title for title, _ in spread.buckets]
    if spread.count:
        chart.add("件数", [count or None for _, count in spread.buckets])
    return _drawn(chart)


def targets_plot(report: Report, title_of: Names) -> bytes:
    """Targets met, missed and still open."""
    chart = pygal.StackedBar(**_settings(640, 320, _GREEN, _RED, _GREY, show_legend=True))
    chart.x_labels = [title_of(target) for target in report.kept]
    kept = list(report.kept.values())
    if any(one.met or one.missed or one.open for one in kept):
        chart.add("按时", [one.met or None for one in kept])
        chart.add("超时", [one.missed or None for one in kept])
        chart.add("未到期", [one.open or None for one in kept])
    return _drawn(chart)


def reasons_plot(report: Report, title_of: Names) -> bytes:
    """Why talks were handed over."""
    return _bars([(title_of(reason), count) for reason, count in report.reasons])


def products_plot(report: Report, title_of: Names) -> bytes:
    """Talks that asked for a product beside talks in which it was found."""
    rows = report.products[:_MOST_PRODUCTS]
    height = 140 + 46 * max(1, len(rows))
    # The first bar is drawn lowest.
    labels = [title_of(product) for product, _, _ in reversed(rows)]
    colors = (_BLUE, _GREEN)
    chart = pygal.HorizontalBar(
        **_settings(900, height, *colors, show_legend=True, margin_left=_room_for(labels))
    )
    chart.x_labels = labels
    if rows:
        chart.add("问到", [asked or None for _, asked, _ in reversed(rows)])
        chart.add("找到", [found or None for _, _, found in reversed(rows)])
    return _drawn(chart)


def stars_plot(report: Report) -> bytes:
    """How many firms gave how many stars."""
    given = [(f"{stars}星", count) for stars, count in report.stars.items()]
    return _bars(given if any(count for _, count in given) else [])


def _bars(rows: Sequence[tuple[str, int]]) -> bytes:
    labels = [title for title, _ in reversed(rows)]
    height = 110 + 44 * max(2, len(rows))
    chart = pygal.HorizontalBar(**_settings(640, height, _BLUE, margin_left=_room_for(labels)))
    chart.x_labels = labels
    if rows:
        chart.add("件数", [count or None for _, count in reversed(rows)])
    return _drawn(chart)


def _room_for(labels: Sequence[str]) -> int:
    """Pixels at the left that Chinese labels need beyond what the library reckons for Latin ones."""
    return 12 + max((sum(ord(char) > 0x2E7F for char in label) for label in labels), default=0) * 7


def _whole(value: float | None) -> str:
    return "" if value is None else f"{value:g}"


def _drawn(chart: pygal.Graph) -> bytes:
    root = chart.render_tree()
    _strip(root)
    made: bytes = etree.tostring(root, encoding="utf-8")
    return made


def _strip(element: Element) -> None:
    """Takes out scripts (which hold the chart's data a second time) and comments with addresses."""
    for child in list(element):
        if not isinstance(child.tag, str) or child.tag.removeprefix(_SVG) == "script":
            element.remove(child)
        else:
            _strip(child)
