-- name: fill_vacancies(people)!
-- All are as the one that was heard of, but closed within a year, and their recruiter has ten.
with hiring as (
    insert into recruiters (recruiter_id, version, source, email, name, event_time, event_id)
    select
        'recruiter-' || n, 1, source, format('recruiter-%s@hafenwerk.example', n), name,
        clock_timestamp(), event_id
    from recruiters, generate_series(0, :people::integer / 400) as n
),

filled as (
    insert into vacancies (
        vacancy_id, source, status, vacancy, event_time, event_id, type, version, source_version,
        closed_at
    )
    select
        'filled-' || n, source, 'closed',
        vacancy || jsonb_build_object('vacancyId', 'filled-' || n, 'title', 'Role ' || n),
        at, event_id, type, version, source_version, at
    from vacancies, generate_series(1, :people::integer / 40) as n
    cross join lateral (
        select clock_timestamp() - interval '1 year' * n * 40 / :people::integer as at
    ) as closed
    where status = 'open'
    returning vacancy_id, closed_at
)

insert into recruiter_vacancies (vacancy_id, recruiter_id, assigned_at)
select vacancy_id, 'recruiter-' || split_part(vacancy_id, '-', 2)::integer / 10, closed_at
from filled;

-- name: fill_lists(people)!
-- Ten stood on each, two of whom had just missed out; all were approved and asked.
with lists as (
    insert into shortlists (
        shortlist_id, vacancy_id, vacancy_title, continues, considered, listed, ranked_at
    )
    select vacancy_id, vacancy_id, vacancy ->> 'title', false, 1000, 10, closed_at
    from vacancies
    where status = 'closed'
    returning shortlist_id, ranked_at
),

places as (
    insert into shortlisted (
        shortlist_id, candidate_id, rank, tier, readiness, application_id, reasons_for,
        reasons_against
    )
    select
        shortlist_id, 'person-' || number, rank, tier, 'ready',
        case when tier = 'runner_up' then 'application-' || number end, '[]', '[]'
    from lists, generate_series(1, 10) as rank
    cross join lateral (
        select
            1 + (split_part(shortlist_id, '-', 2)::integer * 40 + rank) % :people::integer as number,
            case when rank <= 2 then 'runner_up' else 'fits' end as tier
    ) as each
    returning shortlist_id, candidate_id
)

insert into shortlist_decisions (
    shortlist_id, candidate_id, recruiter_id, choice, decided_at, asked_at
)
select shortlist_id, candidate_id, 'recruiter-1', 'approved', ranked_at, ranked_at
from places inner join lists using (shortlist_id);

-- name: fill_interests(people)!
insert into interests (
    interest_id, candidate_id, applicant_key, message_id, purpose, answer, vacancy_id, raised_at,
    ended_at, ended_as
)
select
    'told-' || n, 'person-' || n, 'person-' || n, 'told-' || n, 'invitation', 'interested',
    'filled-' || n / 40, at, at, 'not_this_time'
from generate_series(1, :people::integer) as n
cross join lateral (
    select clock_timestamp() - interval '1 year' * n / :people::integer as at
) as raised
where n % 20 = 0;

-- name: fill_waiting(count)!
-- As many are open in any pool.
insert into interests (
    interest_id, candidate_id, applicant_key, message_id, purpose, answer, vacancy_id, raised_at
)
select
    'open-' || n, 'person-' || n, 'person-' || n, 'open-' || n, 'invitation', 'interested',
    vacancy_id, clock_timestamp()
from vacancies, generate_series(1, :count::integer) as n
where status = 'open';

-- name: lay_approved(turn, first, count, line)!
-- Of those who just missed out the first is approved, on vacancies that are open again.
with opened as (
    insert into vacancies (
        vacancy_id, source, status, vacancy, event_time, event_id, type, version, source_version
    )
    select
        id, source, status, vacancy || jsonb_build_object('vacancyId', id, 'title', id),
        event_time, event_id, type, version, source_version
    from (select * from vacancies where status = 'open' limit 1) as known
    cross join generate_series(0, :count::integer - 1) as n
    cross join lateral (select format('open-%s-%s', :turn::integer, n) as id) as named
    returning vacancy_id
),

lists as (
    insert into shortlists (
        shortlist_id, vacancy_id, vacancy_title, continues, considered, listed, ranked_at
    )
    select vacancy_id, vacancy_id, vacancy_id, true, 1000, :line::integer, clock_timestamp()
    from opened
    returning shortlist_id
),

places as (
    insert into shortlisted (
        shortlist_id, candidate_id, rank, tier, readiness, application_id, reasons_for,
        reasons_against
    )
    select
        shortlist_id, 'person-' || number, rank, 'runner_up', 'ready', 'application-' || number,
        '[]', '[]'
    from lists, generate_series(1, :line::integer) as rank
    cross join lateral (
        select
            :first::integer - 1 + rank
            + split_part(shortlist_id, '-', 3)::integer * :line::integer as number
    ) as each
    returning shortlist_id, candidate_id, rank
)

insert into shortlist_decisions (shortlist_id, candidate_id, recruiter_id, choice, decided_at)
select shortlist_id, candidate_id, 'recruiter-1', 'approved', clock_timestamp()
from places where rank = 1;

-- name: lay_unanswered(turn, count)!
insert into interests (
    interest_id, candidate_id, applicant_key, message_id, purpose, answer, vacancy_id, raised_at
)
select
    id, 'person-' || n, 'person-' || n, id, 'invitation', 'interested', 'filled-1',
    clock_timestamp() - interval '1 year'
from generate_series(1, :count::integer) as n
cross join lateral (select format('old-%s-%s', :turn::integer, n) as id) as old;

-- name: lay_vacancies(turn, count)!
insert into vacancies (
    vacancy_id, source, status, vacancy, event_time, event_id, type, version, source_version,
    closed_at
)
select
    format('old-%s-%s', :turn::integer, n), source, 'closed', vacancy, at, event_id, type, version,
    source_version, at
from (select * from vacancies where status = 'open' limit 1) as known
cross join generate_series(1, :count::integer) as n
cross join lateral (select clock_timestamp() - interval '30 years' as at) as closed;

-- name: lay_recruiters(turn, count)!
insert into recruiters (recruiter_id, source, email, name, event_time, event_id)
select id, 'old', id, 'Ines Albers', clock_timestamp() - interval '30 years', id
from generate_series(1, :count::integer) as n
cross join lateral (select format('old-recruiter-%s-%s', :turn::integer, n) as id) as old;

-- name: lay_lists(turn, count)!
insert into shortlists (
    shortlist_id, vacancy_id, vacancy_title, continues, considered, listed, ranked_at
)
select id, id, id, false, 1000, 0, clock_timestamp() - interval '30 years'
from generate_series(1, :count::integer) as n
cross join lateral (select format('old-%s-%s', :turn::integer, n) as id) as old;
