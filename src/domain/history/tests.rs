//! Stamps move with content and with nothing else, and a list that shrinks is not believed at once.

mod change;
mod guard;
mod kept;
mod missed;
mod series;
mod stamps;
mod unreadable;
mod vanished;
mod withheld;
