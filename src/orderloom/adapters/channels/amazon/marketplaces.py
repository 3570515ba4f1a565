"""Which regional address serves which marketplace: an account must not ask one region for another's orders."""

from __future__ import annotations

from urllib.parse import urlsplit

from orderloom.adapters.channels.amazon.pull import marketplaces
from orderloom.application.ports import Account, Terminal

REGIONS = {
    "na": {"US": "ATVPDKIKX0DER", "CA": "A2EUQ1WTGCTBG2", "MX": "A1AM78C64UM0Y8", "BR": "A2Q3Y263D00KWC"},
    "eu": {"GB": "A1F83G8C2ARO7P", "DE": "A1PA6795UKMFR9", "FR": "A13V1IB3VIYZZH", "IT": "APJ6JRA9NG5V4",
           "ES": "A1RKKUPIHCS9HS", "NL": "A1805IZSGTT6HS", "BE": "AMEN7PMS3EDWL", "IE": "A28R8C7NBKEWEA",
           "SE": "A2NODRKZP88ZB9", "PL": "A1C3SOZRARQ6R3", "TR": "A33AVAJ2PDY3EV", "AE": "A2VIGQ35RCS4UG",
           "SA": "A17E79C6D8DWNP", "EG": "ARBP9OOSHTCHU", "ZA": "AE08WJ6YKNBMC", "IN": "A21TJRUUN4KGV"},
    "fe": {"JP": "A1VC38T7YXB528", "AU": "A39IBJ37TRP1C6", "SG": "A19VAU5U5O7RUS"},
}  # fmt: skip
"""Region to marketplaces by country. Their currencies are in `statuses.yaml`, their tax habit in `mapping.yaml`."""
HOST = "sellingpartnerapi-{}.amazon.com"


def misplaced(account: Account) -> None:
    """Raise Terminal when a marketplace of the account is unknown, or is served by another address than the account's.

    An address that is not Amazon's own (a rehearsal) serves them all.
    """
    regions = {marketplace: region for region, found in REGIONS.items() for marketplace in found.values()}
    host = urlsplit(account.base_url).hostname or ""
    for marketplace in marketplaces(account).split(","):
        region = regions.get(marketplace.strip())
        if region is None:
            raise Terminal("unknown_marketplace", f"没有站点 {marketplace} / there is no marketplace {marketplace}")
        right = HOST.format(region)
        if host.endswith(".amazon.com") and not host.endswith(right):
            raise Terminal("other_region", f"站点 {marketplace} 的接口地址是 https://{right}，请改 --base-url / "
                                           f"marketplace {marketplace} is served at https://{right}")
