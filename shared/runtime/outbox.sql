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
    select * from outbox
    where id not in (select unnest(:published::bigint []))
    order by id
    limit :limit
)

select waiting.* from lease left join waiting on true order by waiting.id;

-- name: waiting()$
select count(*) from outbox;
