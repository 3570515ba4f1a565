-- Orders by a text that their search document holds.

-- name: terms - product words that hold the text; many orders may hold each
select id from search_term where grams @> %(grams)s and strpos(term, %(term)s) > 0 limit %(limit)s

-- name: sampled - how many of the newest documents hold the text
select count(*) from (select document from order_search order by order_id desc limit %(sampled)s) d
where strpos(document, %(q)s) > 0
