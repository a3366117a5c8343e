-- name: fill_deliveries(people, source, record)!
-- And a hundred before: as many as one round searches for the erased, so that each searches as many.
insert into deliveries (
    source, key, received_at, record, state, summary, event_types, search_due
)
select
    :source::text, sha256(('filled-' || n)::bytea),
    clock_timestamp() - interval '29 days' * n / filled.most, :record::bytea, 'recorded',
    'applicant rejected', '{dev.notyet.applicant.rejected.v1}', null
from (select 100 + :people::integer / 10 as most) as filled
cross join generate_series(1, filled.most) as n;

-- name: fill_outgoing(people)!
insert into outgoing (
    endpoint_id, applicant_key, event_id, source_applicant_id, what, at, state, waits_since
)
select
    endpoint_id, 'person-' || n, 'filled-' || n, 'applicant-' || n, 'letter_sent', at, 'delivered', at
from endpoints, generate_series(1, :people::integer) as n
cross join lateral (
    select clock_timestamp() - interval '29 days' * n / :people::integer as at
) as told;

-- name: call_at(url)!
update endpoints set url = :url;

-- name: lay_look(source)!
update sources set look_at = null where name = :source;

-- name: lay_outgoing(first, count)!
insert into outgoing (endpoint_id, applicant_key, event_id, source_applicant_id, what, at)
select
    endpoint_id, 'person-' || n, gen_random_uuid()::text, 'applicant-' || n, 'letter_sent',
    clock_timestamp()
from endpoints, generate_series(:first::integer, :first::integer + :count::integer - 1) as n;

-- name: waits_to_be_told()$
select exists (select 1 from outgoing where state = 'waiting');

-- name: lay_old_deliveries(turn, count)!
insert into deliveries (source, key, received_at, record, state, summary, search_due)
select
    'careers', sha256(format('old-%s-%s', :turn::integer, n)::bytea),
    clock_timestamp() - interval '1 year', '\x00', 'recorded', 'applicant rejected', null
from generate_series(1, :count::integer) as n;

-- name: lay_old_outgoing(turn, count)!
insert into outgoing (
    endpoint_id, applicant_key, event_id, source_applicant_id, what, at, state, waits_since
)
select
    endpoint_id, 'person-' || n, format('old-%s-%s', :turn::integer, n), 'applicant-' || n,
    'letter_sent', at, 'delivered', at
from endpoints, generate_series(1, :count::integer) as n
cross join lateral (select clock_timestamp() - interval '1 year' as at) as told;
