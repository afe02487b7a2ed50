//! Constructors for the entries of a detach request.

use super::validate;
use crate::Result;
use crate::types::{
    DetachInstancesDesktopInfo, DetachInstancesUserInfo, DetachInstancesUserInfoType,
};

impl DetachInstancesDesktopInfo {
    /// Returns an entry that unbinds all users of this desktop.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::InvalidInput`](crate::ErrorKind::InvalidInput) if the id is not valid.
    pub fn all_users(desktop_id: impl AsRef<str>) -> Result<Self> {
        Ok(Self {
            desktop_id: Some(validate::desktop_id(desktop_id.as_ref())?),
            is_detach_all_users: true,
            ..Self::default()
        })
    }

    /// Returns an entry that unbinds these users and user groups, at most 500, from this desktop.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::InvalidInput`](crate::ErrorKind::InvalidInput) if the id is not valid.
    pub fn users(
        desktop_id: impl AsRef<str>,
        users: impl IntoIterator<Item = DetachInstancesUserInfo>,
    ) -> Result<Self> {
        Ok(Self {
            desktop_id: Some(validate::desktop_id(desktop_id.as_ref())?),
            detach_user_infos: users.into_iter().collect(),
            ..Self::default()
        })
    }
}

impl DetachInstancesUserInfo {
    /// Returns a user, by name.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::InvalidInput`](crate::ErrorKind::InvalidInput) unless the name has 1 to 64
    /// letters (A to Z), digits, `-` and `_`, and begins with a letter or digit. (On a Windows
    /// desktop the service allows 20 characters.)
    pub fn user(user_name: impl AsRef<str>) -> Result<Self> {
        Self::named(user_name.as_ref(), DetachInstancesUserInfoType::User)
    }

    /// Returns a user group, by name.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::InvalidInput`](crate::ErrorKind::InvalidInput) unless the name has 1 to 64
    /// letters (Chinese characters too), digits, `-` and `_`.
    pub fn group(user_name: impl AsRef<str>) -> Result<Self> {
        Self::named(user_name.as_ref(), DetachInstancesUserInfoType::Group)
    }

    /// Adds the user's domain.
    #[must_use]
    pub fn domain(mut self, domain: impl Into<String>) -> Self {
        self.domain = Some(domain.into());
        self
    }

    /// Adds the id of the user or of the user group, 1 to 255 characters.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::InvalidInput`](crate::ErrorKind::InvalidInput) if the id is not valid.
    pub fn user_id(mut self, user_id: impl AsRef<str>) -> Result<Self> {
        self.user_id = Some(user_id.as_ref().parse()?);
        Ok(self)
    }

    /// Adds the operating system group of the user, such as `administrators`.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::InvalidInput`](crate::ErrorKind::InvalidInput) if the name of the group is not
    /// valid.
    pub fn user_group(mut self, user_group: impl AsRef<str>) -> Result<Self> {
        self.user_group = Some(user_group.as_ref().parse()?);
        Ok(self)
    }

    fn named(user_name: &str, type_: DetachInstancesUserInfoType) -> Result<Self> {
        // The builder, because the contract may get more properties.
        let user_name = validate::user_name(user_name, type_)?;
        Self::builder().type_(type_).user_name(user_name).build()
    }
}
