-- name: raise_one(interest_id, applicant_key, message_id, purpose, answer, contact_id, application_id, vacancy_id, vacancy_title, at, withdrawn_since)
-- What somebody says of a vacancy once more, or again after they took it back, is one with what they
-- said before, by the newest message; of the same message it is nothing new as long as it is open,
-- and nothing at all while a recruiter is talking with them.
with before as (
    select interest_id, ended_at, ended_as, message_id
    from interests as known
    where candidate_id = (select candidate_id from applicants where applicant_key = :applicant_key)
    and (vacancy_id, purpose, answer) = (:vacancy_id, :purpose, :answer)
    and (
        coalesce(ended_as, 'talking') = 'talking'
        or (ended_as in ('withdrawn', 'taken_back') and ended_at >= :withdrawn_since::timestamptz)
    )
    and not exists (
        select from interests as open
        where open.applicant_key = :applicant_key and open.message_id = :message_id
        and open.ended_at is null and open.interest_id <> known.interest_id
    )
    order by ended_at desc nulls first, raised_at desc
    limit 1
),

again as (
    update interests as known
    set
        applicant_key = :applicant_key, message_id = :message_id, purpose = :purpose,
        contact_id = :contact_id, application_id = :application_id, raised_at = :at,
        ended_at = null, ended_as = null, closed_at = null
    from before
    where known.interest_id = before.interest_id and before.ended_as is distinct from 'talking'
    and (before.ended_at is not null or before.message_id <> :message_id)
    returning known.interest_id
),

raised as (
    insert into interests (
        interest_id, candidate_id, applicant_key, message_id, purpose, answer, contact_id,
        application_id, vacancy_id, vacancy_title, raised_at
    )
    select
        :interest_id, candidate_id, applicant_key, :message_id, :purpose, :answer, :contact_id,
        :application_id, :vacancy_id, :vacancy_title, :at
    from applicants
    where applicant_key = :applicant_key and not exists (select from before)
    on conflict (applicant_key, message_id) where ended_at is null do nothing
    returning interest_id
)

select interest_id, false as is_again from raised
union all
select interest_id, true as is_again from again;

-- name: going_on(keys, vacancy_ids)
select
    interest_id, candidate_id, answer, purpose, contact_id, application_id, vacancy_id,
    vacancy_title, raised_at as at, closed_at
from interests
where (applicant_key = any(:keys::text []) or vacancy_id = any(:vacancy_ids::text []))
and coalesce(ended_as, 'talking') = 'talking'
order by raised_at;

-- name: said_to(candidate_id)
-- The messages to which somebody said what is open or being talked about.
select message_id, applicant_key, purpose, contact_id, application_id, vacancy_id
from interests
where candidate_id = :candidate_id and coalesce(ended_as, 'talking') = 'talking'
order by raised_at;

-- name: recruiters(vacancy_ids)
-- Those of each vacancy; where there are none, the desk.
with asked as (
    select unnest(:vacancy_ids::text []) as vacancy_id
)

select vacancy_id, recruiter_id, time_zone, mobile, assigned_at
from asked
inner join recruiter_vacancies using (vacancy_id)
inner join recruiters using (recruiter_id)
union all
select vacancy_id, recruiter_id, time_zone, mobile, null
from asked cross join recruiters
where is_desk
and not exists (
    select from recruiter_vacancies as link where link.vacancy_id = asked.vacancy_id
)
order by recruiter_id;

-- name: unheard()$
-- How many are open that nobody hears of.
select count(*) from interests
where ended_at is null
and not exists (
    select from recruiter_vacancies as link where link.vacancy_id = interests.vacancy_id
)
and not exists (select from recruiters where is_desk);

-- name: particulars(interest_ids)
-- What was missing that they say they now have, and whose role it is.
select
    interest_id,
    case
        when answer = 'has_it_now' then (
            select jsonb_agg(
                gap
                order by applications.application_id <> interests.application_id, decided_at, place
            )
            from applications
            cross join lateral jsonb_array_elements(rejection -> 'shortfalls')
                with ordinality as each (gap, place)
            inner join closed_gaps as closed
                on closed.candidate_id = applications.candidate_id
                and closed.application_id = applications.application_id
                and closed.requirement_id = gap ->> 'requirementId'
            where applications.candidate_id = interests.candidate_id
            and (
                applications.application_id = interests.application_id
                or exists (
                    -- One letter told of both, and so does the page behind it.
                    select from applications as its_own
                    where its_own.candidate_id = interests.candidate_id
                    and its_own.application_id = interests.application_id
                    and its_own.source = applications.source
                    and its_own.rejection ->> 'vacancyId' = applications.rejection ->> 'vacancyId'
                    and coalesce(its_own.answered_with, its_own.application_id)
                    = coalesce(applications.answered_with, applications.application_id)
                )
            )
        )
    end as shortfalls,
    coalesce(vacancy_ids.source, applicants.source) as source
from interests
inner join applicants using (applicant_key)
left join vacancy_ids on vacancy_ids.vacancy_id = interests.vacancy_id
where interest_id = any(:interest_ids::text []);

-- name: close_desks(email, now)
-- Their ids are remembered as those of recruiters who have left. Whatever links them stops nothing.
with gone as (
    delete from recruiters
    where is_desk and email is distinct from :email::text
    returning recruiter_id
),

unlinked as (
    delete from recruiter_vacancies as link using gone where link.recruiter_id = gone.recruiter_id
)

insert into former_candidates (candidate_id, ended_at)
select recruiter_id, :now::timestamptz from gone
returning candidate_id;

-- name: withdraw(applicant_key, message_id, vacancy_id, purpose, now)
-- What was said to that message, or to another of its kind about the same vacancy, also where a
-- recruiter has said something of it that they have not been told.
update interests as one set ended_at = :now, ended_as = 'withdrawn', ended_by = null
where (
    coalesce(ended_as, 'talking') = 'talking'
    or (
        ended_by is not null
        and not exists (select from told_ends where told_ends.interest_id = one.interest_id)
    )
)
and (
    (applicant_key = :applicant_key and message_id = :message_id)
    or (
        candidate_id = (select candidate_id from applicants where applicant_key = :applicant_key)
        and (vacancy_id, purpose) = (:vacancy_id, :purpose)
    )
)
returning interest_id, candidate_id, applicant_key, ended_at as at, ended_as;

-- name: take_back(candidate_id, application_id, now)
update interests set ended_at = :now::timestamptz, ended_as = 'taken_back', ended_by = null
where candidate_id = :candidate_id and application_id = :application_id
and answer = 'has_it_now' and coalesce(ended_as, 'talking') = 'talking'
returning interest_id, candidate_id, applicant_key, ended_at as at, ended_as;

-- name: end(interest_id, recruiter_id, ended_as, now)
-- A no says nothing new where it has ended otherwise; whoever was told no is not told otherwise, and
-- who was hired is known by the system that hired them. What the same person said besides of the
-- vacancy, and still waits, ends with it.
update interests set ended_at = :now, ended_as = :ended_as, ended_by = :recruiter_id
where (
    interest_id = :interest_id
    or (
        ended_at is null and (candidate_id, vacancy_id) = (
            select meant.candidate_id, meant.vacancy_id
            from interests as meant where meant.interest_id = :interest_id
        )
    )
)
and ended_as is distinct from :ended_as::text
and (:ended_as::text <> 'not_this_time' or coalesce(ended_as, 'talking') = 'talking')
and (
    ended_as is distinct from 'not_this_time'
    or not exists (select from told_ends where told_ends.interest_id = interests.interest_id)
)
and (ended_as is distinct from 'hired' or ended_by is not null)
returning
    interest_id, candidate_id, applicant_key, ended_at as at, ended_as, ended_by as recruiter_id;

-- name: close(vacancy_ids, purposes, now)
update interests set ended_at = :now::timestamptz, ended_as = 'vacancy_closed'
where vacancy_id = any(:vacancy_ids::text []) and purpose = any(:purposes::text [])
and ended_at is null and closed_at is null
returning interest_id, candidate_id, applicant_key, ended_at as at, ended_as;

-- name: leave_open(vacancy_ids, purposes, now)
-- What was being talked about is open again, after `close`: of one message one is open at a time.
update interests
set ended_at = null, ended_as = null, ended_by = null, closed_at = :now::timestamptz
where interest_id in (
    select distinct on (applicant_key, message_id) interest_id
    from interests
    where vacancy_id = any(:vacancy_ids::text []) and purpose = any(:purposes::text [])
    and ended_as = 'talking'
    order by applicant_key asc, message_id asc, raised_at desc
)
returning
    interest_id, candidate_id, answer, purpose, contact_id, application_id, vacancy_id,
    vacancy_title, raised_at as at, closed_at;

-- name: hire(applicant_keys, now, ended_since)
-- Whoever works here now waits for no word about any vacancy of the source that says so, nor hears
-- that one has closed of which nobody told them yet. That they are being hired a recruiter may have
-- said before.
update interests set ended_at = :now::timestamptz, ended_as = 'hired', ended_by = null
where interest_id in (
    select interest_id
    from applications
    inner join interests as theirs using (candidate_id)
    inner join applicants on applicants.applicant_key = theirs.applicant_key
    left join vacancy_ids on vacancy_ids.vacancy_id = theirs.vacancy_id
    where applications.applicant_key = any(:applicant_keys::text [])
    and applications.status = 'hired'
    and applications.source = coalesce(vacancy_ids.source, applicants.source)
)
and (
    coalesce(ended_as, 'talking') = 'talking'
    or (ended_as = 'hired' and ended_by is not null)
    or (ended_as in ('vacancy_closed', 'unanswered') and ended_at > :ended_since::timestamptz)
)
returning interest_id, candidate_id, applicant_key, ended_at as at, ended_as;

-- name: resume(vacancy_ids, closed_since, now)
-- Of vacancies that have opened again what ended with their closing, unless they were told so; and
-- what was being talked about then, if nobody has said how it ended.
update interests as one
set
    ended_at = case when closed_at is not null then :now::timestamptz end,
    ended_as = case when closed_at is not null then 'talking' end,
    closed_at = null
where vacancy_id = any(:vacancy_ids::text [])
and (
    (ended_at is null and closed_at is not null)
    or (
        ended_as = 'vacancy_closed' and ended_at > :closed_since::timestamptz
        and not exists (select from told_ends where told_ends.interest_id = one.interest_id)
    )
)
returning
    interest_id, candidate_id, applicant_key, answer, purpose, contact_id, application_id,
    vacancy_id, vacancy_title, coalesce(ended_at, raised_at) as at, ended_as;

-- name: unanswered(job, before, limit)
-- Of what was being talked about when its vacancy closed the time counts from then. What is parked
-- is passed over, and parked no longer once it has ended otherwise.
with settled as (
    delete from parked_rows
    where job = :job::text
    and not exists (select from interests where interest_id = key and ended_at is null)
)

select interest_id from interests
where ended_at is null and raised_at < :before::timestamptz
and coalesce(closed_at, raised_at) < :before::timestamptz
and not exists (
    select from resting_rows where job = :job::text and key = interest_id
)
order by raised_at
limit :limit
for update skip locked;

-- name: end_unanswered(ids, now)
update interests set ended_at = :now::timestamptz, ended_as = 'unanswered'
where interest_id = any(:ids::text [])
returning interest_id, candidate_id, applicant_key, ended_at as at, ended_as;

-- name: latest(candidate_id, vacancy_id, purpose, answer)^
-- What somebody said so last of a vacancy to messages of a kind, and when they were told its end.
select
    ended_as, ended_at, ended_by, closed_at,
    (
        select min(told_at) from told_ends
        where told_ends.interest_id = one.interest_id
    ) as told_at
from interests as one
where candidate_id = :candidate_id
and (vacancy_id, purpose, answer) = (:vacancy_id, :purpose, :answer)
order by raised_at desc
limit 1;

-- name: sent_at(candidate_id, message_id)$
select min(at) from timeline
where candidate_id = :candidate_id and facts ->> 'messageId' = :message_id
and kind in ('message_sent', 'message_uncertain');

-- name: seen(recruiter_id)
-- What a recruiter may see: the interests in the vacancies that are theirs; what the desk may: those
-- in vacancies without recruiters. Somebody is reached as the applicant who answered.
select
    interest_id, interests.candidate_id, interests.vacancy_id, purpose, answer, vacancy_title,
    raised_at, ended_at, ended_as, ended_by, closed_at,
    (
        select min(told_at) from told_ends
        where told_ends.interest_id = interests.interest_id
    ) as told_at,
    put_right #> '{name,value}' as name,
    array(
        select jsonb_array_elements_text(
            coalesce(put_right #> '{emails,value}', '[]')
        )
    ) as emails,
    phone, whose.source,
    (
        select rejection ->> 'vacancyTitle' from applications
        where applications.candidate_id = interests.candidate_id
        and applications.source = whose.source and status = 'hired'
        order by status_time desc
        limit 1
    ) as hired_as
from interests
inner join applicants using (applicant_key)
left join vacancy_ids on vacancy_ids.vacancy_id = interests.vacancy_id
cross join lateral (select coalesce(vacancy_ids.source, applicants.source) as source) as whose
cross join lateral (
    select
        count(*) as recruiters,
        coalesce(bool_or(recruiter_id = :recruiter_id), false) as is_theirs
    from recruiter_vacancies
    where recruiter_vacancies.vacancy_id = interests.vacancy_id
) as hiring
where is_theirs
or (
    hiring.recruiters = 0
    and exists (select from recruiters where recruiter_id = :recruiter_id and is_desk)
);

-- name: find(interest_id, recruiter_id)^
with seen as (
    -- include: seen
)

select * from seen where interest_id = :interest_id;

-- name: waiting(recruiter_id, vacancy_id)
with seen as (
    -- include: seen
)

select * from (
    -- What one person said more than once of one vacancy waits for one answer.
    select distinct on (candidate_id, coalesce(vacancy_id, interest_id)) *
    from seen
    where ended_at is null and (:vacancy_id::text is null or vacancy_id = :vacancy_id)
    order by candidate_id asc, coalesce(vacancy_id, interest_id) asc, raised_at desc
) as newest
order by raised_at, interest_id
limit 100;
