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

-- name: approvals(ids)
select candidate_id, approval, withdrawn_at, withdrawn_because from invitations
where candidate_id = any(:ids::text []);

-- name: interests(ids)
select candidate_id, raised, ended from interests
where candidate_id = any(:ids::text [])
order by raised_at, interest_id;

-- name: raise_interests(interests, ids, moments, raised)!
insert into interests (interest_id, candidate_id, raised_at, raised)
select *
from unnest(:interests::text [], :ids::text [], :moments::timestamptz [], :raised::jsonb [])
    as said (interest_id, candidate_id, raised_at, raised)
order by interest_id
on conflict (interest_id) do update
set
    candidate_id = excluded.candidate_id, raised = excluded.raised,
    ended = case
        when (excluded.raised ->> 'resumedAt')::timestamptz
            >= (interests.ended ->> 'at')::timestamptz then null
        else interests.ended
    end;

-- name: interested(interests)
select interest_id, candidate_id from interests where interest_id = any(:interests::text []);

-- name: end_interests(interests, ends)!
-- The last word of a recruiter holds, unless the interest is open again since.
update interests set ended = said.ended
from unnest(:interests::text [], :ends::jsonb []) as said (interest_id, ended)
where interests.interest_id = said.interest_id
and (
    (raised ->> 'resumedAt')::timestamptz <= (said.ended ->> 'at')::timestamptz
) is not false;

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

-- name: approve(ids, shortlists, moments, approvals)!
insert into invitations (candidate_id, shortlist_id, approved_at, approval)
select candidate_id, shortlist_id, approved_at, approval
from unnest(:ids::text [], :shortlists::text [], :moments::timestamptz [], :approvals::jsonb [])
    as approved (candidate_id, shortlist_id, approved_at, approval)
on conflict (candidate_id, shortlist_id) do update
set approved_at = excluded.approved_at, approval = excluded.approval, withdrawn_at = null,
    withdrawn_because = null;

-- name: disapprove(ids, shortlists, moments, reasons)!
update invitations set withdrawn_at = withdrawn.at, withdrawn_because = withdrawn.because
from unnest(:ids::text [], :shortlists::text [], :moments::timestamptz [], :reasons::text [])
    as withdrawn (candidate_id, shortlist_id, at, because)
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
    returning
        remaining, shortlist_id, approved_at, approval, withdrawn_at, withdrawn_because
),

kept as (
    insert into invitations (
        candidate_id, shortlist_id, approved_at, approval, withdrawn_at, withdrawn_because
    )
    select * from moved
    on conflict do nothing
),

interested as (
    update interests set candidate_id = remaining
    from merges
    where candidate_id = absorbed
),

dropped as (
    delete from occasions using merges
    where candidate_id = absorbed and state = 'planned'
)

update occasions set candidate_id = remaining
from merges
where candidate_id = absorbed and state <> 'planned';

-- name: take_along(ids, former, subjects)!
update occasions set candidate_id = taken.candidate_id
from unnest(:ids::text [], :former::text [], :subjects::text [])
    as taken (candidate_id, former, subject)
where occasions.candidate_id = taken.former and occasions.subject = taken.subject
and state <> 'planned';

-- name: take_sent(ids, former, absorbed)!
-- What was sent to somebody before they were taken for another is theirs again, with the invitations.
with taken as (
    select * from unnest(:ids::text [], :former::text [], :absorbed::text [])
        as taken (candidate_id, former, absorbed)
),

sent as (
    update occasions set candidate_id = taken.candidate_id
    from taken
    where occasions.candidate_id = taken.former and occasions.emitted_to = taken.absorbed
    and state <> 'planned'
    returning taken.candidate_id, taken.former, occasions.subject
)

update invitations set candidate_id = sent.candidate_id
from sent
where invitations.candidate_id = sent.former and invitations.shortlist_id = sent.subject
and not exists (
    select 1 from invitations as other
    where other.candidate_id = sent.candidate_id and other.shortlist_id = sent.subject
);

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

select occasion_id, candidate_id
from occasions inner join gone using (candidate_id)
where state = 'emitted' and kind <> 'qualified';

-- name: purge(now, limit)$
with due as materialized (
    select candidate_id from candidates
    where purge_at <= :now::timestamptz
    order by purge_at
    limit :limit::integer
    for update skip locked
),

emptied as (
    update candidates set purge_at = null, answered_at = null
    where candidate_id = any(array(select candidate_id from due))
),

uninvited as (
    delete from invitations where candidate_id = any(array(select candidate_id from due))
),

uninterested as (
    delete from interests where candidate_id = any(array(select candidate_id from due))
),

forgotten as (
    delete from occasions where candidate_id = any(array(select candidate_id from due))
)

select count(*) from due;

-- name: forget_invitations(before, limit)$
with old as materialized (
    select ctid as place from invitations
    where approved_at < :before::timestamptz
    order by approved_at
    limit :limit::integer
    for update skip locked
),

forgotten as (
    delete from invitations where ctid = any(array(select place from old))
)

select count(*) from old;

-- name: forget_interests(before, limit)$
with old as materialized (
    select interest_id from interests
    where raised_at < :before::timestamptz
    order by raised_at
    limit :limit::integer
    for update skip locked
),

forgotten as (
    delete from interests where interest_id = any(array(select interest_id from old))
)

select count(*) from old;
