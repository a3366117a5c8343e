-- name: put(topic, traceparent, keys, ids, types, times, bodies, correlations, causations)!
insert into outbox (
    topic, key, event_id, type, time, value, correlation_id, causation_id, traceparent
)
select :topic::text, events.*, :traceparent::text
from unnest(
    :keys::text [], :ids::text [], :types::text [], :times::timestamptz [],
    :bodies::bytea [], :correlations::text [], :causations::text []
) as events;

-- name: put_heartbeats(topic, type, partitions)!
-- The time is the database's, because readers compare it with the database's.
insert into outbox (topic, key, partition, event_id, type, time, value)
select
    :topic::text, 'heartbeat-' || partition, partition, gen_random_uuid()::text, :type::text,
    clock_timestamp(),
    convert_to(
        jsonb_build_object(
            'partition', partition,
            'partitions', :partitions::integer,
            'writtenAt', clock_timestamp()
        )::text,
        'UTF8'
    )
from generate_series(0, :partitions::integer - 1) as partition;

-- name: turn(lease, holder, published, limit)
-- One round trip: deletes what the broker has by now and reads what comes next. Without the lease
-- there are no rows; with the lease and nothing to do there is one, whose id is null.
-- The subquery is hashed once; `<> all (array)` would be searched from one end for every row.
-- It does not wait for the disk: should the database crash, what it had deleted is published again.
with lease as (
    select set_config('synchronous_commit', 'off', true) from leases
    where name = :lease and holder = :holder and expires_at > clock_timestamp()
),

published as (
    delete from outbox where id = any(:published::bigint []) and exists (select 1 from lease)
),

waiting as (
    select
        id, topic, key, partition, event_id, type, time, value,
        correlation_id, causation_id, traceparent
    from outbox
    where
        id not in (select unnest(:published::bigint []))
        and set_aside_at is null
        and topic not in (
            select topic from closed_topics where closed_until > (select clock_timestamp())
        )
    order by id
    limit :limit
)

select waiting.* from lease left join waiting on true order by waiting.id;

-- name: set_aside(ids, reasons)!
update outbox set set_aside_at = clock_timestamp(), set_aside_because = refused.reason
from unnest(:ids::bigint [], :reasons::text []) as refused (id, reason)
where outbox.id = refused.id;

-- name: any_set_aside()$
select exists (select 1 from outbox where set_aside_at is not null);

-- name: delete_superseded(published, states)!
-- A state that was set aside is owed no longer once a later one of its key has been published.
delete from outbox as old
using outbox as later
where
    later.id = any(:published::bigint [])
    and later.topic = any(:states::text [])
    and old.topic = later.topic
    and old.key = later.key
    and old.id < later.id
    and old.set_aside_at is not null;

-- name: backlog()^
select
    (select count(*) from outbox where set_aside_at is null) as waiting,
    (select count(*) from outbox where set_aside_at is not null) as set_aside,
    coalesce((
        select extract(epoch from clock_timestamp() - written_at)::float8 from outbox
        where set_aside_at is null
        order by id
        limit 1
    ), 0) as oldest_seconds,
    array(
        select topic || ': ' || reason from closed_topics
        where exists (
            select 1 from outbox where outbox.topic = closed_topics.topic and set_aside_at is null
        )
        order by topic
    ) as closed;

-- name: close_topics(topics, reasons, seconds)!
insert into closed_topics (topic, reason, closed_until)
select topic, reason, clock_timestamp() + make_interval(secs => :seconds::float8)
from unnest(:topics::text [], :reasons::text []) as found (topic, reason)
on conflict (topic) do update
set reason = excluded.reason, closed_until = excluded.closed_until;

-- name: closed_topics()
select topic from closed_topics;

-- name: open_topics(topics)!
delete from closed_topics where topic = any(:topics::text []);

-- name: list_obstructed(limit)
select
    outbox.id, topic, outbox.type, coalesce(octet_length(outbox.value), 0) as bytes,
    coalesce(outbox.set_aside_because, closed_topics.reason) as reason,
    outbox.written_at, outbox.set_aside_at
from outbox left join closed_topics using (topic)
where outbox.set_aside_at is not null or closed_topics.reason is not null
order by outbox.id
limit :limit;

-- name: take_set_aside(ids)
select id, topic, key, partition from outbox
where set_aside_at is not null and (cardinality(:ids::bigint []) = 0 or id = any(:ids))
order by id
for update;

-- name: wait_again(ids)!
update outbox set set_aside_at = null, set_aside_because = null where id = any(:ids::bigint []);

-- name: delete(ids)!
delete from outbox where id = any(:ids::bigint []);

-- name: delete_unattended(states)!
-- Small, and found by its partial index: what was set aside is rare. A state is owed for as long as
-- no later one of its key has been published; a heartbeat, which names its partition, is not.
delete from outbox
where
    set_aside_at < statement_timestamp() - interval '30 days'
    and (topic <> all(:states::text []) or partition is not null);
