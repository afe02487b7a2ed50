//! Where a report is written by default: the folder for the state of programs, as the XDG Base
//! Directory Specification names it.

use std::path::PathBuf;
use std::time::SystemTime;
use std::{env, fs, io, process};

use humantime::format_rfc3339_seconds;

use crate::error::CommandError;

/// Returns the path of a new report of a command; `None` if the user has no state folder.
pub fn default_path(command: &str) -> Option<PathBuf> {
    let time = format_rfc3339_seconds(SystemTime::now()).to_string();
    let time = time.replace([':', '-'], "");
    let name = format!("{command}-{time}-{}.jsonl", process::id());
    Some(state_folder()?.join("workspace").join(name))
}

/// Returns the reports in the folder of default reports, the latest first.
pub fn default_reports() -> io::Result<Vec<PathBuf>> {
    let Some(folder) = state_folder() else {
        return Ok(Vec::new());
    };
    let files = match fs::read_dir(folder.join("workspace")) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        files => files?,
    };
    let mut reports = Vec::new();
    for file in files {
        let file = file?;
        let path = file.path();
        if path
            .extension()
            .is_some_and(|extension| extension == "jsonl")
        {
            reports.push((file.metadata()?.modified()?, path));
        }
    }
    reports.sort();
    Ok(reports.into_iter().rev().map(|(_, path)| path).collect())
}

/// Creates the folder of a default report.
pub fn create_folder(path: &std::path::Path) -> Result<(), CommandError> {
    let Some(folder) = path.parent() else {
        return Ok(());
    };
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    // Reports name people and their desktops.
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder).map_err(|error| {
        let folder = folder.display();
        CommandError::usage(format!(
            "cannot create the folder {folder} for the report: {error}; nothing was sent"
        ))
        .hint("Use --report to choose another file, or --no-report.")
    })
}

fn state_folder() -> Option<PathBuf> {
    // The specification ignores relative paths.
    let absolute = |name| {
        let path = PathBuf::from(env::var_os(name)?);
        path.is_absolute().then_some(path)
    };
    absolute("XDG_STATE_HOME")
        .or_else(|| Some(absolute("HOME")?.join(".local/state")))
        .or_else(|| absolute("LOCALAPPDATA"))
}
