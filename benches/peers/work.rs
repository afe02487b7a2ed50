//! The work that every program does, and what it prints for `run`, which describes both.

use std::env;
use std::io;

/// The calls of a client.
pub trait Calls {
    /// Returns the number of unbinding records of a desktop.
    async fn detach_info(&self, desktop_id: &str) -> usize;
    /// Unbinds all users of these desktops in one request and returns the number of failures.
    async fn detach(&self, desktop_ids: &[String]) -> usize;
}

/// Returns an environment variable that `run` sets.
pub fn setting(name: &str) -> String {
    env::var(name)
        .unwrap_or_else(|_| panic!("{name} is not set: start this program with benches/peers/run"))
}

/// Connects and does all the work.
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
        println!("first response");
        for _ in 0..reads {
            records += client.detach_info(&desktop_ids[0]).await;
        }
        let failures = client.detach(&desktop_ids).await;
        println!("{records} records, {failures} failures");
    });
    // The runner measures this process before it closes stdin.
    io::read_to_string(io::stdin()).unwrap();
}
