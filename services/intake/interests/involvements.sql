-- name: involvements(ids, sees)
-- What people would like to talk about, or say that they have by now, in whatever role; and where else
-- they are approved for one that is open and have not said yes. As far as a reader may learn of it, who
-- may learn of one source, or of all.
with asked as (
    select unnest(:ids::text []) as candidate_id
),

interested as (
    select
        interests.candidate_id, interest_id, interests.vacancy_id, vacancy_title, answer,
        raised_at as at, ended_as, ended_at, ended_by, closed_at,
        (
            select min(told_at) from told_ends
            where told_ends.interest_id = interests.interest_id
        ) as told_at
    from asked
    inner join interests using (candidate_id)
    inner join applicants using (applicant_key)
    left join vacancy_ids on vacancy_ids.vacancy_id = interests.vacancy_id
    where :sees::text is null or coalesce(vacancy_ids.source, applicants.source) = :sees
),

approved as (
    select distinct on (asked.candidate_id, list.vacancy_id)
        asked.candidate_id, list.vacancy_id, list.vacancy_title, decided_at as at
    from asked
    inner join shortlist_decisions as decision using (candidate_id)
    inner join shortlists as list using (shortlist_id)
    inner join vacancies using (vacancy_id)
    where decision.choice = 'approved' and decision.withdrawn_at is null
    and vacancies.status = 'open'
    and (:sees::text is null or vacancies.source = :sees)
    and not exists (
        select from interested
        where interested.candidate_id = asked.candidate_id
        and interested.vacancy_id = list.vacancy_id and answer = 'interested'
    )
    order by asked.candidate_id, list.vacancy_id, decided_at desc
)

select * from interested
union all
select
    candidate_id, null, vacancy_id, vacancy_title, null, at, null, null, null, null, null
from approved
order by at;
