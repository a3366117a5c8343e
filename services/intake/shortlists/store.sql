-- name: keep(bodies)!
-- A shortlist that is known is left as it is: it never changes.
with lists as (
    select body from unnest(:bodies::jsonb []) as body
),

kept as (
    insert into shortlists
    select
        body ->> 'shortlistId', body ->> 'vacancyId', body ->> 'vacancyTitle',
        (body ->> 'continues')::boolean, (body ->> 'considered')::integer,
        jsonb_array_length(body -> 'candidates'), (body ->> 'rankedAt')::timestamptz
    from lists
    on conflict do nothing
    returning shortlist_id
)

insert into shortlisted
select
    kept.shortlist_id, present.candidate_id, entry.rank, entry.tier, entry.missed,
    entry.readiness, entry."readyOn", entry."applicationId", entry."reasonsFor", entry."reasonsAgainst"
from lists
inner join kept on kept.shortlist_id = lists.body ->> 'shortlistId'
cross join
    jsonb_to_recordset(lists.body -> 'candidates') as entry (
        "candidateId" text, rank integer, tier text, missed text, readiness text, "readyOn" date,
        "applicationId" text, "reasonsFor" jsonb, "reasonsAgainst" jsonb
    )
-- Somebody who was erased or joined meanwhile: the one is left out, the other listed as they are now.
left join lateral (
    select applicants.candidate_id
    from former_memberships
    inner join applicants using (applicant_key)
    where former_memberships.candidate_id = entry."candidateId"
    and not exists (select 1 from candidates where candidate_id = entry."candidateId")
    order by recorded_at, applicant_key
    limit 1
) as former on true
inner join lateral (
    select candidate_id from candidates
    where candidate_id = coalesce(former.candidate_id, entry."candidateId")
    for key share
) as present on true
order by entry.rank
on conflict do nothing;

-- name: find(shortlist_id)^
select shortlist_id, vacancy_id, vacancy_title, continues, considered, listed, ranked_at
from shortlists where shortlist_id = :shortlist_id;

-- name: decide(shortlist_id, candidate_ids, recruiter_id, choice, because, now)
-- The first decision stands; returns only those that this one decided.
insert into shortlist_decisions
select
    :shortlist_id::text, candidate_id, :recruiter_id::text, :choice::text, :because::text,
    :now::timestamptz
from unnest(:candidate_ids::text []) as candidate_id
on conflict do nothing
returning candidate_id;

-- name: withdraw(vacancy_ids, now)
-- Takes back what was approved for vacancies that have closed.
update shortlist_decisions as decision
set withdrawn_at = :now::timestamptz
from shortlists as list
where list.shortlist_id = decision.shortlist_id
and list.vacancy_id = any(:vacancy_ids::text [])
and decision.choice = 'approved' and decision.withdrawn_at is null
returning decision.shortlist_id, list.vacancy_id, decision.candidate_id, decision.recruiter_id;

-- name: hold(vacancy_id)!
-- Whoever closes the vacancy waits for what is decided now, and then takes it back.
select 1 from vacancies where vacancy_id = :vacancy_id for share;

-- name: candidate_ids(shortlist_id)
select candidate_id from shortlisted where shortlist_id = :shortlist_id;

-- name: vacancy(vacancy_id, recruiter_id)^
-- Returns nothing for somebody who is no recruiter of this vacancy, or not any more.
select vacancies.status, vacancies.vacancy, vacancies.closed_at
from vacancies
inner join recruiter_vacancies using (vacancy_id)
where vacancy_id = :vacancy_id and recruiter_id = :recruiter_id;

-- name: listed(shortlist_id)
select
    shortlisted.candidate_id, rank, tier, missed, readiness, ready_on, application_id,
    reasons_for, reasons_against,
    candidates.personal_data #> '{name,value}' as name,
    choice, because, decided_at, withdrawn_at
from shortlisted
inner join candidates using (candidate_id)
left join shortlist_decisions as decision
    on decision.shortlist_id = shortlisted.shortlist_id
    and decision.candidate_id = shortlisted.candidate_id
where shortlisted.shortlist_id = :shortlist_id
order by rank;

-- name: histories(ids, tellings)
select
    asked.candidate_id, told.purpose as told_by, told.at as told_at,
    latest.purpose as last_purpose, latest.at as last_at,
    answer.answer, answer.answered_about, answer.answered_at
from unnest(:ids::text []) as asked (candidate_id)
left join lateral (
    select facts ->> 'purpose' as purpose, at from timeline
    where timeline.candidate_id = asked.candidate_id and kind = 'message_sent'
    and facts ->> 'purpose' = any(:tellings::text [])
    order by at desc limit 1
) as told on true
left join lateral (
    select facts ->> 'purpose' as purpose, at from timeline
    where timeline.candidate_id = asked.candidate_id and kind = 'message_sent'
    order by at desc limit 1
) as latest on true
left join lateral (
    select answer, answered_at, vacancies.vacancy ->> 'title' as answered_about
    from answers left join vacancies using (vacancy_id)
    where answers.candidate_id = asked.candidate_id and question = 'interest'
    order by answered_at desc limit 1
) as answer on true;

-- name: delete_before(before, limit)
-- Who stands on one, and what was decided about them, goes with it.
delete from shortlists where shortlist_id in (
    select shortlist_id from shortlists
    where ranked_at < :before::timestamptz
    order by ranked_at
    limit :limit
    for update skip locked
)
returning shortlist_id;
