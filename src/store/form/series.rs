//! How a series is written down.

use std::sync::Arc;

use chrono::{NaiveDateTime, TimeDelta};
use serde::{Deserialize, Serialize};

use super::{Instant, at_instant, instant};
use crate::{
    domain::series::{Length, Parts, Series, Wall},
    zones::{Offset, OffsetTable},
};

#[derive(Debug, Serialize, Deserialize)]
pub(super) struct SeriesForm {
    wall: WallForm,
    start: Instant,
    length: LengthForm,
    rules: Vec<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    extra: Vec<Instant>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    except: Vec<Instant>,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum WallForm {
    Days,
    Zone(String),
    /// The first offset in seconds, then from when on which other one.
    Offsets(i32, Vec<(Instant, i32)>),
}

#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum LengthForm {
    Days(u16),
    /// Seconds and nanoseconds.
    Exact(i64, u32),
}

impl SeriesForm {
    pub(super) fn of(series: &Series) -> Self {
        let Parts {
            wall,
            start,
            length,
            rules,
            extra,
            except,
        } = series.parts();
        let walls = |times: Vec<NaiveDateTime>| times.into_iter().map(wall_time).collect();
        Self {
            wall: match wall {
                Wall::Days => WallForm::Days,
                Wall::Zone(zone) => WallForm::Zone(zone.name().to_owned()),
                Wall::Offsets(table) => {
                    let (first, changes) = table.parts();
                    let change = |(at, offset): &(_, Offset)| (instant(*at), offset.seconds());
                    WallForm::Offsets(first.seconds(), changes.iter().map(change).collect())
                }
            },
            start: wall_time(start),
            length: match length {
                Length::Days(days) => LengthForm::Days(days),
                Length::Exact(time) => {
                    LengthForm::Exact(time.num_seconds(), time.subsec_nanos().unsigned_abs())
                }
            },
            rules,
            extra: walls(extra),
            except: walls(except),
        }
    }

    /// The series it was written of; `None` if it is none, or one that is refused now.
    pub(super) fn series(self) -> Option<Series> {
        let walls = |times: Vec<Instant>| times.into_iter().map(at_wall).collect::<Option<_>>();
        let wall = match self.wall {
            WallForm::Days => Wall::Days,
            WallForm::Zone(name) => Wall::Zone(name.parse().ok()?),
            WallForm::Offsets(first, changes) => {
                let change = |(at, offset)| Some((at_instant(at)?, Offset::east(offset)));
                let changes = changes.into_iter().map(change).collect::<Option<_>>()?;
                Wall::Offsets(Arc::new(OffsetTable::new(Offset::east(first), changes)))
            }
        };
        let parts = Parts {
            wall,
            start: at_wall(self.start)?,
            length: match self.length {
                LengthForm::Days(days) => Length::Days(days),
                LengthForm::Exact(seconds, nanos) => Length::Exact(TimeDelta::new(seconds, nanos)?),
            },
            rules: self.rules,
            extra: walls(self.extra)?,
            except: walls(self.except)?,
        };
        parts.series().ok()
    }
}

/// A wall time as the instant at which UTC shows it.
fn wall_time(at: NaiveDateTime) -> Instant {
    instant(at.and_utc())
}

fn at_wall(at: Instant) -> Option<NaiveDateTime> {
    Some(at_instant(at)?.naive_utc())
}
