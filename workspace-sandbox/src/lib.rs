//! Huawei Cloud Workspace, emulated: a server for tests in any language.
