# Runs once, when the server's folder is empty: a database and a role for each service.
set -eu
for name in gateway registry inspection thirdparty volunteer notify; do
  export name
  psql --username postgres --no-psqlrc --set ON_ERROR_STOP=1 --set name="$name" <<'SQL'
\set password `cat "/run/secrets/passwords/$name"`
CREATE ROLE :"name" LOGIN PASSWORD :'password';
CREATE DATABASE :"name" OWNER :"name";
REVOKE CONNECT ON DATABASE :"name" FROM PUBLIC;
SQL
done
