-- name: enrol(ids)!
-- Makes the row that everything about a person locks first. Sorted, so that none waits in a ring.
insert into candidates (candidate_id)
select id from unnest(:ids::text []) as id
order by id
on conflict do nothing;

-- name: lock(ids)
select candidate_id, state, answered_at from candidates
where candidate_id = any(:ids::text []) and erased_at is null
order by candidate_id
for update;

-- name: record(ids)
-- Locked, so that nothing of it is emitted while a new plan is made.
select
    occasion_id, candidate_id, kind, subject, state, due_at, expires_at, revived_at, asks_hat,
    emitted_at, ended_at
from occasions
where candidate_id = any(:ids::text [])
order by occasion_id
for update;

-- name: approvals(ids)
select candidate_id, approval from invitations
where candidate_id = any(:ids::text []) and withdrawn_at is null;

-- name: keep_states(ids, states)!
update candidates set state = known.state
from unnest(:ids::text [], :states::jsonb []) as known (candidate_id, state)
where candidates.candidate_id = known.candidate_id and erased_at is null;

-- name: answer(ids, moments)!
update candidates set answered_at = greatest(candidates.answered_at, answers.at)
from (
    select candidate_id, max(at) as at
    from unnest(:ids::text [], :moments::timestamptz []) as answers (candidate_id, at)
    group by candidate_id
) as answers
where candidates.candidate_id = answers.candidate_id and erased_at is null;

-- name: approve(ids, shortlists, approvals)!
insert into invitations (candidate_id, shortlist_id, approval)
select candidate_id, shortlist_id, approval
from unnest(:ids::text [], :shortlists::text [], :approvals::jsonb [])
    as approved (candidate_id, shortlist_id, approval)
on conflict (candidate_id, shortlist_id) do update
set approval = excluded.approval, withdrawn_at = null;

-- name: disapprove(ids, shortlists, moments)!
update invitations set withdrawn_at = withdrawn.at
from unnest(:ids::text [], :shortlists::text [], :moments::timestamptz [])
    as withdrawn (candidate_id, shortlist_id, at)
where invitations.candidate_id = withdrawn.candidate_id
and invitations.shortlist_id = withdrawn.shortlist_id;

-- name: adopt(absorbed, remaining, now)!
-- What happened to an absorbed person happened to the one who remains.
with merges as (
    select * from unnest(:absorbed::text [], :remaining::text []) as merges (absorbed, remaining)
),

gone as (
    update candidates
    set
        state = null, purge_at = null,
        erased_at = coalesce(erased_at, :now::timestamptz)
    from merges
    where candidate_id = absorbed
    returning remaining, answered_at
),

heard as (
    update candidates set answered_at = greatest(candidates.answered_at, gone.answered_at)
    from (select remaining, max(answered_at) as answered_at from gone group by remaining) as gone
    where candidate_id = remaining
),

moved as (
    delete from invitations using merges
    where candidate_id = absorbed
    returning remaining, shortlist_id, approval, withdrawn_at
),

kept as (
    insert into invitations (candidate_id, shortlist_id, approval, withdrawn_at)
    select * from moved
    on conflict do nothing
),

dropped as (
    delete from occasions using merges
    where candidate_id = absorbed and state = 'planned'
)

update occasions set candidate_id = remaining
from merges
where candidate_id = absorbed and state <> 'planned';

-- name: erase(ids, now, purge_at)
-- Leaves of a person what a merge that comes late would need, and gives what is still under way.
with gone as (
    update candidates
    set state = null, erased_at = :now::timestamptz, purge_at = :purge_at::timestamptz
    where candidate_id = any(:ids::text []) and erased_at is null
    returning candidate_id
),

dropped as (
    delete from occasions using gone
    where occasions.candidate_id = gone.candidate_id and state = 'planned'
)

update occasions set state = 'withdrawn'
from gone
where occasions.candidate_id = gone.candidate_id and state = 'emitted' and kind <> 'qualified'
returning occasion_id, occasions.candidate_id;

-- name: purge(now)!
with due as (
    update candidates set purge_at = null, answered_at = null
    where purge_at <= :now::timestamptz
    returning candidate_id
),

uninvited as (
    delete from invitations using due where invitations.candidate_id = due.candidate_id
)

delete from occasions using due where occasions.candidate_id = due.candidate_id;

-- name: drop(ids)!
delete from occasions where occasion_id = any(:ids::text []) and state = 'planned';

-- name: withdraw(ids)!
update occasions set state = 'withdrawn'
where occasion_id = any(:ids::text []) and state = 'emitted';

-- name: plan(ids, keys, kinds, subjects, due, end, revived, decided, asks, events, roots, causes)!
insert into occasions as known (
    occasion_id, candidate_id, kind, subject, state, due_at, expires_at, revived_at, decided_at,
    asks_hat, event, correlation_id, causation_id
)
select
    occasion_id, candidate_id, kind, subject, 'planned', due_at, expires_at, revived_at,
    decided_at, asks_hat, event, correlation_id, causation_id
from unnest(
    :ids::text [], :keys::text [], :kinds::text [], :subjects::text [],
    :due::timestamptz [], :end::timestamptz [], :revived::timestamptz [],
    :decided::timestamptz [], :asks::boolean [], :events::bytea [], :roots::text [],
    :causes::text []
) as planned (
    occasion_id, candidate_id, kind, subject, due_at, expires_at, revived_at, decided_at,
    asks_hat, event, correlation_id, causation_id
)
on conflict (occasion_id) do update
set
    due_at = excluded.due_at,
    expires_at = excluded.expires_at,
    revived_at = excluded.revived_at,
    decided_at = excluded.decided_at,
    asks_hat = excluded.asks_hat,
    event = excluded.event,
    correlation_id = excluded.correlation_id,
    causation_id = excluded.causation_id
where known.state = 'planned' and (known.due_at, known.event) <> (excluded.due_at, excluded.event);

-- name: owners(ids)
select distinct candidate_id from occasions where occasion_id = any(:ids::text []);

-- name: end_contacts(ids, states, moments)
-- The first report counts. What was withdrawn stays so, unless it had left before.
update occasions
set
    state = case
        when occasions.state = 'withdrawn' and ends.state not in ('sent', 'uncertain')
            then 'withdrawn'
        else ends.state
    end,
    event = null,
    emitted_at = coalesce(emitted_at, ends.at),
    ended_at = ends.at
from unnest(:ids::text [], :states::text [], :moments::timestamptz [])
    as ends (occasion_id, state, at)
where occasions.occasion_id = ends.occasion_id and ended_at is null
returning occasions.occasion_id, candidate_id;

-- name: emit_due(now, limit, topic, contact_type, qualified_type)
-- Several processes share the work: each takes rows that no other holds. Should this transaction
-- not commit, the rows are still planned, and their events get the same ids the next time.
-- By its place a row is found without a plan that depends on how many there are.
with due as materialized (
    select ctid as place, occasion_id, event from occasions
    where
        state = 'planned' and due_at <= :now::timestamptz
        and (expires_at is null or expires_at > :now::timestamptz)
    order by due_at
    limit :limit::integer
    for update skip locked
),

emitted as (
    update occasions set state = 'emitted', event = null, emitted_at = :now::timestamptz
    where ctid = any(array(select place from due))
    returning occasion_id, candidate_id, kind, correlation_id, causation_id
),

published as (
    insert into outbox (
        topic, key, event_id, type, time, value, correlation_id, causation_id
    )
    select
        :topic::text, candidate_id, occasion_id,
        case kind when 'qualified' then :qualified_type::text else :contact_type::text end,
        :now::timestamptz, due.event, correlation_id, causation_id
    from emitted inner join due using (occasion_id)
)

select kind, count(*) as count from emitted group by kind;

-- name: stale(now, limit)
select distinct candidate_id from (
    select candidate_id from occasions
    where state = 'planned' and expires_at <= :now::timestamptz
    order by expires_at
    limit :limit::integer
) as stale;

-- name: due_since()$
select min(due_at) from occasions where state = 'planned';

-- name: unanswered(decided_before)$
select count(*) from occasions
where
    decided_at is not null and state in ('planned', 'emitted')
    and decided_at < :decided_before::timestamptz;

-- name: known(after, limit)
select candidate_id from candidates
where candidate_id > :after::text and state is not null
order by candidate_id
limit :limit::integer;

-- name: state_of(id)$
select state from candidates where candidate_id = :id::text;

-- name: timeline(id, until)
select kind, state, due_at, expires_at, event, ended_at from occasions
where candidate_id = :id::text and due_at < :until::timestamptz
order by due_at;

-- name: coming(limit)
select candidate_id, kind, due_at, event from occasions
where state = 'planned'
order by due_at, occasion_id
limit :limit::integer;
