//! The work that every program does, and what it tells `run`: see there.

use std::env;
use std::io;

/// The calls, each answered with what it found.
pub trait Calls {
    /// Reads who was unbound from a desktop: the number of records.
    async fn detach_info(&self, desktop_id: &str) -> usize;
    /// Unbinds all users of these desktops in one call: the number of desktops that failed.
    async fn detach(&self, desktop_ids: &[String]) -> usize;
}

/// What `run` sets.
pub fn setting(name: &str) -> String {
    env::var(name)
        .unwrap_or_else(|_| panic!("{name} is not set: start this program by benches/peers/run"))
}

/// Connects and does all of the work.
pub fn work<C: Calls>(connect: impl FnOnce() -> C) {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(async {
        let client = connect();
        let desktop_ids: Vec<String> = setting("DESKTOPS").split(',').map(str::to_owned).collect();
        let reads: usize = setting("READS").parse().unwrap();
        let mut records = client.detach_info(&desktop_ids[0]).await;
        println!("first answer");
        for _ in 0..reads {
            records += client.detach_info(&desktop_ids[0]).await;
        }
        let failures = client.detach(&desktop_ids).await;
        println!("{records} records, {failures} failures");
    });
    // The runner looks at this process before it lets it go.
    io::read_to_string(io::stdin()).unwrap();
}
