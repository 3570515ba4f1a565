"""The transaction that a verb asks for: opened by the verb itself, kept when its block ends, undone when it raises."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from typing import TypeVar

T = TypeVar("T")
Within = Callable[[], AbstractAsyncContextManager[T]]
"""Opens one transaction on what a verb's port describes. Who calls the verb hands it over: `hub.ports.<noun>`."""
