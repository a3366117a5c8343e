-- name: page_of_ids(after, limit)
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

-- name: unanswered()^
-- How many wait for a recruiter's word, and since when the first does.
select
    count(*) as number,
    min(greatest(raised_at, (raised ->> 'closedAt')::timestamptz)) as since
from interests
where ended is null;

-- name: coming(limit)
select candidate_id, kind, due_at, event from occasions
where state = 'planned'
order by due_at, occasion_id
limit :limit::integer;
