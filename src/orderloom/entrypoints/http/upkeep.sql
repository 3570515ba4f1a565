-- The few writes that are no command of the route: subscribers.

-- name: add_subscriber
insert into account (code, family, connector, title, zone, base_url, credentials_cipher, settings)
values (%(code)s, 'subscribers', 'webhook', %(title)s, 'UTC', %(url)s, %(credentials)s, %(settings)s::jsonb)
on conflict (code) do nothing

-- name: end_subscriber
update account set is_active = false where code = %(code)s and family = 'subscribers' and is_active
