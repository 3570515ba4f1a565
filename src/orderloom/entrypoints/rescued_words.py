"""A rescue with its refused steps in words."""

from __future__ import annotations

from msgspec.structs import replace

from orderloom.application.rescue_shapes import Rescued, RescueStep
from orderloom.entrypoints.refusals import words_of


def in_words(done: Rescued) -> Rescued:
    """Every refused step says why, Chinese first."""
    return replace(done, works=[replace(work, refused=[_said(step) for step in work.refused]) for work in done.works])


def _said(step: RescueStep) -> RescueStep:
    words = words_of(step.code, step.particulars)
    return replace(step, detail=f"{words.zh} | {words.en}" if words else step.code)
