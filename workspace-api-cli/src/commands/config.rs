//! `workspace config`: shows every setting and where it comes from.

use std::fmt::Display;
use std::io::{self, Write};
use std::ops::RangeInclusive;

use anstyle::Style;
use serde::Serialize;
use workspace_api::config::Setting;

use crate::arguments::{Config, Settings};
use crate::failure::{Exit, Failure, visible};
use crate::output::{self, Format, Row};
use crate::settings::chain;

const HEADING: Style = Style::new().bold();
const DIMMED: Style = Style::new().dimmed();

/// What is said where no place has a value. No place is called so.
const NOT_SET: &str = "not set";

/// A setting as it is shown. Secrets have been masked by the crate.
#[derive(Serialize)]
struct Shown {
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

pub async fn run(arguments: &Config, settings: &Settings) -> Result<Exit, Failure> {
    let mut shown = match settings.sandbox {
        true => of_sandbox(settings).await?,
        false => of_cloud(settings)?,
    };
    let mut failure = None;
    if !settings.sandbox {
        // What is wrong with the credentials is told after the rest, which may explain it.
        match chain().resolve().await {
            Ok(credentials) => shown.push(Shown::new("credentials", &credentials)),
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
    failure.map_or(Ok(Exit::Done), |error| Err(error.into()))
}

fn of_cloud(settings: &Settings) -> Result<Vec<Shown>, Failure> {
    let config = settings.config()?;
    Ok(vec![
        Shown::new("region", &config.region),
        Shown::new("endpoint", &config.endpoint),
        Shown::new("iam_endpoint", &config.iam_endpoint),
        Shown::new("project_id", &config.project_id),
    ])
}

async fn of_sandbox(settings: &Settings) -> Result<Vec<Shown>, Failure> {
    let connection = settings.prepare().await?;
    let config = connection.client.config();
    let mut shown = vec![
        Shown::new("endpoint", &config.endpoint),
        Shown::new("project_id", &config.project_id),
    ];
    for setting in &mut shown {
        setting.source = Some("--sandbox".to_owned());
        setting.skipped.clear();
        setting.places.clear();
    }
    Ok(shown)
}

impl Shown {
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
        let value = visible(self.value.as_deref().unwrap_or(NOT_SET));
        writeln!(out, "{:14}{HEADING}{value}{HEADING:#}", self.setting)?;
        if let Some(source) = &self.source {
            writeln!(out, "{:14}{}", "", visible(source))?;
        }
        for place in self.places.lines() {
            let line = visible(&format!("passed over: {place}"));
            writeln!(out, "{:14}{DIMMED}{line}{DIMMED:#}", "")?;
        }
        Ok(())
    }
}

impl Row for Shown {
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
