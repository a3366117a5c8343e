-- name: begin_hearing()!
select pg_advisory_xact_lock(hashtext('intake.stopped_numbers'));

-- name: begin_recording()!
select pg_advisory_xact_lock_shared(hashtext('intake.stopped_numbers'));

-- name: silence(hash, now)!
insert into stopped_numbers (hash, stopped_at) values (:hash, :now) on conflict do nothing;

-- name: reopen(hashes)!
delete from stopped_numbers where hash = any(:hashes::bytea []);

-- name: silent(hashes)
select hash from stopped_numbers where hash = any(:hashes::bytea []);
