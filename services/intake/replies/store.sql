-- name: keep(candidate_ids, how, now)!
-- It holds for each applicant of theirs, who may turn out to be another person.
insert into unread_replies (applicant_key, candidate_id, how, since)
select applicant_key, candidate_id, :how::text, :now::timestamptz
from applicants where candidate_id = any(:candidate_ids::text [])
on conflict (applicant_key, how) do update set because_of = null
where unread_replies.because_of is not null;

-- name: unread(limit)
-- And in which ways they wrote what has no words here. Whoever waits because they may be somebody else
-- is shown with what that one wrote.
select
    waiting.candidate_id,
    waiting.since,
    coalesce(said.texts, '{}') as texts,
    coalesce(said.wordless, '{}') as wordless,
    coalesce(said.is_cut, false) as is_cut
from (
    select
        unread_replies.candidate_id, min(since) as since,
        array_agg(coalesce(writer.candidate_id, unread_replies.candidate_id)) as writers
    from unread_replies
    left join applicants as writer on writer.applicant_key = because_of
    group by unread_replies.candidate_id
) as waiting
cross join lateral (
    select
        array_agg(concat_ws(E'\n', facts ->> 'subject', facts ->> 'text') order by at)
        filter (where has_words) as texts,
        array_agg(distinct kind) filter (where not has_words and kind <> 'news') as wordless,
        bool_or((facts ->> 'isCut')::boolean) as is_cut
    from timeline
    cross join lateral (select facts ?| '{subject,text}' as has_words) as known
    where timeline.candidate_id = any(waiting.writers)
    and kind in ('sms_replied', 'mail_replied', 'news') and at >= waiting.since
    and not exists (
        select from mail_replies
        where reply_id = timeline.facts ->> 'replyId' and settled_at is not null
    )
) as said
order by waiting.since, waiting.candidate_id
limit :limit;

-- name: count()$
select count(distinct candidate_id) from unread_replies;

-- name: waiting(candidate_id)
-- Somebody's waits, and those of who may be them.
select applicant_key, how from unread_replies
where candidate_id = :candidate_id::text or because_of in (
    select applicant_key from applicants where candidate_id = :candidate_id::text
);

-- name: looked(candidate_id, now)
with settled as (
    update mail_replies set settled_at = :now::timestamptz
    where candidate_id = :candidate_id and settled_at is null
)

delete from unread_replies where (applicant_key, how) in (
    -- include: waiting
)
returning candidate_id, how;

-- name: settle(reply_id, now)
-- With a mail those before it about the same vacancy have been read, which the same recruiters see.
update mail_replies as earlier set settled_at = :now::timestamptz
from mail_replies as reply
where reply.reply_id = :reply_id and earlier.candidate_id = reply.candidate_id
and earlier.vacancy_id is not distinct from reply.vacancy_id
and earlier.received_at <= reply.received_at and earlier.settled_at is null
returning earlier.reply_id;

-- name: go_on_waiting(candidate_id)
-- Somebody waits from the first mail of theirs on that nobody has read, and by none if all were; then
-- whoever waits because they may be them does not either.
with waiting as (
    select min(received_at) as since from mail_replies
    where candidate_id = :candidate_id and settled_at is null
),

still as (
    update unread_replies set since = waiting.since from waiting
    where candidate_id = :candidate_id and how = 'mail' and waiting.since is not null
)

delete from unread_replies using waiting
where how = 'mail' and waiting.since is null and (applicant_key, how) in (
    -- include: waiting
)
returning candidate_id;
