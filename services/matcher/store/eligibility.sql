-- name: keep_candidates(numbers, states, barred, seen_by)!
insert into candidates (number, state, barred, sources, seen_by)
select
    number, state, barred,
    array(select jsonb_array_elements_text(coalesce(state -> 'sources', '[]'))), seen_by
from
    unnest(:numbers::bigint [], :states::jsonb [], :barred::text [], :seen_by::text [])
    as told (number, state, barred, seen_by)
on conflict (number) do update
set state = excluded.state, barred = excluded.barred, sources = excluded.sources;

-- name: keep_barred(numbers, barred)!
update candidates set barred = derived.barred
from unnest(:numbers::bigint [], :barred::text []) as derived (number, barred)
where candidates.number = derived.number;

-- name: clear_spans(numbers)!
delete from spans where number = any(:numbers::bigint []);

-- name: keep_spans(numbers, since, until)!
insert into spans (number, since, until)
select * from unnest(:numbers::bigint [], :since::timestamptz [], :until::timestamptz []);

-- name: seen(source, searches_pool)
-- Everybody once: with all that is known where the source may search everybody; else, of those whom it
-- is not alone to have turned down, what it told itself.
select * from candidates
where case
    when :searches_pool::boolean then seen_by is null
    else seen_by = :source::text
        or (seen_by is null and not (cardinality(sources) > 1 and :source::text = any(sources)))
end

-- name: pool(vacancy_id, source, searches_pool, reopened, opened_at, now)^
-- Who may be listed and who was decided about, packed as big-endian numbers, and how many are kept
-- off the list by what. Everything is joined as a whole: a subquery for each person is planned well
-- for a small pool and ruinously for a large one. Nothing is grouped: that would sort everybody.
with decided as (
    select distinct people.number
    from afterwards inner join people on people.candidate_id = afterwards.candidate_id
    where afterwards.vacancy_id = :vacancy_id
    and afterwards.what in ('approved', 'declined', 'not_now')
    and afterwards.at >= :opened_at
),

own as (
    select number from candidates
    where not :reopened::boolean
    and state -> 'rejections'
    @> jsonb_build_array(jsonb_build_object('vacancyId', :vacancy_id::text))
),

agreed as (
    select distinct number from spans where since <= :now and until > :now
),

everybody as (
    select
        candidates.number,
        case
            when decided.number is not null then 'already_decided'
            when not (:searches_pool::boolean or :source::text = any(candidates.sources))
                then 'other_source'
            when candidates.barred is not null then candidates.barred
            when own.number is not null then 'same_vacancy'
            when agreed.number is null then 'not_agreed'
        end as outcome
    from (
        -- include: seen
    ) as candidates
    left join decided on decided.number = candidates.number
    left join own on own.number = candidates.number
    left join agreed on agreed.number = candidates.number
)

select
    string_agg(int8send(number), ''::bytea) filter (where outcome is null) as listable,
    string_agg(int8send(number), ''::bytea) filter (where outcome = 'already_decided') as decided,
    count(*) filter (where outcome = 'already_decided') as already_decided,
    count(*) filter (where outcome = 'other_source') as other_source,
    count(*) filter (where outcome = 'hired') as hired,
    count(*) filter (where outcome = 'nothing_stands') as nothing_stands,
    count(*) filter (where outcome = 'not_understood') as not_understood,
    count(*) filter (where outcome = 'unqualified') as unqualified,
    count(*) filter (where outcome = 'stopped') as stopped,
    count(*) filter (where outcome = 'same_vacancy') as same_vacancy,
    count(*) filter (where outcome = 'not_agreed') as not_agreed
from everybody;

-- name: decided(vacancy_id, opened_at, candidates)
select distinct candidate_id from afterwards
where vacancy_id = :vacancy_id
and what in ('approved', 'declined', 'not_now')
and at >= :opened_at
and candidate_id = any(:candidates::text []);

-- name: rejected_for(vacancy_id, source, searches_pool)
select number, state
from (
    -- include: seen
) as candidates
where state -> 'rejections'
@> jsonb_build_array(jsonb_build_object('vacancyId', :vacancy_id::text));

-- name: written_to(vacancy_id)
-- A message names its contact only; which vacancy that was for, the plan said.
select sent.candidate_id, max(sent.at) as at
from afterwards as plan inner join afterwards as sent on sent.contact_id = plan.contact_id
where plan.vacancy_id = :vacancy_id and plan.what = 'planned' and sent.what = 'contacted'
group by sent.candidate_id;

-- name: states_of(candidates, source, searches_pool)
select candidates.number, people.candidate_id, candidates.state
from people
inner join (
    -- include: seen
) as candidates on candidates.number = people.number
where people.candidate_id = any(:candidates::text []);
