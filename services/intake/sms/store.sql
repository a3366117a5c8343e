-- name: first(message_sid, now)$
insert into sms_received (message_sid, received_at) values (:message_sid, :now)
on conflict do nothing
returning message_sid;

-- name: report(message_id, applicant_key, outcome, now)$
insert into delivery_reports (message_id, candidate_id, applicant_key, outcome, reported_at)
select :message_id, candidate_id, applicant_key, :outcome, :now
from applicants where applicant_key = :applicant_key
on conflict do nothing
returning message_id;
