"""Integer expressions of the blueprint, such as `sum(price * quantity) - discount`, compiled to closures.

Only names, whole numbers, `+`, `-`, `*`, brackets and `sum(...)` over the order's lines are in the language: nothing
can round. `facts.NAME` reads a further mapped field of the order. `price * quantity` of a line is what the source
states for that where it does: a price that was worked out from it need not multiply back.
"""

from __future__ import annotations

import ast
from operator import attrgetter

from orderloom.domain.draft import DraftLine, OrderDraft
from orderloom.domain.formula import Addend, LineReader, NotStated, OrderReader
from orderloom.domain.words import Words

TEXT_MAX = 500
ORDER_NAMES = ("total", "paid", "refunded", "freight", "discount", "tax", "charges")
LINE_NAMES = ("price", "quantity", "discount", "amount", "goods")
_PLAIN = {"price", "quantity", "discount"}
_PRICED = {"price", "quantity"}
"""Line fields that are never absent."""


class BadExpression(ValueError):
    """The expression is not in the language; the message says what and where, in both languages."""

    def __init__(self, zh: str, en: str, column: int = 0) -> None:
        super().__init__(en)
        self.reason = Words(f"第 {column + 1} 个字符处：{zh}", f"at character {column + 1}: {en}")


def compile_terms(text: str, titles: dict[str, Words]) -> tuple[Addend, ...]:
    """Split the expression at its outer `+` and `-` into named terms, in order. Raises BadExpression."""
    return tuple(_term(sign, node, titles) for sign, node in _addends(_parse(text), 1))


def _parse(text: str) -> ast.expr:
    if len(text) > TEXT_MAX:
        raise BadExpression(f"公式超过 {TEXT_MAX} 个字符", f"longer than {TEXT_MAX} characters")
    try:
        return ast.parse(text.strip(), mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        column = max((getattr(error, "offset", None) or 1) - 1, 0)
        raise BadExpression("写法不对", "cannot be read", column) from error


def _addends(node: ast.expr, sign: int) -> list[tuple[int, ast.expr]]:
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add | ast.Sub):
        right = sign if isinstance(node.op, ast.Add) else -sign
        return [*_addends(node.left, sign), *_addends(node.right, right)]
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        return _addends(node.operand, -sign)
    return [(sign, node)]


def _term(sign: int, node: ast.expr, titles: dict[str, Words]) -> Addend:
    name = ast.unparse(node)
    read, line = _order(node), None
    if isinstance(node, ast.Call):
        line = _signed_line(sign, _line(node.args[0]))
    return Addend(name, titles.get(name, Words(name, name)), _signed(sign, read), line)


def _signed(sign: int, read: OrderReader) -> OrderReader:
    return read if sign > 0 else lambda draft: -read(draft)


def _signed_line(sign: int, read: LineReader) -> LineReader:
    return read if sign > 0 else lambda line: -read(line)


def _order(node: ast.expr) -> OrderReader:
    """Compile a node that is read from the order."""
    match node:
        case ast.Name(id="charges"):
            return _charges
        case ast.Name(id=name) if name in ORDER_NAMES:
            return attrgetter(name)
        case ast.Attribute(value=ast.Name(id="facts"), attr=name):
            return _fact(name)
        case ast.Constant(value=value) if type(value) is int:
            return lambda draft: value
        case ast.Call(func=ast.Name(id="sum"), args=[inner], keywords=[]):
            return _sum(inner)
        case ast.BinOp(left=left, op=ast.Add() | ast.Sub() | ast.Mult() as op, right=right):
            return _order_pair(op, _order(left), _order(right))
        case ast.UnaryOp(op=ast.USub(), operand=inner):
            return _signed(-1, _order(inner))
    raise _bad(node, ORDER_NAMES)


def _line(node: ast.expr) -> LineReader:
    """Compile a node that is read from each line."""
    match node:
        case ast.Name(id="amount"):
            return _amount
        case ast.Name(id="goods"):
            return _goods
        case ast.BinOp(left=ast.Name(id=one), op=ast.Mult(), right=ast.Name(id=other)) if {one, other} == _PRICED:
            return _goods
        case ast.Name(id=name) if name in LINE_NAMES:
            return attrgetter(name)
        case ast.Constant(value=value) if type(value) is int:
            return lambda line: value
        case ast.BinOp(left=left, op=ast.Add() | ast.Sub() | ast.Mult() as op, right=right):
            return _line_pair(op, _line(left), _line(right))
        case ast.UnaryOp(op=ast.USub(), operand=inner):
            return _signed_line(-1, _line(inner))
    raise _bad(node, LINE_NAMES)


def _order_pair(op: ast.operator, left: OrderReader, right: OrderReader) -> OrderReader:
    if isinstance(op, ast.Mult):
        return lambda draft: left(draft) * right(draft)
    if isinstance(op, ast.Add):
        return lambda draft: left(draft) + right(draft)
    return lambda draft: left(draft) - right(draft)


def _line_pair(op: ast.operator, left: LineReader, right: LineReader) -> LineReader:
    if isinstance(op, ast.Mult):
        return lambda line: left(line) * right(line)
    if isinstance(op, ast.Add):
        return lambda line: left(line) + right(line)
    return lambda line: left(line) - right(line)


def _sum(node: ast.expr) -> OrderReader:
    """Compile a sum over the lines; a product of two plain fields, the usual case, is read in one go."""
    match node:
        case ast.BinOp(left=ast.Name(id=left), op=ast.Mult(), right=ast.Name(id=right)) if {left, right} == _PRICED:
            return _all_goods
        case ast.BinOp(left=ast.Name(id=left), op=ast.Mult(), right=ast.Name(id=right)) if {left, right} <= _PLAIN:
            both = attrgetter(left, right)
            return lambda draft: sum([a * b for a, b in map(both, draft.lines)])
        case _:
            read = _line(node)
            return lambda draft: sum(map(read, draft.lines))


_priced = attrgetter("price", "quantity", "goods")


def _all_goods(draft: OrderDraft) -> int:
    return sum([price * quantity if goods is None else goods for price, quantity, goods in map(_priced, draft.lines)])


def _goods(line: DraftLine) -> int:
    return line.price * line.quantity if line.goods is None else line.goods


def _charges(draft: OrderDraft) -> int:
    return sum([charge.amount for charge in draft.charges])


def _amount(line: DraftLine) -> int:
    if line.amount is None:
        raise NotStated("amount")
    return line.amount


def _fact(name: str) -> OrderReader:
    def read(draft: OrderDraft) -> int:
        value = draft.facts.get(name)
        if type(value) is not int:
            raise NotStated(f"facts.{name}")
        return value

    return read


def _bad(node: ast.expr, names: tuple[str, ...]) -> BadExpression:
    text = ast.unparse(node)
    if isinstance(node, ast.Name):
        known = ", ".join(names)
        return BadExpression(
            f"未知的名字 {text}，可用：{known}", f"unknown name {text}; known: {known}", node.col_offset
        )
    return BadExpression(
        f"不支持 {text}，只能用整数、+ - *、括号和 sum(...)",
        f"{text} is not supported: only whole numbers, + - *, brackets and sum(...)",
        node.col_offset,
    )
