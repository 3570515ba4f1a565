"""Tidy rules that read Python's syntax: long functions, docstrings, hidden imports, swallowed errors, a pure domain."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from tidy_text import Finding, half_width

FUNCTION_LINES_MAX = 60
IMPURE_CALLS = {"now", "utcnow", "today", "uuid1", "uuid4", "uuid7", "urandom", "getenv"}
BROAD = {"Exception", "BaseException"}
Function = ast.FunctionDef | ast.AsyncFunctionDef


def python_findings(path: Path, text: str) -> Iterator[Finding]:
    """What the syntax rules object to in one Python file; `path` is relative to the project."""
    tree = ast.parse(text, filename=str(path))
    if not ast.get_docstring(tree):
        yield Finding("module-docstring", path, 1, "say in one honest sentence what this module is")
    is_source = path.parts[0] == "src"
    for node in ast.walk(tree):
        if isinstance(node, Function):
            yield from _function_findings(path, node)
        elif isinstance(node, ast.ExceptHandler) and _is_swallowed(node):
            yield Finding("swallowed", path, node.lineno, "an exception is caught broadly and dropped")
        elif isinstance(node, ast.Attribute) and ast.unparse(node) == "sys.path":
            yield Finding("import-path", path, node.lineno, "what a file imports must not depend on who ran before it")
        if is_source and path.parts[2:3] == ("domain",):
            yield from _domain_findings(path, node)
    yield from _sentence_findings(path, tree)
    if is_source or path.parts[0] == "tools":
        yield from _docstring_findings(path, tree)


def _function_findings(path: Path, node: Function) -> Iterator[Finding]:
    size = (node.end_lineno or node.lineno) - node.lineno + 1
    if size > FUNCTION_LINES_MAX:
        yield Finding("long-function", path, node.lineno, f"{node.name}: {size} lines, at most {FUNCTION_LINES_MAX}")
    for inner in ast.walk(node):
        if isinstance(inner, ast.Import | ast.ImportFrom):
            yield Finding("hidden-import", path, inner.lineno, f"an import inside {node.name}")


def _docstring_findings(path: Path, tree: ast.Module) -> Iterator[Finding]:
    for node in tree.body:
        is_named = isinstance(node, Function | ast.ClassDef) and not node.name.startswith("_")
        if is_named and isinstance(node, Function | ast.ClassDef) and not ast.get_docstring(node):
            yield Finding("public-docstring", path, node.lineno, f"{node.name} says nothing about itself")


def _sentence_findings(path: Path, tree: ast.Module) -> Iterator[Finding]:
    """What the product says in Chinese; docstrings are English, and a backslash is a pattern's."""
    said = [node for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)]
    silent = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in said:
        if id(node) not in silent and "\\" not in str(node.value):
            yield from half_width(path, node.lineno, str(node.value))


def _domain_findings(path: Path, node: ast.AST) -> Iterator[Finding]:
    """The domain gets time and ids as arguments and counts in integers."""
    what = ""
    if isinstance(node, ast.AsyncFunctionDef | ast.Await | ast.AsyncFor | ast.AsyncWith):
        what = "async"
    elif isinstance(node, ast.Constant) and isinstance(node.value, float):
        what = f"float {node.value}"
    elif isinstance(node, ast.Name) and node.id in ("float", "open", "print", "input"):
        what = node.id
    elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in IMPURE_CALLS:
        what = f"{node.func.attr}()"
    if what:
        yield Finding("impure-domain", path, getattr(node, "lineno", 1), what)


def _is_swallowed(handler: ast.ExceptHandler) -> bool:
    """A bare or broad handler that does nothing with what it caught."""
    is_broad = handler.type is None or (isinstance(handler.type, ast.Name) and handler.type.id in BROAD)
    return is_broad and all(isinstance(step, ast.Pass | ast.Continue) for step in handler.body)
