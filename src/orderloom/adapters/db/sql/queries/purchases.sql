-- Suppliers, what they bring, and purchase tickets, for the verbs that keep them.

-- name: keep_supplier - a new one or a known one with what is given; whether it is new
insert into supplier as s (code, name, lead_days, is_active)
values (%(code)s, coalesce(%(name)s, ''), coalesce(%(lead_days)s, 7), coalesce(%(is_active)s, true))
on conflict (code) do update set name = coalesce(%(name)s, s.name), lead_days = coalesce(%(lead_days)s, s.lead_days),
    is_active = coalesce(%(is_active)s, s.is_active)
returning xmax = 0;

-- name: suppliers - all of them
select id, code, name, lead_days, is_active from supplier;

-- name: keep_supply - on which terms a supplier brings a SKU; what is not given stays, or is as usual
insert into supply as s (supplier_id, sku_id, minimum, pack, cost, cost_currency, priority, is_active)
values (%(supplier)s, %(sku)s, coalesce(%(minimum)s, 1), coalesce(%(pack)s, 1), %(cost)s, coalesce(%(currency)s, ''),
    coalesce(%(priority)s, 0), coalesce(%(is_active)s, true))
on conflict (sku_id, supplier_id) do update set minimum = coalesce(%(minimum)s, s.minimum),
    pack = coalesce(%(pack)s, s.pack), cost = coalesce(%(cost)s, s.cost),
    cost_currency = coalesce(%(currency)s, s.cost_currency), priority = coalesce(%(priority)s, s.priority),
    is_active = coalesce(%(is_active)s, s.is_active);

-- name: bundles - which of these SKUs are bundles, or no goods: nobody brings them
select code from sku where id = any (%(skus)s)
    and (kind <> 'goods' or exists (select from sku_component c where c.bundle_id = sku.id)) order by code;

-- name: terms - on which terms a supplier brings these SKUs
select sku_id, minimum, pack, cost, cost_currency from supply
where supplier_id = %(supplier)s and sku_id = any (%(skus)s) and is_active;

-- name: fewer_lines - lines that were taken out of a draft
delete from purchase_line where ticket_id = %(id)s::uuid and line_no > %(lines)s;

-- name: late - tickets that are waited for beyond their day, those that a case is open about among them
select t.number, s.code, w.code, t.promised_on, sum(l.quantity - l.received - l.cancelled)::bigint
from purchase_ticket t join purchase_line l on l.ticket_id = t.id
join supplier s on s.id = t.supplier_id join warehouse w on w.id = t.warehouse_id
where t.state in ('ordered', 'in_transit') and t.promised_on < %(today)s
group by t.number, s.code, w.code, t.promised_on order by t.promised_on, t.number limit %(limit)s;

-- name: told_since - of these subjects those whose case is open, or was closed since then: they are not told again
select subject from case_file
where kind = %(kind)s and subject = any (%(subjects)s) and (resolved_at is null or resolved_at > %(since)s)
union
select m.subject from case_member m join case_file c on c.id = m.case_id
where c.kind = %(kind)s and m.subject = any (%(subjects)s) and (m.resolved_at is null or m.resolved_at > %(since)s);

-- name: told - subjects with an open case of a kind
select subject from case_file where kind = %(kind)s and resolved_at is null and not is_group
union
select m.subject from case_member m join case_file c on c.id = m.case_id
where c.kind = %(kind)s and m.resolved_at is null and c.resolved_at is null;
