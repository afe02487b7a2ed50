//! `workspace config`: shows every setting, its source and the skipped sources, and tries them with
//! `--check`.

use std::borrow::Cow;
use std::fmt::Display;
use std::io::{self, Write};
use std::ops::RangeInclusive;

use anstyle::Style;
use serde::Serialize;
use workspace_api::config::{self, Endpoint, Setting, Skipped};

use super::check::{self, Check};
use crate::cli::{Config, ConnectionOptions};
use crate::connection::config_error;
use crate::error::{CommandError, Exit};
use crate::output::format::Format;
use crate::output::lines::LineWriter;
use crate::output::sanitize::sanitize_for_terminal;
use crate::output::{self, Row};

const VALUE: Style = Style::new().bold();
const SKIPPED: Style = Style::new().dimmed();

/// Shown when no source has a value.
const NOT_SET: &str = "not set";

/// A setting as it is shown. The crate has masked secrets.
#[derive(Serialize)]
struct ShownSetting {
    setting: &'static str,
    value: Option<String>,
    source: Option<String>,
    /// Why the value is invalid.
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<String>,
    skipped: Vec<SkippedSource>,
    /// `skipped` as one tab-separated value, with a line for each source.
    #[serde(skip)]
    skipped_lines: String,
}

#[derive(Serialize)]
struct SkippedSource {
    source: String,
    reason: String,
}

pub async fn run(arguments: &Config, options: &ConnectionOptions) -> Result<Exit, CommandError> {
    let mut failure = None;
    let mut settings = if options.sandbox {
        of_sandbox(options).await?
    } else {
        let config = options.inspect();
        failure = first_error(&config).map(|error| config_error(&error));
        of_cloud(&config)
    };
    if !options.sandbox {
        // A credentials error is reported last: the other settings may explain it.
        let credentials = options.credentials().inspect().await;
        settings.push(ShownSetting::new("credentials", &credentials));
        if let Some(error) = credentials.error() {
            failure =
                failure.or_else(|| Some(workspace_api::credentials::Error::from(error).into()));
        }
    }
    if arguments.check {
        match check::run(options).await {
            Ok(checks) => {
                failure = failure.or_else(|| failed_checks(&checks));
                settings.extend(checks.into_iter().map(ShownSetting::of_check));
            }
            Err(error) => failure = failure.or(Some(error)),
        }
    }
    let mut out = anstream::stdout().lock();
    match arguments.output.format() {
        Format::Json => output::json(&mut out, &settings)?,
        Format::Lines(format) => LineWriter::new(format).write(&mut out, &settings)?,
        Format::Table => {
            for setting in &settings {
                setting.write(&mut out)?;
            }
        }
    }
    match failure {
        None => Ok(Exit::Success),
        Some(error) => Err(error),
    }
}

fn failed_checks(checks: &[Check]) -> Option<CommandError> {
    let mut message = "these checks failed:".to_owned();
    let failed = checks
        .iter()
        .filter_map(|check| Some((check.name, check.result.as_ref().err()?)));
    for (name, why) in failed.clone() {
        message = format!("{message}\n  {name}: {why}");
    }
    let is_any = failed.count() > 0;
    is_any.then(|| CommandError::new(Exit::Failed, message))
}

fn of_cloud(config: &config::Config) -> Vec<ShownSetting> {
    let mut settings = vec![
        ShownSetting::new("region", &config.region),
        ShownSetting::new("endpoint", &config.endpoint),
        ShownSetting::new("iam_endpoint", &config.iam_endpoint),
        ShownSetting::new("sts_endpoint", &config.sts_endpoint),
        ShownSetting::new("project_id", &config.project_id),
    ];
    let alternatives = config.endpoint.value().map(Endpoint::alternatives);
    if let Some(alternatives @ [_, ..]) = alternatives {
        let alternatives: Vec<_> = alternatives.iter().map(Endpoint::as_str).collect();
        settings.push(ShownSetting {
            setting: "other_endpoints",
            value: Some(alternatives.join(",")),
            source: config.endpoint.source().map(ToString::to_string),
            error: None,
            skipped: Vec::new(),
            skipped_lines: String::new(),
        });
    }
    let name = &config.project_name;
    if name.source().is_some() || !name.skipped().is_empty() {
        settings.push(ShownSetting::new("project_name", name));
    }
    settings.push(ShownSetting::new("proxy", &config.proxy));
    settings.push(ShownSetting::new("ca_file", &config.ca_file));
    if !config.warnings.is_empty() {
        settings.push(ShownSetting {
            value: Some(config.warnings.join(" ")),
            source: Some("files".to_owned()),
            ..ShownSetting::skipped("warnings", &[])
        });
    }
    if !config.unused.is_empty() {
        settings.push(ShownSetting::of_unused(&config.unused));
    }
    settings
}

/// Returns why the first setting with an invalid value is invalid.
fn first_error(config: &config::Config) -> Option<config::Error> {
    let region = config.region.error();
    region
        .or_else(|| config.endpoint.error())
        .or_else(|| config.iam_endpoint.error())
        .or_else(|| config.sts_endpoint.error())
        .or_else(|| config.project_id.error())
        .or_else(|| config.project_name.error())
        .or_else(|| config.proxy.error())
        .or_else(|| config.ca_file.error())
}

async fn of_sandbox(options: &ConnectionOptions) -> Result<Vec<ShownSetting>, CommandError> {
    let connection = options.build_client().await?;
    let config = connection.client.config();
    Ok(vec![
        ShownSetting::of_sandbox("endpoint", &config.endpoint),
        ShownSetting::of_sandbox("project_id", &config.project_id),
    ])
}

impl ShownSetting {
    fn new<T: Display>(name: &'static str, setting: &Setting<T>) -> Self {
        Self {
            value: setting.value().map(ToString::to_string),
            source: setting.source().map(ToString::to_string),
            error: setting.error().map(|error| error.to_string()),
            ..Self::skipped(name, setting.skipped())
        }
    }

    /// The variables that are set and have no effect.
    fn of_unused(unused: &[Skipped]) -> Self {
        Self::skipped("unused", unused)
    }

    fn skipped(name: &'static str, sources: &[Skipped]) -> Self {
        let mut skipped = Vec::new();
        for source in sources {
            skipped.push(SkippedSource {
                source: source.source.to_string(),
                reason: source.reason.to_string(),
            });
        }
        let lines: Vec<_> = skipped
            .iter()
            .map(|skipped| format!("{}: {}", skipped.source, skipped.reason))
            .collect();
        Self {
            setting: name,
            value: None,
            source: None,
            error: None,
            skipped,
            skipped_lines: lines.join("\n"),
        }
    }

    /// A check of the settings.
    fn of_check(check: Check) -> Self {
        Self {
            value: check.result.as_ref().ok().cloned(),
            source: Some("--check".to_owned()),
            error: check.result.err(),
            ..Self::skipped(check.name, &[])
        }
    }

    /// A setting of the temporary sandbox, which has no other sources.
    fn of_sandbox<T: Display>(name: &'static str, setting: &Setting<T>) -> Self {
        Self {
            setting: name,
            value: setting.value().map(ToString::to_string),
            source: Some("--sandbox".to_owned()),
            error: None,
            skipped: Vec::new(),
            skipped_lines: String::new(),
        }
    }

    /// Writes the setting for a person: its value, and below it where it comes from.
    fn write(&self, out: &mut impl Write) -> io::Result<()> {
        let value = self.value.as_deref().or(self.error.as_deref());
        let value = sanitize_for_terminal(value.unwrap_or(NOT_SET));
        writeln!(out, "{:18}{VALUE}{value}{VALUE:#}", self.setting)?;
        if let Some(source) = &self.source {
            writeln!(out, "{:18}{}", "", sanitize_for_terminal(source))?;
        }
        for line in self.skipped_lines.lines() {
            let line = sanitize_for_terminal(line);
            writeln!(out, "{:18}{SKIPPED}skipped: {line}{SKIPPED:#}", "")?;
        }
        Ok(())
    }
}

impl Row for ShownSetting {
    const HEADINGS: &'static [&'static str] = &["setting", "value", "source", "skipped"];
    const SHOWN: RangeInclusive<usize> = 3..=4;

    fn cells(&self) -> Vec<Cow<'_, str>> {
        vec![
            self.setting.into(),
            self.value.as_deref().unwrap_or_default().into(),
            self.source.as_deref().unwrap_or(NOT_SET).into(),
            self.skipped_lines.as_str().into(),
        ]
    }
}
