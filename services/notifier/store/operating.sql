-- name: hold(scope, because, now, placed_by)!
insert into holds (scope, because, since, placed_by)
values (:scope::text, :because::text, :now::timestamptz, :placed_by::text)
on conflict (scope) do nothing;

-- name: release(scope)^
delete from holds where scope = :scope::text returning scope;

-- name: holds()
select scope, because, since, placed_by as "by" from holds order by since;

-- name: waiting(limit)
select message_id, recipient_id, purpose, channels, next_attempt_at, expires_at, tries, because
from messages
where state = 'pending'
order by next_attempt_at
limit :limit::integer;

-- name: uncertain(limit)
select message_id, recipient_id, purpose, channel, attempted_at, because, delivered_at, bounced_at
from messages
where state = 'uncertain'
order by ended_at desc
limit :limit::integer;

-- name: message(message_id)^
select * from messages where message_id = :message_id::text;

-- name: gauges(now, most)^
-- Counts no further than `most`, so that it costs the same however much waits.
select
    (
        select count(*) from (
            select 1 from messages where state = 'pending' limit :most::integer
        ) as counted
    ) as pending,
    (
        select count(*) from (
            select 1 from messages
            where state = 'pending' and next_attempt_at <= :now::timestamptz
            limit :most::integer
        ) as counted
    ) as due,
    (
        select count(*) from (
            select 1 from messages where state = 'sending' limit :most::integer
        ) as counted
    ) as sending,
    (
        select count(*) from (
            select 1 from messages where state = 'uncertain' limit :most::integer
        ) as counted
    ) as uncertain,
    (
        select count(*) from (
            select 1 from recipients where unread_since is not null limit :most::integer
        ) as counted
    ) as unread_recipients,
    (
        select extract(epoch from :now::timestamptz - min(next_attempt_at))::float
        from messages
        where state = 'pending' and next_attempt_at <= :now::timestamptz
    ) as oldest_due_seconds;
