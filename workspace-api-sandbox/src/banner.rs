//! What a sandbox says when it has started: where it is, what it knows, and a command to try.

use std::fmt;

use crate::sandbox::Sandbox;

/// How many desktops of a project are listed.
const MAX_LISTED_DESKTOPS: usize = 10;

/// The text that [`Sandbox::banner`] gives. Its first line is the base URL and nothing else, for scripts.
pub struct Banner<'s>(pub(crate) &'s Sandbox);

impl fmt::Display for Banner<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (base_url, seed) = (self.0.base_url(), self.0.seed());
        writeln!(f, "{base_url}\n")?;
        writeln!(f, "page        {base_url}/")?;
        for project in &seed.projects {
            writeln!(f, "project     {} ({})", project.id, project.name)?;
            for desktop in project.desktops.iter().take(MAX_LISTED_DESKTOPS) {
                let os = format!("{:?}", desktop.os).to_lowercase();
                let session = format!("{:?}", desktop.session).to_lowercase();
                let pool = if desktop.pool { ", pool" } else { "" };
                let bound: Vec<_> = desktop
                    .bound
                    .iter()
                    .map(|bound| bound.name.as_str())
                    .collect();
                let (id, name, state) = (&desktop.id, &desktop.name, desktop.state.as_str());
                writeln!(
                    f,
                    "  desktop   {id} {name}: {os}, {session}-user{pool}, {state}, bound to {}",
                    bound.join(", ")
                )?;
            }
            if let Some(more @ 1..) = project.desktops.len().checked_sub(MAX_LISTED_DESKTOPS) {
                writeln!(f, "            and {more} more: {base_url}/_sandbox/state")?;
            }
        }
        for known in &seed.credentials.tokens {
            writeln!(f, "token       {}", known.token)?;
        }
        for key in &seed.credentials.keys {
            let token = key
                .security_token
                .as_ref()
                .map(|token| format!(", security token {token}"));
            writeln!(
                f,
                "key         {}, secret key {}{}",
                key.access,
                key.secret,
                token.unwrap_or_default()
            )?;
        }
        for login in &seed.credentials.logins {
            writeln!(
                f,
                "login       {}, password {}, domain {}",
                login.user, login.password, login.domain
            )?;
        }
        if let (Some(known), Some(project)) =
            (seed.credentials.tokens.first(), seed.projects.first())
            && let Some(desktop) = project.desktops.first()
        {
            let header = quote(&format!("X-Auth-Token: {}", known.token));
            let url = quote(&format!(
                "{base_url}/v2/{}/desktops/{}/detach-info",
                project.id, desktop.id
            ));
            writeln!(f, "\ncurl -H {header} {url}")?;
        }
        Ok(())
    }
}

/// Quotes text for a POSIX shell.
fn quote(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}
