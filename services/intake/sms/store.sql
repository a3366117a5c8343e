-- name: first(message_sid, now)$
insert into sms_received (message_sid, received_at) values (:message_sid, :now)
on conflict do nothing
returning message_sid;

-- name: report(message_id, candidate_id, outcome, now)$
insert into delivery_reports (message_id, candidate_id, outcome, reported_at)
values (:message_id, :candidate_id, :outcome, :now)
on conflict do nothing
returning message_id;
