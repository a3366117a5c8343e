-- name: stored_offsets()
select 'intake' as service, topic, partition, next_offset from intake.offsets
union all
select 'scheduler', topic, partition, next_offset from scheduler.offsets
union all
select 'matcher', topic, partition, next_offset from matcher.offsets
union all
select 'notifier', topic, partition, next_offset from notifier.offsets;

-- name: unsettled(now)$
select
    exists (select 1 from intake.outbox where set_aside_at is null)
    or exists (select 1 from scheduler.outbox where set_aside_at is null)
    or exists (select 1 from matcher.outbox where set_aside_at is null)
    or exists (select 1 from notifier.outbox where set_aside_at is null)
    or exists (
        select 1 from scheduler.occasions
        where
            state = 'planned' and due_at <= :now
            and not exists (
                select 1 from scheduler.parked_rows where job = 'planning' and key = candidate_id
            )
    )
    or exists (select 1 from matcher.search_jobs where state in ('pending', 'running'))
    or exists (
        select 1 from notifier.shortlists
        where not exists (
            select 1 from notifier.messages
            where messages.shortlist_id = shortlists.shortlist_id
        )
    )
    or exists (
        select 1 from notifier.messages
        where state = 'sending'
        or (state = 'pending' and next_attempt_at <= :now and windows @> :now::timestamptz)
    );

-- name: next_due(now)$
select min(due_at)
from (
    select due_at from scheduler.occasions where state = 'planned' and due_at > :now
    union all
    select next_attempt_at from notifier.messages where state = 'pending' and next_attempt_at > :now
    union all
    select lower(opening) from notifier.messages, unnest(windows) as opening
    where state = 'pending' and lower(opening) > :now
) as coming;
