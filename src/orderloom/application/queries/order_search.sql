-- Orders by a text that their search document holds.

-- name: terms - product words that hold the text; many orders may hold each
select id from search_term where grams @> %(grams)s and strpos(term, %(term)s) > 0 limit %(limit)s
