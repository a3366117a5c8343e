-- name: mark_erased(ids, now)!
-- By these hashes nobody comes back with what was said until now.
with gone as materialized (
    select applicant_key from applicants where candidate_id = any(:ids::text [])
),

likened as (
    update likenesses set erased_at = :now::timestamptz, search_quarantine = true
    where applicant_key in (select applicant_key from gone)
)

update identities
set erased_at = greatest(erased_at, :now::timestamptz), search_quarantine = true
where applicant_key in (select applicant_key from gone);

-- name: delete(ids)
-- All that hangs on a person goes with the row. Returns them with the version that others were told of.
delete from candidates where candidate_id = any(:ids::text []) returning candidate_id, version;

-- name: remember(ids, now)!
insert into former_candidates (candidate_id, ended_at)
select candidate_id, :now::timestamptz from unnest(:ids::text []) as candidate_id
on conflict do nothing;

-- name: out_of_date(before, now, limit)
-- Who had no human contact for so long and did not ask to be kept longer. Whoever is still owed an
-- answer has as long for it from when their record began: an old decision may be imported today.
select candidate_id from candidates as person
where candidate_id in (
    select applicants.candidate_id from applicants
    where last_human_contact_at < :before::timestamptz
    and not exists (
        select 1 from consents
        where consents.candidate_id = applicants.candidate_id
        and ended_at is null and until > :now::timestamptz
    )
    and not exists (
        select 1 from applicants as other
        where other.candidate_id = applicants.candidate_id
        and other.last_human_contact_at >= :before::timestamptz
    )
    and not exists (
        select 1 from applications
        inner join applicants as owed using (applicant_key)
        where owed.candidate_id = applicants.candidate_id
        and owed.recorded_at >= :before::timestamptz
        and status = 'rejected' and answered_at is null
        and not (rejection -> 'alreadyTold')::boolean
    )
    order by last_human_contact_at
    limit :limit
)
for update skip locked;

-- name: to_search(limit)
select distinct hash from (
    (select hash from identities where search_quarantine limit :limit)
    union all
    (select hash from likenesses where search_quarantine limit :limit)
) as due
limit :limit;

-- name: mark_searched(hashes)!
with identified as (
    update identities set search_quarantine = false where hash = any(:hashes::bytea [])
)

update likenesses set search_quarantine = false where hash = any(:hashes::bytea []);
