"""Write down for people who is told of what: a row for every notification rule."""

from __future__ import annotations

from collections.abc import Iterator

from orderloom.blueprint.check_notifications import trigger_of
from orderloom.blueprint.notifications import CaseWhen, RuleEntry
from orderloom.blueprint.schema import Blueprint


def explain_notifications(blueprint: Blueprint) -> Iterator[tuple[str, ...]]:
    """The cells of each rule: what it is called, what it waits for, who is told by what, when not, what comes next."""
    yield ("rule", "when", "tells", "by", "quiet", "at most", "until somebody takes it")
    for rule in blueprint.notifications.rules:
        yield (
            f"{rule.title.zh}<br>{rule.title.en} `{rule.name}`", _when(rule), ", ".join(rule.who),
            ", ".join(rule.by) or "any", _quiet(rule), f"{rule.throttle.at_most} in {rule.throttle.per}",
            "<br>".join(
                f"after {step.after}{f' × {step.times}' if step.times > 1 else ''}: {', '.join(step.who)}"
                + (f" by {', '.join(step.by)}" if step.by else "") for step in rule.escalate) or "-",
        )


def _when(rule: RuleEntry) -> str:
    when = rule.when
    trigger = trigger_of(when)
    if when.backlog is not None:
        return f"more than {when.backlog.over} open cases{' of one owner' if when.backlog.each_owner else ''}"
    if when.token_ends is not None:
        return f"an authorisation ends within {when.token_ends.within}"
    if trigger == "lifecycle":
        return "an order comes to " + ", ".join(when.lifecycle)
    chosen: CaseWhen = when.case or when.not_taken or CaseWhen()
    which = "; ".join(f"{name} {', '.join(values)}" for name, values in (
        ("kind", chosen.kinds), ("severity", chosen.severities), ("area", chosen.areas), ("owner", chosen.owners),
    ) if values)
    said = f"a case opens ({which or 'any'})"
    return said if when.not_taken is None else f"nobody takes a case within {when.not_taken.within} ({which or 'any'})"


def _quiet(rule: RuleEntry) -> str:
    if rule.quiet is None:
        return "-"
    through = f", {rule.quiet.through} goes through" if rule.quiet.through else ""
    return f"{rule.quiet.start}-{rule.quiet.end} ({rule.quiet.zone}{through})"
