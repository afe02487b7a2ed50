//! The columns of a list of desktops, and what a heading means.

/// Length of the longest heading that is compared with the names of columns, in bytes. A longer one
/// is no typo, and the comparison takes time.
const MAX_HEADING: usize = 40;

/// A column that is read.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub enum Column {
    DesktopId,
    DesktopName,
    UserName,
    Type,
    UserId,
    Domain,
    UserGroup,
    AllUsers,
}

impl Column {
    const ALL: &'static [Self] = &[
        Self::DesktopId,
        Self::DesktopName,
        Self::UserName,
        Self::Type,
        Self::UserId,
        Self::Domain,
        Self::UserGroup,
        Self::AllUsers,
    ];
    /// The columns that name the users to unbind.
    pub const TARGET: &'static [Self] = Self::ALL.split_at(2).1;

    /// Returns the API's name.
    pub fn name(self) -> &'static str {
        match self {
            Self::DesktopId => "desktop_id",
            Self::DesktopName => "desktop_name",
            Self::UserName => "user_name",
            Self::Type => "type",
            Self::UserId => "user_id",
            Self::Domain => "domain",
            Self::UserGroup => "user_group",
            Self::AllUsers => "is_detach_all_users",
        }
    }

    /// Returns true for a column that says who is affected.
    pub fn names_people(self) -> bool {
        matches!(self, Self::UserName | Self::UserId | Self::UserGroup)
    }

    /// Returns the column of a heading: `Desktop ID` and `desktop-id` are `desktop_id`.
    pub fn of_heading(heading: &str) -> Option<Self> {
        let heading = normalize(heading);
        if ["computer_name", "host_name", "hostname"].contains(&heading.as_str()) {
            return Some(Self::DesktopName);
        }
        Self::ALL
            .iter()
            .copied()
            .find(|column| column.name() == heading)
    }

    /// Returns the column that a heading is probably a typo of.
    pub fn closest(heading: &str) -> Option<Self> {
        let heading = normalize(heading);
        if heading.len() <= 4 || heading.len() > MAX_HEADING {
            return None;
        }
        let is_close = |column: &Self| strsim::damerau_levenshtein(&heading, column.name()) <= 2;
        Self::ALL.iter().copied().find(is_close)
    }
}

/// Returns true for a heading that probably means the ids of the desktops.
pub fn may_mean_desktop_id(heading: &str) -> bool {
    const MEANINGS: [&str; 12] = [
        "id",
        "ids",
        "uuid",
        "desktop",
        "desktops",
        "desktop_ids",
        "desktopids",
        "desktop_uuid",
        "instance_id",
        "server_id",
        "桌面id",
        "桌面_id",
    ];
    MEANINGS.contains(&normalize(heading).as_str())
        || Column::closest(heading) == Some(Column::DesktopId)
}

/// Returns true for a first word that is more likely a heading than an id.
pub fn is_heading(word: &str) -> bool {
    let is_known = Column::of_heading(word).is_some() || Column::closest(word).is_some();
    is_known || may_mean_desktop_id(word) || normalize(word) == "name"
}

fn normalize(heading: &str) -> String {
    heading.trim().to_lowercase().replace([' ', '-'], "_")
}
