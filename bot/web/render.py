"""Renders the HTML pages and names the folder of static files."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path
from typing import Any

import msgspec
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from litestar import MediaType, Response
from markupsafe import Markup

from bot.web.typeset import typeset

HERE = Path(__file__).parent
TEMPLATES = HERE / "templates"
STATIC = HERE / "static"


def static_version(folder: Path = STATIC) -> str:
    """A short name that changes whenever any static file does.

    It is part of the address, so a browser may keep the files for ever and still sees every change,
    in ES modules that import each other by relative address too.
    """
    digest = hashlib.sha256()
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        digest.update(path.relative_to(folder).as_posix().encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


STATIC_PATH = f"/static/{static_version()}"

_environment = Environment(
    loader=FileSystemLoader(TEMPLATES),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_ADDRESS = re.compile(r"[,，]?\s*(https?://[\w./?=&%#~:+-]+)")


def linked(text: str) -> Markup:
    """A source with its address, if it shows one, as a link called 原文."""
    made = Markup()
    end = 0
    for match in _ADDRESS.finditer(text):
        made += Markup(
            '{} <a class="source-link" href="{}" target="_blank" rel="noreferrer noopener">原文</a>'
        ).format(typeset(text[end : match.start()]), match[1])
        end = match.end()
    return made + typeset(text[end:])


_environment.globals["static"] = STATIC_PATH
_environment.filters["zh"] = typeset
_environment.filters["linked"] = linked


def page(template: str, /, *, status_code: int = 200, **values: Any) -> Response[str]:
    """The HTML page made from `template`; a name missing in `values` raises `UndefinedError`."""
    return Response(
        _environment.get_template(template).render(**values),
        status_code=status_code,
        media_type=MediaType.HTML,
    )


def json_block(value: Any) -> Markup:
    """`value` as JSON that is safe inside a `<script type="application/json">` element."""
    text = msgspec.json.encode(value).decode()
    return Markup(text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026"))  # noqa: S704
