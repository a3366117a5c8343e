-- name: shown_before(vacancy_id, since)
select distinct shown.candidate_id
from shown inner join searches on searches.id = shown.search_id
where searches.vacancy_id = :vacancy_id and searches.searched_at >= :since;

-- name: keep_search(id, vacancy_id, version, criteria, remarks, ranker, reopened, newcomers, known, ranked, now)!
insert into searches (
    id, vacancy_id, vacancy_version, criteria, remarks, ranker, reopened, newcomers, known_people,
    ranked_people, searched_at
)
values (
    :id, :vacancy_id, :version, :criteria::jsonb, :remarks, :ranker, :reopened, :newcomers, :known,
    :ranked, :now
);

-- name: keep_considered(id, outcomes, numbers)!
insert into considered (search_id, outcome, numbers)
select :id::text, outcome, numbers::bigint []
from unnest(:outcomes::text [], :numbers::text []) as groups (outcome, numbers);

-- name: keep_shown(id, ranks, candidates, scores, tiers, readiness, applications)!
insert into shown (search_id, rank, candidate_id, score, tier, readiness, application_id)
select :id::text, entries.* from unnest(
    :ranks::integer [], :candidates::text [], :scores::double precision [], :tiers::text [],
    :readiness::text [], :applications::text []
) as entries;

-- name: keep_reasons(id, candidates, speaking_for, speaking_against)!
insert into reasons (search_id, candidate_id, speaking_for, speaking_against)
select :id::text, entries.* from unnest(
    :candidates::text [], :speaking_for::jsonb [], :speaking_against::jsonb []
) as entries;

-- name: note(events, what, candidates, vacancies, shortlists, contacts, at)!
insert into afterwards (event_id, what, candidate_id, vacancy_id, shortlist_id, contact_id, at)
select * from unnest(
    :events::text [], :what::text [], :candidates::text [], :vacancies::text [],
    :shortlists::text [], :contacts::text [], :at::timestamptz []
);

-- name: searches(vacancy_id)
select * from searches where vacancy_id = :vacancy_id order by searched_at, id;

-- name: considered(ids)
select search_id, outcome, cardinality(numbers) as people from considered
where search_id = any(:ids::text [])
order by search_id, outcome;

-- name: shown(ids)
select
    shown.*,
    coalesce(reasons.speaking_for, '[]') as reasons_for,
    coalesce(reasons.speaking_against, '[]') as reasons_against
from shown
left join reasons
on reasons.search_id = shown.search_id and reasons.candidate_id = shown.candidate_id
where shown.search_id = any(:ids::text [])
order by shown.search_id, shown.rank;

-- name: afterwards(vacancy_id)
-- A message names its contact only; which vacancy that was for, the plan said.
select noted.what, noted.candidate_id, noted.shortlist_id, noted.at
from afterwards as noted
left join afterwards as plan on plan.contact_id = noted.contact_id and plan.what = 'planned'
where coalesce(noted.vacancy_id, plan.vacancy_id) = :vacancy_id
order by noted.at, noted.id;
