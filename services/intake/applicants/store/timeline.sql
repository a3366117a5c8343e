-- name: add_entries(ids, ats, kinds, facts)!
insert into timeline (candidate_id, at, kind, facts)
select * from unnest(:ids::text [], :ats::timestamptz [], :kinds::text [], :facts::jsonb []);

-- name: note(ids, kind, facts, now)!
with contact as (
    update candidates
    set last_human_contact_at = greatest(last_human_contact_at, :now::timestamptz)
    where candidate_id = any(:ids::text [])
    returning candidate_id
)

insert into timeline (candidate_id, at, kind, facts)
select candidate_id, :now::timestamptz, :kind::text, :facts::jsonb from contact;
