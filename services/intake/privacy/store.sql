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
-- answer stays for as long from when their record began, however old the decision is; and until they
-- were told, where somebody can still tell them: they have an address that they did not stop, do not
-- work here, and no letter came to nothing so long ago.
select candidate_id from candidates as person
where last_human_contact_at < :before::timestamptz
and not exists (
    select 1 from consents
    where consents.candidate_id = person.candidate_id
    and ended_at is null and until > :now::timestamptz
)
and not exists (
    select 1 from applications as owed
    where owed.candidate_id = person.candidate_id
    and owed.status = 'rejected' and owed.answered_at is null
    and not (owed.rejection -> 'alreadyTold')::boolean
    and (
        person.recorded_at >= :before::timestamptz
        or (
            exists (
                select 1
                from (
                    values
                    ('email', person.personal_data #> '{emails,value}' is not null),
                    ('sms', person.phone is not null)
                ) as reach (channel, is_there)
                left join channel_stops as stop
                    on stop.candidate_id = person.candidate_id
                    and stop.channel = reach.channel and stop.lifted_at is null
                where reach.is_there and stop.id is null
            )
            and not exists (
                select 1 from applications as hired
                where hired.candidate_id = person.candidate_id and hired.status = 'hired'
            )
            and not exists (
                select 1 from timeline as tried
                where tried.candidate_id = person.candidate_id
                and tried.at < :before::timestamptz
                and tried.facts ->> 'applicationId' = owed.application_id
                and tried.kind in (
                    'message_failed', 'message_dropped', 'message_expired',
                    'message_uncertain', 'message_bounced'
                )
            )
        )
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
