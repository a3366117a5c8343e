-- name: add_entries(keys, ats, kinds, facts)!
insert into timeline (candidate_id, applicant_key, at, kind, facts)
select candidate_id, applicant_key, entry.at, entry.kind, entry.facts
from
    unnest(:keys::text [], :ats::timestamptz [], :kinds::text [], :facts::jsonb [])
    with ordinality as entry (applicant_key, at, kind, facts, nth)
inner join applicants using (applicant_key)
order by nth;

-- name: note(keys, kind, facts, now)!
with contact as (
    update applicants
    set last_human_contact_at = greatest(last_human_contact_at, :now::timestamptz)
    where applicant_key = any(:keys::text [])
    returning candidate_id, applicant_key
)

insert into timeline (candidate_id, applicant_key, at, kind, facts)
select candidate_id, applicant_key, :now::timestamptz, :kind::text, :facts::jsonb from contact;

-- name: note_people(ids, kind, facts, now)!
-- What concerns a person whole is the eldest applicant's.
with eldest as (
    select distinct on (candidate_id) applicant_key
    from applicants
    where candidate_id = any(:ids::text [])
    order by candidate_id, recorded_at, applicant_key
),

contact as (
    update applicants
    set last_human_contact_at = greatest(last_human_contact_at, :now::timestamptz)
    where applicant_key in (select applicant_key from eldest)
    returning candidate_id, applicant_key
)

insert into timeline (candidate_id, applicant_key, at, kind, facts)
select candidate_id, applicant_key, :now::timestamptz, :kind::text, :facts::jsonb from contact;
