-- name: raise_one(interest_id, applicant_key, message_id, purpose, answer, contact_id, application_id, vacancy_id, vacancy_title, at)$
insert into interests (
    interest_id, candidate_id, applicant_key, message_id, purpose, answer, contact_id,
    application_id, vacancy_id, vacancy_title, raised_at
)
select
    :interest_id, candidate_id, applicant_key, :message_id, :purpose, :answer, :contact_id,
    :application_id, :vacancy_id, :vacancy_title, :at
from applicants where applicant_key = :applicant_key
on conflict (applicant_key, message_id) where ended_at is null do nothing
returning interest_id;

-- name: recruiters(vacancy_id)
select recruiter_id, time_zone
from recruiter_vacancies
inner join recruiters using (recruiter_id)
where vacancy_id = :vacancy_id
order by recruiter_id;

-- name: withdraw(applicant_key, message_id, now)
update interests set ended_at = :now, ended_as = 'withdrawn'
where applicant_key = :applicant_key and message_id = :message_id and ended_at is null
returning interest_id, candidate_id, applicant_key, ended_at as at, ended_as;

-- name: end(interest_id, recruiter_id, ended_as, now)
-- A no says nothing new where it has ended otherwise.
update interests set ended_at = :now, ended_as = :ended_as, ended_by = :recruiter_id
where interest_id = :interest_id and ended_as is distinct from :ended_as::text
and (:ended_as::text <> 'not_this_time' or coalesce(ended_as, 'talking') = 'talking')
returning interest_id, candidate_id, applicant_key, ended_at as at, ended_as;

-- name: close(vacancy_ids, purposes, now)
update interests set ended_at = :now::timestamptz, ended_as = 'vacancy_closed', ended_by = null
where vacancy_id = any(:vacancy_ids::text []) and purpose = any(:purposes::text [])
and coalesce(ended_as, 'talking') = 'talking'
returning interest_id, candidate_id, applicant_key, ended_at as at, ended_as;

-- name: end_unanswered(raised_before, limit, now)
update interests set ended_at = :now::timestamptz, ended_as = 'unanswered'
where interest_id in (
    select interest_id from interests
    where ended_at is null and raised_at < :raised_before::timestamptz
    order by raised_at
    limit :limit
    for update skip locked
)
returning interest_id, candidate_id, applicant_key, ended_at as at, ended_as;

-- name: seen(recruiter_id)
-- What a recruiter may see: the interests in the vacancies that are theirs. Somebody is reached as
-- the applicant who answered.
select
    interest_id, interests.candidate_id, vacancy_id, purpose, answer, vacancy_title, raised_at,
    ended_at, ended_as, personal_data #> '{name,value}' as name,
    array(
        select jsonb_array_elements_text(coalesce(personal_data #> '{emails,value}', '[]'))
    ) as emails,
    personal_data #>> '{phone,value}' as phone
from interests
inner join applicants using (applicant_key)
inner join recruiter_vacancies using (vacancy_id)
where recruiter_id = :recruiter_id;

-- name: find(interest_id, recruiter_id)^
with seen as (
    -- include: seen
)

select * from seen where interest_id = :interest_id;

-- name: waiting(recruiter_id, vacancy_id)
with seen as (
    -- include: seen
)

select * from seen
where ended_at is null and (:vacancy_id::text is null or vacancy_id = :vacancy_id)
order by raised_at, interest_id
limit 100;
