-- name: keep(candidate_ids, how, now)!
-- It holds for each applicant of theirs, who may turn out to be another person.
insert into unread_replies (applicant_key, candidate_id, how, since)
select applicant_key, candidate_id, :how::text, :now::timestamptz
from applicants where candidate_id = any(:candidate_ids::text [])
on conflict do nothing;

-- name: unread(limit)
select
    waiting.candidate_id,
    waiting.since,
    array(
        select facts ->> 'text' from timeline
        where timeline.candidate_id = waiting.candidate_id
        and kind in ('sms_replied', 'mail_replied', 'news') and at >= waiting.since and facts ? 'text'
        order by at
    ) as texts
from (
    select candidate_id, min(since) as since from unread_replies group by candidate_id
) as waiting
order by waiting.since, waiting.candidate_id
limit :limit;

-- name: count()$
select count(distinct candidate_id) from unread_replies;

-- name: looked(candidate_id)
delete from unread_replies where candidate_id = :candidate_id
returning how;
