//! Recognizes headings of columns that may name people.
//!
//! A file with such a column was made to affect these people. To ignore the column could unbind or
//! log off others, so the list is generous: a false alarm costs one renamed column.

/// Words, or parts of words, that mean a person in any heading.
const ANYWHERE: &[&str] = &[
    // English
    "user",
    "login",
    "logon",
    "account",
    "owner",
    "mail",
    "upn",
    "assigned",
    "assignee",
    "person",
    "people",
    "employee",
    "staff",
    "member",
    "principal",
    "holder",
    "contact",
    "fullname",
    "firstname",
    "lastname",
    "surname",
    "samid",
    // Chinese
    "用户",
    "用戶",
    "使用者",
    "使用人",
    "姓名",
    "名字",
    "名称",
    "账号",
    "帐号",
    "賬號",
    "帳號",
    "账户",
    "帐户",
    "帳戶",
    "邮箱",
    "邮件",
    "郵件",
    "员工",
    "員工",
    "人员",
    "人員",
    "所有者",
    "责任人",
    "登录",
    "登錄",
    "登入",
    "工号",
    // Japanese and Korean
    "ユーザ",
    "利用者",
    "氏名",
    "名前",
    "メール",
    "アカウント",
    "사용자",
    "이름",
    "소유자",
    "계정",
    // Western European languages
    "benutzer",
    "nutzer",
    "anwender",
    "besitzer",
    "inhaber",
    "mitarbeiter",
    "konto",
    "vorname",
    "nachname",
    "utilisateur",
    "propriétaire",
    "proprietaire",
    "compte",
    "courriel",
    "prénom",
    "employé",
    "usuario",
    "usuário",
    "propietario",
    "proprietário",
    "proprietario",
    "correo",
    "cuenta",
    "empleado",
    "nombre",
    "funcionário",
    "utente",
    "dipendente",
    "gebruiker",
    "eigenaar",
    // Turkish, Russian, Arabic and Thai
    "kullan",
    "hesap",
    "пользовател",
    "владел",
    "логин",
    "почта",
    "сотрудник",
    "фамилия",
    "مستخدم",
    "الاسم",
    "ผู้ใช้",
    "ชื่อ",
];

/// Headings that mean a person as a whole, but not as a part: `desktop name` is no person.
const ALONE: &[&str] = &[
    "name",
    "names",
    "displayname",
    "givenname",
    "familyname",
    "nickname",
    "alias",
    "uid",
    "sid",
    "who",
    "group",
    "groups",
    "nom",
    "nome",
    "conta",
    "isim",
    "ad",
    "имя",
    "اسم",
];

/// Returns true if a column with this heading may name people.
pub fn may_name_people(heading: &str) -> bool {
    let heading: String = heading
        .to_lowercase()
        .chars()
        .filter(|c| c.is_alphanumeric() || !c.is_ascii())
        .filter(|c| !c.is_whitespace())
        .collect();
    ALONE.contains(&heading.as_str()) || ANYWHERE.iter().any(|word| heading.contains(word))
}

#[cfg(test)]
mod tests;
