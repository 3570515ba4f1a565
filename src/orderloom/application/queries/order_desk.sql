-- Tags and views as people choose among them.

-- name: tags
select name, colour from tag order by name limit 1000

-- name: views - one's own first, then those that are shared with one's roles
select id::text, owner, name, query, columns, roles from saved_view
where owner = %(owner)s or roles && %(roles)s::text[]
order by owner <> %(owner)s, position, name limit 100
