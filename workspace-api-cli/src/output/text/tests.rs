//! Counts and lists in sentences.

use super::*;

#[test]
fn counts_are_grouped_and_agree_with_their_noun() {
    for (count, expected) in [
        (0, "0 desktops"),
        (1, "1 desktop"),
        (2, "2 desktops"),
        (999, "999 desktops"),
        (1_000, "1,000 desktops"),
        (1_234_567, "1,234,567 desktops"),
    ] {
        assert_eq!(pluralize(count, "desktop"), expected);
    }
}

#[test]
fn long_lists_end_with_the_number_of_the_others() {
    let names = |count| {
        (1..=count)
            .map(|number: usize| number.to_string())
            .collect::<Vec<_>>()
    };
    for (count, expected) in [
        (0, ""),
        (2, "1, 2"),
        (5, "1, 2, 3, 4, 5"),
        (6, "1, 2, 3, 4, 5 and 1 more"),
        (1_005, "1, 2, 3, 4, 5 and 1,000 more"),
    ] {
        assert_eq!(list_preview(&names(count)), expected);
    }
}
