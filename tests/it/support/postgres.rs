//! PostgreSQL for tests: one temporary cluster for each test process, a fresh database for each
//! test.
//!
//! It owns the cluster's whole life. A watchdog shell holds the other end of a pipe: when this
//! process ends in any way, `kill -9` included, the shell stops the server and removes its
//! directory.
//!
//! It never touches a cluster that it did not start, unless ENTREPOT_TEST_POSTGRES_URL names one;
//! there it only creates databases of its own and drops them at the end.
//!
//! - no PostgreSQL on the machine: [`database`] returns `None` and says loudly which test is skipped;
//! - ENTREPOT_TEST_POSTGRES=required: it panics instead;
//! - ENTREPOT_TEST_POSTGRES_URL=postgres://...: a superuser's url, used instead of a cluster.

use std::ffi::OsStr;
use std::io::Write;
use std::net::TcpListener;
use std::os::unix::fs::{PermissionsExt, chown};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Mutex, OnceLock, PoisonError};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

const SUPERUSER: &str = "entrepot";

const MISSING: &str = "PostgreSQL is not installed: no initdb on PATH or in /usr/lib/postgresql/*/bin";

/// initdb's locale. Servers in production seldom sort as C does; a test that passes only there
/// would hide a query that relies on it.
const LOCALE: &[&str] = &["--encoding=UTF8", "--locale=C", "--locale-provider=icu", "--icu-locale=en-US"];

/// Speed instead of durability: the data is thrown away anyway.
const SETTINGS: &[&str] = &[
    "fsync=off",
    "synchronous_commit=off",
    "full_page_writes=off",
    "shared_buffers=256MB",
    "max_connections=200",
    "listen_addresses=127.0.0.1",
    // Readable by the parent, whoever it runs as.
    "log_destination=stderr",
    "logging_collector=off",
];

/// Another process may take a port between finding it free and starting the server.
const START_ATTEMPTS: u32 = 5;
const START_TIMEOUT: Duration = Duration::from_secs(60);

/// Runs the server named by its arguments until standard input closes, which happens when the
/// parent ends. `$1` is the directory of the cluster. Whatever command changes the user in
/// between, the server is stopped by the id in its own pid file; SIGQUIT is its immediate
/// shutdown. On a busy machine that takes a while, and a server that still writes keeps `rm` from
/// emptying its directory.
const CLUSTER_WATCHDOG: &str = r#"
directory=$1; shift
trap '' INT TERM HUP
( "$@" </dev/null; echo "$?" >"$directory/ended" ) >>"$directory/log" 2>&1 &
cat >/dev/null
attempts=0
while [ ! -e "$directory/ended" ] && [ "$attempts" -lt 600 ]; do
    read -r server <"$directory/data/postmaster.pid" && kill -QUIT "$server"
    sleep 0.1
    attempts=$((attempts + 1))
done 2>/dev/null
rm -rf -- "$directory" || { sleep 5; rm -rf -- "$directory"; }
"#;

/// Drops the databases whose names it was told, once standard input closes.
const DATABASE_WATCHDOG: &str = r#"
psql=$1; url=$2
trap '' INT TERM HUP
names=
while read -r name; do names="$names $name"; done
for name in $names; do
    "$psql" -X -q -d "$url" -c "DROP DATABASE IF EXISTS $name WITH (FORCE)"
done
"#;

/// Creates an empty database and returns its url; `None` when there is no PostgreSQL here and `test` is skipped.
///
/// # Panics
/// When a server is there but does not work, and when ENTREPOT_TEST_POSTGRES=required and there
/// is none.
pub fn database(test: &str) -> Option<String> {
    static SERVER: OnceLock<Option<Server>> = OnceLock::new();
    let Some(server) = SERVER.get_or_init(Server::find_or_start) else {
        let required = std::env::var_os("ENTREPOT_TEST_POSTGRES").is_some_and(|value| value == "required");
        assert!(!required, "{MISSING}, and ENTREPOT_TEST_POSTGRES=required");
        // eprintln! would be captured by the test harness, and the skip pass unseen.
        let notice = format!("\nSKIPPED: {test}: {MISSING}\n");
        std::io::stderr().write_all(notice.as_bytes()).ok();
        return None;
    };
    Some(server.create_database())
}

struct Server {
    /// A database that is always there.
    maintenance_url: String,
    psql: PathBuf,
    /// Its standard input is the pipe. Never dropped, because statics are not.
    watchdog: Mutex<Child>,
    tells_names: bool,
}

impl Server {
    fn find_or_start() -> Option<Server> {
        if let Ok(url) = std::env::var("ENTREPOT_TEST_POSTGRES_URL")
            && !url.is_empty()
        {
            return Some(Server::given(url));
        }
        Some(Server::start(&Binaries::find()?))
    }

    fn given(url: String) -> Server {
        let psql = Binaries::find().map_or_else(|| PathBuf::from("psql"), |found| found.psql);
        let mut command = shell(DATABASE_WATCHDOG);
        command.arg(&psql).arg(&url);
        let watchdog = command.spawn().expect("sh starts");
        Server { maintenance_url: url, psql, watchdog: Mutex::new(watchdog), tells_names: true }
    }

    fn start(binaries: &Binaries) -> Server {
        let user = User::for_server();
        let mut failures = String::new();
        for _ in 0..START_ATTEMPTS {
            match Server::try_start(binaries, user.as_ref()) {
                Ok(server) => return server,
                Err(failure) if failure.contains("could not bind") => failures = failure,
                Err(failure) => panic!("PostgreSQL did not start:\n{failure}"),
            }
        }
        panic!("PostgreSQL found no free port in {START_ATTEMPTS} attempts:\n{failures}");
    }

    fn try_start(binaries: &Binaries, user: Option<&User>) -> Result<Server, String> {
        // /tmp, because a socket's path has to be short, and because the directory named by TMPDIR
        // may be closed to the user the server runs under.
        let directory =
            tempfile::Builder::new().prefix("entrepot-pg-").tempdir_in("/tmp").expect("a temporary directory in /tmp");
        let private = std::fs::Permissions::from_mode(0o700);
        std::fs::set_permissions(directory.path(), private).expect("mode 0700");
        if let Some(user) = user {
            chown(directory.path(), Some(user.uid), Some(user.gid)).expect("chown");
        }
        let data = directory.path().join("data");
        initialize(binaries, user, &data)?;

        let port = free_port();
        let mut command = shell(CLUSTER_WATCHDOG);
        command.arg(directory.path());
        if let Some(user) = user {
            command.args(&user.prefix);
        }
        command.arg(&binaries.postgres).arg("-D").arg(&data);
        command.arg("-p").arg(port.to_string());
        command.arg("-k").arg(directory.path());
        for setting in SETTINGS {
            command.arg("-c").arg(setting);
        }
        command.current_dir("/");
        let watchdog = command.spawn().expect("sh starts");
        // From here on the watchdog removes it.
        let directory = directory.keep();
        let server = Server {
            maintenance_url: format!("postgres://{SUPERUSER}@127.0.0.1:{port}/postgres"),
            psql: binaries.psql.clone(),
            watchdog: Mutex::new(watchdog),
            tells_names: false,
        };
        match wait_until_ready(&directory) {
            Ok(()) => Ok(server),
            Err(failure) => {
                server.stop();
                Err(failure)
            }
        }
    }

    fn stop(self) {
        let mut watchdog = self.watchdog.into_inner().unwrap_or_else(PoisonError::into_inner);
        // `wait` closes the pipe first.
        watchdog.wait().expect("the watchdog ends");
    }

    fn create_database(&self) -> String {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let since_epoch = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        // A given server may be shared with processes on other machines.
        let name = format!(
            "entrepot_{}_{:x}_{}",
            std::process::id(),
            since_epoch.as_micros(),
            COUNT.fetch_add(1, Ordering::Relaxed)
        );
        if self.tells_names {
            // Before it exists: dropping one that was never made does no harm.
            let mut watchdog = self.watchdog.lock().unwrap_or_else(PoisonError::into_inner);
            let pipe = watchdog.stdin.as_mut().expect("the pipe stays open");
            writeln!(pipe, "{name}").expect("the watchdog listens");
        }
        // template0, because nobody can be connected to it and so block the copy.
        let statement = format!("CREATE DATABASE {name} TEMPLATE template0");
        let output = clean(&self.psql)
            .args(["-X", "-q", "-v", "ON_ERROR_STOP=1", "-d", &self.maintenance_url, "-c"])
            .arg(&statement)
            .stdin(Stdio::null())
            .output()
            .unwrap_or_else(|error| panic!("cannot run {}: {error}", self.psql.display()));
        let errors = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{statement}: {errors}");
        with_database(&self.maintenance_url, &name)
    }
}

/// A shell that outlives a Ctrl-C meant for the tests, and holds none of their output streams: a
/// runner would wait for those.
fn shell(script: &str) -> Command {
    let mut command = clean(OsStr::new("sh"));
    command.arg("-c").arg(script).arg("entrepot-test-watchdog");
    command.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null());
    command.process_group(0);
    command
}

/// A command without the caller's PGHOST, PGOPTIONS and the like.
fn clean(program: impl AsRef<OsStr>) -> Command {
    let mut command = Command::new(program);
    for (name, _) in std::env::vars_os() {
        if name.to_str().is_some_and(|name| name.starts_with("PG")) {
            command.env_remove(name);
        }
    }
    command
}

fn initialize(binaries: &Binaries, user: Option<&User>, data: &Path) -> Result<(), String> {
    let mut command = match user {
        Some(user) => {
            let mut command = clean(&user.prefix[0]);
            command.args(&user.prefix[1..]).arg(&binaries.initdb);
            command
        }
        None => clean(&binaries.initdb),
    };
    command.args(["--no-sync", "--auth=trust", "--username", SUPERUSER]);
    command.args(LOCALE).arg("-D").arg(data);
    let output = command
        .stdin(Stdio::null())
        .current_dir("/")
        .output()
        .map_err(|error| format!("cannot run initdb: {error}"))?;
    if output.status.success() {
        return Ok(());
    }
    let (said, errors) = (&output.stdout, &output.stderr);
    Err(format!("initdb failed:\n{}{}", String::from_utf8_lossy(said), String::from_utf8_lossy(errors)))
}

/// Reads the server's own pid file: a connection to the port could reach another server.
fn wait_until_ready(directory: &Path) -> Result<(), String> {
    let started = Instant::now();
    loop {
        let pid_file = std::fs::read_to_string(directory.join("data/postmaster.pid"));
        let is_ready = pid_file.is_ok_and(|text| text.lines().any(|line| line.trim() == "ready"));
        if is_ready {
            return Ok(());
        }
        let has_ended = directory.join("ended").exists();
        if has_ended || started.elapsed() > START_TIMEOUT {
            let log = std::fs::read_to_string(directory.join("log")).unwrap_or_default();
            return Err(format!("after {:?}: {log}", started.elapsed()));
        }
        std::thread::sleep(Duration::from_millis(20));
    }
}

fn free_port() -> u16 {
    let listener = TcpListener::bind(("127.0.0.1", 0)).expect("a free port");
    listener.local_addr().expect("a bound address").port()
}

/// The url with its database replaced; parameters stay.
fn with_database(url: &str, name: &str) -> String {
    let (address, parameters) = match url.split_once('?') {
        Some((address, parameters)) => (address, format!("?{parameters}")),
        None => (url, String::new()),
    };
    let host_start = address.find("://").map_or(0, |scheme_end| scheme_end + 3);
    let host_end = match address[host_start..].find('/') {
        Some(slash) => host_start + slash,
        None => address.len(),
    };
    format!("{}/{name}{parameters}", &address[..host_end])
}

struct Binaries {
    initdb: PathBuf,
    postgres: PathBuf,
    psql: PathBuf,
}

impl Binaries {
    /// PATH first, so that a version can be chosen; else the newest that Debian's packages put
    /// beside it.
    fn find() -> Option<Binaries> {
        let path = std::env::var_os("PATH").unwrap_or_default();
        for folder in std::env::split_paths(&path) {
            // A link on PATH leads to the folder where the other programs are too.
            let Ok(initdb) = folder.join("initdb").canonicalize() else {
                continue;
            };
            if let Some(binaries) = initdb.parent().and_then(Binaries::in_folder) {
                return Some(binaries);
            }
        }
        let mut versions = Vec::new();
        for entry in std::fs::read_dir("/usr/lib/postgresql").ok()?.flatten() {
            let name = entry.file_name();
            if let Some(version) = name.to_str().and_then(|name| name.parse::<u32>().ok()) {
                versions.push((version, entry.path().join("bin")));
            }
        }
        versions.sort();
        while let Some((_, folder)) = versions.pop() {
            if let Some(binaries) = Binaries::in_folder(&folder) {
                return Some(binaries);
            }
        }
        None
    }

    fn in_folder(folder: &Path) -> Option<Binaries> {
        let initdb = folder.join("initdb");
        let postgres = folder.join("postgres");
        if !initdb.is_file() || !postgres.is_file() {
            return None;
        }
        let own_psql = folder.join("psql");
        let psql = if own_psql.is_file() { own_psql } else { PathBuf::from("psql") };
        Some(Binaries { initdb, postgres, psql })
    }
}

/// Whom the server runs as when the tests run as root, which initdb and postgres refuse.
struct User {
    uid: u32,
    gid: u32,
    /// What to write before a command so that this user runs it.
    prefix: Vec<String>,
}

impl User {
    /// None when the tests run as an ordinary user: the server then runs as the same.
    fn for_server() -> Option<User> {
        if id("-u", None) != Some(0) {
            return None;
        }
        for name in ["postgres", "nobody"] {
            let (Some(uid), Some(gid)) = (id("-u", Some(name)), id("-g", Some(name))) else {
                continue;
            };
            if let Some(prefix) = working_prefix(name, uid, gid) {
                return Some(User { uid, gid, prefix });
            }
        }
        panic!("PostgreSQL refuses to run as root, and no other user could be switched to");
    }
}

/// Containers differ in which of these they have and allow: takes the first that works.
fn working_prefix(name: &str, uid: u32, gid: u32) -> Option<Vec<String>> {
    let (uid, gid) = (format!("--reuid={uid}"), format!("--regid={gid}"));
    let candidates: [&[&str]; 3] = [
        &["setpriv", &uid, &gid, "--clear-groups"],
        &["runuser", "-u", name, "--"],
        &["su", "-s", "/bin/sh", name, "-c", "exec \"$@\"", "--", "sh"],
    ];
    for candidate in candidates {
        let probe =
            Command::new(candidate[0]).args(&candidate[1..]).arg("true").stdin(Stdio::null()).current_dir("/").output();
        if probe.is_ok_and(|output| output.status.success()) {
            return Some(candidate.iter().map(|part| part.to_string()).collect());
        }
    }
    None
}

fn id(flag: &str, user: Option<&str>) -> Option<u32> {
    let output = Command::new("id").arg(flag).args(user).output().ok()?;
    String::from_utf8(output.stdout).ok()?.trim().parse().ok()
}
