-- name: add(key_id, source, scopes, hash, now)!
insert into api_keys (key_id, source, scopes, hash, created_at)
values (:key_id, :source, :scopes::text [], :hash, :now);

-- name: find(key_id)^
select source, scopes, hash from api_keys where key_id = :key_id and revoked_at is null;

-- name: used(key_id, now)!
-- To the minute is enough, and a busy key is not written at each look.
update api_keys set last_used_at = :now::timestamptz
where key_id = :key_id
and (last_used_at is null or last_used_at < :now::timestamptz - interval '1 minute');

-- name: every(limit)
select key_id, source, scopes, created_at, last_used_at, revoked_at
from api_keys
order by created_at, key_id
limit :limit;

-- name: revoke(key_id, now)$
update api_keys set revoked_at = :now where key_id = :key_id and revoked_at is null
returning key_id;
