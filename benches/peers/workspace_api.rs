//! The work with this crate: `workspace_api token` or `workspace_api signature`.

mod work;

use std::env;

use work::{Calls, setting, work};
use workspace_api::Client;
use workspace_api::types::DetachInstancesDesktopInfo;

impl Calls for Client {
    async fn detach_info(&self, desktop_id: &str) -> usize {
        self.desktops().detach_info(desktop_id).await.unwrap().len()
    }

    async fn detach(&self, desktop_ids: &[String]) -> usize {
        let desktops = desktop_ids
            .iter()
            .map(|id| DetachInstancesDesktopInfo::all_users(id.as_str()).unwrap());
        let outcome = self.desktops().detach(desktops).await.unwrap();
        outcome.failed().count()
    }
}

fn main() {
    work(|| {
        let builder = Client::builder()
            .endpoint(setting("BASE_URL"))
            .project_id(setting("PROJECT_ID"))
            .no_proxy();
        let builder = match env::args().nth(1).as_deref() {
            Some("token") => builder.token(setting("TOKEN")),
            Some("signature") => builder.access_key(setting("ACCESS_KEY"), setting("SECRET_KEY")),
            other => panic!("expected token or signature, not {other:?}"),
        };
        builder.build().unwrap()
    });
}
