-- name: set_aside(topics, partitions, offsets, reasons, details, records)!
insert into quarantine (topic, partition, "offset", reason, detail, record)
select * from unnest(
    :topics::text [], :partitions::integer [], :offsets::bigint [],
    :reasons::text [], :details::text [], :records::bytea []
)
on conflict (topic, partition, "offset") do nothing;

-- name: waiting(limit)
select id, topic, partition, "offset", reason, detail, set_aside_at, record
from quarantine
where replayed_at is null and discarded_at is null
order by id
limit :limit;

-- name: take(ids)
select id, topic, partition, "offset", record
from quarantine
where replayed_at is null and discarded_at is null
and (cardinality(:ids::bigint []) = 0 or id = any(:ids))
order by id
for update;

-- name: mark_replayed(ids)!
update quarantine set replayed_at = clock_timestamp() where id = any(:ids::bigint []);

-- name: discard(id, reason)^
update quarantine set discarded_at = clock_timestamp(), discarded_because = :reason
where id = :id and replayed_at is null and discarded_at is null
returning topic, partition, "offset", reason;

-- name: counts()
select topic, count(*) as count from quarantine
where replayed_at is null and discarded_at is null
group by topic;

-- name: purge()$
-- Planned and bounded as `forget_facts` of the inbox is.
with old as (
    delete from quarantine where ctid = any(array(
        select ctid from quarantine
        where set_aside_at < statement_timestamp() - interval '30 days'
        limit 1000
        for update skip locked
    ))
    returning 1
)

select count(*) = 1000 from old;
