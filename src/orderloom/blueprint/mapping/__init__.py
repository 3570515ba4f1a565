"""Declarative mappings from any payload to drafts; the language is described in docs/mapping.md."""

from orderloom.blueprint.mapping.check import Mistake
from orderloom.blueprint.mapping.compiled import CompiledMapping
from orderloom.blueprint.mapping.load import load_folder, load_text
from orderloom.blueprint.mapping.mappings import Mappings
from orderloom.blueprint.mapping.sample import sample

__all__ = ["CompiledMapping", "Mappings", "Mistake", "load_folder", "load_text", "sample"]
