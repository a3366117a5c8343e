-- name: fill_people(people)!
-- Everybody is as one of the first, who were heard of and read.
insert into people (candidate_id, analysed)
select 'person-' || n, (select max(analysed) from people)
from generate_series(1, :people::integer) as n;

-- name: fill_candidates(templates)!
-- Forty people were turned down for each vacancy.
insert into candidates (number, state, barred, sources)
select
    person.number,
    jsonb_set(
        candidates.state || jsonb_build_object('candidateId', person.candidate_id),
        '{rejections,0,vacancyId}', to_jsonb('filled-' || person.number / 40)
    ),
    candidates.barred, candidates.sources
from people as person
inner join candidates on candidates.number = 1 + person.number % :templates::integer
where person.candidate_id like 'person-%';

-- name: fill_spans(templates)!
insert into spans (number, since, until)
select person.number, since, until
from people as person
inner join spans on spans.number = 1 + person.number % :templates::integer
where person.candidate_id like 'person-%';

-- name: fill_profiles(templates)!
insert into profiles (number, profile, source)
select person.number, profile, source
from people as person
inner join profiles on profiles.number = 1 + person.number % :templates::integer
where person.candidate_id like 'person-%';

-- name: fill_bags(templates)!
insert into bags (number, words, titles)
select person.number, words, titles
from people as person
inner join bags on bags.number = 1 + person.number % :templates::integer
where person.candidate_id like 'person-%';

-- name: fill_ledger(people)!
-- A search for each forty people, and what was decided and sent of each of them, within a year.
with made as (
    insert into searches (
        id, vacancy_id, vacancy_version, criteria, remarks, ranker, weights, reopened, known_people,
        ranked_people, searched_at
    )
    select
        'filled-' || n, 'filled-' || n, 1, '{}', '[]', 'lexical', '1', false, 1000, 40,
        clock_timestamp() - interval '1 year' * n * 40 / :people::integer
    from generate_series(1, :people::integer / 40) as n
    returning id, vacancy_id, searched_at
),

jobs as (
    insert into vacancies (
        vacancy_id, version, vacancy, source, searches_pool, opened_at, reopened, closed_at
    )
    select
        vacancy_id, 2, '{"title": "Ward Nurse", "description": "Care."}', 'ats', true, searched_at,
        false, searched_at + interval '20 days'
    from made
)

insert into afterwards (event_id, what, candidate_id, vacancy_id, at)
select id || '-' || n, 'approved', 'person-' || n, vacancy_id, searched_at
from made, generate_series(1, 40) as n;

-- name: lay_old(turn, count)!
insert into searches (
    id, vacancy_id, vacancy_version, criteria, remarks, ranker, weights, reopened, known_people,
    ranked_people, searched_at
)
select
    format('old-%s-%s', :turn::integer, n), 'old', 1, '{}', '[]', 'lexical', '1', false, 1000, 40,
    clock_timestamp() - interval '3 years'
from generate_series(1, :count::integer) as n;
