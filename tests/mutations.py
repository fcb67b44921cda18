"""Edits of a module: a constant, an operator, a default, a statement dropped."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import NamedTuple

_OPERATORS: dict[type[ast.AST], type[ast.AST]] = {
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Div, ast.Div: ast.Mult, ast.Mod: ast.Mult,
    ast.Lt: ast.GtE, ast.LtE: ast.Gt, ast.Gt: ast.LtE, ast.GtE: ast.Lt, ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq, ast.And: ast.Or, ast.Or: ast.And, ast.BitAnd: ast.BitOr,
}  # fmt: skip


class Site(NamedTuple):
    """A place of a module that can be edited: which node of its tree, and what kind of edit."""

    node: int
    kind: str


def sites(source: str) -> list[Site]:
    """All places of a module that can be edited, in order."""
    nodes = enumerate(ast.walk(ast.parse(source)))
    return [Site(index, kind) for index, node in nodes for kind in _kinds(node)]


def edited(source: str, site: Site) -> str:
    """The module's text with one edit; the same text for an edit that changes nothing."""
    tree = ast.parse(source)
    _change(site.kind, list(ast.walk(tree))[site.node])
    return ast.unparse(tree)


def _kinds(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Constant) and type(node.value) in (int, float, bool):
        yield "constant"
    if isinstance(node, (ast.BinOp, ast.BoolOp)) and type(node.op) in _OPERATORS:
        yield "operator"
    if isinstance(node, ast.Compare) and type(node.ops[0]) in _OPERATORS:
        yield "operator"
    if isinstance(node, ast.arguments) and (node.defaults or any(node.kw_defaults)):
        yield "default"
    if isinstance(node, (ast.FunctionDef, ast.Module, ast.If, ast.For, ast.With)):
        yield from (f"statement {place}" for place in range(len(node.body)))


def _change(kind: str, node: ast.AST) -> None:
    if isinstance(node, ast.Constant):
        number = node.value
        node.value = not number if isinstance(number, bool) else number + 1  # type: ignore[operator]
    elif isinstance(node, (ast.BinOp, ast.BoolOp)):
        node.op = _OPERATORS[type(node.op)]()  # type: ignore[assignment]
    elif isinstance(node, ast.Compare):
        node.ops[0] = _OPERATORS[type(node.ops[0])]()  # type: ignore[call-overload]
    elif isinstance(node, ast.arguments):
        values = node.defaults or [value for value in node.kw_defaults if value]
        values[-1].__class__ = ast.Constant
        values[-1].value = 7  # type: ignore[attr-defined]
        values[-1].kind = None  # type: ignore[attr-defined]
    elif isinstance(node, (ast.FunctionDef, ast.Module, ast.If, ast.For, ast.With)):
        place = int(kind.split()[1])
        dropped = node.body[place]
        if not (isinstance(dropped, ast.Expr) and isinstance(dropped.value, ast.Constant)):
            node.body[place] = ast.Pass()
