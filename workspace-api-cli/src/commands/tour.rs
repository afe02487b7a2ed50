//! `workspace tour`: shows the three operations at work, each request and response as it went over
//! the wire.
//!
//! Requests are shown as the sandbox logged them, responses as the client read them. The comments
//! are derived from them, so the tour shows only what really happened.

use std::io::Write;

use anstyle::{AnsiColor, Style};
use serde::Serialize;
use workspace_api::Client;
use workspace_api::types::{
    BatchDetachInstancesResponse, DesktopDetachInfo, DesktopId, DetachInstancesDesktopInfo,
    DetachInstancesUserInfo,
};
use workspace_api_sandbox::seed::Desktop;
use workspace_api_sandbox::{Sandbox, defaults};

use crate::error::{CommandError, Exit};
use crate::output;
use crate::output::text::pluralize;

const HEADING: Style = Style::new().bold();
const REQUEST: Style = AnsiColor::Cyan.on_default();
const SUCCESS: Style = AnsiColor::Green.on_default();
const PARTIAL_FAILURE: Style = AnsiColor::Yellow.on_default();
const BODY: Style = Style::new().dimmed();

const MESSAGE: &str = "This desktop is being logged off for maintenance.";

pub async fn run() -> Result<Exit, CommandError> {
    let sandbox = Sandbox::start().await?;
    let client = Client::builder()
        .endpoint(sandbox.base_url())
        .project_id(defaults::PROJECT_ID)
        .token(defaults::TOKEN)
        .no_proxy()
        .build()?;
    let mut tour = Tour {
        out: anstream::stdout().lock(),
        sandbox: &sandbox,
        client: &client,
    };
    tour.introduce()?;
    let desktop = defaults::SINGLE_USER_DESKTOP;
    let name = tour.desktop(desktop).name;
    tour.heading(&format!("1. Read who was unbound from {name}"))?;
    tour.detach_info(desktop).await?;
    tour.heading("2. Unbind a user, a user group and all users, each from another desktop")?;
    tour.detach().await?;
    tour.heading(&format!("3. Read again who was unbound from {name}"))?;
    tour.detach_info(desktop).await?;
    tour.heading("4. Log two desktops off, with a message to their users")?;
    tour.log_off().await?;
    tour.conclude()?;
    Ok(Exit::Success)
}

struct Tour<'a, W> {
    out: W,
    sandbox: &'a Sandbox,
    client: &'a Client,
}

impl<W: Write> Tour<'_, W> {
    fn introduce(&mut self) -> Result<(), CommandError> {
        let url = self.sandbox.base_url();
        writeln!(
            self.out,
            "A sandbox with sample desktops listens on {url}. The client generated from\n\
             openapi/workspace.yaml calls it over HTTP. Nothing leaves this machine."
        )?;
        Ok(())
    }

    async fn detach_info(&mut self, desktop_id: &str) -> Result<(), CommandError> {
        let call = self
            .client
            .list_desktop_detach_info()
            .project_id(defaults::PROJECT_ID)
            .desktop_id(desktop_id);
        let response = call.send().await?;
        self.show_exchange(SUCCESS, response.as_ref())?;
        let records = &response.desktop_detach_infos;
        let people: Vec<_> = records.iter().map(person).collect();
        let count = pluralize(records.len(), "record");
        self.comment(&format!("{count}: {}.", people.join(", ")))
    }

    async fn detach(&mut self) -> Result<(), CommandError> {
        let desktops = vec![
            DetachInstancesDesktopInfo::users(
                defaults::SINGLE_USER_DESKTOP,
                [DetachInstancesUserInfo::user(defaults::USER)?],
            )?,
            DetachInstancesDesktopInfo::users(
                defaults::MULTI_USER_DESKTOP,
                [DetachInstancesUserInfo::group(defaults::GROUP)?],
            )?,
            DetachInstancesDesktopInfo::all_users(defaults::POOL_DESKTOP)?,
            DetachInstancesDesktopInfo::all_users(defaults::BUSY_DESKTOP)?,
        ];
        let sent = desktops.len();
        let call = self
            .client
            .batch_detach_instances()
            .project_id(defaults::PROJECT_ID)
            .body_map(|body| body.desktops(desktops));
        let response = call.send().await?;
        let style = if response.failed_operation_list.is_empty() {
            SUCCESS
        } else {
            PARTIAL_FAILURE
        };
        self.show_exchange(style, response.as_ref())?;
        self.comment_on_detach(sent, &response)
    }

    fn comment_on_detach(
        &mut self,
        sent: usize,
        response: &BatchDetachInstancesResponse,
    ) -> Result<(), CommandError> {
        let failures = &response.failed_operation_list;
        let unbound = sent - failures.len();
        if failures.is_empty() {
            self.comment(&format!("{unbound} of {sent} desktops were unbound."))?;
        } else {
            self.comment(&format!(
                "The status is 200, but only {unbound} of {sent} desktops were unbound: a client \
                 must read failed_operation_list."
            ))?;
        }
        for failure in failures {
            let name = failure.desktop_name.as_deref().unwrap_or("a desktop");
            let reason = failure.error_msg.as_deref().unwrap_or("no reason given");
            self.comment(&format!("{name} was not unbound: {reason}"))?;
        }
        let job_id = response.job_id.as_deref().unwrap_or_default();
        if !job_id.is_empty() {
            let name = self.desktop(defaults::POOL_DESKTOP).name;
            self.comment(&format!(
                "{name} belongs to a desktop pool, so a job unbinds it: {job_id}."
            ))?;
        }
        for id in [defaults::SINGLE_USER_DESKTOP, defaults::MULTI_USER_DESKTOP] {
            let Desktop { name, state, .. } = self.desktop(id);
            self.comment(&format!("{name} is now {}.", state.as_str()))?;
        }
        self.comment(
            "Unbinding shuts a single-user desktop down immediately; a multi-user one stays up.",
        )
    }

    async fn log_off(&mut self) -> Result<(), CommandError> {
        let desktops = [defaults::MULTI_USER_DESKTOP, defaults::POOL_DESKTOP];
        let desktop_ids: Vec<_> = desktops
            .into_iter()
            .filter_map(|id| DesktopId::try_from(id).ok())
            .collect();
        let call = self
            .client
            .batch_logoff_desktops()
            .project_id(defaults::PROJECT_ID)
            .body_map(|body| body.desktop_ids(desktop_ids).message(MESSAGE));
        call.send().await?;
        self.show_exchange(SUCCESS, &())?;
        let names = desktops.map(|id| self.desktop(id).name).join(" and ");
        self.comment(&format!(
            "Empty response: the log-off of {names} was accepted."
        ))
    }

    fn conclude(&mut self) -> Result<(), CommandError> {
        let count = pluralize(self.sandbox.requests().len(), "request");
        self.heading(&format!("That was {count}. Next steps:"))?;
        for (command, description) in [
            (
                "workspace sandbox",
                "run a sandbox, with a page to try the operations on",
            ),
            (
                "workspace --sandbox detach --help",
                "unbind users, at first without a cloud account",
            ),
            (
                "workspace spec",
                "print the contract that all of this comes from",
            ),
        ] {
            writeln!(
                self.out,
                "   {REQUEST}{command:<34}{REQUEST:#} {description}"
            )?;
        }
        Ok(())
    }

    fn heading(&mut self, text: &str) -> Result<(), CommandError> {
        Ok(writeln!(self.out, "\n{HEADING}{text}{HEADING:#}\n")?)
    }

    fn comment(&mut self, text: &str) -> Result<(), CommandError> {
        Ok(writeln!(self.out, "   {text}")?)
    }

    /// Shows the latest request as the sandbox received it, and the response as the client read it.
    fn show_exchange(
        &mut self,
        style: Style,
        response: &impl Serialize,
    ) -> Result<(), CommandError> {
        let requests = self.sandbox.requests();
        let Some(request) = requests.last() else {
            return Ok(());
        };
        let (method, path) = (&request.method, &request.path);
        writeln!(self.out, "   {REQUEST}→ {method} {path}{REQUEST:#}")?;
        if !request.body.is_empty() {
            self.body(&request.body)?;
        }
        let status = request.status.unwrap_or_default();
        writeln!(self.out, "   {style}← {status}{style:#}")?;
        let body = serde_json::to_string(response)?;
        if body != "null" {
            self.body(&body)?;
        }
        Ok(writeln!(self.out)?)
    }

    fn body(&mut self, json: &str) -> Result<(), CommandError> {
        for line in output::pretty(json)?.lines() {
            writeln!(self.out, "     {BODY}{line}{BODY:#}")?;
        }
        Ok(())
    }

    /// Returns the sandbox's current state of a desktop.
    fn desktop(&self, id: &str) -> Desktop {
        let projects = self.sandbox.projects();
        let mut desktops = projects.into_iter().flat_map(|project| project.desktops);
        let desktop = desktops.find(|desktop| desktop.id == id);
        desktop.unwrap_or_else(|| Desktop::new(id, id))
    }
}

/// Returns who was unbound, and when.
fn person(record: &DesktopDetachInfo) -> String {
    let name = record.user_name.as_deref().unwrap_or("an unknown user");
    let time = record.detach_time.as_deref().unwrap_or("an unknown time");
    format!("{name} at {time}")
}
