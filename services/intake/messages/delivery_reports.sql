-- name: keep(message_id, applicant_key, outcome, goes_on, now)$
-- A text message has one end. A mail that arrived may come back later, or be complained about.
insert into delivery_reports as known (
    message_id, candidate_id, applicant_key, outcome, reported_at
)
select :message_id, candidate_id, applicant_key, :outcome, :now
from applicants where applicant_key = :applicant_key
on conflict (message_id) do update
set outcome = excluded.outcome, reported_at = excluded.reported_at
where :goes_on::boolean
and case excluded.outcome
    when 'delivered' then false
    when 'complained' then known.outcome <> 'complained'
    when 'opted_out' then known.outcome not in ('complained', 'opted_out')
    else known.outcome = 'delivered'
end
returning message_id;
