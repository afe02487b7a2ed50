//! What can be said on the command line. The doc comments are the help.

use clap::{Parser, Subcommand};

/// Unbinds users from Huawei Cloud Workspace desktops, reads who was unbound, and logs desktops off.
#[derive(Debug, Parser)]
#[command(name = "workspace", version, max_term_width = 100)]
pub struct Arguments {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Shows the three operations at work against a sandbox on this machine, request by request.
    Tour,
}
