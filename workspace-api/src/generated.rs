// @generated from openapi/workspace.yaml, fingerprint 9216670237e59064. Do not edit.
#[allow(unused_imports)]
pub use progenitor_client::{ByteStream, ClientInfo, Error, ResponseValue};
#[allow(unused_imports)]
use {
    crate::client::encode_path,
    progenitor_client::{ClientHooks, OperationInfo, RequestBuilderExt},
};
/// Types used as operation parameters and responses.
#[allow(clippy::all)]
pub mod types {
    /// Generation of default values for serde.
    mod defaults {
        pub(super) fn detach_instances_user_info_type() -> super::DetachInstancesUserInfoType {
            super::DetachInstancesUserInfoType::User
        }
    }
    /// Error types.
    pub mod error {
        pub use crate::checked_text::ConversionError;
    }
    /// The limits of the text types.
    pub mod texts {
        ///The limits of [`DesktopId`](super::DesktopId).
        pub enum DesktopId {}
        impl crate::TextLimits for DesktopId {
            const NAME: &'static str = "DesktopId";
            const MAXIMUM: ::std::option::Option<(usize, &'static str)> = Some((
                255usize,
                "invalid desktop id: longer than 255 characters",
            ));
            const MINIMUM: ::std::option::Option<(usize, &'static str)> = Some((
                1usize,
                "invalid desktop id: it is empty",
            ));
            fn check_pattern(
                value: &str,
            ) -> ::std::result::Result<(), crate::types::error::ConversionError> {
                static PATTERN: ::std::sync::LazyLock<crate::pattern::Pattern> = ::std::sync::LazyLock::new(||
                {
                    crate::pattern::Pattern::new(
                            "^(\\.{0,2}[^./?#%\\\\\\x00-\\x1f\\x7f]|\\.{3})[^/?#%\\\\\\x00-\\x1f\\x7f]*$",
                        )
                        .unwrap()
                });
                if !PATTERN.matches(value) {
                    return Err(
                        format!(
                            "invalid desktop id {value:?}: it must not be `.` or `..`, or contain `/`, `?`, `#`, `%`, `\\` or a control character"
                        )
                            .into(),
                    );
                }
                Ok(())
            }
        }
        ///The limits of [`DetachInstancesUserInfoUserGroup`](super::DetachInstancesUserInfoUserGroup).
        pub enum DetachInstancesUserInfoUserGroup {}
        impl crate::TextLimits for DetachInstancesUserInfoUserGroup {
            const NAME: &'static str = "DetachInstancesUserInfoUserGroup";
            const MAXIMUM: ::std::option::Option<(usize, &'static str)> = Some((
                255usize,
                "invalid user group: longer than 255 characters",
            ));
            const MINIMUM: ::std::option::Option<(usize, &'static str)> = Some((
                1usize,
                "invalid user group: it is empty",
            ));
        }
        ///The limits of [`DetachInstancesUserInfoUserId`](super::DetachInstancesUserInfoUserId).
        pub enum DetachInstancesUserInfoUserId {}
        impl crate::TextLimits for DetachInstancesUserInfoUserId {
            const NAME: &'static str = "DetachInstancesUserInfoUserId";
            const MAXIMUM: ::std::option::Option<(usize, &'static str)> = Some((
                255usize,
                "invalid user id: longer than 255 characters",
            ));
            const MINIMUM: ::std::option::Option<(usize, &'static str)> = Some((
                1usize,
                "invalid user id: it is empty",
            ));
        }
        ///The limits of [`LogoffDesktopsReqMessage`](super::LogoffDesktopsReqMessage).
        pub enum LogoffDesktopsReqMessage {}
        impl crate::TextLimits for LogoffDesktopsReqMessage {
            const NAME: &'static str = "LogoffDesktopsReqMessage";
            const MAXIMUM: ::std::option::Option<(usize, &'static str)> = Some((
                255usize,
                "invalid message: longer than 255 characters",
            ));
        }
        ///The limits of [`ProjectId`](super::ProjectId).
        pub enum ProjectId {}
        impl crate::TextLimits for ProjectId {
            const NAME: &'static str = "ProjectId";
            const MAXIMUM: ::std::option::Option<(usize, &'static str)> = Some((
                255usize,
                "invalid project id: longer than 255 characters",
            ));
            const MINIMUM: ::std::option::Option<(usize, &'static str)> = Some((
                1usize,
                "invalid project id: it is empty",
            ));
            fn check_pattern(
                value: &str,
            ) -> ::std::result::Result<(), crate::types::error::ConversionError> {
                static PATTERN: ::std::sync::LazyLock<crate::pattern::Pattern> = ::std::sync::LazyLock::new(||
                {
                    crate::pattern::Pattern::new(
                            "^(\\.{0,2}[^./?#%\\\\\\x00-\\x1f\\x7f]|\\.{3})[^/?#%\\\\\\x00-\\x1f\\x7f]*$",
                        )
                        .unwrap()
                });
                if !PATTERN.matches(value) {
                    return Err(
                        format!(
                            "invalid project id {value:?}: it must not be `.` or `..`, or contain `/`, `?`, `#`, `%`, `\\` or a control character"
                        )
                            .into(),
                    );
                }
                Ok(())
            }
        }
        ///The limits of [`UserName`](super::UserName).
        pub enum UserName {}
        impl crate::TextLimits for UserName {
            const NAME: &'static str = "UserName";
            const MAXIMUM: ::std::option::Option<(usize, &'static str)> = Some((
                64usize,
                "invalid user name: longer than 64 characters",
            ));
            const MINIMUM: ::std::option::Option<(usize, &'static str)> = Some((
                1usize,
                "invalid user name: it is empty",
            ));
        }
    }
    ///A batch of desktops to unbind users from.
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, Default, PartialEq)]
    #[non_exhaustive]
    pub struct BatchDetachInstancesReq {
        ///The desktops to unbind users from, 1 to 100 per request.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub desktops: ::std::option::Option<::std::vec::Vec<DetachInstancesDesktopInfo>>,
    }
    impl BatchDetachInstancesReq {
        pub(super) fn check_limits(
            &self,
        ) -> ::std::result::Result<(), ::std::string::String> {
            let value = &self.desktops;
            if let Some(value) = value {
                if value.len() > 100usize {
                    return Err("desktops: more than 100 items".to_owned());
                }
                if value.is_empty() {
                    return Err("desktops: fewer than 1 item".to_owned());
                }
                for value in value.iter() {
                    value.check_limits()?;
                }
            }
            Ok(())
        }
    }
    impl BatchDetachInstancesReq {
        pub fn builder() -> builder::BatchDetachInstancesReqBuilder {
            Default::default()
        }
    }
    /**The result of a batch of unbindings. The service accepted the unbinding of every desktop
that is not listed as failed.
*/
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, Default, PartialEq)]
    #[non_exhaustive]
    pub struct BatchDetachInstancesResponse {
        /**The desktops whose unbinding failed. Absent, `null` and empty all mean that none failed.
*/
        #[serde(default, skip_serializing_if = "::std::vec::Vec::is_empty")]
        #[serde(deserialize_with = "crate::http::null_as_empty")]
        pub failed_operation_list: ::std::vec::Vec<VmOperateResult>,
        /**The job that unbinds desktops of a desktop pool. Empty or absent for ordinary desktops.
*/
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub job_id: ::std::option::Option<::std::string::String>,
        ///The jobs of the accepted unbindings. Absent, `null` and empty mean the same.
        #[serde(default, skip_serializing_if = "::std::vec::Vec::is_empty")]
        #[serde(deserialize_with = "crate::http::null_as_empty")]
        pub success_job_ids: ::std::vec::Vec<::std::string::String>,
    }
    ///The record of a user or user group that was unbound from a desktop.
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, Default, PartialEq)]
    #[non_exhaustive]
    pub struct DesktopDetachInfo {
        ///The id of the desktop.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub desktop_id: ::std::option::Option<::std::string::String>,
        ///The name of the desktop.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub desktop_name: ::std::option::Option<::std::string::String>,
        ///The id of the user or user group.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub user_id: ::std::option::Option<::std::string::String>,
        ///The name of the user or user group.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub user_name: ::std::option::Option<::std::string::String>,
        /**The operating system group of the user, which sets the permissions on the desktop. Known
values: `sudo`, `default`, `administrators`, `users`; there may be others.
*/
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub user_group: ::std::option::Option<::std::string::String>,
        /**The time of the unbinding. The vendor does not document its format, so treat it as text.
*/
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub detach_time: ::std::option::Option<::std::string::String>,
        /**Whether a user or a user group was unbound. Known values: `USER`, `GROUP`; there may be
others.
*/
        #[serde(rename = "type", skip_serializing_if = "::std::option::Option::is_none")]
        pub type_: ::std::option::Option<::std::string::String>,
    }
    /**The id of a desktop: 1 to 255 characters. It is not `.` or `..` and contains no `/`, `?`,
`#`, `%`, backslash or control character, which would change the path of a request.
*/
    pub type DesktopId = crate::CheckedText<texts::DesktopId>;
    ///A desktop, and the users to unbind from it.
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, Default, PartialEq)]
    #[non_exhaustive]
    pub struct DetachInstancesDesktopInfo {
        /**The id of a desktop in the body of a batch: 1 to 255 characters. In a body, no id can change
the path of the request.
*/
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub desktop_id: ::std::option::Option<crate::types::DesktopId>,
        /**Whether to unbind all users of the desktop. If `true`, `detach_user_infos` is ignored;
if `false`, it lists the users to unbind.
*/
        #[serde(default)]
        pub is_detach_all_users: bool,
        /**The users and user groups to unbind, at most 500. Ignored if `is_detach_all_users` is
`true`.
*/
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub detach_user_infos: ::std::option::Option<
            ::std::vec::Vec<DetachInstancesUserInfo>,
        >,
    }
    impl DetachInstancesDesktopInfo {
        pub(super) fn check_limits(
            &self,
        ) -> ::std::result::Result<(), ::std::string::String> {
            let value = &self.detach_user_infos;
            if let Some(value) = value {
                if value.len() > 500usize {
                    return Err("detach_user_infos: more than 500 items".to_owned());
                }
            }
            Ok(())
        }
    }
    impl DetachInstancesDesktopInfo {
        pub fn builder() -> builder::DetachInstancesDesktopInfoBuilder {
            Default::default()
        }
    }
    ///A user or a user group to unbind.
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
    #[non_exhaustive]
    pub struct DetachInstancesUserInfo {
        ///The id of the user or, if `type` is `GROUP`, of the user group.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub user_id: ::std::option::Option<DetachInstancesUserInfoUserId>,
        /**The name of a user or user group: 1 to 64 characters. A user name consists of letters,
digits, `-` and `_`, with at most 20 characters on a Windows desktop or in a domain that
Workspace manages (`LITE_AD`). It starts with a letter or, in your own domain (`LOCAL_AD`),
with a letter or digit, and it is not the name of the desktop. A group name may also contain
Chinese characters.
*/
        pub user_name: UserName,
        ///The domain of the user.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub domain: ::std::option::Option<::std::string::String>,
        /**The operating system group of the user: `sudo` (administrators) or `default` on Linux,
`administrators` or `users` on Windows.
*/
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub user_group: ::std::option::Option<DetachInstancesUserInfoUserGroup>,
        ///Whether to unbind a user (`USER`) or a user group (`GROUP`).
        #[serde(rename = "type", default = "defaults::detach_instances_user_info_type")]
        pub type_: DetachInstancesUserInfoType,
    }
    impl DetachInstancesUserInfo {
        pub fn builder() -> builder::DetachInstancesUserInfoBuilder {
            Default::default()
        }
    }
    ///Whether to unbind a user (`USER`) or a user group (`GROUP`).
    #[derive(
        ::serde::Deserialize,
        ::serde::Serialize,
        Clone,
        Copy,
        Debug,
        Eq,
        Hash,
        Ord,
        PartialEq,
        PartialOrd
    )]
    #[non_exhaustive]
    pub enum DetachInstancesUserInfoType {
        #[serde(rename = "USER")]
        User,
        #[serde(rename = "GROUP")]
        Group,
    }
    impl ::std::fmt::Display for DetachInstancesUserInfoType {
        fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
            match *self {
                Self::User => f.write_str("USER"),
                Self::Group => f.write_str("GROUP"),
            }
        }
    }
    impl ::std::str::FromStr for DetachInstancesUserInfoType {
        type Err = self::error::ConversionError;
        fn from_str(
            value: &str,
        ) -> ::std::result::Result<Self, self::error::ConversionError> {
            match value {
                "USER" => Ok(Self::User),
                "GROUP" => Ok(Self::Group),
                _ => Err(format!("invalid type {value:?}: use USER or GROUP").into()),
            }
        }
    }
    impl ::std::convert::TryFrom<&str> for DetachInstancesUserInfoType {
        type Error = self::error::ConversionError;
        fn try_from(
            value: &str,
        ) -> ::std::result::Result<Self, self::error::ConversionError> {
            value.parse()
        }
    }
    impl ::std::convert::TryFrom<::std::string::String> for DetachInstancesUserInfoType {
        type Error = self::error::ConversionError;
        fn try_from(
            value: ::std::string::String,
        ) -> ::std::result::Result<Self, self::error::ConversionError> {
            value.parse()
        }
    }
    impl ::std::default::Default for DetachInstancesUserInfoType {
        fn default() -> Self {
            DetachInstancesUserInfoType::User
        }
    }
    /**The operating system group of the user: `sudo` (administrators) or `default` on Linux,
`administrators` or `users` on Windows.
*/
    pub type DetachInstancesUserInfoUserGroup = crate::CheckedText<
        texts::DetachInstancesUserInfoUserGroup,
    >;
    ///The id of the user or, if `type` is `GROUP`, of the user group.
    pub type DetachInstancesUserInfoUserId = crate::CheckedText<
        texts::DetachInstancesUserInfoUserId,
    >;
    /**The reason why a request failed. The service and the API gateway in front of it set
different properties. The error response of a proxy may not be JSON.
*/
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, Default, PartialEq)]
    #[non_exhaustive]
    pub struct ErrorResponse {
        /**The error code, such as `WKS.0001` from the service or `APIGW.0301` from the gateway.
*/
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub error_code: ::std::option::Option<::std::string::String>,
        ///The error message.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub error_msg: ::std::option::Option<::std::string::String>,
        ///Details of the cause.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub error_detail: ::std::option::Option<::std::string::String>,
        /**The encrypted reason of a 403. Decode it with `POST /v5/decode-authorization-message` of
STS.
*/
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub encoded_authorization_message: ::std::option::Option<::std::string::String>,
        /**The request id, which the API gateway also sets in the body. Prefer the header
`X-Request-Id`.
*/
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub request_id: ::std::option::Option<::std::string::String>,
    }
    ///The unbinding records of a desktop.
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, Default, PartialEq)]
    #[non_exhaustive]
    pub struct ListDesktopDetachInfoResponse {
        ///The records. Absent, `null` and empty all mean that there are none.
        #[serde(default, skip_serializing_if = "::std::vec::Vec::is_empty")]
        #[serde(deserialize_with = "crate::http::null_as_empty")]
        pub desktop_detach_infos: ::std::vec::Vec<DesktopDetachInfo>,
    }
    ///The desktops to log off, and a message to their users.
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, Default, PartialEq)]
    #[non_exhaustive]
    pub struct LogoffDesktopsReq {
        ///The desktops to log off, 1 to 100 per request.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub desktop_ids: ::std::option::Option<::std::vec::Vec<crate::types::DesktopId>>,
        ///The message shown to the users, at most 255 characters.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub message: ::std::option::Option<LogoffDesktopsReqMessage>,
    }
    impl LogoffDesktopsReq {
        pub(super) fn check_limits(
            &self,
        ) -> ::std::result::Result<(), ::std::string::String> {
            let value = &self.desktop_ids;
            if let Some(value) = value {
                if value.len() > 100usize {
                    return Err("desktop_ids: more than 100 items".to_owned());
                }
                if value.is_empty() {
                    return Err("desktop_ids: fewer than 1 item".to_owned());
                }
            }
            Ok(())
        }
    }
    impl LogoffDesktopsReq {
        pub fn builder() -> builder::LogoffDesktopsReqBuilder {
            Default::default()
        }
    }
    ///The message shown to the users, at most 255 characters.
    pub type LogoffDesktopsReqMessage = crate::CheckedText<
        texts::LogoffDesktopsReqMessage,
    >;
    /**The id of a project: 1 to 255 characters. It is not `.` or `..` and contains no `/`, `?`,
`#`, `%`, backslash or control character, which would change the path of a request.
*/
    pub type ProjectId = crate::CheckedText<texts::ProjectId>;
    /**The name of a user or user group: 1 to 64 characters. A user name consists of letters,
digits, `-` and `_`, with at most 20 characters on a Windows desktop or in a domain that
Workspace manages (`LITE_AD`). It starts with a letter or, in your own domain (`LOCAL_AD`),
with a letter or digit, and it is not the name of the desktop. A group name may also contain
Chinese characters.
*/
    pub type UserName = crate::CheckedText<texts::UserName>;
    ///A desktop on which the operation failed, and the reason.
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, Default, PartialEq)]
    #[non_exhaustive]
    pub struct VmOperateResult {
        ///The id of the desktop.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub desktop_id: ::std::option::Option<::std::string::String>,
        ///The name of the desktop.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub desktop_name: ::std::option::Option<::std::string::String>,
        ///The service's error code.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub error_code: ::std::option::Option<::std::string::String>,
        ///The error message.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub error_msg: ::std::option::Option<::std::string::String>,
    }
    /// Types for composing complex structures.
    pub mod builder {
        ///The builder of [`BatchDetachInstancesReq`](super::BatchDetachInstancesReq).
        #[derive(Clone, Debug)]
        #[must_use = "nothing is built before `build`"]
        pub struct BatchDetachInstancesReqBuilder {
            desktops: Result<
                ::std::option::Option<
                    ::std::vec::Vec<super::DetachInstancesDesktopInfo>,
                >,
                String,
            >,
        }
        impl Default for BatchDetachInstancesReqBuilder {
            fn default() -> Self {
                Self {
                    desktops: Ok(Default::default()),
                }
            }
        }
        impl BatchDetachInstancesReqBuilder {
            ///The desktops to unbind users from, 1 to 100 per request.
            pub fn desktops<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<
                    ::std::vec::Vec<super::DetachInstancesDesktopInfo>,
                >,
                T::Error: ::std::fmt::Display,
            {
                self.desktops = super::super::convert(value, "desktops").map(Some);
                self
            }
            ///Checks the values and returns the [`BatchDetachInstancesReq`](super::BatchDetachInstancesReq).
            pub fn build(self) -> crate::Result<super::BatchDetachInstancesReq> {
                let built = super::BatchDetachInstancesReq::try_from(self)?;
                built.check_limits().map_err(crate::Error::invalid_input)?;
                Ok(built)
            }
        }
        impl TryFrom<BatchDetachInstancesReqBuilder> for super::BatchDetachInstancesReq {
            type Error = super::error::ConversionError;
            fn try_from(
                value: BatchDetachInstancesReqBuilder,
            ) -> Result<Self, Self::Error> {
                Ok(Self { desktops: value.desktops? })
            }
        }
        impl From<super::BatchDetachInstancesReq> for BatchDetachInstancesReqBuilder {
            fn from(value: super::BatchDetachInstancesReq) -> Self {
                Self {
                    desktops: Ok(value.desktops),
                }
            }
        }
        ///The builder of [`DetachInstancesDesktopInfo`](super::DetachInstancesDesktopInfo).
        #[derive(Clone, Debug)]
        #[must_use = "nothing is built before `build`"]
        pub struct DetachInstancesDesktopInfoBuilder {
            desktop_id: Result<::std::option::Option<crate::types::DesktopId>, String>,
            is_detach_all_users: Result<bool, String>,
            detach_user_infos: Result<
                ::std::option::Option<::std::vec::Vec<super::DetachInstancesUserInfo>>,
                String,
            >,
        }
        impl Default for DetachInstancesDesktopInfoBuilder {
            fn default() -> Self {
                Self {
                    desktop_id: Ok(Default::default()),
                    is_detach_all_users: Ok(Default::default()),
                    detach_user_infos: Ok(Default::default()),
                }
            }
        }
        impl DetachInstancesDesktopInfoBuilder {
            /**The id of a desktop in the body of a batch: 1 to 255 characters. In a body, no id can change
the path of the request.
*/
            pub fn desktop_id<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<crate::types::DesktopId>,
                T::Error: ::std::fmt::Display,
            {
                self.desktop_id = super::super::convert(value, "desktop_id").map(Some);
                self
            }
            /**Whether to unbind all users of the desktop. If `true`, `detach_user_infos` is ignored;
if `false`, it lists the users to unbind.
*/
            pub fn is_detach_all_users<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<bool>,
                T::Error: ::std::fmt::Display,
            {
                self.is_detach_all_users = super::super::convert(
                    value,
                    "is_detach_all_users",
                );
                self
            }
            /**The users and user groups to unbind, at most 500. Ignored if `is_detach_all_users` is
`true`.
*/
            pub fn detach_user_infos<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<
                    ::std::vec::Vec<super::DetachInstancesUserInfo>,
                >,
                T::Error: ::std::fmt::Display,
            {
                self.detach_user_infos = super::super::convert(
                        value,
                        "detach_user_infos",
                    )
                    .map(Some);
                self
            }
            ///Checks the values and returns the [`DetachInstancesDesktopInfo`](super::DetachInstancesDesktopInfo).
            pub fn build(self) -> crate::Result<super::DetachInstancesDesktopInfo> {
                let built = super::DetachInstancesDesktopInfo::try_from(self)?;
                built.check_limits().map_err(crate::Error::invalid_input)?;
                Ok(built)
            }
        }
        impl TryFrom<DetachInstancesDesktopInfoBuilder>
        for super::DetachInstancesDesktopInfo {
            type Error = super::error::ConversionError;
            fn try_from(
                value: DetachInstancesDesktopInfoBuilder,
            ) -> Result<Self, Self::Error> {
                Ok(Self {
                    desktop_id: value.desktop_id?,
                    is_detach_all_users: value.is_detach_all_users?,
                    detach_user_infos: value.detach_user_infos?,
                })
            }
        }
        impl From<super::DetachInstancesDesktopInfo>
        for DetachInstancesDesktopInfoBuilder {
            fn from(value: super::DetachInstancesDesktopInfo) -> Self {
                Self {
                    desktop_id: Ok(value.desktop_id),
                    is_detach_all_users: Ok(value.is_detach_all_users),
                    detach_user_infos: Ok(value.detach_user_infos),
                }
            }
        }
        ///The builder of [`DetachInstancesUserInfo`](super::DetachInstancesUserInfo).
        #[derive(Clone, Debug)]
        #[must_use = "nothing is built before `build`"]
        pub struct DetachInstancesUserInfoBuilder {
            user_id: Result<
                ::std::option::Option<super::DetachInstancesUserInfoUserId>,
                String,
            >,
            user_name: Result<super::UserName, String>,
            domain: Result<::std::option::Option<::std::string::String>, String>,
            user_group: Result<
                ::std::option::Option<super::DetachInstancesUserInfoUserGroup>,
                String,
            >,
            type_: Result<super::DetachInstancesUserInfoType, String>,
        }
        impl Default for DetachInstancesUserInfoBuilder {
            fn default() -> Self {
                Self {
                    user_id: Ok(Default::default()),
                    user_name: Err("user_name is missing".to_string()),
                    domain: Ok(Default::default()),
                    user_group: Ok(Default::default()),
                    type_: Ok(super::defaults::detach_instances_user_info_type()),
                }
            }
        }
        impl DetachInstancesUserInfoBuilder {
            ///The id of the user or, if `type` is `GROUP`, of the user group.
            pub fn user_id<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<super::DetachInstancesUserInfoUserId>,
                T::Error: ::std::fmt::Display,
            {
                self.user_id = super::super::convert(value, "user_id").map(Some);
                self
            }
            /**The name of a user or user group: 1 to 64 characters. A user name consists of letters,
digits, `-` and `_`, with at most 20 characters on a Windows desktop or in a domain that
Workspace manages (`LITE_AD`). It starts with a letter or, in your own domain (`LOCAL_AD`),
with a letter or digit, and it is not the name of the desktop. A group name may also contain
Chinese characters.
*/
            pub fn user_name<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<super::UserName>,
                T::Error: ::std::fmt::Display,
            {
                self.user_name = super::super::convert(value, "user_name");
                self
            }
            ///The domain of the user.
            pub fn domain<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::string::String>,
                T::Error: ::std::fmt::Display,
            {
                self.domain = super::super::convert(value, "domain").map(Some);
                self
            }
            /**The operating system group of the user: `sudo` (administrators) or `default` on Linux,
`administrators` or `users` on Windows.
*/
            pub fn user_group<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<super::DetachInstancesUserInfoUserGroup>,
                T::Error: ::std::fmt::Display,
            {
                self.user_group = super::super::convert(value, "user_group").map(Some);
                self
            }
            ///Whether to unbind a user (`USER`) or a user group (`GROUP`).
            pub fn type_<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<super::DetachInstancesUserInfoType>,
                T::Error: ::std::fmt::Display,
            {
                self.type_ = super::super::convert(value, "type_");
                self
            }
            ///Checks the values and returns the [`DetachInstancesUserInfo`](super::DetachInstancesUserInfo).
            pub fn build(self) -> crate::Result<super::DetachInstancesUserInfo> {
                let built = super::DetachInstancesUserInfo::try_from(self)?;
                Ok(built)
            }
        }
        impl TryFrom<DetachInstancesUserInfoBuilder> for super::DetachInstancesUserInfo {
            type Error = super::error::ConversionError;
            fn try_from(
                value: DetachInstancesUserInfoBuilder,
            ) -> Result<Self, Self::Error> {
                Ok(Self {
                    user_id: value.user_id?,
                    user_name: value.user_name?,
                    domain: value.domain?,
                    user_group: value.user_group?,
                    type_: value.type_?,
                })
            }
        }
        impl From<super::DetachInstancesUserInfo> for DetachInstancesUserInfoBuilder {
            fn from(value: super::DetachInstancesUserInfo) -> Self {
                Self {
                    user_id: Ok(value.user_id),
                    user_name: Ok(value.user_name),
                    domain: Ok(value.domain),
                    user_group: Ok(value.user_group),
                    type_: Ok(value.type_),
                }
            }
        }
        ///The builder of [`LogoffDesktopsReq`](super::LogoffDesktopsReq).
        #[derive(Clone, Debug)]
        #[must_use = "nothing is built before `build`"]
        pub struct LogoffDesktopsReqBuilder {
            desktop_ids: Result<
                ::std::option::Option<::std::vec::Vec<crate::types::DesktopId>>,
                String,
            >,
            message: Result<
                ::std::option::Option<super::LogoffDesktopsReqMessage>,
                String,
            >,
        }
        impl Default for LogoffDesktopsReqBuilder {
            fn default() -> Self {
                Self {
                    desktop_ids: Ok(Default::default()),
                    message: Ok(Default::default()),
                }
            }
        }
        impl LogoffDesktopsReqBuilder {
            ///The desktops to log off, 1 to 100 per request.
            pub fn desktop_ids<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::vec::Vec<crate::types::DesktopId>>,
                T::Error: ::std::fmt::Display,
            {
                self.desktop_ids = super::super::convert(value, "desktop_ids").map(Some);
                self
            }
            ///The message shown to the users, at most 255 characters.
            pub fn message<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<super::LogoffDesktopsReqMessage>,
                T::Error: ::std::fmt::Display,
            {
                self.message = super::super::convert(value, "message").map(Some);
                self
            }
            ///Checks the values and returns the [`LogoffDesktopsReq`](super::LogoffDesktopsReq).
            pub fn build(self) -> crate::Result<super::LogoffDesktopsReq> {
                let built = super::LogoffDesktopsReq::try_from(self)?;
                built.check_limits().map_err(crate::Error::invalid_input)?;
                Ok(built)
            }
        }
        impl TryFrom<LogoffDesktopsReqBuilder> for super::LogoffDesktopsReq {
            type Error = super::error::ConversionError;
            fn try_from(value: LogoffDesktopsReqBuilder) -> Result<Self, Self::Error> {
                Ok(Self {
                    desktop_ids: value.desktop_ids?,
                    message: value.message?,
                })
            }
        }
        impl From<super::LogoffDesktopsReq> for LogoffDesktopsReqBuilder {
            fn from(value: super::LogoffDesktopsReq) -> Self {
                Self {
                    desktop_ids: Ok(value.desktop_ids),
                    message: Ok(value.message),
                }
            }
        }
    }
}
#[derive(Clone, Debug)]
/**A client of the operations of the contract, version 1.0.0. [`Client::builder`] makes one.

Clones share connections, credentials and settings, so a clone is cheap.

# The service

Unbind users from cloud desktops, list past unbindings, and log desktops off.

Unbinding the user of a single-user desktop shuts the desktop down immediately, even while it
is in use. If an unbinding fails for some of the desktops, the status is still 200 and
`failed_operation_list` names them: always read that list.

Each operation lists the error statuses that the vendor documents for it. The API gateway and
proxies add others, such as 429 (`APIGW.0308`, throttled), 502, 503 and 504, with a different
body or none. Clients must expect any status.*/
pub struct Client {
    pub(crate) baseurl: crate::client::BaseUrl,
    pub(crate) client: reqwest::Client,
    pub(crate) inner: crate::client::Inner,
}
impl Client {
    /**Unbind users in batches

Unbinds users or user groups from up to 100 desktops. A single-user desktop shuts down
immediately, even while it is in use; a multi-user desktop stays up.

Status 200 does not mean that every unbinding succeeded: `failed_operation_list` names the
desktops that failed. The operation is not idempotent, so do not retry a request that may
have been processed.

The caller also needs the IAM action `vpc:ports:get`.


Sends a `POST` request to `/v2/{project_id}/desktops/batch-detach`

Arguments:
- `project_id`: The project that owns the desktops.
- `body`: The desktops, and the users to unbind from each.
```ignore
let response = client.batch_detach_instances()
    .project_id(project_id)
    .body(body)
    .send()
    .await;
```*/
    pub fn batch_detach_instances(&self) -> builder::BatchDetachInstances<'_> {
        builder::BatchDetachInstances::new(self)
    }
    /**Log desktops off in batches

Ends the sessions on up to 100 desktops and shows their users a message. Unsaved work is
lost.


Sends a `POST` request to `/v2/{project_id}/desktops/logoff`

Arguments:
- `project_id`: The project that owns the desktops.
- `body`: The desktops, and the message to their users.
```ignore
let response = client.batch_logoff_desktops()
    .project_id(project_id)
    .body(body)
    .send()
    .await;
```*/
    pub fn batch_logoff_desktops(&self) -> builder::BatchLogoffDesktops<'_> {
        builder::BatchLogoffDesktops::new(self)
    }
    /**List the unbinding records of a desktop

Lists the unbinding records of a desktop, one for each user or user group.

Sends a `GET` request to `/v2/{project_id}/desktops/{desktop_id}/detach-info`

Arguments:
- `project_id`: The project that owns the desktops.
- `desktop_id`: The desktop whose records are listed.
```ignore
let response = client.list_desktop_detach_info()
    .project_id(project_id)
    .desktop_id(desktop_id)
    .send()
    .await;
```*/
    pub fn list_desktop_detach_info(&self) -> builder::ListDesktopDetachInfo<'_> {
        builder::ListDesktopDetachInfo::new(self)
    }
}
/// Types for composing operation parameters.
#[allow(clippy::all)]
pub mod builder {
    use super::types;
    #[allow(unused_imports)]
    use super::{
        encode_path, ByteStream, ClientInfo, ClientHooks, Error, OperationInfo,
        RequestBuilderExt, ResponseValue,
    };
    /**Builder for [`Client::batch_detach_instances`]

[`Client::batch_detach_instances`]: super::Client::batch_detach_instances*/
    #[derive(Debug, Clone)]
    #[must_use = "nothing is sent before `send`"]
    pub struct BatchDetachInstances<'a> {
        client: &'a super::Client,
        project_id: Result<types::ProjectId, String>,
        body: Result<types::builder::BatchDetachInstancesReqBuilder, String>,
    }
    impl<'a> BatchDetachInstances<'a> {
        pub(super) fn new(client: &'a super::Client) -> Self {
            Self {
                client: client,
                project_id: Err(String::new()),
                body: Ok(::std::default::Default::default()),
            }
        }
        ///The project that owns the desktops.
        pub fn project_id<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<types::ProjectId>,
            <V as std::convert::TryInto<types::ProjectId>>::Error: std::fmt::Display,
        {
            self.project_id = super::convert(value, "project_id");
            self
        }
        ///The desktops, and the users to unbind from each.
        pub fn body<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<types::BatchDetachInstancesReq>,
            <V as std::convert::TryInto<
                types::BatchDetachInstancesReq,
            >>::Error: std::fmt::Display,
        {
            self.body = value
                .try_into()
                .map(From::from)
                .map_err(|error| format!("body: {error}"));
            self
        }
        /// Changes the body.
        pub fn body_map<F>(mut self, f: F) -> Self
        where
            F: std::ops::FnOnce(
                types::builder::BatchDetachInstancesReqBuilder,
            ) -> types::builder::BatchDetachInstancesReqBuilder,
        {
            self.body = self.body.map(f);
            self
        }
        ///Sends a `POST` request to `/v2/{project_id}/desktops/batch-detach`
        pub async fn send(
            self,
        ) -> crate::Result<ResponseValue<types::BatchDetachInstancesResponse>> {
            let Self { client, project_id, body } = self;
            let body = body
                .and_then(|v| {
                    types::BatchDetachInstancesReq::try_from(v)
                        .map_err(|e| e.to_string())
                })
                .and_then(|checked| {
                    let value = &checked;
                    value.check_limits()?;
                    Ok(checked)
                })
                .map_err(|error| crate::Error::invalid_argument("body", error))?;
            Self {
                client,
                project_id,
                body: Err(String::new()),
            }
                .send_body(&body)
                .await
        }
        /// Sends the request with this body, which must be within its limits.
        #[allow(dead_code)]
        pub(crate) async fn send_body(
            self,
            body: &types::BatchDetachInstancesReq,
        ) -> crate::Result<ResponseValue<types::BatchDetachInstancesResponse>> {
            let Self { client, project_id, .. } = self;
            let project_id = project_id
                .map_err(|error| crate::Error::invalid_argument("project_id", error))?;
            let url = format!(
                "{}/v2/{}/desktops/batch-detach", client.baseurl, encode_path(project_id
                .as_str()),
            );
            let request = client
                .client
                .post(client.baseurl.join(&url))
                .json(&body)
                .build()?;
            client.call(request, "BatchDetachInstances").await
        }
    }
    /**Builder for [`Client::batch_logoff_desktops`]

[`Client::batch_logoff_desktops`]: super::Client::batch_logoff_desktops*/
    #[derive(Debug, Clone)]
    #[must_use = "nothing is sent before `send`"]
    pub struct BatchLogoffDesktops<'a> {
        client: &'a super::Client,
        project_id: Result<types::ProjectId, String>,
        body: Result<types::builder::LogoffDesktopsReqBuilder, String>,
    }
    impl<'a> BatchLogoffDesktops<'a> {
        pub(super) fn new(client: &'a super::Client) -> Self {
            Self {
                client: client,
                project_id: Err(String::new()),
                body: Ok(::std::default::Default::default()),
            }
        }
        ///The project that owns the desktops.
        pub fn project_id<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<types::ProjectId>,
            <V as std::convert::TryInto<types::ProjectId>>::Error: std::fmt::Display,
        {
            self.project_id = super::convert(value, "project_id");
            self
        }
        ///The desktops, and the message to their users.
        pub fn body<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<types::LogoffDesktopsReq>,
            <V as std::convert::TryInto<
                types::LogoffDesktopsReq,
            >>::Error: std::fmt::Display,
        {
            self.body = value
                .try_into()
                .map(From::from)
                .map_err(|error| format!("body: {error}"));
            self
        }
        /// Changes the body.
        pub fn body_map<F>(mut self, f: F) -> Self
        where
            F: std::ops::FnOnce(
                types::builder::LogoffDesktopsReqBuilder,
            ) -> types::builder::LogoffDesktopsReqBuilder,
        {
            self.body = self.body.map(f);
            self
        }
        ///Sends a `POST` request to `/v2/{project_id}/desktops/logoff`
        pub async fn send(self) -> crate::Result<ResponseValue<()>> {
            let Self { client, project_id, body } = self;
            let body = body
                .and_then(|v| {
                    types::LogoffDesktopsReq::try_from(v).map_err(|e| e.to_string())
                })
                .and_then(|checked| {
                    let value = &checked;
                    value.check_limits()?;
                    Ok(checked)
                })
                .map_err(|error| crate::Error::invalid_argument("body", error))?;
            Self {
                client,
                project_id,
                body: Err(String::new()),
            }
                .send_body(&body)
                .await
        }
        /// Sends the request with this body, which must be within its limits.
        #[allow(dead_code)]
        pub(crate) async fn send_body(
            self,
            body: &types::LogoffDesktopsReq,
        ) -> crate::Result<ResponseValue<()>> {
            let Self { client, project_id, .. } = self;
            let project_id = project_id
                .map_err(|error| crate::Error::invalid_argument("project_id", error))?;
            let url = format!(
                "{}/v2/{}/desktops/logoff", client.baseurl, encode_path(project_id
                .as_str()),
            );
            let request = client
                .client
                .post(client.baseurl.join(&url))
                .json(&body)
                .build()?;
            client.call(request, "BatchLogoffDesktops").await
        }
    }
    /**Builder for [`Client::list_desktop_detach_info`]

[`Client::list_desktop_detach_info`]: super::Client::list_desktop_detach_info*/
    #[derive(Debug, Clone)]
    #[must_use = "nothing is sent before `send`"]
    pub struct ListDesktopDetachInfo<'a> {
        client: &'a super::Client,
        project_id: Result<types::ProjectId, String>,
        desktop_id: Result<types::DesktopId, String>,
    }
    impl<'a> ListDesktopDetachInfo<'a> {
        pub(super) fn new(client: &'a super::Client) -> Self {
            Self {
                client: client,
                project_id: Err(String::new()),
                desktop_id: Err(String::new()),
            }
        }
        ///The project that owns the desktops.
        pub fn project_id<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<types::ProjectId>,
            <V as std::convert::TryInto<types::ProjectId>>::Error: std::fmt::Display,
        {
            self.project_id = super::convert(value, "project_id");
            self
        }
        ///The desktop whose records are listed.
        pub fn desktop_id<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<types::DesktopId>,
            <V as std::convert::TryInto<types::DesktopId>>::Error: std::fmt::Display,
        {
            self.desktop_id = super::convert(value, "desktop_id");
            self
        }
        ///Sends a `GET` request to `/v2/{project_id}/desktops/{desktop_id}/detach-info`
        pub async fn send(
            self,
        ) -> crate::Result<ResponseValue<types::ListDesktopDetachInfoResponse>> {
            let Self { client, project_id, desktop_id } = self;
            let project_id = project_id
                .map_err(|error| crate::Error::invalid_argument("project_id", error))?;
            let desktop_id = desktop_id
                .map_err(|error| crate::Error::invalid_argument("desktop_id", error))?;
            let url = format!(
                "{}/v2/{}/desktops/{}/detach-info", client.baseurl,
                encode_path(project_id.as_str()), encode_path(desktop_id.as_str()),
            );
            let request = client.client.get(client.baseurl.join(&url)).build()?;
            client.call(request, "ListDesktopDetachInfo").await
        }
    }
}
/// Items consumers will typically use such as the Client.
pub mod prelude {
    pub use self::super::Client;
}
/// The operations of the contract, in the order of their ids.
pub const OPERATIONS: &[crate::Operation] = &[
    crate::Operation {
        id: "BatchDetachInstances",
        method: "POST",
        path: "/v2/{project_id}/desktops/batch-detach",
        iam_action: Some("workspace:desktops:batchDetach"),
        response_body: crate::ResponseBody::Object,
    },
    crate::Operation {
        id: "BatchLogoffDesktops",
        method: "POST",
        path: "/v2/{project_id}/desktops/logoff",
        iam_action: Some("workspace:desktops:logoff"),
        response_body: crate::ResponseBody::Empty,
    },
    crate::Operation {
        id: "ListDesktopDetachInfo",
        method: "GET",
        path: "/v2/{project_id}/desktops/{desktop_id}/detach-info",
        iam_action: Some("workspace:desktops:listDetachInfo"),
        response_body: crate::ResponseBody::Object,
    },
];
/// Maximum lengths of lists. The generated methods reject longer ones.
pub mod limits {
    ///Maximum length of `desktops` in `BatchDetachInstancesReq`.
    pub const BATCH_DETACH_INSTANCES_REQ_DESKTOPS: usize = 100usize;
    ///Maximum length of `detach_user_infos` in `DetachInstancesDesktopInfo`.
    pub const DETACH_INSTANCES_DESKTOP_INFO_DETACH_USER_INFOS: usize = 500usize;
    ///Maximum length of `desktop_ids` in `LogoffDesktopsReq`.
    pub const LOGOFF_DESKTOPS_REQ_DESKTOP_IDS: usize = 100usize;
}
/// The version of the contract.
pub const OPENAPI_VERSION: &str = "1.0.0";
/// Converts the value of a setter. The error begins with the name of the setter.
#[allow(dead_code)]
fn convert<V, T>(value: V, name: &str) -> ::std::result::Result<T, ::std::string::String>
where
    V: ::std::convert::TryInto<T>,
    V::Error: ::std::fmt::Display,
{
    value.try_into().map_err(|error| format!("{name}: {error}"))
}
/// The forms of the responses, for those that differ from the contract.
pub(crate) const RESPONSES: crate::http::Shapes = crate::http::Shapes {
    bodies: &[
        (
            "BatchDetachInstances",
            crate::http::Shape::Object(
                &[
                    (
                        "failed_operation_list",
                        crate::http::Shape::Nullable(
                            &crate::http::Shape::List(
                                &crate::http::Shape::Schema("VmOperateResult"),
                            ),
                        ),
                    ),
                    ("job_id", crate::http::Shape::Text),
                    (
                        "success_job_ids",
                        crate::http::Shape::Nullable(
                            &crate::http::Shape::List(&crate::http::Shape::Text),
                        ),
                    ),
                ],
                None,
            ),
        ),
        (
            "ListDesktopDetachInfo",
            crate::http::Shape::Object(
                &[
                    (
                        "desktop_detach_infos",
                        crate::http::Shape::Nullable(
                            &crate::http::Shape::List(
                                &crate::http::Shape::Schema("DesktopDetachInfo"),
                            ),
                        ),
                    ),
                ],
                None,
            ),
        ),
    ],
    schemas: &[
        (
            "DesktopDetachInfo",
            crate::http::Shape::Object(
                &[
                    ("desktop_id", crate::http::Shape::Text),
                    ("desktop_name", crate::http::Shape::Text),
                    ("detach_time", crate::http::Shape::Text),
                    ("type", crate::http::Shape::Text),
                    ("user_group", crate::http::Shape::Text),
                    ("user_id", crate::http::Shape::Text),
                    ("user_name", crate::http::Shape::Text),
                ],
                None,
            ),
        ),
        (
            "VmOperateResult",
            crate::http::Shape::Object(
                &[
                    ("desktop_id", crate::http::Shape::Text),
                    ("desktop_name", crate::http::Shape::Text),
                    ("error_code", crate::http::Shape::Text),
                    ("error_msg", crate::http::Shape::Text),
                ],
                None,
            ),
        ),
    ],
    multi_status: &[],
};
