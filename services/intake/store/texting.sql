-- name: first(message_sid, now)$
insert into sms_received (message_sid, received_at) values (:message_sid, :now)
on conflict do nothing
returning message_sid;

-- name: report(message_id, candidate_id, outcome, now)$
insert into delivery_reports (message_id, candidate_id, outcome, reported_at)
values (:message_id, :candidate_id, :outcome, :now)
on conflict do nothing
returning message_id;

-- name: move(old, new)!
update delivery_reports set candidate_id = pair.remaining
from unnest(:old::text [], :new::text []) as pair (absorbed, remaining)
where delivery_reports.candidate_id = pair.absorbed;
