//! The tour in a pipe, with and without colors.

use crate::scrub::scrub;
use crate::workspace;

#[test]
fn piped_tour_is_plain_text() {
    let output = workspace().arg("tour").output().unwrap();
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
    assert!(output.status.success());
    insta::assert_snapshot!(scrub(&String::from_utf8(output.stdout).unwrap()));
}

#[test]
fn tour_uses_color_only_on_request() {
    let has_color = |variables: &[(&str, &str)]| {
        let output = workspace()
            .arg("tour")
            .envs(variables.iter().copied())
            .output()
            .unwrap();
        output.stdout.contains(&0x1b)
    };
    assert!(has_color(&[("CLICOLOR_FORCE", "1")]));
    assert!(!has_color(&[("CLICOLOR_FORCE", "1"), ("NO_COLOR", "1")]));
    assert!(!has_color(&[]));
}
