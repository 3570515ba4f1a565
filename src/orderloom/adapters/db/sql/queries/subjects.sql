-- name: number - the next of the day for a kind; who draws one holds the day's count until the transaction ends
insert into subject_number (kind, day, drawn) values (%(kind)s, %(day)s, 1)
on conflict (kind, day) do update set drawn = subject_number.drawn + 1
returning drawn;

-- name: lock - subjects by number with where their logs end, in the one order of locks
select id::text, kind, number, opened_at, event_count, event_head from subject
where number = any (%(numbers)s) order by id for update;

-- name: numbers
select id::text, number from subject where id = any (%(ids)s::uuid[]);

-- name: go_on - known logs end further on; one that moved meanwhile is left alone, and missed in the count
with locked as materialized (
    select s.id, d.event_count, d.event_head
    from unnest(%(ids)s::uuid[], %(seen)s::integer[], %(counts)s::integer[], %(heads)s::bytea[])
        as d (id, seen, event_count, event_head)
    join subject s on s.id = d.id and s.event_count = d.seen
    order by s.id for update of s
)
update subject s set event_count = l.event_count, event_head = l.event_head from locked l where s.id = l.id;
