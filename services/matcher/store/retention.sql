-- name: delete_ledger_before(kept_from)!
-- Opens the ledger, for this transaction only, to the deletion of what is older.
select set_config('matcher.ledger_kept_from', (:kept_from::timestamptz)::text, true);

-- name: delete_searches(kept_from, limit)
-- A search that the statistics of an open vacancy lead back to stays as long as they do.
delete from searches where id in (
    select id from searches
    where searched_at < :kept_from
    and not exists (select from pool_statistics where pool_statistics.search_id = searches.id)
    order by searched_at
    limit :limit
)
returning id;

-- name: delete_afterwards(kept_from, limit)
-- A decision about an opening that is still open keeps somebody from being shown again.
delete from afterwards where id in (
    select id from afterwards
    where at < :kept_from
    and not exists (
        select from vacancies
        where vacancies.vacancy_id = afterwards.vacancy_id
        and vacancies.closed_at is null
        and vacancies.opened_at <= afterwards.at
    )
    order by at
    limit :limit
)
returning id;

-- name: delete_jobs(days, limit)
delete from search_jobs where id in (
    select id from search_jobs
    where state not in ('pending', 'running')
    and due_at < (select clock_timestamp()) - make_interval(days => :days::integer)
    order by due_at
    limit :limit
)
returning id;

-- name: trim_vacancies(kept_from, limit)
-- What is left keeps a late update from opening the vacancy again.
update vacancies
set vacancy = jsonb_build_object('vacancyId', vacancy -> 'vacancyId', 'title', vacancy -> 'title')
where vacancy_id in (
    select vacancy_id from vacancies
    where closed_at < :kept_from and vacancy ? 'description'
    order by closed_at
    limit :limit
)
returning vacancy_id;
