-- name: applications()
select candidate_id, source, source_application_id as application, status, answered_at
from intake.applications;

-- name: recorded()
-- How often each rejection had its effect: an effect is a line of the timeline.
select facts ->> 'applicationId' as application, kind as what, count(*) as times
from intake.timeline
where kind in ('rejected', 'unrejected', 'withdrawn', 'hired')
group by 1, 2;

-- name: candidates()
select candidate_id, version from intake.candidates;

-- name: former_candidates()
select candidate_id from intake.former_candidates;

-- name: occasions()
select
    occasion_id, candidate_id, kind as occasion, state, due_at, expires_at, emitted_at, ended_at
from scheduler.occasions;

-- name: messages()
select
    message_id, recipient_id, contact_id, shortlist_id, application_id, purpose, channel, state,
    because, expires_at, attempted_at, ended_at, tries,
    array(
        select array[extract(epoch from lower(opening)), extract(epoch from upper(opening))]::float8 []
        from unnest(windows) as opening
    ) as windows
from notifier.messages;

-- name: quarantine()
select 'intake' as service, topic, partition, "offset" from intake.quarantine
union all
select 'scheduler', topic, partition, "offset" from scheduler.quarantine
union all
select 'matcher', topic, partition, "offset" from matcher.quarantine
union all
select 'notifier', topic, partition, "offset" from notifier.quarantine;

-- name: offsets()
select 'intake' as service, topic, partition, next_offset from intake.offsets
union all
select 'scheduler', topic, partition, next_offset from scheduler.offsets
union all
select 'matcher', topic, partition, next_offset from matcher.offsets
union all
select 'notifier', topic, partition, next_offset from notifier.offsets;

-- name: waiting()$
select
    (select count(*) from intake.outbox) + (select count(*) from scheduler.outbox)
    + (select count(*) from matcher.outbox) + (select count(*) from notifier.outbox);

-- name: tables()
select schemaname as schema, format('%I.%I', schemaname, tablename) as name
from pg_tables
where schemaname in ('intake', 'scheduler', 'matcher', 'notifier');

-- name: tables_of_the_record()
select format('%I.%I', schemaname, tablename) as name
from pg_tables
where
    schemaname = 'intake'
    and tablename not in ('outbox', 'offsets', 'leases', 'inbox', 'versions')
order by 1;
