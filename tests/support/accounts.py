"""Puts an account into a hub's database as it is, where a test wants one that no platform was asked about."""

ACCOUNT = """
insert into account (code, family, connector, title, zone, base_url, credentials_cipher, settings)
values (%(code)s, %(family)s, %(connector)s, %(title)s, %(zone)s, %(base_url)s, %(credentials)s, %(settings)s::jsonb)"""
