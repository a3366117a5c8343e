-- name: applications()
select
    candidate_id, source, source_application_id as application, application_id as published, status,
    answered_at, answered_with
from intake.applications;

-- name: recorded()
-- How often each rejection had its effect: an effect is a line of the timeline.
select source, facts ->> 'applicationId' as application, kind as what, count(*) as times
from intake.timeline
inner join intake.applicants using (applicant_key)
where kind in ('rejected', 'unrejected', 'withdrawn', 'hired')
group by 1, 2, 3;

-- name: claims()
-- What each source says of its applicants, and which of them are one person.
select
    source, candidate_id, personal_data #>> '{name,value,familyName}' as family,
    array(select jsonb_array_elements_text(personal_data #> '{emails,value}')) as emails
from intake.applicants;

-- name: addressed()
-- To whom the notifier writes, and where.
select
    recipient_id, state #>> '{name,familyName}' as family,
    array(select jsonb_array_elements_text(state -> 'emails')) as emails
from notifier.recipients
where kind = 'candidate';

-- name: vacancies()
select
    source, source_vacancy_id as vacancy, status, vacancy ->> 'title' as title,
    array(
        select name from intake.recruiters
        inner join intake.recruiter_vacancies using (recruiter_id)
        where recruiter_vacancies.vacancy_id = vacancies.vacancy_id
    ) as recruiters
from intake.vacancies
inner join intake.vacancy_ids using (source, vacancy_id);

-- name: shortlists()
select shortlist_id, source from intake.shortlists
inner join intake.vacancies using (vacancy_id);

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
select 'intake' as service, topic, partition, "offset", reason from intake.quarantine
union all
select 'scheduler', topic, partition, "offset", reason from scheduler.quarantine
union all
select 'matcher', topic, partition, "offset", reason from matcher.quarantine
union all
select 'notifier', topic, partition, "offset", reason from notifier.quarantine;

-- name: parked()
select 'intake' as service, job, key, reason from intake.parked_rows
union all
select 'scheduler', job, key, reason from scheduler.parked_rows
union all
select 'matcher', job, key, reason from matcher.parked_rows
union all
select 'notifier', job, key, reason from notifier.parked_rows;

-- name: unpublished()
select 'intake' as service, event_id, set_aside_because as reason from intake.outbox
where set_aside_at is not null
union all
select 'scheduler', event_id, set_aside_because from scheduler.outbox
where set_aside_at is not null
union all
select 'matcher', event_id, set_aside_because from matcher.outbox
where set_aside_at is not null
union all
select 'notifier', event_id, set_aside_because from notifier.outbox
where set_aside_at is not null;

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
    (select count(*) from intake.outbox where set_aside_at is null)
    + (select count(*) from scheduler.outbox where set_aside_at is null)
    + (select count(*) from matcher.outbox where set_aside_at is null)
    + (select count(*) from notifier.outbox where set_aside_at is null);

-- name: tables()
select schemaname as schema, format('%I.%I', schemaname, tablename) as name
from pg_tables
where schemaname in ('intake', 'scheduler', 'matcher', 'notifier');

-- name: tables_of_the_record()
-- Deliveries are read, and searched for whoever is erased, in their own time.
select format('%I.%I', schemaname, tablename) as name
from pg_tables
where
    schemaname = 'intake'
    and tablename not in ('outbox', 'offsets', 'leases', 'inbox', 'versions', 'deliveries')
order by 1;
