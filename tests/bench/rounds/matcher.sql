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
