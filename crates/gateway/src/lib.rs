//! Legs and dialogs.
