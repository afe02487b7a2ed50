//! The work with the hand-written client, with a token.

mod work;

use hand_written::{Client, Desktop};
use work::{Calls, setting, work};

impl Calls for Client {
    async fn detach_info(&self, desktop_id: &str) -> usize {
        self.detach_info(desktop_id).await.unwrap().len()
    }

    async fn detach(&self, desktop_ids: &[String]) -> usize {
        let desktop = |id: &String| Desktop {
            desktop_id: id.clone(),
            is_detach_all_users: true,
            detach_user_infos: Vec::new(),
        };
        let desktops: Vec<Desktop> = desktop_ids.iter().map(desktop).collect();
        let response = self.detach(&desktops).await.unwrap();
        response.failed_operation_list.unwrap_or_default().len()
    }
}

fn main() {
    work(|| {
        Client::new(
            &setting("BASE_URL"),
            &setting("PROJECT_ID"),
            &setting("TOKEN"),
        )
        .unwrap()
    });
}
