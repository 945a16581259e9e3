"""The small language of clauses: ``is_hnte and (rd_ratio_pct >= 5 or invention_patents >= 1)``.

A condition compares one fact with constants, so that every number can be cut into cells at the
thresholds the rules use, and a verdict is exact before the number is known. Sums and quotients of
several facts have their place in the ``derived`` of a fact.
"""

from __future__ import annotations

import ast
from typing import Literal

import msgspec

Operator = Literal["<", "<=", ">", ">=", "==", "!="]
Constant = bool | int | float | str


class Atom(msgspec.Struct, frozen=True, tag=True):
    """``fact`` compared with one or more constants (several only for ``==`` and ``!=``: in, not in)."""

    fact: str
    operator: Operator
    constants: tuple[Constant, ...]


class Not(msgspec.Struct, frozen=True, tag=True):
    part: Condition


class And(msgspec.Struct, frozen=True, tag=True):
    parts: tuple[Condition, ...]


class Or(msgspec.Struct, frozen=True, tag=True):
    parts: tuple[Condition, ...]


class Truth(msgspec.Struct, frozen=True, tag=True):
    value: bool


Condition = Atom | Not | And | Or | Truth


class Name(msgspec.Struct, frozen=True):
    fact: str


class Arithmetic(msgspec.Struct, frozen=True):
    operator: Literal["+", "-", "*", "/"]
    left: Term
    right: Term


Term = Name | Arithmetic | float


class ExpressionError(ValueError):
    """The expression cannot be read; the message says why, in Chinese."""


_OPERATORS: dict[type[ast.cmpop], Operator] = {
    ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">=", ast.Eq: "==", ast.NotEq: "!=",
}  # fmt: skip
_MIRRORED: dict[Operator, Operator] = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "==": "==", "!=": "!="}
_ARITHMETIC: dict[type[ast.operator], Literal["+", "-", "*", "/"]] = {
    ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/",
}  # fmt: skip


def parse_condition(text: str) -> Condition:
    """Read a condition.

    Raises:
        ExpressionError: it is not of the language.
    """
    return _condition(_tree(text))


def parse_term(text: str) -> Term:
    """Read the arithmetic of a derived fact.

    Raises:
        ExpressionError: it is not of the language.
    """
    return _term(_tree(text))


def facts_of(part: Condition | Term) -> set[str]:
    """Every fact that is named."""
    if isinstance(part, (Atom, Name)):
        return {part.fact}
    if isinstance(part, Not):
        return facts_of(part.part)
    if isinstance(part, (And, Or)):
        return set().union(*(facts_of(one) for one in part.parts))
    if isinstance(part, Arithmetic):
        return facts_of(part.left) | facts_of(part.right)
    return set()


def atoms_of(part: Condition) -> list[Atom]:
    """Every comparison, from left to right."""
    if isinstance(part, Atom):
        return [part]
    if isinstance(part, Not):
        return atoms_of(part.part)
    if isinstance(part, (And, Or)):
        return [atom for one in part.parts for atom in atoms_of(one)]
    return []


def _tree(text: str) -> ast.expr:
    try:
        return ast.parse(" ".join(text.split()), mode="eval").body
    except (SyntaxError, ValueError) as error:
        raise ExpressionError(f"表达式读不懂：{text}（{error.args[0]}）") from None


def _condition(node: ast.expr) -> Condition:
    if isinstance(node, ast.BoolOp):
        parts = tuple(_condition(value) for value in node.values)
        return And(parts) if isinstance(node.op, ast.And) else Or(parts)
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        return Not(_condition(node.operand))
    if isinstance(node, ast.Name):
        truth = {"true": True, "false": False}.get(node.id)
        return Truth(truth) if truth is not None else Atom(node.id, "==", (True,))
    if isinstance(node, ast.Constant) and isinstance(node.value, bool):
        return Truth(node.value)
    if isinstance(node, ast.Compare):
        links = []
        left = node.left
        for operator, right in zip(node.ops, node.comparators, strict=True):
            links.append(_comparison(left, operator, right))
            left = right
        return links[0] if len(links) == 1 else And(tuple(links))
    raise ExpressionError(f"这里应是一个条件：{ast.unparse(node)}")


def _comparison(left: ast.expr, operator: ast.cmpop, right: ast.expr) -> Condition:
    if isinstance(operator, (ast.In, ast.NotIn)):
        if not isinstance(left, ast.Name) or not isinstance(right, (ast.List, ast.Tuple, ast.Set)):
            raise ExpressionError("in 的左边应是一个事实，右边应是 [值, 值]")
        constants = tuple(_constant(element) for element in right.elts)
        return Atom(left.id, "==" if isinstance(operator, ast.In) else "!=", constants)
    name = _OPERATORS.get(type(operator))
    if name is None:
        raise ExpressionError(f"不认识的比较：{ast.unparse(left)} … {ast.unparse(right)}")
    if isinstance(left, ast.Name) and left.id not in ("true", "false"):
        return Atom(left.id, name, (_constant(right),))
    if isinstance(right, ast.Name) and right.id not in ("true", "false"):
        return Atom(right.id, _MIRRORED[name], (_constant(left),))
    raise ExpressionError(
        f"条件应是一个事实比一个值；几个事实的运算请写成派生事实：{ast.unparse(left)} … {ast.unparse(right)}"
    )


def _constant(node: ast.expr) -> Constant:
    if isinstance(node, ast.Name) and node.id in ("true", "false"):
        return node.id == "true"
    if isinstance(node, ast.Constant) and isinstance(node.value, (bool, int, float, str)):
        return node.value
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        value = _constant(node.operand)
        if not isinstance(value, (bool, str)):
            return -value
    raise ExpressionError(f"这里应是一个值（数、'文字'、true、false）：{ast.unparse(node)}")


def _term(node: ast.expr) -> Term:
    if isinstance(node, ast.Name) and node.id not in ("true", "false"):
        return Name(node.id)
    if (
        isinstance(node, ast.Constant)
        and isinstance(node.value, (int, float))
        and not isinstance(node.value, bool)
    ):
        return float(node.value)
    if isinstance(node, ast.BinOp):
        operator = _ARITHMETIC.get(type(node.op))
        if operator is not None:
            return Arithmetic(operator, _term(node.left), _term(node.right))
    raise ExpressionError(f"这里应是事实之间的加减乘除：{ast.unparse(node)}")
