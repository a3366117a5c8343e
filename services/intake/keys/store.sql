-- name: add(key_id, source, hash, now)!
insert into api_keys (key_id, source, hash, created_at) values (:key_id, :source, :hash, :now);

-- name: find(key_id)^
select source, hash from api_keys where key_id = :key_id and revoked_at is null;

-- name: all()
select key_id, source, created_at, revoked_at from api_keys order by created_at, key_id;

-- name: revoke(key_id, now)$
update api_keys set revoked_at = :now where key_id = :key_id and revoked_at is null
returning key_id;
