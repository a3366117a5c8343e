-- name: openings(ids)
select * from vacancies where vacancy_id = any(:ids::text []);

-- name: keep_openings(ids, versions, vacancies, sources, pool, opened, reopened, closed)!
insert into vacancies (
    vacancy_id, version, vacancy, source, searches_pool, opened_at, reopened, closed_at
)
select * from unnest(
    :ids::text [], :versions::bigint [], :vacancies::jsonb [], :sources::text [],
    :pool::boolean [], :opened::timestamptz [], :reopened::boolean [], :closed::timestamptz []
)
on conflict (vacancy_id) do update
set version = excluded.version, vacancy = excluded.vacancy, source = excluded.source,
searches_pool = excluded.searches_pool, opened_at = excluded.opened_at,
reopened = excluded.reopened, closed_at = excluded.closed_at;

-- name: close_openings(ids, at)!
update vacancies set closed_at = coalesce(closed_at, :at) where vacancy_id = any(:ids::text []);

-- name: statistics_of(vacancy_id, ranker, asked, opened_at, measured_since)^
-- Nothing where they were measured by another ranker, for another text, or too long ago.
select search_id, measured_at, statistics from pool_statistics
where vacancy_id = :vacancy_id
and ranker = :ranker
and asked = :asked
and opened_at = :opened_at
and measured_at >= :measured_since;

-- name: keep_statistics(vacancy_id, search_id, ranker, asked, opened_at, now, statistics)!
insert into pool_statistics (
    vacancy_id, search_id, ranker, asked, opened_at, measured_at, statistics
)
values (:vacancy_id, :search_id, :ranker, :asked, :opened_at, :now, :statistics)
on conflict (vacancy_id) do update
set search_id = excluded.search_id, ranker = excluded.ranker, asked = excluded.asked,
opened_at = excluded.opened_at, measured_at = excluded.measured_at,
statistics = excluded.statistics;

-- name: drop_statistics(ids)!
delete from pool_statistics where vacancy_id = any(:ids::text []);
