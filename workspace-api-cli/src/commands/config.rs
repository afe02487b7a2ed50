//! `workspace config`: shows every setting and where it comes from.

use std::fmt::Display;
use std::io::{self, Write};
use std::ops::RangeInclusive;

use anstyle::Style;
use serde::Serialize;
use workspace_api::config::Setting;

use crate::cli::{Config, ConnectionOptions};
use crate::connection::chain;
use crate::error::{CommandError, Exit};
use crate::output::sanitize::sanitize_for_terminal;
use crate::output::{self, Format, Row};

const HEADING: Style = Style::new().bold();
const DIMMED: Style = Style::new().dimmed();

/// What is said where no place has a value. No place is called so.
const NOT_SET: &str = "not set";

/// A setting as it is shown. Secrets have been masked by the crate.
#[derive(Serialize)]
struct ShownSetting {
    setting: &'static str,
    value: Option<String>,
    source: Option<String>,
    skipped: Vec<Skipped>,
    /// `skipped` as one value among tab-separated ones: a line for each place.
    #[serde(skip)]
    places: String,
}

#[derive(Serialize)]
struct Skipped {
    source: String,
    why: String,
}

pub async fn run(arguments: &Config, options: &ConnectionOptions) -> Result<Exit, CommandError> {
    let mut shown = match options.sandbox {
        true => of_sandbox(options).await?,
        false => of_cloud(options)?,
    };
    let mut failure = None;
    if !options.sandbox {
        // What is wrong with the credentials is told after the rest, which may explain it.
        match chain().resolve().await {
            Ok(credentials) => shown.push(ShownSetting::new("credentials", &credentials)),
            Err(error) => failure = Some(error),
        }
    }
    let mut out = anstream::stdout().lock();
    match Format::choose(arguments.output.json) {
        Format::Json => output::json(&mut out, &shown)?,
        Format::Tsv => output::tsv(&mut out, &shown)?,
        Format::Table => shown
            .iter()
            .try_for_each(|setting| setting.write(&mut out))?,
    }
    failure.map_or(Ok(Exit::Success), |error| Err(error.into()))
}

fn of_cloud(options: &ConnectionOptions) -> Result<Vec<ShownSetting>, CommandError> {
    let config = options.config()?;
    Ok(vec![
        ShownSetting::new("region", &config.region),
        ShownSetting::new("endpoint", &config.endpoint),
        ShownSetting::new("iam_endpoint", &config.iam_endpoint),
        ShownSetting::new("project_id", &config.project_id),
    ])
}

async fn of_sandbox(options: &ConnectionOptions) -> Result<Vec<ShownSetting>, CommandError> {
    let connection = options.build_client().await?;
    let config = connection.client.config();
    let mut shown = vec![
        ShownSetting::new("endpoint", &config.endpoint),
        ShownSetting::new("project_id", &config.project_id),
    ];
    for setting in &mut shown {
        setting.source = Some("--sandbox".to_owned());
        setting.skipped.clear();
        setting.places.clear();
    }
    Ok(shown)
}

impl ShownSetting {
    fn new<T: Display>(name: &'static str, setting: &Setting<T>) -> Self {
        let skipped = setting.skipped().iter().map(|place| Skipped {
            source: place.source.to_string(),
            why: place.reason.to_string(),
        });
        let skipped: Vec<_> = skipped.collect();
        let places = skipped
            .iter()
            .map(|place| format!("{}: {}", place.source, place.why));
        Self {
            setting: name,
            value: setting.value().map(ToString::to_string),
            source: setting.source().map(ToString::to_string),
            places: places.collect::<Vec<_>>().join("\n"),
            skipped,
        }
    }

    /// For a person: a setting, and below it where it is from.
    fn write(&self, out: &mut impl Write) -> io::Result<()> {
        let value = sanitize_for_terminal(self.value.as_deref().unwrap_or(NOT_SET));
        writeln!(out, "{:14}{HEADING}{value}{HEADING:#}", self.setting)?;
        if let Some(source) = &self.source {
            writeln!(out, "{:14}{}", "", sanitize_for_terminal(source))?;
        }
        for place in self.places.lines() {
            let line = sanitize_for_terminal(&format!("passed over: {place}"));
            writeln!(out, "{:14}{DIMMED}{line}{DIMMED:#}", "")?;
        }
        Ok(())
    }
}

impl Row for ShownSetting {
    const HEADINGS: &'static [&'static str] = &["setting", "value", "source", "skipped"];
    const SHOWN: RangeInclusive<usize> = 3..=4;

    fn cells(&self) -> Vec<&str> {
        vec![
            self.setting,
            self.value.as_deref().unwrap_or_default(),
            self.source.as_deref().unwrap_or(NOT_SET),
            &self.places,
        ]
    }
}
