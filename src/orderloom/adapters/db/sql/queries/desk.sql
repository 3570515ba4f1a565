-- name: tags_keep - a tag that is not there yet is made; one that is keeps its colour
insert into tag (name, colour, made_by, made_at)
select name, %(colour)s, %(by)s, %(at)s from unnest(%(names)s::text[]) as t (name)
on conflict (name) do nothing;

-- name: tag_colour
update tag set colour = %(colour)s where name = %(name)s returning 1;

-- name: tag_on
insert into order_tag (order_id, tag, by, at)
select o, t, %(by)s, %(at)s from unnest(%(ids)s::uuid[]) as i (o) cross join unnest(%(names)s::text[]) as n (t)
on conflict do nothing;

-- name: tag_off
delete from order_tag where order_id = any (%(ids)s::uuid[]) and tag = any (%(names)s);

-- name: tags_most - how many tags the fullest of these orders has
select coalesce(max(n), 0)::int from (
    select count(*) n from order_tag where order_id = any (%(ids)s::uuid[]) group by order_id) t;

-- name: field_set
insert into order_field (order_id, field, value, by, at) values (%(id)s::uuid, %(field)s, %(value)s, %(by)s, %(at)s)
on conflict (order_id, field) do update set value = excluded.value, by = excluded.by, at = excluded.at;

-- name: field_drop
delete from order_field where order_id = %(id)s::uuid and field = %(field)s;

-- name: view_add
insert into saved_view (id, owner, roles, name, query, columns, position, made_at)
select %(id)s::uuid, %(owner)s, %(roles)s, %(name)s, %(query)s::jsonb, %(columns)s,
    coalesce((select max(position) + 1 from saved_view where owner = %(owner)s), 0), %(at)s
where (select count(*) from saved_view where owner = %(owner)s) < %(most)s
on conflict (owner, name) do nothing returning 1;

-- name: view_change
update saved_view set roles = %(roles)s, name = %(name)s, query = %(query)s::jsonb, columns = %(columns)s
where id = %(id)s::uuid and owner = %(owner)s returning 1;

-- name: view_drop
delete from saved_view where id = %(id)s::uuid and owner = %(owner)s returning 1;
