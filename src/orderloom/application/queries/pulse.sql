-- name: moved - what changed lately, as (topic, id, mark), and as a row without a topic where to look from the next time.
-- Rows of transactions that are under way still are seen when they commit: the window reaches back to the oldest of them.
select '', '', pg_snapshot_xmin(pg_current_snapshot())::text
union all
(select 'orders', order_id::text, xid::text || '.' || seq from order_event
 where xid >= %(xid)s::text::xid8 order by xid desc limit %(limit)s)
union all
(select 'orders', order_id::text, xid::text || '.note' from order_note
 where xid >= %(xid)s::text::xid8 order by xid desc limit %(limit)s)
union all
(select 'cases', case_id::text, xid::text || '.' || seq from case_event
 where xid >= %(xid)s::text::xid8 order by xid desc limit %(limit)s)
union all
(select 'cases', id::text, 'opened' from case_file order by opened_at desc limit 50)
union all
(select 'stock', s.code, m.xid::text from (
    select sku_id, xid from stock_movement where xid >= %(xid)s::text::xid8 order by xid desc limit %(limit)s
 ) m join sku s on s.id = m.sku_id)
union all
(select 'jobs', id::text, state || '.' || done from job order by created_at desc limit 50)
union all
select 'deliveries', '', (n_tup_ins + n_tup_upd)::text from pg_stat_user_tables where relname = 'delivery'
