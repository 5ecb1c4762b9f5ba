//! What every kind of upstream has in common, asked of each of them in the same way: its double, behind the way that the
//! server itself takes to it.
//!
//! A new kind gets every case by a [`Row`](row::Row) and its line in `rows!`. How often each route is called is part of every
//! case, and a double that saw a write, an unknown route or too many calls fails it.
#![expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

mod add_to_calendar_pro;
mod cases;
mod ics;
mod prospectconnect;
mod prosper;
mod prospero;
mod row;
mod world;

/// Every case for one row.
macro_rules! cases {
    ($row:ty: $($group:ident { $($case:ident),+ $(,)? })+) => {
        $($(
            #[tokio::test]
            async fn $case() {
                crate::cases::$group::$case::<$row>().await;
            }
        )+)+
    };
}

/// Every case for every row.
macro_rules! rows {
    ($($kind:ident: $row:ty),+ $(,)?) => {
        mod of {
            $(mod $kind {
                cases! { $row:
                    answers {
                        everything_is_delivered_once_and_nothing_else_is_asked,
                        what_touches_the_first_or_the_last_day_is_delivered,
                        an_empty_upstream_is_empty_and_no_error,
                        a_list_in_two_pieces_is_read_to_its_end,
                        ten_thousand_events_are_delivered_whole,
                    }
                    day {
                        a_day_of_faults_costs_a_line_each_and_leaves_nothing_behind,
                    }
                    refusals {
                        credentials_that_were_refused_once_are_tried_again,
                        credentials_that_are_refused_for_good_block_without_hammering,
                        what_is_forbidden_is_asked_for_once,
                    }
                    trouble {
                        a_wait_asked_for_in_seconds_or_by_a_date_is_kept_to,
                        a_wait_that_is_over_ends_in_the_whole_answer,
                        a_server_that_breaks_is_asked_three_times,
                        a_server_that_breaks_once_is_asked_again,
                        silence_ends_with_the_time_limit,
                        an_answer_that_stops_or_is_a_page_for_people_is_no_answer,
                    }
                    records {
                        a_record_of_wrong_types_is_left_out_alone_and_named,
                        a_value_nobody_has_heard_of_spoils_nothing,
                        fields_nobody_has_heard_of_are_passed_over,
                        what_stands_twice_is_delivered_once,
                    }
                }
            })+
        }
    };
}

rows! {
    add_to_calendar_pro: crate::add_to_calendar_pro::Row,
    ics: crate::ics::Row,
    prospectconnect: crate::prospectconnect::Row,
    prosper: crate::prosper::Row,
    prospero: crate::prospero::Row,
}
