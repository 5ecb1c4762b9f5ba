//! People's languages: which one a reader wants, how it writes dates, and what pages say in it.
//!
//! Pure: a language tag and dates go in, text comes out. How dates, weekdays, hours, digits and plurals are written, and on
//! which day a week begins, is CLDR's word (through `icu`); what pages say is in [`texts`] and [`Pages`].

mod dates;
mod lang;
mod negotiate;
mod pages;
pub mod texts;

pub use self::{
    dates::{Count, Dates},
    lang::{Direction, Lang, Locale},
    negotiate::negotiate,
    pages::Pages,
};
