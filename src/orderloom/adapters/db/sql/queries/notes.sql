-- name: users - those of these names that may log in
select name from app_user where name = any (%(names)s) and is_active order by name;

-- name: add - keep a note
insert into order_note (id, order_id, at, by_actor, body, mentions, contacted_at, promised_at)
values (%(id)s, %(order_id)s, %(at)s, %(by)s, %(body)s, %(mentions)s, %(contacted_at)s, %(promised_at)s);

-- name: see - up to where somebody has seen who mentioned them; never back
insert into mentions_seen (name, upto) values (%(name)s, %(upto)s)
on conflict (name) do update set upto = greatest(mentions_seen.upto, excluded.upto);
