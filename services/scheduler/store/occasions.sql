-- name: on_record(ids)
-- Locked, so that nothing of it is emitted while a new plan is made.
select
    occasion_id, candidate_id, kind, subject, state, due_at, expires_at, revived_at, decided_at,
    asks_hat, emitted_at, ended_at, answer, answered_at, wrote_at
from occasions
where candidate_id = any(:ids::text [])
order by occasion_id
for update;

-- name: delete(ids)!
delete from occasions where occasion_id = any(:ids::text []);

-- name: withdraw(ids)
update occasions set state = 'withdrawn'
where occasion_id = any(:ids::text []) and state = 'emitted'
returning occasion_id, emitted_to;

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

-- name: fail_returned(ids, moments)
-- It has left, whatever was heard of that, and reached nobody.
update occasions
set
    state = 'failed', event = null,
    emitted_at = coalesce(emitted_at, returned.at), ended_at = returned.at
from unnest(:ids::text [], :moments::timestamptz []) as returned (occasion_id, at)
where occasions.occasion_id = returned.occasion_id
and occasions.state not in ('failed', 'withdrawn')
returning occasions.occasion_id, candidate_id;

-- name: answer(ids, answers, moments)!
-- The last answer to a contact holds, in whichever order they are heard.
update occasions set answer = said.answer, answered_at = said.at
from unnest(:ids::text [], :answers::text [], :moments::timestamptz [])
    as said (occasion_id, answer, at)
where occasions.occasion_id = said.occasion_id
and coalesce(answered_at, '-infinity') <= said.at;

-- name: hear_of_mails(ids, moments)!
update occasions set wrote_at = greatest(wrote_at, mail.at)
from unnest(:ids::text [], :moments::timestamptz []) as mail (occasion_id, at)
where occasions.occasion_id = mail.occasion_id;

-- name: emit_due(now, limit, topic, contact_type, interest_type, qualified_type)
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
    update occasions
    set state = 'emitted', event = null, emitted_at = :now::timestamptz, emitted_to = candidate_id
    where ctid = any(array(select place from due))
    returning occasion_id, candidate_id, kind, correlation_id, causation_id
),

published as (
    insert into outbox (
        topic, key, event_id, type, time, value, correlation_id, causation_id
    )
    select
        :topic::text, candidate_id, occasion_id,
        case kind
            when 'qualified' then :qualified_type::text
            when 'interest' then :interest_type::text
            else :contact_type::text
        end,
        :now::timestamptz, due.event, correlation_id, causation_id
    from emitted inner join due using (occasion_id)
)

select kind, count(*) as count from emitted group by kind;

-- name: expired(job, now, limit)
-- Whoever is parked is passed over, so that the next ones have their turn.
select distinct candidate_id from (
    select candidate_id from occasions
    where
        state = 'planned' and expires_at <= :now::timestamptz
        and not exists (
            select from resting_rows where job = :job::text and key = candidate_id
        )
    order by expires_at
    limit :limit::integer
) as expired;

-- name: due_since()$
select min(due_at) from occasions where state = 'planned';

-- name: unanswered(decided_before)$
select count(*) from occasions
where
    decided_at is not null and state in ('planned', 'emitted')
    and decided_at < :decided_before::timestamptz;
