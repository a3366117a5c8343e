-- name: first(provider, message_id, now)$
insert into sms_received (provider, message_id, received_at)
values (:provider, :message_id, :now)
on conflict do nothing
returning message_id;

-- name: locales(phone)
select personal_data #>> '{locale,value}' as locale from candidates where phone = :phone;

-- name: report(message_id, applicant_key, outcome, now)$
insert into delivery_reports (message_id, candidate_id, applicant_key, outcome, reported_at)
select :message_id, candidate_id, applicant_key, :outcome, :now
from applicants where applicant_key = :applicant_key
on conflict do nothing
returning message_id;
