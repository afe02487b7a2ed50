//! `workspace tour`: the three operations at work, each request and answer shown as it went over the wire.
//!
//! The requests are shown as the sandbox wrote them down when they arrived, the answers as the client read them; what is
//! said about them is read from them, so the tour cannot tell anything that did not happen.

use std::io::Write;

use anstyle::{AnsiColor, Style};
use serde::Serialize;
use workspace_api::types::{
    BatchDetachInstancesResponse, DesktopDetachInfo, DesktopId, DetachInstancesDesktopInfo,
    DetachInstancesUserInfo, LogoffDesktopsReqMessage,
};
use workspace_api::{Client, types};
use workspace_api_sandbox::{Sandbox, defaults};

use crate::error::{CommandError, Exit};
use crate::output;

const HEADING: Style = Style::new().bold();
const REQUEST: Style = AnsiColor::Cyan.on_default();
const RESPONSE: Style = AnsiColor::Green.on_default();
const PARTIAL: Style = AnsiColor::Yellow.on_default();
const BODY: Style = Style::new().dimmed();

const MESSAGE: &str = "Maintenance starts in five minutes. Please save your work.";

pub async fn run() -> Result<Exit, CommandError> {
    let out = &mut anstream::stdout().lock();
    let sandbox = Sandbox::start().await?;
    let client = Client::builder()
        .endpoint(sandbox.base_url())
        .project_id(defaults::PROJECT_ID)
        .token(defaults::TOKEN)
        .no_proxy()
        .build()?;
    let mut tour = Tour {
        out,
        sandbox: &sandbox,
        client: &client,
    };
    tour.introduce()?;
    let desktop = defaults::SINGLE_USER_DESKTOP;
    tour.heading(&format!(
        "1. Who was unbound from {} before?",
        tour.name(desktop)
    ))?;
    tour.detach_info(desktop).await?;
    tour.heading("2. A user, a user group and all users are unbound, each from another desktop.")?;
    tour.detach().await?;
    tour.heading(&format!(
        "3. Who was unbound from {} now?",
        tour.name(desktop)
    ))?;
    tour.detach_info(desktop).await?;
    tour.heading("4. Two desktops are logged off, with a message to the people who use them.")?;
    tour.log_off().await?;
    tour.conclude()?;
    Ok(Exit::Success)
}

struct Tour<'a, W> {
    out: &'a mut W,
    sandbox: &'a Sandbox,
    client: &'a Client,
}

impl<W: Write> Tour<'_, W> {
    fn introduce(&mut self) -> Result<(), CommandError> {
        let at = self.sandbox.base_url();
        writeln!(
            self.out,
            "A sandbox with made-up desktops listens on {at}. The client that is generated from\n\
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
        let answer = call.send().await?;
        self.exchange(RESPONSE, answer.as_ref())?;
        let records = &answer.desktop_detach_infos;
        let people: Vec<_> = records.iter().map(who).collect();
        let count = match records.len() {
            1 => "1 record".to_owned(),
            count => format!("{count} records"),
        };
        self.note(&format!("{count}: {}.", people.join(", ")))
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
            .body(types::BatchDetachInstancesReq { desktops });
        let answer = call.send().await?;
        let failed = !answer.failed_operation_list.is_empty();
        self.exchange(if failed { PARTIAL } else { RESPONSE }, answer.as_ref())?;
        self.tell_outcome(sent, &answer)
    }

    fn tell_outcome(
        &mut self,
        sent: usize,
        answer: &BatchDetachInstancesResponse,
    ) -> Result<(), CommandError> {
        let failures = &answer.failed_operation_list;
        let unbound = sent - failures.len();
        self.note(&format!(
            "The status says success, yet {unbound} of {sent} desktops were unbound: a client must read the list."
        ))?;
        for failure in failures {
            let name = failure.desktop_name.as_deref().unwrap_or("a desktop");
            let reason = failure.error_msg.as_deref().unwrap_or("no reason is given");
            self.note(&format!("{name} was not: {reason}"))?;
        }
        if let Some(job) = answer.job_id.as_deref().filter(|job| !job.is_empty()) {
            let name = self.name(defaults::POOL_DESKTOP);
            self.note(&format!(
                "{name} belongs to a desktop pool, so a job does it: {job}."
            ))?;
        }
        for desktop in [defaults::SINGLE_USER_DESKTOP, defaults::MULTI_USER_DESKTOP] {
            let (name, state) = (self.name(desktop), self.state(desktop));
            self.note(&format!("{name} is {state} now."))?;
        }
        self.note("Unbinding shuts a single-user desktop down at once; a multi-user one stays up.")
    }

    async fn log_off(&mut self) -> Result<(), CommandError> {
        let desktops = [defaults::MULTI_USER_DESKTOP, defaults::POOL_DESKTOP];
        let desktop_ids = desktops
            .into_iter()
            .filter_map(|id| DesktopId::try_from(id).ok())
            .collect();
        let body = types::LogoffDesktopsReq::builder()
            .desktop_ids::<Vec<DesktopId>>(desktop_ids)
            .message(LogoffDesktopsReqMessage::try_from(MESSAGE).ok());
        let call = self
            .client
            .batch_logoff_desktops()
            .project_id(defaults::PROJECT_ID)
            .body(body);
        call.send().await?;
        self.exchange(RESPONSE, &())?;
        let names = desktops.map(|id| self.name(id)).join(" and ");
        self.note(&format!(
            "An empty answer: the log-off of {names} was accepted."
        ))
    }

    fn conclude(&mut self) -> Result<(), CommandError> {
        let count = self.sandbox.requests().len();
        self.heading(&format!("That was {count} requests. Go on from here:"))?;
        for (command, what) in [
            (
                "workspace sandbox",
                "keeps a sandbox running, with a page to try it on",
            ),
            (
                "workspace --sandbox detach --help",
                "how to unbind, at first without a cloud account",
            ),
            ("workspace spec", "the contract that all of this comes from"),
        ] {
            writeln!(self.out, "   {REQUEST}{command:<34}{REQUEST:#} {what}")?;
        }
        Ok(())
    }

    fn heading(&mut self, text: &str) -> Result<(), CommandError> {
        Ok(writeln!(self.out, "\n{HEADING}{text}{HEADING:#}\n")?)
    }

    fn note(&mut self, text: &str) -> Result<(), CommandError> {
        Ok(writeln!(self.out, "   {text}")?)
    }

    /// The latest request as the sandbox received it, and the answer as the client read it.
    fn exchange(&mut self, style: Style, answer: &impl Serialize) -> Result<(), CommandError> {
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
        match serde_json::to_string(answer)?.as_str() {
            "null" => {}
            body => self.body(body)?,
        }
        Ok(writeln!(self.out)?)
    }

    fn body(&mut self, json: &str) -> Result<(), CommandError> {
        for line in output::pretty(json)?.lines() {
            writeln!(self.out, "     {BODY}{line}{BODY:#}")?;
        }
        Ok(())
    }

    fn name(&self, desktop_id: &str) -> String {
        self.desktop(desktop_id, |desktop| desktop.name.clone())
    }

    fn state(&self, desktop_id: &str) -> String {
        self.desktop(desktop_id, |desktop| desktop.state.as_str().to_owned())
    }

    fn desktop(
        &self,
        desktop_id: &str,
        read: impl Fn(&workspace_api_sandbox::seed::Desktop) -> String,
    ) -> String {
        let projects = self.sandbox.projects();
        let mut desktops = projects.iter().flat_map(|project| &project.desktops);
        let desktop = desktops.find(|desktop| desktop.id == desktop_id);
        desktop.map(read).unwrap_or_default()
    }
}

fn who(record: &DesktopDetachInfo) -> String {
    let name = record.user_name.as_deref().unwrap_or("somebody");
    let time = record.detach_time.as_deref().unwrap_or("an unknown time");
    format!("{name} at {time}")
}
