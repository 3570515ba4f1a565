-- The few writes that are no command of the route: cases, subscribers.

-- name: hold_case
select from case_file where id = %(id)s::uuid for update

-- name: resolve_members
update case_member set resolved_at = %(at)s, resolved_by = %(by)s
where case_id = %(id)s::uuid and resolved_at is null

-- name: resolve_case
update case_file set resolved_at = %(at)s, resolved_by = %(by)s, resolution = %(resolution)s
where id = %(id)s::uuid and resolved_at is null

-- name: assign_case
update case_file set owner = %(owner)s where id = %(id)s::uuid and resolved_at is null

-- name: add_subscriber
insert into account (code, family, connector, title, zone, base_url, credentials_cipher, settings)
values (%(code)s, 'subscribers', 'webhook', %(title)s, 'UTC', %(url)s, %(credentials)s, %(settings)s::jsonb)
on conflict (code) do nothing

-- name: end_subscriber
update account set is_active = false where code = %(code)s and family = 'subscribers' and is_active
