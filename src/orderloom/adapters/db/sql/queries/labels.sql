-- name: book - written down as asked for, unless one stands: what a carrier refused, or a person gave up, is asked anew
insert into label (number, order_id, work_no, box, purpose, account_id, carrier, state, asked_by, asked_at)
values (%(number)s, %(order)s::uuid, %(work)s, %(box)s, %(purpose)s, %(account)s, %(carrier)s, 'asked', %(by)s, %(at)s)
on conflict (work_no, box, purpose) do update
set account_id = excluded.account_id, carrier = excluded.carrier, state = 'asked', error = '', answered_at = null,
    asked_by = excluded.asked_by, asked_at = excluded.asked_at
where label.state in ('refused', 'given_up')
returning number;

-- name: standing
select l.number, l.work_no, l.box, l.purpose, a.code, l.carrier, l.state, l.waybill, l.error, length(l.print_cipher) > 0,
    l.asked_by, l.asked_at, l.answered_at
from label l join account a on a.id = l.account_id where l.number = %(number)s;

-- name: finish - what became of requests; a label that was bought stays so, whatever is heard of it later
update label l
set state = s.state, waybill = s.waybill, print_cipher = s.print, error = s.error, answered_at = %(at)s
from unnest(%(number)s::text[], %(account)s::int[], %(state)s::text[], %(waybill)s::text[], %(print)s::bytea[],
    %(error)s::text[]) as s (number, account, state, waybill, print, error)
where l.number = s.number and l.account_id = s.account and l.state <> 'bought';
