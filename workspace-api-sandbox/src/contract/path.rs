//! The paths of a contract as templates that the router matches.

/// Checks that the router can match the path: it does so segment by segment, so a parameter must be
/// a whole segment.
pub(super) fn check_template(path: &str) -> Result<(), String> {
    let Some(segments) = path.strip_prefix('/') else {
        return Err(format!("the path `{path}` does not begin with `/`"));
    };
    for segment in segments.split('/') {
        if !is_servable(segment) {
            return Err(format!(
                "the sandbox cannot serve the path segment `{segment}`: a parameter must be a \
                 whole segment"
            ));
        }
    }
    Ok(())
}

fn is_servable(segment: &str) -> bool {
    let parameter = segment
        .strip_prefix('{')
        .and_then(|rest| rest.strip_suffix('}'));
    match parameter {
        Some(name) => !name.is_empty() && !name.starts_with('*') && !name.contains(['{', '}']),
        None => !segment.starts_with([':', '*']) && !segment.contains(['{', '}']),
    }
}

/// Returns the path with `{}` for each parameter: two paths of the same template match the same requests.
pub(super) fn path_template(path: &str) -> String {
    let mut segments = Vec::new();
    for segment in path.split('/') {
        let is_parameter = segment.starts_with('{');
        segments.push(if is_parameter { "{}" } else { segment });
    }
    segments.join("/")
}
