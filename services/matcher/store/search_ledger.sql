-- name: shown_before(vacancy_id, since)
select distinct ranked.candidate_id
from ranked inner join searches on searches.id = ranked.search_id
where searches.vacancy_id = :vacancy_id and searches.searched_at >= :since and ranked.shown;

-- name: repeated(vacancy_id, criteria, since, candidates, applications)$
-- The search that was the first to show these very people, for the same, since when nothing was
-- decided about any of them.
with latest as (
    select id, criteria, coalesce(repeats, id) as origin
    from searches
    where vacancy_id = :vacancy_id and newcomers is null
    order by searched_at desc
    limit 1
),

shown as (
    select ranked.candidate_id, ranked.application_id
    from ranked inner join latest on latest.id = ranked.search_id
    where ranked.shown
),

now_shown as (
    select * from unnest(:candidates::text [], :applications::text [])
        as named (candidate_id, application_id)
)

select origin.id
from latest inner join searches as origin on origin.id = latest.origin
where latest.criteria = :criteria::jsonb and origin.searched_at > :since::timestamptz
and not exists (
    (select * from shown except select * from now_shown)
    union all
    (select * from now_shown except select * from shown)
)
and not exists (
    select from afterwards
    where afterwards.vacancy_id = :vacancy_id
    and afterwards.what in ('approved', 'declined', 'withdrawn')
    and afterwards.at >= origin.searched_at
);

-- name: keep_search(id, vacancy_id, version, criteria, remarks, ranker, weights, reopened, newcomers, known, ranked, now, repeats)!
insert into searches (
    id, vacancy_id, vacancy_version, criteria, remarks, ranker, weights, reopened, newcomers,
    known_people, ranked_people, searched_at, repeats
)
values (
    :id, :vacancy_id, :version, :criteria::jsonb, :remarks::jsonb, :ranker, :weights, :reopened,
    :newcomers, :known, :ranked, :now, :repeats
);

-- name: keep_considered(id, outcomes, people, numbers)!
insert into considered (search_id, outcome, people, numbers)
select :id::text, outcome, people, numbers::bigint []
from unnest(:outcomes::text [], :people::integer [], :numbers::text [])
as groups (outcome, people, numbers);

-- name: keep_ranked(id, ranks, candidates, shown, scores, relevance, asked, past, tiers, readiness, applications, ready_on)!
insert into ranked (
    search_id, rank, candidate_id, shown, score, relevance, asked, past, tier, readiness,
    application_id, ready_on
)
select :id::text, entries.* from unnest(
    :ranks::integer [], :candidates::text [], :shown::boolean [],
    :scores::double precision [], :relevance::double precision [], :asked::double precision [],
    :past::double precision [], :tiers::text [], :readiness::text [],
    :applications::text [], :ready_on::date []
) as entries;

-- name: keep_reasons(id, candidates, speaking_for, speaking_against)!
insert into reasons (search_id, candidate_id, speaking_for, speaking_against)
select :id::text, entries.* from unnest(
    :candidates::text [], :speaking_for::jsonb [], :speaking_against::jsonb []
) as entries;

-- name: rivals(vacancy_id, search_id, since, limit)
-- Whoever the newest search of everybody found near the line, and the newcomers ranked since;
-- each as ranked last. Those who finished next first, in their order.
select * from (
    select distinct on (ranked.candidate_id)
        ranked.candidate_id, ranked.rank, ranked.score, ranked.tier, ranked.readiness,
        ranked.application_id, ranked.ready_on
    from searches inner join ranked on ranked.search_id = searches.id
    where searches.vacancy_id = :vacancy_id
    and searches.searched_at >= :since
    and (searches.id = :search_id or searches.newcomers is not null)
    order by ranked.candidate_id asc, searches.searched_at desc
) as newest
order by
    application_id is null, case when application_id is not null then rank end,
    readiness = 'not_met', score desc
limit :limit;

-- name: note(events, what, candidates, vacancies, shortlists, contacts, at)!
insert into afterwards (event_id, what, candidate_id, vacancy_id, shortlist_id, contact_id, at)
select * from unnest(
    :events::text [], :what::text [], :candidates::text [], :vacancies::text [],
    :shortlists::text [], :contacts::text [], :at::timestamptz []
);

-- name: searches(vacancy_id)
select * from searches where vacancy_id = :vacancy_id order by searched_at, id;

-- name: considered(ids)
select search_id, outcome, people from considered
where search_id = any(:ids::text [])
order by search_id, outcome;

-- name: shown(ids)
select
    ranked.*,
    coalesce(reasons.speaking_for, '[]') as reasons_for,
    coalesce(reasons.speaking_against, '[]') as reasons_against
from ranked
left join reasons
on reasons.search_id = ranked.search_id and reasons.candidate_id = ranked.candidate_id
where ranked.search_id = any(:ids::text []) and ranked.shown
order by ranked.search_id, ranked.rank;

-- name: afterwards(vacancy_id)
-- A message names its contact only; which vacancy that was for, the plan said.
select noted.what, noted.candidate_id, noted.shortlist_id, noted.at
from afterwards as noted
left join afterwards as plan on plan.contact_id = noted.contact_id and plan.what = 'planned'
where coalesce(noted.vacancy_id, plan.vacancy_id) = :vacancy_id
order by noted.at, noted.id;
