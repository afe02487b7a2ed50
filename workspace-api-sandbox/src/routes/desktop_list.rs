//! The list of desktops, `GET /v2/{project_id}/desktops`. It is not in the contract, but a client
//! needs the ids of desktops from somewhere. A contract that has the path replaces it.

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::{Path, Request, State};
use axum::http::{Response, StatusCode};
use axum::routing::get;
use serde::Serialize;

use crate::http::api_error::{ApiError, json_response};
use crate::http::request_context::{parse_query, request_context};
use crate::seed::{Desktop, PowerState, PrincipalKind, Project};
use crate::service::app::App;
use crate::service::state::{principal_id, user_group};

const PATH: &str = "/v2/{project_id}/desktops";
const IAM_ACTION: &str = "workspace:desktops:list";

/// Maximum number of desktops in a response, and the default.
const MAX_LIMIT: usize = 1000;

pub(crate) fn router(app: &Arc<App>) -> Router {
    if app
        .contract
        .operations
        .iter()
        .any(|known| known.path == PATH)
    {
        return Router::new();
    }
    Router::new().route(PATH, get(list)).with_state(app.clone())
}

async fn list(
    State(app): State<Arc<App>>,
    Path(project_id): Path<String>,
    request: Request,
) -> Response<Body> {
    let request_id = request_context(&request).request_id;
    list_desktops(&app, &project_id, request).unwrap_or_else(|error| error.response(&request_id))
}

fn list_desktops(
    app: &App,
    project_id: &str,
    request: Request,
) -> Result<Response<Body>, ApiError> {
    let context = request_context(&request);
    let (parts, _) = request.into_parts();
    app.authentication
        .authenticate(&parts, &context.body, app.clock.now())?
        .authorize(Some(IAM_ACTION), Some(project_id), &app.seed.deny)?;
    let filter = Filter::parse(parts.uri.query())?;
    let state = app.state();
    let Some(project) = state.projects().iter().find(|known| known.id == project_id) else {
        return Err(ApiError::not_found("The project does not exist.").with_detail(project_id));
    };
    let mut found = Vec::new();
    for desktop in &project.desktops {
        if filter.matches(desktop) {
            found.push(desktop);
        }
    }
    let page = found.iter().skip(filter.offset).take(filter.limit);
    let body = ListDesktopsResponse {
        total_count: found.len(),
        desktops: page.map(|desktop| entry(project, desktop)).collect(),
    };
    Ok(json_response(StatusCode::OK, &body))
}

fn entry<'a>(project: &'a Project, desktop: &'a Desktop) -> ListedDesktop<'a> {
    let users = desktop.bound.iter().map(|bound| AttachedUser {
        user_id: principal_id(project, bound),
        user_name: &bound.name,
        user_group: user_group(desktop, bound),
        kind: bound.kind,
    });
    ListedDesktop {
        project_id: &project.id,
        desktop_id: &desktop.id,
        computer_name: &desktop.name,
        user_name: desktop.bound.first().map(|bound| bound.name.as_str()),
        attach_user_infos: users.collect(),
        status: desktop.state,
    }
}

#[derive(Serialize)]
struct ListDesktopsResponse<'a> {
    total_count: usize,
    desktops: Vec<ListedDesktop<'a>>,
}

#[derive(Serialize)]
struct ListedDesktop<'a> {
    project_id: &'a str,
    desktop_id: &'a str,
    computer_name: &'a str,
    user_name: Option<&'a str>,
    attach_user_infos: Vec<AttachedUser<'a>>,
    status: PowerState,
}

#[derive(Serialize)]
struct AttachedUser<'a> {
    user_id: Option<String>,
    user_name: &'a str,
    user_group: &'a str,
    #[serde(rename = "type")]
    kind: PrincipalKind,
}

/// The query parameters that the sandbox knows. Others are ignored.
#[derive(Debug)]
struct Filter {
    offset: usize,
    limit: usize,
    desktop_ids: Vec<String>,
    /// Parts of the names of users: one of them must be in the name of a bound user.
    user_names: Vec<String>,
    /// A part of the desktop's name.
    computer_name: Option<String>,
    status: Option<String>,
}

impl Filter {
    fn parse(query: Option<&str>) -> Result<Self, ApiError> {
        let mut filter = Self {
            offset: 0,
            limit: MAX_LIMIT,
            desktop_ids: Vec::new(),
            user_names: Vec::new(),
            computer_name: None,
            status: None,
        };
        for (name, value) in parse_query(query) {
            match name.as_str() {
                "offset" => filter.offset = parse_number(&name, &value)?,
                "limit" => filter.limit = parse_number(&name, &value)?,
                "desktop_id" => filter.desktop_ids.push(value),
                "user_name" => filter.user_names.push(value),
                "computer_name" => filter.computer_name = Some(value),
                "status" => filter.status = Some(value),
                _ => {}
            }
        }
        if filter.limit > MAX_LIMIT {
            let message = format!("limit: the maximum is {MAX_LIMIT}");
            return Err(ApiError::bad_request(message));
        }
        Ok(filter)
    }

    fn matches(&self, desktop: &Desktop) -> bool {
        let is_bound = |part: &String| desktop.bound.iter().any(|bound| bound.name.contains(part));
        (self.desktop_ids.is_empty() || self.desktop_ids.contains(&desktop.id))
            && (self.user_names.is_empty() || self.user_names.iter().any(is_bound))
            && self
                .computer_name
                .as_ref()
                .is_none_or(|part| desktop.name.contains(part))
            && self
                .status
                .as_ref()
                .is_none_or(|status| status == desktop.state.as_str())
    }
}

fn parse_number(name: &str, value: &str) -> Result<usize, ApiError> {
    let message = |_| ApiError::bad_request(format!("{name}: `{value}` is not a whole number"));
    value.parse().map_err(message)
}
