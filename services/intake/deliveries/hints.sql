-- name: claim(limit, lease_seconds)
-- Of each source that may be asked now those that have waited longest, for nobody else meanwhile.
with due as (
    select hint.id
    from sources
    cross join lateral (
        select id from deliveries
        where
            deliveries.source = sources.name and state = 'asking'
            and ask_at <= (select clock_timestamp())
        order by ask_at, id
        limit :limit
        for update skip locked
    ) as hint
    where sources.api_token is not null and sources.api_refused_at is null
    and coalesce(sources.api_rests_until <= (select clock_timestamp()), true)
)

update deliveries
set asks = asks + 1, ask_at = clock_timestamp() + make_interval(secs => :lease_seconds::float)
from due
where deliveries.id = due.id
returning deliveries.id, source, record, received_at, read_at, asks;

-- name: answered(id, asks, record, read_at)!
update deliveries
set
    state = 'waiting', summary = null, record = :record::bytea, read_at = :read_at::timestamptz,
    receipt = nextval('receipts')
where id = :id and asks = :asks and state = 'asking';

-- name: put_off(id, asks, counted, seconds, summary)!
update deliveries
set
    asks = asks - case when :counted::boolean then 0 else 1 end,
    ask_at = clock_timestamp() + make_interval(secs => :seconds::float),
    summary = coalesce(:summary::text, summary)
where id = :id and asks = :asks and state = 'asking';

-- name: give_up(id, asks, summary)!
update deliveries
set state = 'untranslatable', summary = :summary, search_due = coalesce(search_due, 0)
where id = :id and asks = :asks and state = 'asking';
