-- name: end_consents(candidate_ids, keys, channels, kept_purposes, kept_channels, kept_untils, how, now)
-- Ends what these people or applicants agreed to for these channels, but for what is kept. No end comes
-- before its beginning, even if the clock was put back.
insert into consent_entries (
    chain, candidate_id, applicant_key, act, purpose, channel, at, how, ends
)
select
    chain, candidate_id, applicant_key, 'ended', purpose, channel,
    greatest(:now::timestamptz, granted_at), :how::text, position
from consents
where (candidate_id = any(:candidate_ids::text []) or applicant_key = any(:keys::text []))
and channel = any(:channels::text []) and ended_at is null and until > :now::timestamptz
and (purpose, channel, until) not in (
    select * from unnest(
        :kept_purposes::text [], :kept_channels::text [], :kept_untils::timestamptz []
    )
)
order by chain, position
returning candidate_id;

-- name: begin_consents(applicant_key, purposes, channels, untils, how, wording_version, now)!
insert into consent_entries (
    candidate_id, applicant_key, act, at, how, wording_version, purpose, channel, until
)
select
    candidate_id, applicant_key, 'agreed', :now::timestamptz, :how::text, :wording_version::text,
    begun.*
from applicants
cross join unnest(:purposes::text [], :channels::text [], :untils::timestamptz []) as begun
where applicant_key = :applicant_key::text;

-- name: assert_consents(keys, purposes, channels, sinces, untils, now)!
-- What sources say that people agreed to, once, and only of whom nobody has heard anything else:
-- neither did they answer, nor does a stop hold.
insert into consent_entries (
    candidate_id, applicant_key, act, purpose, channel, at, until, how, wording_version
)
select candidate_id, applicant_key, 'agreed', purpose, channel, since, until, 'source', source
from
    unnest(
        :keys::text [], :purposes::text [], :channels::text [], :sinces::timestamptz [],
        :untils::timestamptz []
    ) as said (applicant_key, purpose, channel, since, until)
inner join applicants using (applicant_key)
where hat_answered_at is null and since <= :now::timestamptz
and until > since and until > :now::timestamptz
and not exists (
    select 1 from channel_stops as stop
    where stop.applicant_key = applicants.applicant_key and stop.channel = said.channel
    and stop.lifted_at is null
)
and not exists (
    select 1 from consent_chains
    inner join consent_entries as known using (chain)
    where consent_chains.applicant_key = applicants.applicant_key and known.act = 'agreed'
    and known.purpose = said.purpose and known.channel = said.channel and known.at >= said.since
)
order by applicant_key, purpose, channel;

-- name: has_agreed(candidate_id, now)$
select exists (
    select 1 from consents
    where candidate_id = :candidate_id::text and ended_at is null and until > :now::timestamptz
);

-- name: stop(candidate_ids, keys, channels, how, now)
-- Returns those for whom a stop is new. It holds for each applicant of theirs, who may turn out to be
-- another person; or for these applicants alone. Their own word is kept beside that of who may be them,
-- and of a system that may take back its own.
insert into consent_entries (candidate_id, applicant_key, act, channel, at, how)
select candidate_id, applicant_key, 'stopped', channel, :now::timestamptz, :how::text
from applicants
cross join unnest(:channels::text []) as channel
where (candidate_id = any(:candidate_ids::text []) or applicant_key = any(:keys::text []))
and not exists (
    select 1 from channel_stops as live
    where live.applicant_key = applicants.applicant_key and live.channel = channel.channel
    and live.lifted_at is null
    and (live.how not in ('mailbox', 'source') or live.how = :how::text)
)
order by applicant_key, channel
returning candidate_id;

-- name: opened_since(keys, times, channel)
-- Those of whose people somebody has opened the channel since then, or agreed to something over it, and
-- neither a system nor whoever may be them.
select one.applicant_key
from unnest(:keys::text [], :times::timestamptz []) as said (applicant_key, at)
inner join applicants as one using (applicant_key)
where exists (
    select 1 from channel_stops as stop
    where stop.candidate_id = one.candidate_id and stop.channel = :channel::text
    and stop.lifted_at > said.at and stop.lifted_how not in ('mailbox', 'source')
)
or exists (
    select 1 from consents as yes
    where yes.candidate_id = one.candidate_id and yes.channel = :channel::text
    and yes.granted_at > said.at and yes.how <> 'source'
);

-- name: lift_stops(candidate_ids, keys, channels, made_by, by, how, now)
insert into consent_entries (
    chain, candidate_id, applicant_key, act, channel, at, how, ends, lifted_by
)
select
    chain, candidate_id, applicant_key, 'lifted', channel,
    greatest(:now::timestamptz, stopped_at), :how::text, position, :by::text
from channel_stops
where (candidate_id = any(:candidate_ids::text []) or applicant_key = any(:keys::text []))
and channel = any(:channels::text [])
and lifted_at is null and (:made_by::text [] is null or how = any(:made_by::text []))
order by chain, position
returning candidate_id;

-- name: keep(applicant_key, message_id, question, answer, vacancy_id, now)$
-- Returns nothing when the same was answered before.
insert into answers (
    candidate_id, applicant_key, message_id, question, answer, vacancy_id, answered_at
)
select candidate_id, applicant_key, :message_id, :question, :answer, :vacancy_id, :now
from applicants where applicant_key = :applicant_key
on conflict (candidate_id, message_id, question) do update
set answer = excluded.answer, answered_at = excluded.answered_at
where answers.answer <> excluded.answer
returning candidate_id;

-- name: unsay(candidate_id, message_id, question, answer)!
delete from answers
where (candidate_id, message_id, question, answer)
= (:candidate_id, :message_id, :question, :answer);

-- name: answered(candidate_id, message_id)
select question, answer from answers
where candidate_id = :candidate_id and message_id = :message_id;

-- name: hat_answered(applicant_key, refused, now)!
update applicants
set
    hat_answered_at = :now::timestamptz,
    hat_refused_at = case when :refused::boolean then :now::timestamptz end
where applicant_key = :applicant_key;

-- name: continued(candidate_id)
select distinct facts ->> 'applicationId' as application_id from timeline
where candidate_id = :candidate_id::text and kind = any('{message_sent,message_uncertain}')
and facts ->> 'purpose' = 'continuation';

-- name: pause(candidate_id, until)$
-- For each applicant of theirs, who may turn out to be another person.
update applicants set paused_until = :until
where candidate_id = :candidate_id and paused_until is distinct from :until::timestamptz
returning candidate_id;

-- name: close_gap(candidate_id, application_id, requirement_id, closed_at)$
insert into closed_gaps (candidate_id, application_id, requirement_id, closed_at)
values (:candidate_id, :application_id, :requirement_id, :closed_at)
on conflict do nothing
returning candidate_id;

-- name: open_gap(candidate_id, application_id, requirement_id)$
delete from closed_gaps
where candidate_id = :candidate_id and application_id = :application_id
and requirement_id = :requirement_id
returning candidate_id;

-- name: tell(applicant_key, kinds, names, now, most)
-- Returns what is news; what goes beyond the bound is not kept.
insert into news (candidate_id, applicant_key, kind, name, told_at)
select candidate_id, applicant_key, told.kind, told.name, :now
from applicants
cross join unnest(:kinds::text [], :names::text []) as told (kind, name)
where applicant_key = :applicant_key
and (select count(*) from news where news.applicant_key = :applicant_key) < :most::bigint
on conflict do nothing
returning kind;

-- name: told(candidate_id, since)
select kind, name, told_at from news
where candidate_id = :candidate_id::text and told_at >= :since::timestamptz
order by told_at, kind, name;

-- name: vocabulary(sources, vacancies, most)
-- What the newest open vacancies of these sources ask for and are called, the commonest first.
with newest as (
    select vacancy from vacancies
    where source = any(:sources::text []) and status = 'open'
    order by event_time desc
    limit :vacancies::bigint
),

said as (
    select requirement ->> 'kind' as kind, requirement ->> 'name' as name
    from newest cross join jsonb_array_elements(vacancy -> 'requirements') as requirement
    union all
    select 'skill', skill from newest cross join jsonb_array_elements_text(vacancy -> 'skills') as skill
    union all
    select 'job', vacancy ->> 'title' from newest
    union all
    select 'place', vacancy #>> '{jobLocation,locality}' from newest
)

select kind, name from (
    select kind, name, row_number() over (partition by kind order by count(*) desc, name) as nth
    from said where name <> ''
    group by kind, name
) as ranked
where nth <= :most::bigint
order by kind, nth;

-- name: phones(candidate_ids)
select applicant_key, candidate_id, phone
from applicants
where candidate_id = any(:candidate_ids::text []) and phone is not null;

-- name: vacancy(vacancy_id)^
select vacancy ->> 'title' as title, status = 'closed' as is_closed
from vacancies where vacancy_id = :vacancy_id;
