//! Which paths there are.

use crate::sandbox::double::segments;

/// An address that is served.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Route {
    /// `/season.ics`: everything.
    Season,
    /// `/groups/{id}.ics`: the events and classes of a group.
    Group,
    /// `/external.ics`: the classes alone, for an Add to Calendar PRO group that refers to them.
    External,
    /// `/moved.ics`: a redirect to `/season.ics` for good.
    Moved,
    /// `/inward.ics`: a redirect to an address inside a private network.
    Inward,
    /// `/loop.ics`: a redirect to itself.
    Loop,
    /// Anything else.
    Unknown,
}

impl Route {
    /// The route of a path.
    pub(super) fn of(path: &str) -> Self {
        match segments(path).as_slice() {
            ["season.ics"] => Self::Season,
            ["groups", _] if group(path).is_some() => Self::Group,
            ["external.ics"] => Self::External,
            ["moved.ics"] => Self::Moved,
            ["inward.ics"] => Self::Inward,
            ["loop.ics"] => Self::Loop,
            _ => Self::Unknown,
        }
    }
}

/// The id of the group in a path.
pub(super) fn group(path: &str) -> Option<&str> {
    let id = path.strip_prefix("/groups/")?.strip_suffix(".ics")?;
    (!id.is_empty() && !id.contains('/')).then_some(id)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_path_has_one_route() {
        for (path, want) in [
            ("/season.ics", Route::Season),
            ("/groups/kind-1.ics", Route::Group),
            ("/groups/.ics", Route::Unknown),
            ("/groups/kind-1", Route::Unknown),
            ("/groups/a/b.ics", Route::Unknown),
            ("/external.ics", Route::External),
            ("/moved.ics", Route::Moved),
            ("/inward.ics", Route::Inward),
            ("/loop.ics", Route::Loop),
            ("/", Route::Unknown),
        ] {
            assert_eq!(Route::of(path), want, "{path}");
        }
    }
}
