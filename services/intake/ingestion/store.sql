-- name: claim(sources, keys, hashes, now)
-- Of two requests with one key the second waits here for the first.
insert into idempotency_keys (source, key, request_hash, claimed_at)
select source, key, hash, :now::timestamptz
from unnest(:sources::text [], :keys::text [], :hashes::bytea []) as claim (source, key, hash)
order by source, key
on conflict do nothing
returning source, key;

-- name: answered(sources, keys)
select source, key, request_hash, status, answer
from idempotency_keys
inner join unnest(:sources::text [], :keys::text []) as asked (source, key) using (source, key);

-- name: answer(sources, keys, statuses, answers)!
update idempotency_keys as request set status = given.status, answer = given.answer
from
    unnest(:sources::text [], :keys::text [], :statuses::integer [], :answers::bytea [])
    as given (source, key, status, answer)
where request.source = given.source and request.key = given.key;

-- name: delete_before(before, limit)
delete from idempotency_keys where ctid = any(array(
    select ctid from idempotency_keys
    where claimed_at < :before::timestamptz
    order by claimed_at
    limit :limit
    for update skip locked
))
returning key;
