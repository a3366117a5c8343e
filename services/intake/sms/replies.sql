-- name: keep(candidate_ids, now)!
insert into unread_replies (candidate_id, since)
select candidate_id, :now::timestamptz from unnest(:candidate_ids::text []) as candidate_id
on conflict do nothing;

-- name: unread(limit)
select
    waiting.candidate_id,
    waiting.since,
    array(
        select facts ->> 'text' from timeline
        where timeline.candidate_id = waiting.candidate_id
        and kind = 'sms_replied' and at >= waiting.since and facts ? 'text'
        order by at
    ) as texts
from unread_replies as waiting
order by waiting.since, waiting.candidate_id
limit :limit;

-- name: count()$
select count(*) from unread_replies;

-- name: looked(candidate_id)$
delete from unread_replies where candidate_id = :candidate_id
returning candidate_id;
