-- name: first(provider, message_id, now)$
insert into sms_received (provider, message_id, received_at)
values (:provider, :message_id, :now)
on conflict do nothing
returning message_id;

-- name: locales(phone)
select candidates.personal_data #>> '{locale,value}' as locale
from candidates
where candidate_id in (select applicants.candidate_id from applicants where phone = :phone);
