-- name: sent_to_candidates()
select message_id, recipient_id, purpose, channel, attempted_at
from notifier.messages
where state = 'sent' and contact_id is not null and about_id is null;

-- name: consents()
select candidate_id, purpose, channel, granted_at, until, ended_at from intake.consents;

-- name: tables()
select format('%I.%I', schemaname, tablename) as name
from pg_tables
where schemaname in ('intake', 'scheduler', 'matcher', 'notifier');
