"""Check what notification rules mean: recipients, templates, fields, kinds and times that they name must be there."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator

from orderloom.blueprint.duration import seconds
from orderloom.blueprint.notifications import CaseWhen, QuietEntry, RuleEntry, TemplateEntry, When
from orderloom.blueprint.roles import known_roles
from orderloom.blueprint.schema import Blueprint
from orderloom.blueprint.zone import zone_of
from orderloom.domain.finding import Finding, unknown
from orderloom.domain.notify.quiet import ACCOUNT, SELLER
from orderloom.domain.notify.rule import DEPTH_MAX, OWNER, STEPS_MAX, TRIGGERS
from orderloom.domain.notify.template import FIELDS, fields_of, is_broken
from orderloom.domain.words import SEVERITIES, Words

FILE = "notifications.yaml"
TEXT_MAX = 2_000
RULES_MAX = 200
_NAME = re.compile(r"[a-z][a-z0-9_]{0,63}")
_HOUR = re.compile(r"([01]\d|2[0-3]):([0-5]\d)")
_WHO = Words("接收人", "recipient")


def check_notifications(blueprint: Blueprint) -> Iterator[Finding]:
    """Return everything that is wrong with the rules, recipients and templates."""
    told = blueprint.notifications
    for key, names in (("rules", [r.name for r in told.rules]), ("recipients", [r.name for r in told.recipients]),
                       ("templates", [t.name for t in told.templates])):
        yield from _names(key, names)
    if len(told.rules) > RULES_MAX:
        yield _finding("rules", f"最多 {RULES_MAX} 条规则", f"at most {RULES_MAX} rules")
    people = {*(r.name for r in told.recipients), *known_roles(blueprint.roles)}
    templates = {t.name: t for t in told.templates}
    for index, template in enumerate(told.templates):
        yield from _template(f"templates[{index}]", template)
    for index, recipient in enumerate(told.recipients):
        yield from _members(f"recipients[{index}].members", _WHO, recipient.members, people)
    yield from _circles({r.name: r.members for r in told.recipients})
    for index, rule in enumerate(told.rules):
        yield from _rule(f"rules[{index}]", rule, people, templates, blueprint)


def minute_of(text: str) -> int:
    """The minute of the day that 22:00 names. Raises ValueError."""
    found = _HOUR.fullmatch(text)
    if found is None:
        raise ValueError(text)
    return int(found[1]) * 60 + int(found[2])


def trigger_of(when: When) -> str:
    """The one thing that a rule waits for; empty when it is none, or more than one."""
    given = [name for name in TRIGGERS if getattr(when, name)]
    return given[0] if len(given) == 1 else ""


def _rule(
    place: str, rule: RuleEntry, people: Collection[str], templates: dict[str, TemplateEntry], blueprint: Blueprint,
) -> Iterator[Finding]:
    trigger = trigger_of(rule.when)
    if not trigger:
        yield _finding(f"{place}.when", f"只写一种：{'、'.join(TRIGGERS)}", f"name one of {', '.join(TRIGGERS)}")
    yield from _when(f"{place}.when", rule.when, blueprint)
    meant = {*people, OWNER} if trigger != "token_ends" else people
    if not rule.who:
        yield _finding(f"{place}.who", "没有写通知谁", "nobody is to be told")
    yield from _members(f"{place}.who", _WHO, rule.who, meant)
    yield from _words_of(place, rule, trigger, templates)
    if rule.quiet is not None:
        yield from _quiet(f"{place}.quiet", rule.quiet)
    yield from _duration(f"{place}.throttle.per", rule.throttle.per)
    for index, step in enumerate(rule.escalate):
        yield from _duration(f"{place}.escalate[{index}].after", step.after)
        yield from _members(f"{place}.escalate[{index}].who", _WHO, step.who, meant)
        if not step.who:
            yield _finding(f"{place}.escalate[{index}].who", "没有写通知谁", "nobody is to be told")
    if sum(step.times for step in rule.escalate) >= STEPS_MAX:
        yield _finding(f"{place}.escalate", f"各步次数之和要小于 {STEPS_MAX}", f"the times add up to over {STEPS_MAX}")


def _when(place: str, when: When, blueprint: Blueprint) -> Iterator[Finding]:
    kinds = {c.kind for c in blueprint.cases}
    areas = {c.area for c in blueprint.cases if c.area}
    for name in ("case", "not_taken"):
        chosen: CaseWhen | None = getattr(when, name)
        if chosen is None:
            continue
        at = f"{place}.{name}"
        yield from _members(f"{at}.kinds", Words("异常单类型", "case kind"), chosen.kinds, kinds)
        yield from _members(f"{at}.severities", Words("严重程度", "severity"), chosen.severities, SEVERITIES)
        yield from _members(f"{at}.areas", Words("异常单范围", "area of cases"), chosen.areas, areas)
        yield from _members(f"{at}.owners", Words("角色", "role"), chosen.owners, known_roles(blueprint.roles))
    if when.not_taken is not None:
        yield from _duration(f"{place}.not_taken.within", when.not_taken.within)
    if when.token_ends is not None:
        yield from _duration(f"{place}.token_ends.within", when.token_ends.within)
    said = {text.partition(":")[2].strip() for t in blueprint.lifecycle.transitions for text in t.do
            if text.partition(":")[0].strip() == "notify"} - {""}
    known = {stage.name for stage in blueprint.lifecycle.stages} | said
    yield from _members(f"{place}.lifecycle", Words("环节或通知名", "stage or notify name"), when.lifecycle, known)


def _words_of(place: str, rule: RuleEntry, trigger: str, templates: dict[str, TemplateEntry]) -> Iterator[Finding]:
    """The templates that a rule uses name only what there is to tell of."""
    for key, name, kind in (("template", rule.template, trigger), ("digest", rule.digest, "digest")):
        template = templates.get(name)
        if template is None:
            yield unknown(FILE, f"{place}.{key}", Words("模板", "template"), name, templates)
        elif kind:
            yield from _members(f"{place}.{key}", Words("字段", "field"), _used(template), FIELDS[kind])


def _template(place: str, template: TemplateEntry) -> Iterator[Finding]:
    known = {field for fields in FIELDS.values() for field in fields}
    for key in ("title", "text"):
        words: Words = getattr(template, key)
        for language in ("zh", "en"):
            text, at = getattr(words, language), f"{place}.{key}.{language}"
            if is_broken(text):
                yield _finding(at, "花括号里只能写字段名，如 {order}", "a brace holds the name of a field, as {order}")
            if len(text) > TEXT_MAX:
                yield _finding(at, f"最多 {TEXT_MAX} 个字", f"at most {TEXT_MAX} characters")
            yield from _members(at, Words("字段", "field"), fields_of(text), known)
    yield from _members(f"{place}.cut", Words("字段", "field"), template.cut, _used(template))


def _used(template: TemplateEntry) -> list[str]:
    texts = (template.title.zh, template.title.en, template.text.zh, template.text.en)
    return list(dict.fromkeys(field for text in texts for field in fields_of(text)))


def _quiet(place: str, quiet: QuietEntry) -> Iterator[Finding]:
    for key, text in (("from", quiet.start), ("to", quiet.end)):
        try:
            minute_of(text)
        except ValueError:
            yield _finding(f"{place}.{key}", f"“{text}”不是钟点，写成 22:00", f'"{text}" is no hour: write 22:00')
    if quiet.start == quiet.end:
        yield _finding(place, "起止相同，没有静默时段", "from and to are the same: it is never quiet")
    if quiet.through:
        yield from _members(f"{place}.through", Words("严重程度", "severity"), (quiet.through,), SEVERITIES)
    if quiet.zone not in (ACCOUNT, SELLER) and zone_of(quiet.zone) is None:
        yield _finding(f"{place}.zone", f"没有时区“{quiet.zone}”；写 account、seller 或 Asia/Shanghai",
                       f'no time zone "{quiet.zone}": account, seller, or such as Asia/Shanghai')


def _circles(groups: dict[str, tuple[str, ...]]) -> Iterator[Finding]:
    """Groups that hold themselves, or are nested too deeply to be opened."""
    for index, name in enumerate(groups):
        inside, depth = set(groups[name]), 0
        while inside and depth <= DEPTH_MAX:
            if name in inside:
                yield _finding(f"recipients[{index}].members", f"“{name}”包含了自己", f'"{name}" holds itself')
                break
            inside, depth = {member for one in inside for member in groups.get(one, ())}, depth + 1
        else:
            if inside:
                yield _finding(f"recipients[{index}].members", f"最多嵌套 {DEPTH_MAX} 层",
                               f"groups are nested at most {DEPTH_MAX} deep")


def _names(key: str, names: list[str]) -> Iterator[Finding]:
    for name, count in Counter(names).items():
        place = f"{key}[{names.index(name)}]"
        if not _NAME.fullmatch(name) or name == OWNER:
            mend = Words("小写英文字母、数字、下划线，最多 64 个", "lower-case letters, digits and _, at most 64")
            yield Finding(FILE, place, Words(f"“{name}”不能作名字", f'"{name}" cannot be a name'), mend)
        if count > 1:
            yield _finding(place, f"“{name}”重复", f'"{name}" is there twice')


def _members(place: str, what: Words, values: Iterable[str], known: Collection[str]) -> Iterator[Finding]:
    for value in values:
        if value not in known:
            yield unknown(FILE, place, what, value, known)


def _duration(place: str, text: str) -> Iterator[Finding]:
    try:
        seconds(text)
    except ValueError:
        mend = Words("写成 90s、15m、48h、3d 或 1h30m", "write 90s, 15m, 48h, 3d or 1h30m")
        yield Finding(FILE, place, Words(f"“{text}”不是时长", f'"{text}" is not a duration'), mend)


def _finding(place: str, zh: str, en: str) -> Finding:
    return Finding(FILE, place, Words(zh, en), Words("对照 docs/notifications.md 修改", "see docs/notifications.md"))
