//! Events at the same time, beside each other.

/// How many events can stand beside each other.
const ABREAST: usize = 4;
/// An event with its place beside others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Place {
    /// Which event it is.
    pub(super) index: usize,
    /// Its first line.
    pub(super) from: u32,
    /// The line after its last one.
    pub(super) to: u32,
    /// The which of those beside each other it is, from 1.
    pub(super) nth: usize,
    /// How many are beside each other.
    pub(super) of: usize,
}

/// Puts events that overlap beside each other, and counts those for which there is no room.
pub(super) fn abreast(events: &[(usize, u32, u32)]) -> (Vec<Place>, usize) {
    let mut sorted = events.to_vec();
    sorted.sort_by_key(|(index, from, to)| (*from, std::cmp::Reverse(*to), *index));
    let mut places: Vec<Place> = Vec::new();
    let mut hidden = 0;
    let mut cluster = 0;
    let mut ends: Vec<u32> = Vec::new();
    for (index, from, to) in sorted {
        if ends.iter().all(|end| *end <= from) {
            close(&mut places[cluster..], ends.len());
            cluster = places.len();
            ends.clear();
        }
        let free = ends.iter().position(|end| *end <= from);
        let place = match free {
            Some(place) => place,
            None if ends.len() < ABREAST => {
                ends.push(0);
                ends.len() - 1
            }
            None => {
                hidden += 1;
                continue;
            }
        };
        ends[place] = to;
        places.push(Place {
            index,
            from,
            to,
            nth: place + 1,
            of: 1,
        });
    }
    close(&mut places[cluster..], ends.len());
    (places, hidden)
}

/// Tells the events of a cluster how many are beside each other in it.
fn close(cluster: &mut [Place], of: usize) {
    for place in cluster {
        place.of = of;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn events_that_overlap_stand_beside_each_other() {
        for (events, want) in [
            (&[(0, 1, 13), (1, 13, 25)][..], "0:1/1 1:1/1 +0"),
            (&[(0, 1, 25), (1, 13, 25)], "0:1/2 1:2/2 +0"),
            (
                &[(0, 1, 25), (1, 1, 13), (2, 13, 30)],
                "0:1/2 1:2/2 2:2/2 +0",
            ),
            (
                &[
                    (0, 1, 9),
                    (1, 1, 9),
                    (2, 1, 9),
                    (3, 1, 9),
                    (4, 1, 9),
                    (5, 9, 15),
                ],
                "0:1/4 1:2/4 2:3/4 3:4/4 5:1/1 +1",
            ),
            (&[], "+0"),
        ] {
            let (places, hidden) = abreast(events);
            let mut told: Vec<String> = places
                .iter()
                .map(|at| format!("{}:{}/{}", at.index, at.nth, at.of))
                .collect();
            told.push(format!("+{hidden}"));
            assert_eq!(told.join(" "), want, "{events:?}");
        }
    }
}
