-- name: propose(hashes, candidate_ids)!
-- Sorted, so that two batches cannot deadlock; the second waits here for what the first decides.
insert into identities (hash, candidate_id)
select hash, candidate_id
from unnest(:hashes::bytea [], :candidate_ids::text []) as proposed (hash, candidate_id)
order by hash
on conflict do nothing;

-- name: identities(hashes)
select
    identity.hash, identity.candidate_id, identity.forgotten_at,
    former.candidate_id is not null and identity.forgotten_at is null as erased
from identities as identity
left join former_candidates as former using (candidate_id)
where identity.hash = any(:hashes::bytea []);

-- name: lock(ids)
select candidate_id, personal_data, last_human_contact_at
from candidates
where candidate_id = any(:ids::text [])
order by candidate_id
for update;

-- name: present(ids)
-- Whom these ids mean today: nobody where somebody was erased.
select asked.candidate_id as asked, present.candidate_id
from unnest(:ids::text []) as asked (candidate_id)
left join former_candidates as former using (candidate_id)
inner join candidates as present
    on present.candidate_id = coalesce(former.merged_into, asked.candidate_id);

-- name: keep(ids, versions, personal_data, contacts, now)!
-- The version is that of a new record; one that was there has its own.
insert into candidates (candidate_id, version, personal_data, last_human_contact_at, recorded_at)
select person.*, :now::timestamptz
from
    unnest(:ids::text [], :versions::bigint [], :personal_data::jsonb [], :contacts::timestamptz [])
    as person
on conflict (candidate_id) do update
set personal_data = excluded.personal_data, last_human_contact_at = excluded.last_human_contact_at;

-- name: recognise_again(hashes, ids)!
update identities as identity
set candidate_id = returned.candidate_id, forgotten_at = null
from unnest(:hashes::bytea [], :ids::text []) as returned (hash, candidate_id)
where identity.hash = returned.hash;
