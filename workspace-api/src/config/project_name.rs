//! The name of a project, from which IAM looks up its id.

use std::fmt;

use super::endpoint::Region;

/// The name by which a project is looked up.
#[derive(Clone, Debug)]
pub enum ProjectName {
    /// The name of a region, which its default project has.
    OfRegion(Region),
    /// A name from a setting.
    Named(String),
}

impl ProjectName {
    /// The name.
    pub fn as_str(&self) -> &str {
        match self {
            Self::OfRegion(region) => region.as_str(),
            Self::Named(name) => name,
        }
    }
}

impl fmt::Display for ProjectName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::OfRegion(region) => write!(f, "project of {region}"),
            Self::Named(name) => write!(f, "project named {name}"),
        }
    }
}
