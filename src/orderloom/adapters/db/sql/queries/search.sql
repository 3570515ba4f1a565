-- name: documents - what the search looks through: numbers, product words, waybills
select o.id::text, concat_ws(' ', o.number, o.external_id, o.external_number),
    coalesce((select string_agg(concat_ws(' ', l.sku_external, nullif(s.code, l.sku_external), l.title), ' ' order by l.line_no)
        from order_line l left join sku s on s.id = l.sku_id where l.order_id = o.id), ''),
    coalesce((select string_agg(distinct p.waybill, ' ') from parcel_item i join parcel p on p.id = i.parcel_id
        where i.order_id = o.id), '')
from orders o where o.id = any (%(ids)s::uuid[]);

-- name: known - numbers of these words
select term, id from search_term where term = any (%(terms)s);

-- name: add - words that were not known; another publisher may add the same
insert into search_term (term, grams)
select d.term, string_to_array(d.grams, chr(31)) from unnest(%(term)s::text[], %(grams)s::text[]) as d (term, grams)
order by d.term
on conflict (term) do nothing;

-- name: put
insert into order_search (order_id, document, grams, words, pairs)
select d.id, d.document, '{}', string_to_array(d.words, ' ')::integer[], string_to_array(d.pairs, ' ')::integer[]
from unnest(%(id)s::uuid[], %(document)s::text[], %(words)s::text[], %(pairs)s::text[]) as d (id, document, words, pairs)
on conflict (order_id) do update
set document = excluded.document, grams = excluded.grams, words = excluded.words, pairs = excluded.pairs
where order_search.document <> excluded.document or order_search.pairs is null;

-- name: old - orders from before words and pairs had numbers, newest first
select order_id::text from order_search where pairs is null order by order_id desc limit %(limit)s;
