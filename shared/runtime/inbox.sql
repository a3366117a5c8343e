-- name: remember_facts(sources, ids, contents)
-- Sorted, so that two batches with the same ids cannot deadlock.
insert into inbox (source, event_id, content)
select source, event_id, content
from
    unnest(:sources::text [], :ids::text [], :contents::bytea [])
    as facts (source, event_id, content)
order by source, event_id
on conflict do nothing
returning source, event_id;

-- name: contents(sources, ids)
select source, event_id, content
from inbox inner join unnest(:sources::text [], :ids::text []) as facts (source, event_id)
    using (source, event_id)
where content is not null;

-- name: release_facts(sources, ids)!
delete from inbox using unnest(:sources::text [], :ids::text []) as facts (source, event_id)
where inbox.source = facts.source and inbox.event_id = facts.event_id;

-- name: remember_states(topic, keys, versions, ids, erased, by_receipt)
insert into versions as seen (topic, key, version, event_id, erased_at)
select :topic::text, key, version, event_id, case when erased then clock_timestamp() end
from unnest(
    :keys::text [], :versions::bigint [], :ids::text [], :erased::boolean []
) as states (key, version, event_id, erased)
order by key
on conflict (topic, key) do update
set version = excluded.version, event_id = excluded.event_id, erased_at = excluded.erased_at
where seen.erased_at is null
and (
    excluded.erased_at is not null
    or (seen.version, seen.event_id) < (excluded.version, excluded.event_id)
    or (
        :by_receipt::boolean
        and seen.version = excluded.version and seen.event_id <> excluded.event_id
    )
)
returning key;

-- name: forget_facts()$
-- Only with a time that stands still during the statement, and an interval that is known when it is
-- planned, does PostgreSQL use the index. In parts, so that no transaction holds many locks.
with old as (
    delete from inbox where ctid = any(array(
        select ctid from inbox
        where seen_at < statement_timestamp() - interval '30 days'
        limit 10000
    ))
    returning 1
)

select count(*) = 10000 from old;
