-- name: take(name, holder, seconds)^
-- While somebody else holds it this only reads: no lock is waited for, nothing is written.
insert into leases as held (name, holder, expires_at)
select :name::text, :holder::uuid, clock_timestamp() + make_interval(secs => :seconds::float8)
where not exists (
    select 1 from leases
    where name = :name and holder <> :holder and expires_at >= clock_timestamp()
)
on conflict (name) do update
set holder = excluded.holder, expires_at = excluded.expires_at
where held.holder = excluded.holder or held.expires_at < clock_timestamp()
returning name;

-- name: give_back(name, holder)!
delete from leases where name = :name and holder = :holder;
