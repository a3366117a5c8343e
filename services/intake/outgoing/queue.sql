-- name: claim(limit, busy, lease_seconds)
with due as (
    select item.id
    from endpoints
    left join sources on sources.name = endpoints.source
    cross join lateral (
        select first.id from outgoing as first
        where
            first.endpoint_id = endpoints.endpoint_id and first.state = 'waiting'
            and first.due_at <= (select clock_timestamp())
            and not exists (
                select 1 from outgoing as earlier
                where earlier.endpoint_id = first.endpoint_id
                and earlier.source_applicant_id = first.source_applicant_id
                and earlier.state = 'waiting' and earlier.id < first.id
            )
        order by first.due_at, first.id
        limit :limit
        for update skip locked
    ) as item
    where endpoints.disabled_at is null
    and endpoints.endpoint_id <> all(:busy::text [])
    and coalesce(endpoints.rests_until <= (select clock_timestamp()), true)
    and (
        endpoints.url is not null
        or sources.api_token is not null and sources.api_refused_at is null
        and coalesce(sources.api_rests_until <= (select clock_timestamp()), true)
    )
)

update outgoing
set tries = tries + 1, due_at = clock_timestamp() + make_interval(secs => :lease_seconds::float)
from due, endpoints
where outgoing.id = due.id and endpoints.endpoint_id = outgoing.endpoint_id
returning
    outgoing.id, outgoing.endpoint_id, source, url, secrets, event_id, source_applicant_id,
    source_application_id, source_vacancy_id, what, channels, at, tries;

-- name: settle(ids, tries, states, problems, counts, first, longest, tried_for)!
update outgoing
set
    state = case
        when tried.state = 'waiting' and endpoints.failures = 0
            and outgoing.waits_since <= clock_timestamp() - :tried_for::interval
            then 'given_up'
        else tried.state
    end,
    tries = outgoing.tries - case when tried.counts then 0 else 1 end,
    due_at = clock_timestamp() + make_interval(secs => case
        when tried.counts
            then least(:first::float * power(2, least(outgoing.tries - 1, 20)), :longest::float)
        else 0
    end),
    problem = tried.problem
from
    unnest(
        :ids::bigint [], :tries::integer [], :states::text [], :problems::text [],
        :counts::boolean []
    ) as tried (id, tries, state, problem, counts),
    endpoints
where outgoing.id = tried.id and outgoing.tries = tried.tries and outgoing.state = 'waiting'
and endpoints.endpoint_id = outgoing.endpoint_id;

-- name: heard(endpoint_id)!
update endpoints
set failures = 0, failing_since = null, rests_until = null, problem = null
where endpoint_id = :endpoint_id and failures > 0;

-- name: unheard(endpoint_id, problem, rest, is_gone, first, longest, tried_for)$
with failed as (
    update endpoints
    set
        failures = failures + 1,
        failing_since = coalesce(failing_since, clock_timestamp()),
        rests_until = clock_timestamp() + make_interval(secs => coalesce(
            :rest::float,
            least(:first::float * power(2, least(failures, 20)), :longest::float)
        )),
        problem = :problem,
        disabled_at = case
            when :is_gone::boolean
                or failing_since <= clock_timestamp() - :tried_for::interval
                then clock_timestamp()
        end,
        disabled_because = case
            when :is_gone::boolean
                or failing_since <= clock_timestamp() - :tried_for::interval
                then :problem
        end
    where endpoint_id = :endpoint_id and disabled_at is null
    returning disabled_at
)

select disabled_at from failed where disabled_at is not null;

-- name: forget(kept, limit)
delete from outgoing where ctid = any(array(
    select ctid from outgoing
    where waits_since < (select clock_timestamp()) - :kept::interval
    order by waits_since
    limit :limit
    for update skip locked
))
returning id;
