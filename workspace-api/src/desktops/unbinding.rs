//! An entry to unbind: a desktop and its users, valid from the moment it is made.

use super::id::AsDesktopId;
use super::validate;
use crate::types::{
    DesktopId, DetachInstancesDesktopInfo, DetachInstancesUserInfo, DetachInstancesUserInfoType,
};
use crate::{Error, Result};

/// A desktop and the users to unbind from it, for [`Desktops::detach`](super::Desktops::detach).
///
/// ```
/// use workspace_api::Unbinding;
/// use workspace_api::types::DetachInstancesUserInfo;
///
/// let everyone = Unbinding::all_users("4f6f0a1e-0c1d-4f0b-9c57-2a3f8f6f0001")?;
/// let some = Unbinding::users(
///     "4f6f0a1e-0c1d-4f0b-9c57-2a3f8f6f0002",
///     [
///         DetachInstancesUserInfo::user("li-na")?.domain("corp.example.com"),
///         DetachInstancesUserInfo::group("designers")?,
///     ],
/// )?;
/// assert_eq!(some.desktop_id(), "4f6f0a1e-0c1d-4f0b-9c57-2a3f8f6f0002");
/// assert!(Unbinding::users("4f6f0a1e-0c1d-4f0b-9c57-2a3f8f6f0002", []).is_err());
/// # Ok::<(), workspace_api::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Unbinding {
    desktop_id: DesktopId,
    /// The entry of the request, without its desktop.
    rest: DetachInstancesDesktopInfo,
}

impl Unbinding {
    /// Unbinds all users of this desktop.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::InvalidInput`](crate::ErrorKind::InvalidInput) if the id is not valid.
    pub fn all_users(desktop_id: impl AsDesktopId) -> Result<Self> {
        let entry = DetachInstancesDesktopInfo::builder()
            .desktop_id(desktop_id.to_desktop_id()?)
            .is_detach_all_users(true);
        Self::try_from(DetachInstancesDesktopInfo::try_from(entry)?)
    }

    /// Unbinds these users and user groups from this desktop.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::InvalidInput`](crate::ErrorKind::InvalidInput) if the id is not valid, or if
    /// there are no users or more than the contract allows.
    pub fn users(
        desktop_id: impl AsDesktopId,
        users: impl IntoIterator<Item = DetachInstancesUserInfo>,
    ) -> Result<Self> {
        let users: Vec<_> = users.into_iter().collect();
        let entry = DetachInstancesDesktopInfo::builder()
            .desktop_id(desktop_id.to_desktop_id()?)
            .detach_user_infos(users);
        Self::try_from(DetachInstancesDesktopInfo::try_from(entry)?)
    }

    /// The desktop.
    pub fn desktop_id(&self) -> &DesktopId {
        &self.desktop_id
    }
}

/// Checks an entry of a request: it must have a desktop, and either users or the order to unbind
/// all of them.
impl TryFrom<DetachInstancesDesktopInfo> for Unbinding {
    type Error = Error;

    #[expect(
        clippy::inline_always,
        reason = "a list of entries is then checked where it is, instead of being moved twice"
    )]
    #[inline(always)]
    fn try_from(mut entry: DetachInstancesDesktopInfo) -> Result<Self> {
        let desktop_id = validate::take_id(&mut entry)?;
        Ok(Self {
            desktop_id,
            rest: entry,
        })
    }
}

/// An entry of a request for the generated method.
impl From<Unbinding> for DetachInstancesDesktopInfo {
    #[expect(
        clippy::inline_always,
        reason = "a list of entries is then checked where it is, instead of being moved twice"
    )]
    #[inline(always)]
    fn from(unbinding: Unbinding) -> Self {
        Self {
            desktop_id: Some(unbinding.desktop_id),
            ..unbinding.rest
        }
    }
}

impl DetachInstancesDesktopInfo {
    /// Returns an entry that unbinds all users of this desktop: that of [`Unbinding::all_users`].
    ///
    /// # Errors
    ///
    /// Same as [`Unbinding::all_users`].
    pub fn all_users(desktop_id: impl AsDesktopId) -> Result<Self> {
        Unbinding::all_users(desktop_id).map(Self::from)
    }

    /// Returns an entry that unbinds these users from this desktop: that of [`Unbinding::users`].
    ///
    /// # Errors
    ///
    /// Same as [`Unbinding::users`].
    pub fn users(
        desktop_id: impl AsDesktopId,
        users: impl IntoIterator<Item = DetachInstancesUserInfo>,
    ) -> Result<Self> {
        Unbinding::users(desktop_id, users).map(Self::from)
    }
}

impl DetachInstancesUserInfo {
    /// Returns a user, by name.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::InvalidInput`](crate::ErrorKind::InvalidInput) unless the name consists of
    /// letters (A to Z), digits, `-` and `_`, begins with a letter or digit, and is not longer than
    /// the contract allows. (On a Windows desktop the service allows 20 characters.)
    pub fn user(user_name: impl AsRef<str>) -> Result<Self> {
        Self::named(user_name.as_ref(), DetachInstancesUserInfoType::User)
    }

    /// Returns a user group, by name.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::InvalidInput`](crate::ErrorKind::InvalidInput) unless the name consists of
    /// letters (Chinese characters too), digits, `-` and `_`, and is not longer than the
    /// contract allows.
    pub fn group(user_name: impl AsRef<str>) -> Result<Self> {
        Self::named(user_name.as_ref(), DetachInstancesUserInfoType::Group)
    }

    /// Adds the user's domain.
    #[must_use]
    pub fn domain(mut self, domain: impl Into<String>) -> Self {
        self.domain = Some(domain.into());
        self
    }

    /// Adds the id of the user or of the user group.
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
