//! The start-up banner: the base URL, the sandbox's contents, and a command to try.

use std::fmt;

use crate::seed::credential_list::CredentialList;
use crate::seed::{Desktop, Seed};

/// Maximum number of desktops that are listed of a project.
const MAX_LISTED_DESKTOPS: usize = 10;

/// The start-up banner, from [`Sandbox::banner`](crate::Sandbox::banner). Its first line is the base
/// URL and nothing else, for scripts; its last line is a command that works.
pub struct Banner<'s> {
    pub(crate) base_url: &'s str,
    /// Whether other machines can reach the sandbox.
    pub(crate) exposed: bool,
    pub(crate) seed: &'s Seed,
}

impl fmt::Display for Banner<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            base_url,
            exposed,
            seed,
        } = *self;
        writeln!(f, "{base_url}\n")?;
        if exposed {
            writeln!(
                f,
                "warning     other machines can reach this sandbox, use it, and read the request log"
            )?;
        }
        writeln!(f, "page        {base_url}/")?;
        for project in &seed.projects {
            writeln!(f, "project     {} ({})", project.id, project.name)?;
            for desktop in project.desktops.iter().take(MAX_LISTED_DESKTOPS) {
                write_desktop(f, desktop)?;
            }
            if project.desktops.len() > MAX_LISTED_DESKTOPS {
                let more = project.desktops.len() - MAX_LISTED_DESKTOPS;
                writeln!(f, "            and {more} more: {base_url}/_sandbox/state")?;
            }
        }
        write!(f, "{}", CredentialList(&seed.credentials))?;
        write_command(f, base_url, seed)
    }
}

fn write_desktop(f: &mut fmt::Formatter<'_>, desktop: &Desktop) -> fmt::Result {
    let (id, name, state) = (&desktop.id, &desktop.name, desktop.state.as_str());
    let os = format!("{:?}", desktop.os).to_lowercase();
    let session = format!("{:?}", desktop.session).to_lowercase();
    let pool = if desktop.pool { ", pool" } else { "" };
    let bound: Vec<_> = desktop.bound.iter().map(|bound| &*bound.name).collect();
    let bound = if bound.is_empty() {
        "no one".to_owned()
    } else {
        bound.join(", ")
    };
    writeln!(
        f,
        "  desktop   {id} {name}: {os}, {session}-user{pool}, {state}, bound to {bound}"
    )
}

/// Writes a command that reads the unbinding records of the first desktop, if the seed has a
/// desktop and a token.
fn write_command(f: &mut fmt::Formatter<'_>, base_url: &str, seed: &Seed) -> fmt::Result {
    let Some(known) = seed.credentials.tokens.first() else {
        return Ok(());
    };
    let Some(project) = seed.projects.first() else {
        return Ok(());
    };
    let Some(desktop) = project.desktops.first() else {
        return Ok(());
    };
    let header = quote(&format!("X-Auth-Token: {}", known.token));
    let url = quote(&format!(
        "{base_url}/v2/{}/desktops/{}/detach-info",
        project.id, desktop.id
    ));
    writeln!(f, "\ncurl -H {header} {url}")
}

/// Quotes text for a POSIX shell.
fn quote(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}
