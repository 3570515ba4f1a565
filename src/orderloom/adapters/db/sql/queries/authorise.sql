-- name: begin - a person is sent to the platform; those of yesterday are forgotten
with over as (delete from authorisation where ends_at < %(at)s - interval '1 day')
insert into authorisation (state_index, account_id, redirect, began_by, began_user, began_token, ends_at)
values (%(state)s, %(account)s, %(redirect)s, %(by)s, %(user)s, %(token)s, %(ends_at)s);

-- name: find - locked
select a.code, u.redirect, u.began_by, u.began_user, u.began_token, u.ends_at <= %(at)s, u.used_at is not null
from authorisation u join account a on a.id = u.account_id where u.state_index = %(state)s for update of u;

-- name: use
update authorisation set used_at = %(at)s where state_index = %(state)s;

-- name: role - of a user who may log in
select role from app_user where name = %(name)s and is_active and not is_one_time;

-- name: scopes - of a token that stands
select scopes from api_token where id::text = %(id)s and revoked_at is null and coalesce(expires_at > now(), true);
