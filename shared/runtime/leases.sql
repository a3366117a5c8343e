-- name: take(name, holder, seconds)^
insert into leases as held (name, holder, expires_at)
values (:name, :holder, clock_timestamp() + make_interval(secs => :seconds::float8))
on conflict (name) do update
set holder = excluded.holder, expires_at = excluded.expires_at
where held.holder = excluded.holder or held.expires_at < clock_timestamp()
returning name;

-- name: give_back(name, holder)!
delete from leases where name = :name and holder = :holder;
