//! Headings that may name people, and others.

use super::may_name_people;

#[test]
fn columns_of_people_are_recognized() {
    for heading in [
        "user",
        "Users",
        "name",
        "Login",
        "account",
        "E-Mail",
        "email address",
        "assigned user",
        "Assigned To",
        "owner",
        "UPN",
        "userPrincipalName",
        "sAMAccountName",
        "Full Name",
        "display_name",
        "group",
        "用户名",
        "姓名",
        "Benutzer",
        "utilisateur",
        "Usuário",
        "Пользователь",
    ] {
        assert!(may_name_people(heading), "{heading}");
    }
}

#[test]
fn columns_of_desktops_are_not_of_people() {
    for heading in [
        "notes",
        "desktop_name",
        "Computer Name",
        "hostname",
        "ip",
        "status",
        "site",
        "pool",
        "region",
        "os",
        "description",
        "added",
        "桌面",
    ] {
        assert!(!may_name_people(heading), "{heading}");
    }
}
