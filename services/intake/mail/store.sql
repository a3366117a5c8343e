-- name: first(hash, now)$
insert into mail_tokens (hash, taken_at) values (:hash, :now)
on conflict do nothing
returning taken_at;

-- name: forget(before, limit)
delete from mail_tokens where ctid = any(array(
    select ctid from mail_tokens
    where taken_at < :before::timestamptz
    order by taken_at
    limit :limit
    for update skip locked
))
returning taken_at;
