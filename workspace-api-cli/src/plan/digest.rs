//! Digests of plans and names, to compare those of a list with those of a report while the report
//! is read: to hold both would take twice the memory.

use std::fmt;
use std::hash::{BuildHasher, RandomState};
use std::marker::PhantomData;
use std::sync::LazyLock;

use serde::de::{Deserializer, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Serialize};
use workspace_api::types::{DesktopId, DetachInstancesDesktopInfo, LogoffDesktopsReqMessage};

use crate::desktops::names::DesktopNames;
use crate::plan::Plan;

/// Random keys, so that no report can be made to look like a list that it is not for.
static KEYS: LazyLock<[RandomState; 2]> = LazyLock::new(Default::default);

/// A digest of items, in any order.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
struct Digest {
    count: usize,
    sums: [u64; 2],
}

impl Digest {
    fn add(&mut self, item: &impl Serialize) {
        // The items are text and flags, which JSON can hold.
        let json = serde_json::to_string(item).unwrap_or_default();
        for (sum, key) in self.sums.iter_mut().zip(KEYS.iter()) {
            *sum = sum.wrapping_add(key.hash_one(&json));
        }
        self.count += 1;
    }

    fn of<I: Serialize>(items: impl Iterator<Item = I>) -> Self {
        let mut digest = Self::default();
        for item in items {
            digest.add(&item);
        }
        digest
    }
}

/// The digest of a JSON list of such items.
pub struct ListDigest<T> {
    digest: Digest,
    items: PhantomData<T>,
}

impl<'de, T: Deserialize<'de> + Serialize> Deserialize<'de> for ListDigest<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Items<T>(PhantomData<T>);

        impl<'de, T: Deserialize<'de> + Serialize> Visitor<'de> for Items<T> {
            type Value = Digest;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a list")
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Digest, A::Error> {
                let mut digest = Digest::default();
                while let Some(item) = list.next_element::<T>()? {
                    digest.add(&item);
                }
                Ok(digest)
            }
        }

        Ok(Self {
            digest: deserializer.deserialize_seq(Items(PhantomData::<T>))?,
            items: PhantomData,
        })
    }
}

/// The digest of a [`Plan`].
#[derive(Deserialize)]
pub enum PlanDigest {
    #[serde(rename = "BatchDetachInstances")]
    Detach {
        desktops: ListDigest<DetachInstancesDesktopInfo>,
    },
    #[serde(rename = "BatchLogoffDesktops")]
    LogOff {
        desktop_ids: ListDigest<DesktopId>,
        #[serde(default)]
        message: Option<LogoffDesktopsReqMessage>,
    },
}

impl PlanDigest {
    /// Returns the plan that has this digest, if the plan of the list does the same to the same
    /// desktops, in any order. The message of a log-off is that of the digest.
    pub fn plan(self, of_list: Plan) -> Option<Plan> {
        match (self, of_list) {
            (Self::Detach { desktops: digest }, Plan::Detach { desktops }) => {
                let is_same = Digest::of(desktops.iter()) == digest.digest;
                is_same.then_some(Plan::Detach { desktops })
            }
            (
                Self::LogOff {
                    desktop_ids: digest,
                    message,
                },
                Plan::LogOff { desktop_ids, .. },
            ) => {
                let is_same = Digest::of(desktop_ids.texts()) == digest.digest;
                is_same.then_some(Plan::LogOff {
                    desktop_ids,
                    message,
                })
            }
            _ => None,
        }
    }
}

/// The digest of [`DesktopNames`].
#[derive(Default, Eq, PartialEq)]
pub struct NamesDigest(Digest);

impl NamesDigest {
    pub fn of(names: &DesktopNames) -> Self {
        Self(Digest::of(names.iter()))
    }

    pub fn is_empty(&self) -> bool {
        self.0.count == 0
    }
}

impl<'de> Deserialize<'de> for NamesDigest {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Names;

        impl<'de> Visitor<'de> for Names {
            type Value = Digest;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("the names of desktops by id")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Digest, A::Error> {
                let mut digest = Digest::default();
                while let Some(entry) = map.next_entry::<String, String>()? {
                    digest.add(&entry);
                }
                Ok(digest)
            }
        }

        deserializer.deserialize_map(Names).map(Self)
    }
}
