-- name: fill_candidates(people, state)!
insert into candidates (candidate_id, state)
select
    'person-' || n,
    (:state::jsonb - 'mergedFrom') || jsonb_build_object('candidateId', 'person-' || n)
from generate_series(1, :people::integer) as n;

-- name: fill_occasions(people, now, event)!
insert into occasions (
    occasion_id, candidate_id, kind, subject, state, due_at, expires_at, decided_at, asks_hat,
    event, emitted_at, ended_at
)
select
    kind || '-' || n, 'person-' || n, kind, subject, state,
    :now::timestamptz + due + n * interval '1 second',
    :now::timestamptz + due + n * interval '1 second' + interval '10 days',
    case when kind = 'letter' then :now::timestamptz + due end, false,
    case when state = 'planned' then :event::bytea end,
    case when state = 'sent' then :now::timestamptz + due end,
    case when state = 'sent' then :now::timestamptz + due end
from generate_series(1, :people::integer) as n
cross join (
    values
    ('letter', 'app-55012', 'sent', interval '-300 days'),
    ('check_in', '1', 'planned', interval '60 days')
) as each (kind, subject, state, due);

-- name: lay_due(turn, count, now, event)!
insert into occasions (
    occasion_id, candidate_id, kind, subject, state, due_at, expires_at, asks_hat, event
)
select
    format('due-%s-%s', :turn::integer, n), format('due-%s-%s', :turn::integer, n), 'letter',
    'application', 'planned', :now::timestamptz - interval '1 day',
    :now::timestamptz + interval '3 days', false, :event::bytea
from generate_series(1, :count::integer) as n;

-- name: lay_stale(first, count, now)!
update occasions
set due_at = :now::timestamptz - interval '2 days', expires_at = :now::timestamptz - interval '1 day'
where occasions.state = 'planned'
and candidate_id = any(
    select 'person-' || n
    from generate_series(:first::integer, :first::integer + :count::integer - 1) as n
);

-- name: lay_erased(turn, count, now, event)!
with gone as (
    insert into candidates (candidate_id, erased_at, purge_at)
    select
        format('gone-%s-%s', :turn::integer, n), :now::timestamptz - interval '2 days',
        :now::timestamptz - interval '1 day'
    from generate_series(1, :count::integer) as n
    returning candidate_id
)

insert into occasions (
    occasion_id, candidate_id, kind, subject, state, due_at, expires_at, asks_hat, event
)
select
    candidate_id, candidate_id, 'letter', 'application', 'planned',
    :now::timestamptz + interval '1 day', :now::timestamptz + interval '3 days', false,
    :event::bytea
from gone;
