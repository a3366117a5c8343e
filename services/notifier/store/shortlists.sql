-- name: add(rows)!
insert into shortlists (
    shortlist_id, vacancy_id, facts, expires_at, correlation_id, causation_id, repeats
)
select rows.*
from jsonb_to_recordset(:rows::jsonb) as rows (
    shortlist_id text, vacancy_id text, facts jsonb, expires_at timestamptz,
    correlation_id text, causation_id text, repeats text
)
on conflict do nothing;

-- name: replace(vacancy_ids)
with theirs as (
    select shortlist_id from shortlists
    where vacancy_id = any(:vacancy_ids::text [])
    order by shortlist_id
    for update
)

delete from shortlists using theirs
where shortlists.shortlist_id = theirs.shortlist_id
returning shortlists.shortlist_id;

-- name: look_again(job, vacancy_ids)!
-- Also at what was parked of them.
with theirs as (
    select shortlist_id from shortlists
    where vacancy_id = any(:vacancy_ids::text [])
    order by shortlist_id
    for update
),

released as (
    delete from parked_rows using theirs
    where job = :job::text and split_part(key, '/', 1) = theirs.shortlist_id
)

update shortlists set look_at = clock_timestamp(), looked_at = null
from theirs
where shortlists.shortlist_id = theirs.shortlist_id;

-- name: take(limit)
-- Each is looked at again after as long as has passed since its first look, and a second.
with due as (
    select shortlist_id from shortlists
    where look_at <= (select clock_timestamp())
    order by look_at
    limit :limit::integer
    for update skip locked
)

update shortlists
set
    looked_at = coalesce(looked_at, clock_timestamp()),
    look_at = clock_timestamp() + interval '1 second'
    + (clock_timestamp() - coalesce(looked_at, clock_timestamp()))
from due
where shortlists.shortlist_id = due.shortlist_id
returning shortlists.shortlist_id;

-- name: unaddressed(job, shortlist_ids, now)
-- The recruiters of these shortlists' vacancies who have no message about them yet, nor one, unless
-- it never left, about another that named the same people. Whom nobody could tell of a shortlist is
-- parked under the ids of both.
select
    shortlists.*,
    recipients.recipient_id,
    recipients.state ->> 'timeZone' as time_zone
from shortlists
inner join recipients
    on recipients.kind = 'recruiter'
    and recipients.vacancies @> array[shortlists.vacancy_id]
where shortlists.shortlist_id = any(:shortlist_ids::text [])
and shortlists.expires_at > :now::timestamptz
and not exists (
    select 1 from messages
    where messages.contact_id is null
    and messages.shortlist_id = shortlists.shortlist_id
    and messages.recipient_id = recipients.recipient_id
)
and not exists (
    select 1 from messages
    where messages.contact_id is null
    and messages.shortlist_id = shortlists.repeats
    and messages.recipient_id = recipients.recipient_id
    and messages.state in ('pending', 'sending', 'sent', 'uncertain')
)
and not exists (
    select from resting_rows
    where job = :job::text and key = shortlists.shortlist_id || '/' || recipients.recipient_id
);

-- name: forget(job, now, limit)
-- What was parked of shortlists that are no more is let go in the next round.
with released as (
    delete from parked_rows
    where job = :job::text
    and not exists (select from shortlists where shortlist_id = split_part(key, '/', 1))
),

past as (
    select shortlist_id from shortlists
    where expires_at <= :now::timestamptz
    order by expires_at
    limit :limit::integer
)

delete from shortlists using past
where shortlists.shortlist_id = past.shortlist_id
returning shortlists.shortlist_id;
