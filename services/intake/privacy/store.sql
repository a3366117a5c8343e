-- name: delete(ids)
-- All that hangs on a person goes with the row. Returns them with the version that others were told of.
delete from candidates where candidate_id = any(:ids::text []) returning candidate_id, version;

-- name: remember(ids, now)!
insert into former_candidates (candidate_id, ended_at)
select candidate_id, :now::timestamptz from unnest(:ids::text []) as candidate_id
on conflict do nothing;

-- name: mark_forgotten(ids, now)!
update identities set forgotten_at = :now::timestamptz where candidate_id = any(:ids::text []);

-- name: out_of_date(before, now, limit)
-- Who had no human contact for so long and did not ask to be kept longer. Whoever is still owed an
-- answer has as long for it from when their record began: an old decision may be imported today.
select candidate_id from candidates as person
where last_human_contact_at < :before::timestamptz
and not exists (
    select 1 from consents
    where consents.candidate_id = person.candidate_id
    and ended_at is null and until > :now::timestamptz
)
and (
    recorded_at < :before::timestamptz
    or not exists (
        select 1 from applications
        where applications.candidate_id = person.candidate_id
        and status = 'rejected' and answered_at is null
        and not (rejection -> 'alreadyTold')::boolean
    )
)
order by last_human_contact_at
limit :limit
for update skip locked;

-- name: known_as(ids)
select jsonb_array_elements_text(personal_data -> 'also_known_as') as known_as
from candidates
where candidate_id = any(:ids::text []);

-- name: is_known(key, hashes)$
select exists (
    select from candidates
    where candidate_id = :key::text
    or candidate_id in (select candidate_id from identities where hash = any(:hashes::bytea []))
);

-- name: hashes(ids)
select hash from identities where candidate_id = any(:ids::text []);
