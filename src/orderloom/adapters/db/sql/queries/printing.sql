-- name: keep - a printer, new or as it is now
insert into printer (name, warehouse_id, station, form, size, is_automatic, is_active)
values (%(name)s, %(warehouse)s, %(station)s, %(form)s, %(size)s, %(is_automatic)s, %(is_active)s)
on conflict (name) do update set warehouse_id = excluded.warehouse_id, station = excluded.station, form = excluded.form,
    size = excluded.size, is_automatic = excluded.is_automatic, is_active = excluded.is_active;

-- name: printer
select p.name, w.code, p.station, p.form, p.size, p.is_automatic, p.is_active, p.asked_at
from printer p join warehouse w on w.id = p.warehouse_id where p.name = %(name)s;

-- name: automatic - the printer of a station that prints by itself
select name from printer where warehouse_id = %(warehouse)s and station = %(station)s and is_automatic and is_active;

-- name: add
insert into print_job (printer_id, warehouse_id, order_id, paper, about, size, state, reprint_of, reason, made_by, made_at)
select p.id, p.warehouse_id, %(order)s::uuid, %(paper)s, %(about)s, %(size)s, 'queued', %(again)s, %(reason)s, %(by)s, %(at)s
from printer p where p.name = %(printer)s
returning id;

-- name: over - leases that ran out: nobody knows whether it came out
update print_job set state = 'unknown', error = 'lease_over', ended_at = %(at)s
where state = 'leased' and lease_until < %(at)s
    and (%(printer)s = '' or printer_id = (select id from printer where name = %(printer)s));

-- name: asked - an agent is there
update printer set asked_at = %(at)s where name = %(name)s and (asked_at is null or asked_at < %(at)s - interval '5 seconds');

-- name: take - the oldest of a printer; of several agents each gets another
update print_job set state = 'leased', lease = %(lease)s, lease_until = %(until)s, taken_at = %(at)s
where id = (
    select j.id from print_job j join printer p on p.id = j.printer_id
    where p.name = %(printer)s and p.is_active and j.state = 'queued' order by j.id limit 1 for update of j skip locked)
returning id;

-- name: end
update print_job set state = %(state)s, error = %(error)s, ended_at = %(at)s, ended_by = %(by)s where id = %(job)s;

-- name: of_lease
select id from print_job where lease = %(lease)s for update;

-- name: lock
select lease from print_job where id = %(job)s for update;

-- name: one
select j.id, p.name, w.code, j.paper, j.about, j.size, j.state, j.reprint_of, j.reason, j.error, j.made_by, j.made_at,
    j.taken_at, j.ended_at, j.ended_by, j.order_id::text
from print_job j join printer p on p.id = j.printer_id join warehouse w on w.id = j.warehouse_id where j.id = %(job)s;
