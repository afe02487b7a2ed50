//! The page at `/`: the contract as documentation on which each operation can be tried against the sandbox itself.
//!
//! The viewer is Swagger UI. Its files stay compressed as they lie in the archive that is built into the program: a
//! member of a zip archive and a gzip file hold the same compressed data.

use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

use axum::Router;
use axum::body::Body;
use axum::extract::Path;
use axum::http::{HeaderValue, Response, StatusCode, header};
use axum::response::{Html, IntoResponse};
use axum::routing::get;
use bytes::Bytes;
use rawzip::{CompressionMethod, ZipArchive};
use utoipa_swagger_ui_vendored::SWAGGER_UI_VENDORED;

use crate::app::App;

const FILES: [(&str, &str); 2] = [
    ("swagger-ui-bundle.js", "text/javascript"),
    ("swagger-ui.css", "text/css"),
];

/// What the page may load: nothing that does not come from the sandbox.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; \
                      connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

pub(crate) fn router(app: &Arc<App>) -> Router {
    let token = app
        .seed
        .credentials
        .tokens
        .first()
        .map(|known| known.token.as_str());
    let page = include_str!("page.html").replace("{token}", &escape(token.unwrap_or_default()));
    Router::new()
        .route(
            "/",
            get(move || async move { ([(header::CONTENT_SECURITY_POLICY, POLICY)], Html(page)) }),
        )
        .route(
            "/_sandbox/page/page.js",
            get(|| async {
                (
                    [(header::CONTENT_TYPE, "text/javascript")],
                    include_str!("page.js"),
                )
            }),
        )
        .route("/_sandbox/page/{file}", get(file))
}

async fn file(Path(name): Path<String>) -> Response<Body> {
    static VIEWER: OnceLock<BTreeMap<&str, Bytes>> = OnceLock::new();
    let media = FILES
        .iter()
        .find(|(file, _)| *file == name)
        .map(|(_, media)| *media);
    match (
        media,
        VIEWER
            .get_or_init(|| unpack().unwrap_or_default())
            .get(name.as_str()),
    ) {
        (Some(media), Some(gzip)) => {
            let mut response = Response::new(Body::from(gzip.clone()));
            let headers = response.headers_mut();
            headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(media));
            headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"));
            response
        }
        _ => StatusCode::NOT_FOUND.into_response(),
    }
}

/// The viewer's files, each as a gzip file.
fn unpack() -> Result<BTreeMap<&'static str, Bytes>, rawzip::Error> {
    let mut unpacked = BTreeMap::new();
    let archive = ZipArchive::from_slice(SWAGGER_UI_VENDORED)?;
    let mut entries = archive.entries();
    while let Some(entry) = entries.next_entry()? {
        let path = entry.file_path();
        let wanted = FILES
            .iter()
            .find(|(name, _)| path.as_ref().ends_with(format!("/dist/{name}").as_bytes()));
        if let Some((name, _)) = wanted
            && entry.compression_method() == CompressionMethod::DEFLATE
        {
            // RFC 1952: magic number, method 8, no flags, no time, no hints, unknown system; then at the end the checksum
            // and the length.
            let mut gzip = vec![0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff];
            gzip.extend_from_slice(archive.get_entry(entry.wayfinder())?.data());
            gzip.extend_from_slice(&entry.crc32().to_le_bytes());
            gzip.extend_from_slice(&(entry.uncompressed_size_hint() as u32).to_le_bytes());
            unpacked.insert(*name, gzip.into());
        }
    }
    Ok(unpacked)
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('"', "&quot;")
        .replace('<', "&lt;")
}
