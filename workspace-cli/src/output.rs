//! How results are written.

/// JSON with line breaks, its keys in the order in which they came.
pub fn pretty(json: &str) -> serde_json::Result<String> {
    let mut out = Vec::new();
    let mut from = serde_json::Deserializer::from_str(json);
    serde_transcode::transcode(&mut from, &mut serde_json::Serializer::pretty(&mut out))?;
    from.end()?;
    Ok(String::from_utf8_lossy(&out).into_owned())
}
