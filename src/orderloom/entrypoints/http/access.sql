-- Who may do what: users, tokens, and the log of unmaskings.

-- name: token
select secret_hash, scopes, name, created_by, expires_at from api_token
where id = %(id)s::uuid and revoked_at is null and (expires_at is null or expires_at > %(at)s)

-- name: token_used
update api_token set used_at = %(at)s where id = %(id)s::uuid

-- name: add_token
insert into api_token (id, name, secret_hash, scopes, created_by, created_at, expires_at)
values (%(id)s::uuid, %(name)s, %(hash)s, %(scopes)s, %(by)s, %(at)s, %(until)s)

-- name: tokens
select id::text, name, scopes, created_by, created_at, expires_at, revoked_at, used_at from api_token
order by created_at desc limit 500

-- name: revoke
update api_token set revoked_at = %(at)s where id = %(id)s::uuid and revoked_at is null

-- name: revoke_logins
update api_token set revoked_at = %(at)s where created_by = %(name)s and name = 'login' and revoked_at is null
returning id::text

-- name: user
select password_hash, role, is_one_time from app_user where name = %(name)s

-- name: add_user
insert into app_user (name, role, password_hash, is_one_time) values (%(name)s, %(role)s, %(hash)s, true)
on conflict (name) do nothing

-- name: first_user
insert into app_user (name, role, password_hash, is_one_time)
select 'admin', 'administrator', %(hash)s, true where not exists (select from app_user)
on conflict (name) do nothing

-- name: users
select name, role, is_one_time, created_at from app_user order by name

-- name: password
update app_user set password_hash = %(hash)s, is_one_time = false where name = %(name)s

-- name: unmasked
insert into unmasking (id, order_id, who, reason, at) values (%(id)s::uuid, %(subject)s::uuid, %(who)s, %(reason)s, %(at)s)
