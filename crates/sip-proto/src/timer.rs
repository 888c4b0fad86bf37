//! Named timers and their table.
