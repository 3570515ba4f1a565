"""The simulated shop's GraphQL door: documents are parsed, validated against what is served, weighed, and executed.

What the schema (`admin.graphql`) does not know is refused as the platform refuses it: HTTP 200 with `errors`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from graphql import (
    ArgumentNode,
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLError,
    GraphQLObjectType,
    GraphQLSchema,
    InlineFragmentNode,
    IntValueNode,
    OperationDefinitionNode,
    OperationType,
    SelectionSetNode,
    VariableNode,
    build_schema,
    execute_sync,
    get_named_type,
    is_leaf_type,
    parse,
    validate,
)

PAGE_MAX, COST_MAX, MUTATION_COST = 250, 1_000, 10
POINTS_A_CALL = 50
"""The bucket of points beside the REST bucket of calls: 2,000 points for 40 calls, 100 points a second for 2."""


class Rows(NamedTuple):
    """A connection's rows with the cursor of each. A page that was cut by the shop's pages has `has_more`."""

    rows: Sequence[Mapping[str, Any]]
    cursors: Sequence[str] = ()
    has_more: bool | None = None


class Document(NamedTuple):
    """A request that is no nonsense: what is asked, its cost, and the fields at its root."""

    tree: DocumentNode
    variables: Mapping[str, Any]
    cost: int
    is_write: bool
    roots: tuple[str, ...]


class GraphRefused(Exception):
    """`errors` of an answer."""

    def __init__(self, message: str, code: str = "") -> None:
        super().__init__(message)
        self.errors = [{"message": message, **({"extensions": {"code": code}} if code else {})}]


@cache
def schema() -> GraphQLSchema:
    """What is served."""
    return build_schema((Path(__file__).parent / "admin.graphql").read_text("utf-8"))


def root_of(asked: Any) -> str:
    """The first field that a request asks for, to name the call; "" when it cannot be read."""
    try:
        tree = _parsed(str(asked.get("query") or "")) if isinstance(asked, dict) else None
    except GraphQLError:
        return ""
    for operation in tree.definitions if tree else ():
        if isinstance(operation, OperationDefinitionNode):
            selected = operation.selection_set.selections
            return next((one.name.value for one in selected if isinstance(one, FieldNode)), "")
    return ""


def read(asked: Mapping[str, Any]) -> Document:
    """The request, validated. Raises GraphRefused in the platform's words."""
    tree = _valid(str(asked.get("query") or ""))
    (operation,) = [one for one in tree.definitions if isinstance(one, OperationDefinitionNode)]
    variables = asked.get("variables") or {}
    unknown = set(variables) - {one.variable.name.value for one in operation.variable_definitions or ()}
    if unknown:  # the platform lets them pass; here nothing is ignored
        raise GraphRefused(f"Variable ${min(unknown)} is not declared")
    is_write = operation.operation is OperationType.MUTATION
    weigher = _Weigher(tree, variables)
    root = schema().mutation_type if is_write else schema().query_type
    assert root is not None
    cost = weigher.weigh(operation.selection_set, root) + (MUTATION_COST if is_write else 0)
    if cost > COST_MAX:
        raise GraphRefused(f"Query cost is {cost}, which exceeds the single query max cost limit ({COST_MAX}).",
                      "MAX_COST_EXCEEDED")
    roots = tuple(one.name.value for one in operation.selection_set.selections if isinstance(one, FieldNode))
    return Document(tree, variables, cost, is_write, roots)


@lru_cache(maxsize=200)
def _parsed(text: str) -> DocumentNode:
    return parse(text)


@lru_cache(maxsize=200)
def _valid(text: str) -> DocumentNode:
    """The document; the hub asks the same few. Raises GraphRefused."""
    try:
        tree = _parsed(text)
    except GraphQLError as error:
        raise GraphRefused(f"syntax error, {error.message}") from error
    for wrong in validate(schema(), tree):
        raise GraphRefused(wrong.message, "undefinedField" if "Cannot query field" in wrong.message else "invalid")
    return tree


class _Weigher:
    """The cost of a document: an object is a point, a leaf nothing, a list as many times as its `first` says."""

    def __init__(self, tree: DocumentNode, variables: Mapping[str, Any]) -> None:
        self._variables = variables
        self._fragments = {one.name.value: one for one in tree.definitions if isinstance(one, FragmentDefinitionNode)}

    def weigh(self, selected: SelectionSetNode, kind: Any) -> int:
        """Of what a type may be, the dearest counts."""
        either = [self._one(one, kind) for one in selected.selections if isinstance(one, InlineFragmentNode)]
        return max(either, default=0) + sum(
            self._one(one, kind) for one in selected.selections if not isinstance(one, InlineFragmentNode))

    def _one(self, one: Any, kind: Any) -> int:
        if isinstance(one, FragmentSpreadNode):
            found = self._fragments[one.name.value]
            return self.weigh(found.selection_set, schema().get_type(found.type_condition.name.value))
        if isinstance(one, InlineFragmentNode):
            inner = schema().get_type(one.type_condition.name.value) if one.type_condition else kind
            return self.weigh(one.selection_set, inner)
        field = kind.fields.get(one.name.value) if isinstance(one, FieldNode) else None
        if field is None or is_leaf_type(get_named_type(field.type)) or one.selection_set is None:
            return 0
        inner = get_named_type(field.type)
        first = self._first(one.arguments or ())
        if str(inner).endswith("Connection"):
            return self._connection(one.selection_set, inner, first)
        return (first or 1) * (1 + self.weigh(one.selection_set, inner))

    def _connection(self, selected: SelectionSetNode, kind: GraphQLObjectType, first: int) -> int:
        """Rows are weighed once each, through `nodes` or `edges`; page information costs nothing."""
        if not 1 <= first <= PAGE_MAX:
            raise GraphRefused("you must provide one of first or last")
        rows = 0
        for one in selected.selections:
            if isinstance(one, FieldNode) and one.name.value in ("nodes", "edges") and one.selection_set:
                inner = get_named_type(kind.fields[one.name.value].type)
                rows += first * (self.weigh(one.selection_set, inner) + (one.name.value == "nodes"))
        return rows

    def _first(self, arguments: Sequence[ArgumentNode]) -> int:
        for one in arguments:
            if one.name.value == "first":
                said = one.value
                if isinstance(said, VariableNode):
                    found = self._variables.get(said.name.value)
                    return found if isinstance(found, int) else 0
                return int(said.value) if isinstance(said, IntValueNode) else 0
        return 0


def run(document: Document, root: Mapping[str, Any]) -> dict[str, Any]:
    """The answer's `data`. `root` has a function for each field at the root. Raises GraphRefused."""
    result = execute_sync(schema(), document.tree, root, variable_values=dict(document.variables),
                          field_resolver=_resolve, type_resolver=lambda value, *_: value["__typename"])
    for error in result.errors or ():
        if isinstance(error.original_error, GraphRefused):
            raise error.original_error
        raise GraphRefused(error.message, "invalid")
    assert result.data is not None
    return result.data


def weight_of(data: Any) -> int:
    """What an answer really cost: its objects, without those that only hold pages."""
    if isinstance(data, dict):
        return ("pageInfo" not in data and "nodes" not in data) + sum(map(weight_of, data.values()))
    return sum(map(weight_of, data)) if isinstance(data, list) else 0


def _resolve(source: Any, info: Any, **arguments: Any) -> Any:
    """A field of a block; a function of one is called with the arguments, rows are cut as they say."""
    found = source.get(info.field_name) if isinstance(source, Mapping) else None
    if callable(found):
        found = found(info, **arguments) if getattr(found, "wants_info", False) else found(**arguments)
    if isinstance(found, Rows):
        return _cut(found, arguments.get("first"), arguments.get("after"))
    first = arguments.get("first")
    return found[:first] if isinstance(found, list) and first is not None else found


def _cut(found: Rows, first: int | None, after: str | None) -> dict[str, Any]:
    rows, cursors, has_more = list(found.rows), list(found.cursors), found.has_more
    if has_more is None:
        cursors = [str(row.get("id")) for row in rows]
        if after and after not in cursors:
            raise GraphRefused(f"Invalid cursor for current pagination sort: {after}")
        start = cursors.index(after) + 1 if after else 0
        end = start + (first or len(rows))
        has_more, rows, cursors = len(rows) > end, rows[start:end], cursors[start:end]
    page = {"hasNextPage": has_more, "hasPreviousPage": bool(after), "startCursor": cursors[0] if cursors else None,
            "endCursor": cursors[-1] if cursors else None}  # fmt: skip
    return {"nodes": rows, "pageInfo": page,
            "edges": [{"cursor": c, "node": row} for c, row in zip(cursors, rows, strict=True)]}  # fmt: skip
