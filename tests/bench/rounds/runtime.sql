-- name: lay_waiting(topic, count, value)!
insert into outbox (topic, key, event_id, type, time, value)
select
    :topic::text, 'person-' || n, gen_random_uuid()::text, 'dev.notyet.contact.due.v1',
    clock_timestamp(), :value::bytea
from generate_series(1, :count::integer) as n;

-- name: lay_old_facts(turn, count)!
insert into inbox (source, event_id, seen_at)
select '/old', format('old-%s-%s', :turn::integer, n), clock_timestamp() - interval '400 days'
from generate_series(1, :count::integer) as n;

-- name: lay_searched()!
update quarantine set search_due = null where search_due is not null;
