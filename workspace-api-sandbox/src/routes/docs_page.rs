//! The page at `/`: what the sandbox contains, and the contract as documentation, on which each
//! operation can be tried against the sandbox itself. The viewer is Swagger UI, whose files the build script provides.

use std::sync::Arc;

use axum::Router;
use axum::http::header;
use axum::response::Html;
use axum::routing::{MethodRouter, get};

use crate::seed::credential_list::CredentialList;
use crate::service::app::App;

/// The content security policy of the page, which loads nothing from elsewhere.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; \
                      img-src 'self' data:; connect-src 'self'; base-uri 'none'; \
                      form-action 'none'; frame-ancestors 'none'";

pub(crate) fn router(app: &Arc<App>) -> Router {
    let token = match app.seed.credentials.tokens.first() {
        Some(known) => escape(&known.token),
        None => String::new(),
    };
    let credentials = CredentialList(&app.seed.credentials).to_string();
    let page = include_str!("docs_page.html")
        .replace("{token}", &token)
        .replace("{credentials}", &escape(&credentials));
    let page =
        get(move || async move { ([(header::CONTENT_SECURITY_POLICY, POLICY)], Html(page)) });
    let script = include_bytes!(concat!(env!("OUT_DIR"), "/swagger-ui-bundle.js.gz"));
    let style = include_bytes!(concat!(env!("OUT_DIR"), "/swagger-ui.css.gz"));
    Router::new()
        .route("/", page)
        .route(
            "/_sandbox/page/page.js",
            file("text/javascript", None, include_bytes!("docs_page.js")),
        )
        .route(
            "/_sandbox/page/page.css",
            file("text/css", None, include_bytes!("docs_page.css")),
        )
        .route(
            "/_sandbox/page/swagger-ui-bundle.js",
            file("text/javascript", Some("gzip"), script),
        )
        .route(
            "/_sandbox/page/swagger-ui.css",
            file("text/css", Some("gzip"), style),
        )
}

fn file(
    media_type: &'static str,
    encoding: Option<&'static str>,
    content: &'static [u8],
) -> MethodRouter {
    let encoding = encoding.map(|encoding| [(header::CONTENT_ENCODING, encoding)]);
    get(move || async move { ([(header::CONTENT_TYPE, media_type)], encoding, content) })
}

/// Escapes text for an attribute in HTML.
fn escape(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('"', "&quot;")
        .replace('<', "&lt;")
}
