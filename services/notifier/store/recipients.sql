-- name: remember(rows)!
insert into recipients as known (recipient_id, kind, vacancies, state)
select recipient_id, kind, vacancies, state
from jsonb_to_recordset(:rows::jsonb) as rows (
    recipient_id text, kind text, vacancies text [], state jsonb
)
order by recipient_id
on conflict (recipient_id) do update
set
    kind = excluded.kind,
    vacancies = excluded.vacancies,
    state = excluded.state;

-- name: forget(ids)!
delete from recipients where recipient_id = any(:ids::text []);

-- name: revive(hashes, consented_at)!
-- An explicit new yes opens an address again that its owner had opted out of.
delete from dead_addresses as dead
using unnest(:hashes::text [], :consented_at::timestamptz []) as yes (address_hash, consented_at)
where dead.address_hash = yes.address_hash
and dead.because = 'opted_out' and dead.since < yes.consented_at;

-- name: dead(hashes)
select address_hash from dead_addresses where address_hash = any(:hashes::text []);

-- name: bury(hashes, because, now)!
insert into dead_addresses (address_hash, because, since)
select distinct on (address_hash) address_hash, because, :now::timestamptz
from unnest(:hashes::text [], :because::text []) as dead (address_hash, because)
order by address_hash, because
on conflict (address_hash) do update
set because = least(dead_addresses.because, excluded.because), since = excluded.since;

-- name: remember_heartbeats(partitions, written_at)!
insert into heartbeats as known (partition, written_at)
select * from unnest(:partitions::integer [], :written_at::timestamptz []) as beats
order by 1
on conflict (partition) do update
set written_at = greatest(known.written_at, excluded.written_at);
