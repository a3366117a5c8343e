-- name: load(topic, partitions)
with missing as (
    insert into offsets (topic, partition, next_offset)
    select :topic::text, partition, 0
    from unnest(:partitions::integer []) as assigned (partition)
    order by partition
    on conflict do nothing
    returning partition, next_offset
)

select partition, next_offset from missing
union all
select partition, next_offset from offsets
where topic = :topic and partition = any(:partitions::integer []);

-- name: move(partitions, known, reached, topic)
update offsets
set next_offset = moves.reached, moved_at = clock_timestamp()
from unnest(
    :partitions::integer [], :known::bigint [], :reached::bigint []
) as moves (partition, known, reached)
where offsets.topic = :topic
and offsets.partition = moves.partition
and offsets.next_offset = moves.known
returning offsets.partition;

-- name: free_places(topic, partitions)!
-- A place before all others that is no other row's.
update quarantine set "offset" = -id
where topic = :topic and partition = any(:partitions::integer []) and "offset" >= 0;

-- name: stored(topic)
select partition, next_offset, moved_at from offsets where topic = :topic;
