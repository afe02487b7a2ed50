//! The tour, as it is when it is piped and when colours are asked for.

use crate::normal::normal;
use crate::workspace;

#[test]
fn tells_what_happened_in_plain_text_when_piped() {
    let output = workspace().arg("tour").output().unwrap();
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
    assert!(output.status.success());
    insta::assert_snapshot!(normal(&String::from_utf8(output.stdout).unwrap()));
}

#[test]
fn is_in_colour_only_where_colours_are_wanted() {
    let coloured = |variables: &[(&str, &str)]| {
        let output = workspace()
            .arg("tour")
            .envs(variables.iter().copied())
            .output()
            .unwrap();
        output.stdout.contains(&0x1b)
    };
    assert!(coloured(&[("CLICOLOR_FORCE", "1")]));
    assert!(!coloured(&[("CLICOLOR_FORCE", "1"), ("NO_COLOR", "1")]));
    assert!(!coloured(&[]));
}
