-- Accounts that an administrator connected at this machine or in this network before addresses were judged stay reachable.
update account set settings = settings || jsonb_build_object('private_hosts', jsonb_build_array(lower(h.host)))
from (select id as account_id, trim(both '[]' from substring(base_url from '^https?://(\[[^]]*\]|[^/:?#@]+)')) as host
    from account where family <> 'subscribers') h
where h.account_id = id and not settings ? 'private_hosts'
    and h.host ~* '^(localhost|[^.]+|.*\.(local|lan|internal|intranet|home|corp)|127\..*|10\..*|192\.168\..*|172\.(1[6-9]|2[0-9]|3[01])\..*|.*:.*)$';
