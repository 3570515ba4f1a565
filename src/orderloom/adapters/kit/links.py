"""Reads a Link header's next page: only its token, for its host is the answer's word and must not get our secrets."""

from __future__ import annotations

import re
from collections.abc import Mapping
from urllib.parse import parse_qs, urlsplit

NEXT_LINK = re.compile(r"<([^>]+)>\s*;\s*rel=\"?next\"?")


def next_link(header: str) -> str:
    """The address of the next page, "" when there is none."""
    found = NEXT_LINK.search(header)
    return found[1] if found else ""


def token_of(link: str, name: str) -> str:
    """What a link says under a name; "" when it says nothing, or is none."""
    try:
        return parse_qs(urlsplit(link).query).get(name, [""])[0]
    except ValueError:
        return ""


def next_in(headers: Mapping[str, str], name: str) -> str:
    """The token of the next page that an answer's headers name; "" on the last page."""
    return token_of(next_link(headers.get("link", "")), name)
