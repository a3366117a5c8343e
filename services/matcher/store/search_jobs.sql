-- name: cancel(ids)
update search_jobs set state = 'cancelled', lease = null, leased_until = null
where vacancy_id = any(:ids::text []) and state in ('pending', 'running', 'parked')
returning id;

-- name: ask_for_searches(ids, vacancies, correlations, causations, settle)!
insert into search_jobs (id, vacancy_id, correlation_id, causation_id, due_at)
select asked.*, clock_timestamp() + make_interval(secs => :settle::double precision)
from unnest(
    :ids::text [], :vacancies::text [], :correlations::text [], :causations::text []
) as asked
on conflict (id) do nothing;

-- name: ask_about_newcomers(candidates, event_id, correlation_id, settle)!
-- One search at a time waits for each open vacancy, however many newcomers there are.
insert into search_jobs (id, vacancy_id, newcomers, correlation_id, causation_id, due_at)
select
    md5(vacancy_id || '|' || :event_id::text)::uuid::text, vacancy_id, :candidates::text [],
    :correlation_id::text, :event_id::text,
    clock_timestamp() + make_interval(secs => :settle::double precision)
from vacancies
where closed_at is null
order by vacancy_id
on conflict (vacancy_id, (newcomers is null)) where state = 'pending' do update
set newcomers = search_jobs.newcomers || excluded.newcomers;

-- name: waiting(most)$
-- Counts no further than `most`, so that it costs the same however much waits.
select count(*) from (
    select from search_jobs
    where state = 'pending' and due_at <= clock_timestamp()
    limit :most::integer
) as counted;

-- name: is_due()$
-- Mostly nothing is, and to plan a claim takes longer than to find that out: this is planned once.
select exists (
    select from search_jobs
    where state in ('pending', 'running', 'parked')
    and due_at <= clock_timestamp()
    and (state <> 'running' or leased_until < clock_timestamp())
);

-- name: claim(lease, seconds, job, indexing, analysis)^
-- A search waits until everybody recorded before it was due has been indexed or parked, and one for
-- newcomers until the search of everybody, by which they are measured, has ended.
update search_jobs
set state = 'running', attempts = attempts + 1, lease = :lease,
leased_until = clock_timestamp() + make_interval(secs => :seconds::double precision)
where id = (
    select id from search_jobs
    where state in ('pending', 'running', 'parked')
    and due_at <= clock_timestamp()
    and (state <> 'running' or leased_until < clock_timestamp())
    and not exists (
        select from resting_rows where job = :job and key = search_jobs.id
    )
    and not exists (
        select from people
        where analysed < :analysis
        and changed_at < search_jobs.due_at
        and not exists (
            select from parked_rows where job = :indexing and key = people.candidate_id
        )
    )
    and (
        newcomers is null or not exists (
            select from search_jobs as everybody
            where everybody.vacancy_id = search_jobs.vacancy_id
            and everybody.state in ('pending', 'running')
            and everybody.newcomers is null
        )
    )
    order by due_at
    limit 1
    for update skip locked
)
returning id, vacancy_id, newcomers, attempts, correlation_id, causation_id;

-- name: finish(id, lease, state)^
update search_jobs
set
    state = :state, lease = null, leased_until = null,
    attempts = case when :state = 'parked' then 0 else attempts end
where id = :id and lease = :lease
returning id;

-- name: renew(id, lease, seconds)^
update search_jobs
set leased_until = clock_timestamp() + make_interval(secs => :seconds::double precision)
where id = :id and lease = :lease
returning id;
