-- Who may do what: users, tokens, and the log of unmaskings.

-- name: token - one that stands; it may have expired. A login counts while its user is there and active
select t.id::text, t.secret_hash, t.scopes, t.name, t.created_by, t.created_at, t.used_at,
    t.expires_at is null or t.expires_at > %(at)s, coalesce(u.role, ''), f.confirmed_at is not null,
    coalesce(u.password_hash = '', false), coalesce(u.limits, '{}'), t.role, t.limits
from api_token t left join app_user u on u.name = t.created_by left join second_factor f on f.user_name = u.name
where t.id = %(id)s::uuid and t.revoked_at is null and coalesce(u.is_active, t.name <> 'login')

-- name: token_used
update api_token set used_at = %(at)s, secret_hash = %(hash)s where id = %(id)s::uuid

-- name: add_token
insert into api_token (id, name, secret_hash, scopes, created_by, created_at, expires_at, address, device, role, limits)
values (%(id)s::uuid, %(name)s, %(hash)s, %(scopes)s, %(by)s, %(at)s, %(until)s, %(address)s, %(device)s, %(role)s,
    %(limits)s::jsonb)

-- name: tokens - those that stand first; of logins, which are many, those alone
select id::text, name, scopes, created_by, created_at, expires_at, revoked_at, used_at, role, limits from api_token
where name <> 'login' or (%(logins)s and revoked_at is null and expires_at > %(at)s)
order by revoked_at is not null, name = 'login', created_at desc limit 500

-- name: revoke
update api_token set revoked_at = %(at)s where id = %(id)s::uuid and revoked_at is null

-- name: revoke_logins
update api_token set revoked_at = %(at)s where created_by = %(name)s and name = 'login' and revoked_at is null

-- name: revoke_all
update api_token set revoked_at = %(at)s where created_by = %(name)s and revoked_at is null

-- name: user
select name, role, password_hash, is_one_time, is_active, limits from app_user where name = %(name)s

-- name: add_user - a name that differs from another by case alone is taken
insert into app_user (name, role, password_hash, is_one_time)
select %(name)s, %(role)s, %(hash)s, true where not exists (select from app_user where lower(name) = lower(%(name)s))
on conflict (name) do nothing

-- name: first_user
insert into app_user (name, role, password_hash, is_one_time)
select 'admin', 'administrator', %(hash)s, true where not exists (select from app_user)
on conflict (name) do nothing

-- name: users
select u.name, u.role, u.is_active, u.is_one_time, u.created_at, max(t.created_at),
    exists (select from second_factor f where f.user_name = u.name and f.confirmed_at is not null),
    u.password_hash = '', u.limits
from app_user u left join api_token t on t.created_by = u.name and t.name = 'login'
group by u.name order by u.name

-- name: administrators - locked, so that two of them cannot disable each other at once
select name from app_user where role = 'administrator' and is_active order by name for update

-- name: disable
update app_user set is_active = false where name = %(name)s

-- name: limit
update app_user set limits = %(limits)s::jsonb where name = %(name)s

-- name: enable
update app_user set is_active = true where name = %(name)s

-- name: password
update app_user set password_hash = %(hash)s, is_one_time = %(is_one_time)s where name = %(name)s

-- name: unmasked
insert into unmasking (id, order_id, who, reason, at) values (%(id)s::uuid, %(subject)s::uuid, %(who)s, %(reason)s, %(at)s)

-- name: preferences
select preferences::text from app_user where name = %(name)s

-- name: prefer - key by key, so that two windows that change different things lose nothing of each other's
update app_user set preferences = jsonb_strip_nulls(preferences || %(changes)s::jsonb)
where name = %(name)s and octet_length((preferences || %(changes)s::jsonb)::text) <= %(most)s
returning preferences::text

-- name: sessions
select id::text, address, device, created_at, used_at, expires_at from api_token
where created_by = %(name)s and name = 'login' and revoked_at is null and expires_at > %(at)s
order by coalesce(used_at, created_at) desc limit 500

-- name: end_session
update api_token set revoked_at = %(at)s
where id = %(id)s::uuid and created_by = %(name)s and name = 'login' and revoked_at is null

-- name: end_sessions
update api_token set revoked_at = %(at)s
where created_by = %(name)s and name = 'login' and revoked_at is null and expires_at > %(at)s
    and id is distinct from %(but)s::uuid

-- name: person - by who they are elsewhere
select name, role, password_hash, is_one_time, is_active from app_user
where issuer = %(issuer)s and subject = %(subject)s and subject <> ''

-- name: bind - never who has a password here, or is somebody there already
update app_user set issuer = %(issuer)s, subject = %(subject)s
where name = %(name)s and password_hash = '' and subject = '' and is_active
returning name, role, password_hash, is_one_time, is_active

-- name: add_person - without a password; a name that differs from another by case alone is taken
insert into app_user (name, role, password_hash, issuer, subject)
select %(name)s, %(role)s, '', %(issuer)s, %(subject)s
where not exists (select from app_user where lower(name) = lower(%(name)s))
on conflict do nothing

-- name: set_role
update app_user set role = %(role)s where name = %(name)s
