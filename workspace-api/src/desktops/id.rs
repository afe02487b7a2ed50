//! The types that the high-level API accepts as the id of a desktop.

use std::borrow::Cow;
use std::sync::Arc;

use crate::Result;
use crate::types::DesktopId;

/// The id of a desktop, as an argument: a [`DesktopId`], or text that is parsed as one.
///
/// Implemented for [`DesktopId`], `str`, [`String`], [`Cow<str>`](Cow), `Box<str>`,
/// [`Arc<str>`](Arc) and references to them. Text that is not a valid id is
/// [`ErrorKind::InvalidInput`](crate::ErrorKind::InvalidInput), and nothing is sent.
///
/// ```
/// # async fn example(client: &workspace_api::Client) -> workspace_api::Result<()> {
/// use workspace_api::types::DesktopId;
///
/// let desktops = client.desktops();
/// let records = desktops.detach_info("4f6f0a1e-0c1d-4f0b-9c57-2a3f8f6f0001").await?;
/// let id: DesktopId = "4f6f0a1e-0c1d-4f0b-9c57-2a3f8f6f0001".parse()?;
/// let outcome = desktops.log_off([&id], None).await?;
/// # Ok(())
/// # }
/// ```
pub trait AsDesktopId: sealed::Sealed {
    /// Returns the id.
    #[doc(hidden)]
    fn to_desktop_id(&self) -> Result<DesktopId>;
}

mod sealed {
    pub trait Sealed {}
}

impl sealed::Sealed for DesktopId {}

impl AsDesktopId for DesktopId {
    fn to_desktop_id(&self) -> Result<DesktopId> {
        Ok(self.clone())
    }
}

impl<T: AsDesktopId + ?Sized> sealed::Sealed for &T {}

impl<T: AsDesktopId + ?Sized> AsDesktopId for &T {
    fn to_desktop_id(&self) -> Result<DesktopId> {
        (**self).to_desktop_id()
    }
}

macro_rules! text {
    ($($text:ty),*) => {$(
        impl sealed::Sealed for $text {}

        impl AsDesktopId for $text {
            fn to_desktop_id(&self) -> Result<DesktopId> {
                let text: &str = self;
                Ok(text.parse()?)
            }
        }
    )*};
}

text!(str, String, Cow<'_, str>, Box<str>, Arc<str>);
