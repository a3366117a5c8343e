-- name: sent_to_candidates()
select message_id, recipient_id, purpose, channel, attempted_at
from notifier.messages
where state = 'sent' and contact_id is not null and about_id is null;

-- name: consents()
-- Of those too who have left the record since: what they agreed to outlives them.
select
    whose.candidate_id, given.purpose, given.channel, given.at as granted_at, given.until,
    over.at as ended_at
from intake.consent_entries as given
left join intake.consent_entries as over
    on over.chain = given.chain and over.ends = given.position
left join intake.consent_chains as chains on chains.chain = given.chain
cross join lateral (
    select given.candidate_id
    union
    select chains.candidate_id
) as whose
where given.act = 'agreed';

-- name: interests()
-- Whoever was hired, or is in the record no more, waits for no word. A conversation may go on until
-- its vacancy has closed.
select
    interest_id, coalesce(closed_at, raised_at) as waits_since, ended_at, ended_as,
    exists (
        select 1 from notifier.messages
        where purpose = 'outcome' and state = 'sent' and recipient_id = interests.candidate_id
        and attempted_at > interests.ended_at
    )
    or exists (
        select 1 from intake.applications
        where applications.candidate_id = interests.candidate_id and status = 'hired'
    ) as is_told
from intake.interests;

-- name: kinds()
select message_id, purpose from notifier.messages where state = 'sent';

-- name: tables()
select format('%I.%I', schemaname, tablename) as name
from pg_tables
where schemaname in ('intake', 'scheduler', 'matcher', 'notifier');
