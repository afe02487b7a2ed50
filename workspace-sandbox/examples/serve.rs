//! A sandbox until Ctrl-C: `cargo run -p workspace-sandbox --example serve -- --listen 127.0.0.1:0 --fault reset,times=1`.

use std::error::Error;
use std::fs;

use workspace_sandbox::{DEFAULT_ADDRESS, Sandbox, run};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut builder = Sandbox::builder().listen(DEFAULT_ADDRESS);
    let mut arguments = std::env::args().skip(1);
    while let Some(option) = arguments.next() {
        let value = arguments
            .next()
            .ok_or_else(|| format!("{option} needs a value"))?;
        builder = match option.as_str() {
            "--listen" => builder.listen(value.parse()?),
            "--seed" => builder.seed(fs::read_to_string(value)?.parse()?),
            "--spec" => builder.contract(fs::read_to_string(value)?),
            "--fault" => builder.fault(value.parse()?),
            "--latency" => builder.latency(value.parse()?),
            "--rate-limit" => builder.rate_limit(value.parse()?),
            "--random-seed" => builder.random_seed(value.parse()?),
            _ => return Err(format!("unknown option {option}").into()),
        };
    }
    Ok(run(builder, &mut std::io::stdout()).await?)
}
