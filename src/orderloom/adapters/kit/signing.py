"""Signing recipes: which parts, in which order, joined how, digested by what, with which key, written how.

    {of: [$secret, {params: kv}, $secret], digest: md5, as: HEX, into: {send: sign}}

Parts: a literal text; `$name`; `{param: name}`, one parameter as it is written; `{params: kv | k=v | K=V | packed,
only, except, join, from}`, the parameters sorted by name (`only` with `order: given` keeps its own order);
`{sorted: [$a, $b]}`; `{encode: form | rfc3986 | …, of: [parts]}`.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import unicodedata
from collections.abc import Callable, Collection, Iterator, Mapping
from typing import Any, NamedTuple
from urllib.parse import quote, quote_plus

from msgspec.inspect import type_info

from orderloom.adapters.kit.notes import DeclarationNotes, Place
from orderloom.adapters.kit.paths import text
from orderloom.adapters.kit.shape import check_kind

Get = Callable[[str], Any]
"""Gives the value of a name."""
Part = Callable[[Get], bytes]
PLAIN = ("md5", "sha1", "sha256", "sha512")
DIGESTS = (*PLAIN, *(f"hmac-{name}" for name in PLAIN))
SOURCES = ("params", "query", "send", "headers")
_NO_RECIPE: Mapping[str, Any] = {"of": [""], "digest": "md5"}
_TEXT, _TEXTS = type_info(str), type_info(list[str])
RECIPE_KEYS = frozenset({"of", "digest", "key", "key_form", "as", "prefix", "into"})


def _kv(name: str, value: str) -> str:
    return name + value


def _equals(name: str, value: str) -> str:
    return f"{name}={value}"


def _encoded(name: str, value: str) -> str:
    return f"{quote(name, safe='-_.~')}={quote(value, safe='-_.~')}"


def _packed(name: str, value: str) -> str:
    """Lengths in characters, not bytes."""
    return f"{len(name):02d}-{name}:{len(value):04d}-{value}"


STYLES: Mapping[str, Callable[[str, str], str]] = {"kv": _kv, "k=v": _equals, "K=V": _encoded, "packed": _packed}
ENCODE: Mapping[str, Callable[[str], str]] = {
    "form": lambda plain: quote_plus(plain, safe="*-._"),
    "rfc3986": lambda plain: quote(plain, safe="-_.~"),
    "base64": lambda plain: base64.b64encode(plain.encode()).decode(),
    "upper": str.upper,
    "md5": lambda plain: hashlib.md5(plain.encode(), usedforsecurity=False).hexdigest(),
    "MD5": lambda plain: hashlib.md5(plain.encode(), usedforsecurity=False).hexdigest().upper(),
}
KEYS: Mapping[str, Callable[[bytes], bytes]] = {
    "text": lambda key: key,
    "base64": lambda key: base64.b64decode(key.removeprefix(b"whsec_")),
    "nfkd": lambda key: unicodedata.normalize("NFKD", key.decode()).encode(),
}
SHOWN: Mapping[str, Callable[[bytes], str]] = {
    "hex": bytes.hex,
    "HEX": lambda raw: raw.hex().upper(),
    "base64": lambda raw: base64.b64encode(raw).decode(),
    "base64-of-hex": lambda raw: base64.b64encode(raw.hex().encode()).decode(),
}


class UnreadableKey(ValueError):
    """The key of a recipe is not written as `key_form` says. The text never tells the key."""


class Recipe(NamedTuple):
    """A compiled recipe. `into` and `found` say where the signature goes or stands."""

    parts: tuple[Part, ...]
    digest: str
    key: tuple[Part, ...]
    key_form: str
    shown: str
    prefix: str
    into: Mapping[str, str]
    names: frozenset[str] = frozenset()
    """The names that its parts and key stand on."""

    def sign(self, get: Get) -> str:
        """The signature, with the names that `get` gives. Raises UnreadableKey."""
        message = self.message(get)
        if self.digest.startswith("hmac-"):
            key = self._key(get)
            raw = hmac.digest(key, message, self.digest.removeprefix("hmac-"))
        else:
            raw = hashlib.new(self.digest, message, usedforsecurity=False).digest()
        return self.prefix + SHOWN[self.shown](raw)

    def _key(self, get: Get) -> bytes:
        written = b"".join(part(get) for part in self.key)
        try:
            return KEYS[self.key_form](written)
        except ValueError:
            raise UnreadableKey(f"密钥不是 {self.key_form} / the key is no {self.key_form}") from None

    def message(self, get: Get) -> bytes:
        """What is digested."""
        return b"".join(part(get) for part in self.parts)

    def fits(self, get: Get, claimed: str) -> bool:
        """Whether the signature is this one, among several separated by blanks; compared in constant time."""
        wanted = self.sign(get).encode()
        given = [one.encode("utf-8", "replace") for one in claimed.split()[:SIGNATURES_MAX]]
        found = [hmac.compare_digest(wanted, one) for one in given]
        return any(found)


SIGNATURES_MAX = 10
Signer = Callable[[Get], Recipe]


def compile_signer(said: Any, place: Place, known: Collection[str], notes: DeclarationNotes) -> Signer:
    """A recipe, or one that a setting chooses: {choose: $method, of: {md5: {…}, hmac: {…}}}. Notes what is wrong."""
    if not isinstance(said, dict) or "choose" not in said:
        recipe = compile_recipe(said, place, known, notes)
        return lambda _: recipe
    ways = said.get("of")
    chosen = said["choose"]
    if said.keys() != {"choose", "of"} or not isinstance(ways, dict) or not ways or not isinstance(chosen, str):
        notes.wrong(place, "应为按设置选择的配方 / {choose: $setting, of: {value: recipe}} is expected")
        chosen, ways = "", {"": _NO_RECIPE}
    chosen_by = _part(chosen, (*place, "choose"), known, notes)
    recipes = {key: compile_recipe(one, (*place, "of", key), known, notes) for key, one in ways.items()}
    first = next(iter(recipes.values()))
    return lambda get: recipes.get(chosen_by(get).decode(), first)


def compile_recipe(said: Any, place: Place, known: Collection[str], notes: DeclarationNotes) -> Recipe:
    """What a recipe says. Notes what is wrong."""
    if not isinstance(said, dict):
        notes.wrong(place, "应为签名配方 {of: [...], digest: ...} / a recipe {of: […], digest: …} is expected")
        said = _NO_RECIPE
    for key in said.keys() - RECIPE_KEYS:
        notes.unknown((*place, key), key, RECIPE_KEYS)
    if said.get("of", []) == [] and said.get("key", []) == []:
        notes.wrong(place, "缺少 of: 签什么 / of is missing: what is digested")
    digest = _one_of(said.get("digest", ""), DIGESTS, (*place, "digest"), notes)
    if digest.startswith("hmac-") and said.get("key", []) == []:
        notes.wrong(place, "缺少 key: 用什么作密钥 / key is missing: what the HMAC is keyed with")
    recipe = Recipe(
        tuple(_parts(said.get("of", []), (*place, "of"), known, notes)), digest,
        tuple(_parts(said.get("key", []), (*place, "key"), known, notes)),
        _one_of(said.get("key_form", "text"), KEYS, (*place, "key_form"), notes),
        _one_of(said.get("as", "hex"), SHOWN, (*place, "as"), notes),
        _told(said, "prefix", "", place, notes), _place_of(said.get("into", {}), (*place, "into"), notes),
        frozenset(names_in([said.get("of", []), said.get("key", [])])),
    )
    notes.recipes[place] = recipe
    return recipe


def names_in(said: Any) -> Iterator[str]:
    """The names that stand in a value or a recipe, without their `$`."""
    if isinstance(said, str) and said.startswith("$"):
        yield said[1:]
    elif isinstance(said, list):
        for one in said:
            yield from names_in(one)
    elif isinstance(said, dict):
        yield from names_in(list(said.values()))


def _place_of(said: Any, place: Place, notes: DeclarationNotes) -> Mapping[str, str]:
    if not isinstance(said, dict) or said.keys() - {"query", "send", "header"} or not all(
            isinstance(one, str) and one for one in said.values()):
        notes.wrong(place, "应为 {query|send|header: 名称} / {query|send|header: name} is expected")
        return {}
    return said


def _one_of(word: Any, known: Collection[str], place: Place, notes: DeclarationNotes) -> str:
    if not isinstance(word, str) or word not in known:
        notes.unknown(place, str(word), known)
        return next(iter(known))
    return word


def _told(said: Mapping[str, Any], key: str, default: Any, place: Place, notes: DeclarationNotes) -> Any:
    """A key of a recipe that is a text, or a list of texts as its default is; else the default."""
    check_kind(said.get(key, default), _TEXTS if isinstance(default, list) else _TEXT, (*place, key), notes)
    return said[key] if key in said and notes.is_sound((*place, key)) else default


def _parts(said: Any, place: Place, known: Collection[str], notes: DeclarationNotes) -> list[Part]:
    many = said if isinstance(said, list) else [said]
    return [_part(one, (*place, n), known, notes) for n, one in enumerate(many)]


def _part(said: Any, place: Place, known: Collection[str], notes: DeclarationNotes) -> Part:
    if isinstance(said, str):
        return _name(said[1:], place, known, notes) if said.startswith("$") else _literal(said.encode())
    if isinstance(said, dict) and "params" in said:
        return _params(said, place, notes)
    if isinstance(said, dict) and said.keys() == {"param"}:
        wanted = _told(said, "param", "", place, notes)
        return lambda get: text((get("params_said") or {}).get(wanted)).encode("utf-8", "surrogateescape")
    if isinstance(said, dict) and said.keys() == {"sorted"}:
        many = _parts(said["sorted"], (*place, "sorted"), known, notes)
        return lambda get: b"".join(sorted(part(get) for part in many))
    if isinstance(said, dict) and said.keys() == {"encode", "of"}:
        way = ENCODE[_one_of(said["encode"], ENCODE, (*place, "encode"), notes)]
        inner = _parts(said["of"], (*place, "of"), known, notes)
        return lambda get: way(b"".join(part(get) for part in inner).decode("utf-8", "surrogateescape")).encode()
    notes.wrong(place, f"不认识的部分 {said!r} / no part of a recipe: a text, $name, param, params, sorted or encode")
    return _literal(b"")


def _literal(plain: bytes) -> Part:
    return lambda _: plain


def _name(dotted: str, place: Place, known: Collection[str], notes: DeclarationNotes) -> Part:
    root = dotted.partition(".")[0]
    if root not in known:
        notes.unknown(place, f"${root}", [f"${name}" for name in known])

    def give(get: Get) -> bytes:
        value = get(dotted)
        return value if isinstance(value, bytes) else text(value).encode()

    return give


def _params(said: Mapping[str, Any], place: Place, notes: DeclarationNotes) -> Part:
    for key in said.keys() - {"params", "only", "except", "join", "from", "order", "empty"}:
        notes.unknown((*place, key), key, ("params", "only", "except", "join", "from", "order", "empty"))
    style = STYLES[_one_of(said["params"], STYLES, (*place, "params"), notes)]
    only: list[str] = _told(said, "only", [], place, notes)
    left_out = frozenset(_told(said, "except", [], place, notes))
    joined: str = _told(said, "join", "", place, notes)
    source = _one_of(said.get("from", "params"), SOURCES, (*place, "from"), notes)
    for key, known in (("empty", ("skip",)), ("order", ("given",))):
        _one_of(said.get(key, known[0]), known, (*place, key), notes)
    skips_empty = "empty" in said

    def give(get: Get) -> bytes:
        rows: Mapping[str, Any] = get(f"{source}_said") or {}
        names = list(only) if only else sorted(rows)
        if only and said.get("order") != "given":
            names.sort()
        kept = [n for n in names if n in rows and n not in left_out and not (skips_empty and text(rows[n]) == "")]
        return joined.join(style(n, text(rows[n])) for n in kept).encode("utf-8", "surrogateescape")

    return give
