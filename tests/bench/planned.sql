-- name: plan(first, count, due, body)!
-- People with one thing planned each, a second apart.
insert into occasions (
    occasion_id, candidate_id, kind, subject, state, due_at, expires_at, asks_hat, event
)
select
    'occasion-' || n, 'person-' || n, 'letter', 'application', 'planned',
    :due::timestamptz + n * interval '1 second',
    :due::timestamptz + n * interval '1 second' + interval '10 days',
    false, :body::bytea
from generate_series(:first::integer, :first::integer + :count::integer - 1) as n;

-- name: forget()!
delete from occasions where state <> 'planned';
