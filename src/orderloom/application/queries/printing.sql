-- name: printers
select p.name, w.code, p.station, p.form, p.size, p.is_automatic, p.is_active, p.asked_at
from printer p join warehouse w on w.id = p.warehouse_id order by p.name limit %(limit)s

-- name: jobs - newest first
select j.id, p.name, w.code, j.paper, j.about, j.size, j.state, j.reprint_of, j.reason, j.error, j.made_by, j.made_at,
    j.taken_at, j.ended_at, j.ended_by, j.order_id::text
from print_job j join printer p on p.id = j.printer_id join warehouse w on w.id = j.warehouse_id
where {where} order by j.id desc limit %(limit)s

-- name: waiting - how many of each state wait for somebody
select j.state, count(*) from print_job j where j.state in ('queued', 'leased', 'unknown') group by j.state
