"""What a person gave cannot be kept: why and how to mend it, in both languages; nothing was changed."""

from __future__ import annotations

import difflib
from collections.abc import Collection

from orderloom.domain.codes import folded
from orderloom.domain.words import Words

NEAR_OF_MAX = 50_000
"""Among more than this nobody is told what is spelled alike: the comparison would take seconds."""


class NotKept(ValueError):
    """`code` is one of the API's: wrong_value, not_found, already_there, in_use, already_resolved, already_open,
    not_parked, nothing_to_discard, nothing_to_give_up, not_possible, outside_failed."""

    def __init__(self, code: str, zh: str, en: str) -> None:
        super().__init__(f"{zh}\n{en}")
        self.code, self.zh, self.en = code, zh, en


def refuse(what: Words, wrong: Words | None) -> None:
    """Raise NotKept when something is wrong with the thing that `what` names."""
    if wrong is not None:
        raise NotKept("wrong_value", f"{what.zh}：{wrong.zh}", f"{what.en}: {wrong.en}")


def twin(what: Words, code: str, known: Collection[str]) -> None:
    """Refuse a new code that differs from a known one by case or width alone. Raises NotKept."""
    if code in known:
        return
    plain = folded(code)
    if meant := next((one for one in known if folded(one) == plain), "")[:60]:
        raise NotKept("already_there", f"{what.zh}“{code[:60]}”与已有的“{meant}”只差大小写或全半角；请写“{meant}”",
                      f'{what.en} "{code[:60]}" differs from "{meant}" by case or width alone: write "{meant}"')


def unknown(what: Words, code: str, known: Collection[str]) -> NotKept:
    """There is no such thing; perhaps one of these is meant."""
    plain = folded(code)
    near = [one for one in known if folded(one) == plain][:3]
    if not near and len(known) <= NEAR_OF_MAX:
        near = difflib.get_close_matches(code, known, n=3)
    zh = f"（是不是 {'、'.join(near)}？）" if near else ""
    en = f" (did you mean {', '.join(near)}?)" if near else ""
    return NotKept("not_found", f"没有{what.zh}“{code[:60]}”{zh}", f'there is no {what.en} "{code[:60]}"{en}')
