-- The second factor of users: its secret, the step of the newest code that counted, and recovery codes.

-- name: factor
select secret_cipher, step, confirmed_at is not null from second_factor where user_name = %(name)s

-- name: begin - anew as long as it is not confirmed
insert into second_factor (user_name, secret_cipher, begun_at) values (%(name)s, %(cipher)s, %(at)s)
on conflict (user_name) do update set secret_cipher = excluded.secret_cipher, begun_at = excluded.begun_at
where second_factor.confirmed_at is null

-- name: confirm
update second_factor set confirmed_at = %(at)s, step = %(step)s
where user_name = %(name)s and confirmed_at is null

-- name: take_step - each code counts once, in whichever process it comes first
update second_factor set step = %(step)s
where user_name = %(name)s and confirmed_at is not null and step < %(step)s

-- name: take_recovery
update recovery_code set used_at = %(at)s
where user_name = %(name)s and code_hash = %(hash)s and used_at is null

-- name: recovery_left
select count(*) from recovery_code where user_name = %(name)s and used_at is null

-- name: forget_recovery
delete from recovery_code where user_name = %(name)s

-- name: add_recovery
insert into recovery_code (user_name, code_hash)
select %(name)s, unnest(%(hashes)s::text[]) from second_factor where user_name = %(name)s

-- name: drop
delete from second_factor where user_name = %(name)s
