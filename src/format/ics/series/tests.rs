//! Which recurring events go out as rules.
