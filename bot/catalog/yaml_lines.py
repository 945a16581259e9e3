"""YAML that remembers the line of every value, so that a fault can name its place."""

from __future__ import annotations

from typing import Any

import yaml

from bot.catalog.errors import CatalogError, Fault

Path = tuple[Any, ...]
_Base: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _Loader(_Base):  # type: ignore[misc]
    """YAML 1.2's reading of booleans: only ``true`` and ``false``, so that ``no`` and ``on`` stay words."""


_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:bool"]
    for first, resolvers in _Base.yaml_implicit_resolvers.items()
}
for _word in ("true", "false"):
    _Loader.yaml_implicit_resolvers.setdefault(_word[0], []).append(
        ("tag:yaml.org,2002:bool", yaml.resolver.re.compile(r"^(?:true|false)$"))  # type: ignore[attr-defined]
    )


class Document:
    """A parsed file: ``data`` in plain Python, and the line of each path in it."""

    def __init__(self, data: Any, lines: dict[Path, int]) -> None:
        self.data = data
        self._lines = lines

    def line(self, path: Path = ()) -> int:
        """Line (from 1) of the value at ``path``, or of its nearest parent."""
        while path and path not in self._lines:
            path = path[:-1]
        return self._lines.get(path, 1)


def parse(text: str, file: str) -> Document:
    """Parse one YAML document.

    Raises:
        CatalogError: the text is no YAML, or a mapping names a key twice.
    """
    loader = _Loader(text)
    try:
        node = loader.get_single_node()
        lines: dict[Path, int] = {}
        data = _build(loader, node, (), lines, file) if node is not None else None
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        reason = f"YAML 写法有误：{error.problem or error.context}"
        raise CatalogError([Fault(file, mark.line + 1 if mark else 0, reason)]) from None
    except CatalogError:
        raise
    except (yaml.YAMLError, ValueError) as error:
        raise CatalogError([Fault(file, 0, f"YAML 写法有误：{error}")]) from None
    finally:
        loader.dispose()
    return Document(data, lines)


def _build(loader: Any, node: yaml.Node, path: Path, lines: dict[Path, int], file: str) -> Any:
    lines[path] = node.start_mark.line + 1
    if isinstance(node, yaml.MappingNode):
        mapping: dict[str, Any] = {}
        for key_node, value_node in node.value:
            key = _key(loader.construct_object(key_node, deep=True))
            if key in mapping:
                raise CatalogError([Fault(file, key_node.start_mark.line + 1, f"同一处写了两次「{key}」")])
            mapping[key] = _build(loader, value_node, (*path, key), lines, file)
            lines[(*path, key)] = key_node.start_mark.line + 1
        return mapping
    if isinstance(node, yaml.SequenceNode):
        return [_build(loader, item, (*path, index), lines, file) for index, item in enumerate(node.value)]
    return loader.construct_object(node, deep=True)


def _key(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)
