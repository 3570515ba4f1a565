-- name: book - written down as asked for, unless one stands: what a carrier refused, or a person gave up, is asked anew
insert into label (number, order_id, work_no, box, purpose, account_id, carrier, state, asked_by, asked_at, station)
values (%(number)s, %(order)s::uuid, %(work)s, %(box)s, %(purpose)s, %(account)s, %(carrier)s, 'asked', %(by)s, %(at)s,
    %(station)s)
on conflict (work_no, box, purpose) where state <> 'cancelled' do update
set account_id = excluded.account_id, carrier = excluded.carrier, state = 'asked', error = '', answered_at = null,
    asked_by = excluded.asked_by, asked_at = excluded.asked_at, is_unwanted = false,
    station = excluded.station, is_met = false
where label.state in ('refused', 'given_up')
returning number;

-- name: standing - of a box, the one that was not given back
select l.number, l.work_no, l.box, l.purpose, a.code, l.carrier, l.state, l.waybill, l.error, length(l.print_cipher) > 0,
    l.asked_by, l.asked_at, l.answered_at
from label l join account a on a.id = l.account_id
where l.work_no = %(work)s and l.box = %(box)s and l.purpose = %(purpose)s and l.state <> 'cancelled';

-- name: standing_together - of a box that several works share, the one that another of them has and that was not given back
select l.number, l.work_no, l.box, l.purpose, a.code, l.carrier, l.state, l.waybill, l.error, length(l.print_cipher) > 0,
    l.asked_by, l.asked_at, l.answered_at
from label l join account a on a.id = l.account_id
where l.work_no in (
    select %(work)s::text union all
    select m.number from work w join work m on m.merge_no = w.merge_no and m.merge_no <> ''
    where w.number = %(work)s and w.merge_no <> '') and l.work_no <> %(work)s and l.box = %(box)s and l.purpose = %(purpose)s
    and l.state not in ('refused', 'given_up', 'cancelled') limit 1;

-- name: round - how many labels of a box were given back
select count(*) from label where work_no = %(work)s and box = %(box)s and purpose = %(purpose)s and state = 'cancelled';

-- name: finish - what became of requests; a label that was bought stays so, whatever is heard of it later. It is printed where
-- the station that asked has a printer for that: with the answer, so that it is in the queue as soon as it is there.
with answered as (
update label l
set state = s.state, waybill = s.waybill, print_cipher = s.print, error = s.error, answered_at = %(at)s
from unnest(%(number)s::text[], %(account)s::int[], %(state)s::text[], %(waybill)s::text[], %(print)s::bytea[],
    %(error)s::text[]) as s (number, account, state, waybill, print, error)
where l.number = s.number and l.account_id = s.account and l.state not in ('bought', 'cancelling', 'cancelled')
returning l.work_no, l.box, l.purpose, l.station, l.order_id, l.state, l.is_unwanted, l.asked_by
)
insert into print_job (printer_id, warehouse_id, order_id, paper, about, size, state, made_by, made_at)
select p.id, p.warehouse_id, a.order_id, 'label', array[a.work_no, a.box::text, a.purpose], p.size, 'queued', a.asked_by, %(at)s
from answered a join work w on w.number = a.work_no
join printer p on p.warehouse_id = w.warehouse_id and p.station = a.station and p.is_automatic and p.is_active
where a.state = 'bought' and a.purpose = 'out' and not a.is_unwanted order by a.work_no, a.box;

-- name: give_back - a label that was bought is to be cancelled at its carrier; no courier is sent for its parcel now
with mine as (
    update label set state = 'cancelling', error = '' where number = %(number)s and state = 'bought'
    returning number, order_id
), unsent as (
    update delivery d set state = 'cancelled', done_at = %(at)s from mine m
    where d.order_id = m.order_id and d.kind = 'pickup' and d.state || '' = 'due' and d.attempts = 0
        and d.lease_until is null and d.body::jsonb ->> 'label_no' = m.number
    returning d.body::jsonb ->> 'pickup_no' as pickup
), couriers as (
    update pickup p set state = 'given_up', answered_at = %(at)s from unsent u where p.number = u.pickup
)
select number from mine;

-- name: given_back - what became of that: with a no it stays bought, and of what prints one that is void nothing is kept.
-- A courier that was booked for it is off where it was part of the same order, and is called off elsewhere.
with told as (
    select * from unnest(%(number)s::text[], %(state)s::text[], %(error)s::text[]) as s (number, state, error)
), done as (
    update label l
    set state = s.state, error = s.error, answered_at = %(at)s, is_unwanted = false,
        print_cipher = case when s.state = 'cancelled' then '' else l.print_cipher end
    from told s where l.number = s.number and l.state = 'cancelling'
    returning l.number, l.state, l.order_id
), untold as (
    update delivery d set state = 'cancelled', done_at = %(at)s from done o
    where o.state = 'cancelled' and d.order_id = o.order_id and d.kind = 'pickup' and d.state || '' = 'due'
        and d.lease_until is null and d.body::jsonb ->> 'label_no' = o.number
        and exists (select from pickup p where p.number = d.body::jsonb ->> 'pickup_no' and p.is_of_label)
)
update pickup p
set state = case when p.is_of_label then 'cancelled' else p.state end, is_unwanted = not p.is_of_label,
    answered_at = case when p.is_of_label then %(at)s else p.answered_at end
from done d where d.state = 'cancelled' and p.label_no = d.number and p.state in ('asked', 'booked', 'in_doubt');

-- name: keep - waybills with which a parcel left are given back no more, unless the carrier is being asked this moment
with mine as (
    select number from label where order_id = any (%(orders)s::uuid[]) and state = 'cancelling' and waybill = any (%(waybills)s)
    order by number for update
), unsent as (
    update delivery d set state = 'cancelled', done_at = %(at)s
    where d.order_id = any (%(orders)s::uuid[]) and d.kind = 'label_cancel' and d.state || '' = 'due'
        and d.lease_until is null and d.body::jsonb ->> 'label_no' in (select number from mine)
    returning d.body::jsonb ->> 'label_no' as label
)
update label l set state = 'bought', error = '' from unsent u where l.number = u.label;

-- name: unwanted - bought for work that does not go out
select l.number, l.work_no, l.box, l.purpose, a.code, l.carrier, l.state, l.waybill, l.error, length(l.print_cipher) > 0,
    l.asked_by, l.asked_at, l.answered_at, l.account_id
from label l join account a on a.id = l.account_id
where l.is_unwanted and l.state = 'bought' and l.account_id = any (%(accounts)s::int[]) order by l.asked_at limit %(limit)s;

-- name: spare - these stay bought
update label set is_unwanted = false where number = any (%(numbers)s);

-- name: unlabel - of works that do not go out: what was bought is given back, couriers are called off, and what nobody was
-- asked for yet is not asked. What is part of a label's order ends with the label.
with mine as (
    select number from label
    where work_no = any (%(works)s) and purpose = 'out' and state in ('asked', 'bought', 'in_doubt') order by number for update
), unsent as (
    update delivery d set state = 'cancelled', done_at = %(at)s
    where d.order_id = any (%(orders)s::uuid[]) and d.kind in ('label', 'pickup') and d.state || '' = 'due'
        and d.attempts = 0 and d.lease_until is null and d.body::jsonb ->> 'work_no' = any (%(works)s)
    returning d.kind, d.body::jsonb ->> 'label_no' as label, d.body::jsonb ->> 'pickup_no' as pickup
), couriers as (
    update pickup p
    set is_unwanted = not p.is_of_label, answered_at = case when u.pickup is null then p.answered_at else %(at)s end,
        state = case when u.pickup is null then p.state else 'given_up' end
    from pickup c left join unsent u on u.kind = 'pickup' and u.pickup = c.number
    where p.number = c.number and c.work_no = any (%(works)s) and c.purpose = 'out'
        and c.state in ('asked', 'booked', 'in_doubt')
)
update label l
set is_unwanted = true,
    state = case when exists (select from unsent u where u.kind = 'label' and u.label = l.number) then 'given_up'
        else l.state end
from mine m where l.number = m.number;

-- name: pickup_book - the same of a courier
insert into pickup (number, order_id, work_no, box, purpose, account_id, carrier, from_at, until_at, state, asked_by,
    asked_at, label_no, is_of_label)
values (%(number)s, %(order)s::uuid, %(work)s, %(box)s, %(purpose)s, %(account)s, %(carrier)s, %(from)s, %(until)s,
    'asked', %(by)s, %(at)s, %(label)s, %(is_of_label)s)
on conflict (number) do update
set account_id = excluded.account_id, carrier = excluded.carrier, from_at = excluded.from_at, until_at = excluded.until_at,
    state = 'asked', error = '', answered_at = null, asked_by = excluded.asked_by, asked_at = excluded.asked_at,
    label_no = excluded.label_no, is_of_label = excluded.is_of_label, is_unwanted = false
where pickup.state in ('refused', 'given_up')
returning number;

-- name: pickup_standing
select p.number, p.work_no, p.box, p.purpose, a.code, p.carrier, p.from_at, p.until_at, p.state, p.booking, p.error,
    p.asked_by, p.asked_at, p.answered_at
from pickup p join account a on a.id = p.account_id where p.number = %(number)s;

-- name: pickup_finish
update pickup p
set state = s.state, booking = s.booking, reference = s.reference, error = s.error, answered_at = %(at)s
from unnest(%(number)s::text[], %(account)s::int[], %(state)s::text[], %(booking)s::text[], %(reference)s::text[],
    %(error)s::text[]) as s (number, account, state, booking, reference, error)
where p.number = s.number and p.account_id = s.account and p.state not in ('booked', 'cancelling', 'cancelled');

-- name: pickup_round - how many couriers of a box were called off
select count(*) from pickup where work_no = %(work)s and box = %(box)s and purpose = %(purpose)s and state = 'cancelled';

-- name: pickup_last - of a box, the courier that was sent for last, with how the carrier knows the booking
select p.number, p.work_no, p.box, p.purpose, a.code, p.carrier, p.from_at, p.until_at, p.state, p.booking, p.error,
    p.asked_by, p.asked_at, p.answered_at, p.account_id, p.reference, p.label_no, coalesce(l.waybill, ''), p.is_of_label
from pickup p join account a on a.id = p.account_id left join label l on l.number = p.label_no
where p.work_no = %(work)s and p.box = %(box)s and p.purpose = %(purpose)s
order by p.state = 'cancelled', p.asked_at desc limit 1;

-- name: pickup_unwanted - booked for work that does not go out, or for a label that was given back
select p.number, p.work_no, p.box, p.purpose, a.code, p.carrier, p.from_at, p.until_at, p.state, p.booking, p.error,
    p.asked_by, p.asked_at, p.answered_at, p.account_id, p.reference, p.label_no, coalesce(l.waybill, ''), p.is_of_label
from pickup p join account a on a.id = p.account_id left join label l on l.number = p.label_no
where p.is_unwanted and p.state = 'booked' and p.account_id = any (%(accounts)s::int[]) order by p.asked_at limit %(limit)s;

-- name: pickup_spare - these couriers come all the same
update pickup set is_unwanted = false where number = any (%(numbers)s);

-- name: call_off - a courier that was booked is to be called off at its carrier
update pickup set state = 'cancelling', error = '' where number = %(number)s and state = 'booked' returning number;

-- name: called_off - what became of that: with a no it stays booked
update pickup p
set state = s.state, error = s.error, answered_at = %(at)s, is_unwanted = false
from unnest(%(number)s::text[], %(state)s::text[], %(error)s::text[]) as s (number, state, error)
where p.number = s.number and p.state = 'cancelling';

-- name: late - asked for long ago, and nothing is back
select l.number, l.order_id::text, l.work_no, a.code, l.state, l.asked_at
from label l join account a on a.id = l.account_id
where l.state in ('asked', 'in_doubt') and l.asked_at < %(before)s order by l.asked_at limit %(limit)s;

-- name: told_late - of which labels a case is open
select subject from case_file where kind = 'label_missing' and resolved_at is null and not is_group
union
select m.subject from case_file g join case_member m on m.case_id = g.id
where g.kind = 'label_missing' and g.is_group and g.resolved_at is null and m.resolved_at is null;

-- name: scanned - labels whose carrier tells of them while their work is not out (its news waits for a parcel), or that a
-- gate saw go
select l.number, l.order_id::text, l.work_no, l.waybill, l.carrier, min(i.landed_at)
from intake i join label l on l.waybill = substr(i.park_key, 9) join work w on w.order_id = l.order_id
    and w.number = l.work_no
where i.outcome = 'parked' and i.park_key like 'waybill:%%' and l.state = 'bought' and l.purpose = 'out'
    and w.state not in ('handed_over', 'cancelled')
group by 1, 2, 3, 4, 5
union
select l.number, l.order_id::text, l.work_no, l.waybill, l.carrier, min(r.received_at)
from device_reading r join label l on l.waybill = r.code and l.state = 'bought'
    join work w on w.order_id = l.order_id and w.number = l.work_no and w.warehouse_id = r.warehouse_id
where r.verdict = 'not_out' and l.purpose = 'out' and w.state not in ('handed_over', 'cancelled')
    and l.number not in (
        select l.number from intake i join label l on l.waybill = substr(i.park_key, 9)
        where i.outcome = 'parked' and i.park_key like 'waybill:%%')
group by 1, 2, 3, 4, 5 order by 6 limit %(limit)s;

-- name: told_scanned - of which of them a case is open
select subject from case_file where kind = 'shipped_unreported' and resolved_at is null and not is_group
union
select m.subject from case_file g join case_member m on m.case_id = g.id
where g.kind = 'shipped_unreported' and g.is_group and g.resolved_at is null and m.resolved_at is null;

-- name: untold - orders with a parcel of ours under way that left in between and of which their channel was not told; of
-- goods that no channel knows (a person's, a gift) it never is
select distinct i.order_id::text
from parcel p join parcel_item i on i.parcel_id = p.id join orders o on o.id = i.order_id
    join account a on a.id = o.account_id
where p.state not in ('delivered', 'returned', 'lost') and p.heard_at >= %(since)s
    and p.shipped_at between %(since)s and %(before)s and p.waybill not like '?%%' and i.work_seq > 0
    and not i.is_replaced and not o.is_cancelled and o.account_id = any (%(accounts)s::smallint[])
    and not a.code = any (i.told)
    and exists (select from order_line l where l.order_id = i.order_id and l.line_no = i.line_no
        and l.external_id not like 'hand:%%' and l.external_id not like 'gift:%%' and l.external_id not like 'gift!:%%')
order by 1 limit %(limit)s;

-- name: attest - a person saw it at the carrier
with mine as (
    update label set state = 'bought', waybill = %(waybill)s, error = '', answered_at = %(at)s
    where number = %(number)s and state = 'in_doubt' returning number, order_id
)
select coalesce((select d.id::text from delivery d
    where d.order_id = m.order_id and d.kind = 'label' and d.state = 'parked' and d.body::jsonb ->> 'label_no' = m.number
    order by d.position desc limit 1), '')
from mine m;

-- name: refused - labels of boxes on their way out that their carrier did not sell, and that nobody has met; with what the
-- box was said to weigh, and the carrier by which the work is to go
select l.number, l.work_no, l.box, coalesce((
        select (d.body::jsonb ->> 'weight_g')::int from delivery d
        where d.order_id = l.order_id and d.kind = 'label' and d.body::jsonb ->> 'label_no' = l.number
        order by d.id desc limit 1), 1000), l.station, a.code, l.carrier, w.carrier
from label l join work w on w.number = l.work_no join account a on a.id = l.account_id
where l.state = 'refused' and not l.is_met and l.purpose = 'out' order by l.number limit %(limit)s;

-- name: carriers_of - by which works are to go
select number, carrier from work where number = any (%(works)s);

-- name: met - nothing more is done about these
update label set is_met = true where number = any (%(numbers)s) and state = 'refused';
